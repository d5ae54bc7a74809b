"""What the target library answers: members of its modules and classes, and what they give back."""

from __future__ import annotations

import ast
import builtins
import difflib
import importlib
import sys
from collections.abc import Iterable
from typing import Literal

from doctranslate.apis import ApiIndex, ApiObject
from doctranslate.verification.annotations import annotated, parse_annotation
from doctranslate.verification.installed import may_exist
from doctranslate.verification.values import (
    FOREIGN,
    NONE,
    NOTHING,
    UNKNOWN,
    Value,
    Values,
    container,
    foreign,
    one,
)

_SELF = {"Self", "typing.Self", "typing_extensions.Self"}
_NOT_RUN = {"antigravity", "this", "idlelib", "turtledemo", "__main__"}


class Surface:
    """The API of one distribution, asked in terms of values.

    Args:
        api: The index.
    """

    def __init__(self, api: ApiIndex) -> None:
        self.api = api
        self._annotations: dict[str, Values] = {}
        self._judged: dict[tuple[str, str, str], bool | None] = {}
        self._names: dict[str, list[str]] = {}
        self._shown: dict[str, str] | None = None

    @property
    def title(self) -> str:
        """Name and version, as messages give them."""
        return f"{self.api.distribution} {self.api.version}".strip()

    def owns(self, path: str) -> bool:
        """Whether a dotted path begins with one of the distribution's import names."""
        return path.partition(".")[0] in self.api.roots

    # What a name gives

    def at(self, path: str) -> Values:
        """What a dotted path is; a path out of the distribution is foreign."""
        name = self.api.canonical(path)
        if not self.owns(name):
            return foreign(name)
        found = self.api.get(name)
        return self.values_of(found) if found is not None else self._borrowed(name)

    def _borrowed(self, name: str) -> Values:
        """A module of Python's own library that a module of the distribution imports for itself."""
        parts = name.split(".")
        for at in range(1, len(parts)):
            part = parts[at].lstrip("_")
            if part in sys.stdlib_module_names and self.api.get(".".join(parts[: at + 1])) is None:
                return foreign(".".join([part, *parts[at + 1 :]]))
        return UNKNOWN

    def values_of(self, found: ApiObject, via: Literal["", "class", "object"] = "") -> Values:
        """What an object of the index is as a value, when it was reached in some way."""
        if found.kind == "module":
            return one(Value("module", found.name))
        if found.kind == "class":
            return one(Value("class", found.name))
        if found.kind == "function":
            return one(Value("function", found.name, via=via))
        if via == "class" and "property" in found.labels:
            return UNKNOWN
        return self.annotation(found.returns)

    def attribute(self, value: Value, name: str) -> Values:
        """What an attribute of a module, class or object of the distribution is."""
        if value.kind == "module":
            return self.at(f"{value.name}.{name}")
        if value.kind == "function":
            return UNKNOWN
        if value.name.startswith("builtins."):
            return FOREIGN
        found = self.api.member(value.name, name)
        if found is None:
            # One of several candidates that cannot be meant tells nothing.
            return NOTHING if self.has(value, name) is False else UNKNOWN
        return self.values_of(found, "class" if value.kind == "class" else "object")

    def returned(self, value: Value) -> Values:
        """What a call of a class, function or object of the distribution gives."""
        if value.kind == "class":
            return one(Value("object", value.name))
        found = self.api.get(value.name) if value.kind == "function" else self._special(value, "__call__")
        if found is None or found.kind != "function":
            return UNKNOWN
        given = self.annotation(found.returns)
        return container("coroutine", given) if "async" in found.labels and given != UNKNOWN else given

    def special(self, value: Value, name: str) -> Values | None:
        """What a special method of an object returns; None when the class has no such method."""
        found = self._special(value, name)
        if found is None:
            return None
        return one(value) if found.returns in _SELF else self.annotation(found.returns)

    def _special(self, value: Value, name: str) -> ApiObject | None:
        return self.api.member(value.name, name) if value.kind == "object" else None

    def annotation(self, text: str) -> Values:
        """The values that an annotation of the index allows."""
        if not text:
            return UNKNOWN
        if text not in self._annotations:
            node = parse_annotation(text)
            found = UNKNOWN if node is None else annotated(node, self._class, builtin=True)
            if found == NONE:
                found = one(Value("object", "builtins.NoneType"))
            self._annotations[text] = found - NONE or NOTHING
        return self._annotations[text]

    def _class(self, node: ast.expr) -> Values:
        found = self.api.get(ast.unparse(node))
        return one(Value("class", found.name)) if found is not None and found.kind == "class" else UNKNOWN

    # What is missing

    def has(self, value: Value, name: str) -> bool | None:
        """Whether a value has an attribute; None when that cannot be known."""
        key = (value.kind, value.name, name)
        if key not in self._judged:
            self._judged[key] = self._has(value, name)
        return self._judged[key]

    def _has(self, value: Value, name: str) -> bool | None:
        if name.startswith("_") or value.kind not in ("module", "class", "object", "function"):
            return None
        if value.kind == "module":
            return self.has_path(f"{value.name}.{name}")
        if value.kind == "function":
            return None if name.startswith("cache_") else False
        if value.name.startswith("builtins."):
            kind = (
                type(None) if value.name == "builtins.NoneType" else getattr(builtins, value.name[9:], object)
            )
            return hasattr(kind, name)
        if self.api.member(value.name, name) is not None:
            return True
        return self._inherited(value.name, name)

    def _inherited(self, class_name: str, name: str) -> bool | None:
        """A base from the standard library is asked itself; any other unknown base decides nothing."""
        for base in self.api.mro(class_name):
            found = self.api.objects.get(base)
            if found is not None and found.dynamic:
                return None
            if found is None:
                kind = _stdlib_class(base)
                if kind is None or hasattr(kind, "__getattr__"):
                    return None
                if hasattr(kind, name):
                    return True
        return hasattr(object, name)

    def has_path(self, path: str) -> bool | None:
        """Whether a dotted path leads to something in the distribution; None when that cannot be known."""
        name = self.api.canonical(path)
        if path in self.api.aliases or name in self.api.objects or not self.owns(name):
            return True
        owner, _, last = name.rpartition(".")
        if not owner or any(part.startswith("_") for part in name.split(".")):
            return None
        parent = self.api.get(owner)
        if parent is None:
            return False if self.has_path(owner) is False else None
        if parent.kind == "module":
            return None if parent.dynamic or may_exist(name) else False
        return self.has(Value("class", parent.name), last) if parent.kind == "class" else None

    def is_closed(self, class_name: str) -> bool:
        """Whether all of a class is known, its bases included."""
        return self._inherited(class_name, "no such name") is False

    def may_be_called(self, value: Value) -> bool:
        """Whether an object may be called; only what is known not to be is False."""
        if value.name.startswith("builtins."):
            return False
        return self._special(value, "__call__") is not None or not self.is_closed(value.name)

    # What was meant

    def shown(self, name: str) -> str:
        """The shortest public path of an object, for messages: ``dvc.api.read`` for ``dvc.api.data.read``."""
        if self._shown is None:
            self._shown = {}
            for alias, target in self.api.aliases.items():
                known = self._shown.get(target)
                if _unhandy(alias) < _unhandy(target) and (
                    known is None or (*_unhandy(alias), alias) < (*_unhandy(known), known)
                ):
                    self._shown[target] = alias
        owner, _, member = name.rpartition(".")
        return self._shown.get(name) or (f"{self._shown[owner]}.{member}" if owner in self._shown else name)

    def names(self, value: Value) -> list[str]:
        """The public names that a module, class or object has."""
        if value.name not in self._names:
            owners = [value.name] if value.kind == "module" else list(self.api.mro(value.name))
            found = [o.name.rpartition(".")[2] for owner in owners for o in self.api.members(owner)]
            for owner in owners:
                found += [a[len(owner) + 1 :] for a in self.api.aliases if a.startswith(f"{owner}.")]
            self._names[value.name] = sorted({n for n in found if "." not in n and not n.startswith("_")})
        return self._names[value.name]

    def richest(self, values: Iterable[Value]) -> Value:
        """The value with most names: the one that a message should speak of."""
        return max(sorted(values, key=lambda v: v.name), key=lambda v: len(self.names(_class_beside(v))))

    def suggestion(self, value: Value, name: str) -> str:
        """``; did you mean 'x'?`` for the nearest names, or ""."""
        if value.kind == "function":
            return "; call it first"
        if value.name.startswith("builtins."):
            return ""
        beyond = self._beyond(value, name)
        exact = [path for path in beyond if path.endswith(f".{name}")]
        if exact:
            return did_you_mean(name, exact)
        return did_you_mean(name, self.names(value)) or did_you_mean(name, beyond)

    def _beyond(self, value: Value, name: str) -> list[str]:
        """What an object's attributes have under the name or a word of it: ``scm.tag`` for ``create_tag``."""
        words = {name, *name.split("_")} if value.kind in ("object", "class") else set()
        found = []
        for attribute in self.names(value) if words else ():
            for held in self.attribute(Value("object", value.name), attribute):
                if held.kind == "object" and not held.name.startswith("builtins."):
                    found += [f"{attribute}.{n}" for n in self.names(held) if n in words and n not in _VAGUE]
        return found


def _class_beside(value: Value) -> Value:
    return Value("class", value.name.rpartition(".")[0]) if value.kind == "function" else value


_VAGUE = {"get", "set", "create", "delete", "name", "all", "list", "new", "update", "with", "from"}


def _unhandy(path: str) -> tuple[bool, int]:
    return any(part.startswith("_") for part in path.split(".")), path.count(".")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x' or 'y'?`` for names that look alike or share a word, or ""."""
    choices = sorted(set(known))
    near = difflib.get_close_matches(name, choices, n=2, cutoff=0.65)
    if not near and len(name) > 2:
        near = [c for c in choices if len(c) > 2 and (c.startswith(name) or name.startswith(c))][:2]
    if not near:
        words = {word for word in name.lower().split("_") if len(word) > 2} - _VAGUE
        near = [c for c in choices if words & set(c.lower().replace(".", "_").split("_"))][:2]
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""


def _stdlib_class(path: str) -> type | None:
    """The class of Python's own library at a dotted path, or None."""
    module, _, name = path.rpartition(".")
    module = module or "builtins"
    root = module.partition(".")[0]
    if root not in sys.stdlib_module_names or root in _NOT_RUN:
        return None
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None
    if name in ("Generic", "Protocol"):
        return object
    return found if isinstance(found, type) else None
