"""Reading functions, classes and attributes: what each is called, takes, gives back, and says of itself."""

from __future__ import annotations

import ast
from dataclasses import replace
from fnmatch import fnmatchcase

import griffe

from doctranslate.apis import ApiObject
from doctranslate.component import Api
from doctranslate.sources.bodies import body
from doctranslate.sources.documented import Documented, ReadApi
from doctranslate.sources.inference import Inference
from doctranslate.sources.names import Names, dotted_name, parse_expression
from doctranslate.sources.signatures import Signature, Signatures, forwarded_name, unquoted

_SPECIAL = frozenset(
    f"__{name}__"
    for name in ("call", "enter", "exit", "aenter", "aexit", "getitem", "setitem", "delitem", "iter", "next")
) | {"__len__", "__contains__", "__truediv__", "__add__", "__sub__"}


class ObjectReader:
    """Takes objects into a `ReadApi`.

    Args:
        names: Resolves names.
        api: What is left out, and which classes forward.
        result: Where the objects go.

    Attributes:
        wanted: Objects that those taken in refer to, and that may have to be taken in too.
    """

    def __init__(self, names: Names, api: Api, result: ReadApi) -> None:
        self.result = result
        self.wanted: list[griffe.Object] = []
        self._names, self._api = names, api
        self._inference = Inference(names)
        self._signatures = Signatures(names, self._inference)
        self._forwards = {f.class_name: f.to for f in api.forwards}

    def take(self, obj: griffe.Object) -> None:
        """Take in a function, class or attribute of a module, with all that is public in it."""
        if obj.path in self.result.objects or is_skipped(obj.path, self._api):
            return
        if isinstance(obj, griffe.Class):
            self._class(obj)
        elif isinstance(obj, griffe.Function):
            self._callable(obj.path, self._signatures.function(obj))
        elif isinstance(obj, griffe.Attribute):
            self._attribute(obj, obj.path, cls=None)

    def add(
        self, api: ApiObject, docstring: str = "", *, overloads: tuple[str, ...] = (), source: str = ""
    ) -> None:
        """Take in an object that is read already."""
        self.result.objects[api.name] = Documented(api, docstring, overloads, source)

    def _callable(self, path: str, signature: Signature) -> None:
        """Take in a function, or the attribute that a property is."""
        name = path.rpartition(".")[2]
        source = signature.origin if signature.origin != path else ""
        if "property" in signature.labels:
            shown = f"{name}: {unquoted(signature.returns)}" if signature.returns else name
            api = ApiObject(
                path, "attribute", (), signature.returned, labels=signature.labels, signature=shown
            )
            self.add(api, signature.docstring, source=source)
            return
        api = ApiObject(
            path,
            "function",
            signature.resolved(self._names),
            signature.returned,
            labels=signature.labels,
            signature=signature.line(name),
        )
        overloads = tuple(overload.line(name) for overload in signature.overloads)
        self.add(api, signature.docstring, overloads=overloads, source=source)

    # Classes

    def _class(self, cls: griffe.Class) -> None:
        bases = self._names.bases(cls)
        self.wanted += [found for found in map(self._names.object, bases) if found is not None]
        constructor = self._signatures.constructor(cls)
        labels = tuple(sorted({str(label) for label in cls.labels} & {"dataclass"}))
        dynamic = any(_answers(cls.members.get(name)) for name in ("__getattr__", "__getattribute__"))
        parameters = constructor.resolved(self._names)
        line = constructor.line(cls.name)
        docstring = "\n\n".join(dict.fromkeys(filter(None, [docstring_of(cls), constructor.docstring])))
        self.add(ApiObject(cls.path, "class", parameters, cls.path, bases, labels, dynamic, line), docstring)
        for name, member in cls.members.items():
            if not name.startswith("_") or name in _SPECIAL:
                self._member(cls, name, member)
        self._set_on_self(cls)

    def _member(self, cls: griffe.Class, name: str, member: griffe.Object | griffe.Alias) -> None:
        path = f"{cls.path}.{name}"
        if is_skipped(path, self._api):
            return
        found = target(member) if isinstance(member, griffe.Alias) else member
        if isinstance(found, griffe.Function):
            signature = self._signatures.method(found, cls=cls)
            forwarded = self._forwarded(cls, name) if signature.says_nothing else None
            self._callable(path, forwarded or signature)
        elif found is not member and found is not None:
            self.result.aliases[path] = found.path
            self.wanted.append(found)
        elif isinstance(found, griffe.Class):
            self._class(found)
        elif isinstance(found, griffe.Attribute):
            self._attribute(found, path, cls=cls)

    def _forwarded(self, cls: griffe.Class, name: str) -> Signature | None:
        """The signature of the member that a class hands its calls on to, when the component says so."""
        target = self._names.object(self._forwards.get(cls.path, ""))
        if not isinstance(target, griffe.Class):
            return None
        found = self._names.member(target, name)
        if not isinstance(found, griffe.Function):
            return None
        signature = self._signatures.method(found, cls=target)
        return replace(signature, labels=tuple(label for label in signature.labels if label != "abstract"))

    def _attribute(self, attribute: griffe.Attribute, path: str, *, cls: griffe.Class | None) -> None:
        if cls is not None:
            forwarded = self._forwarded(cls, forwarded_name(attribute))
            if forwarded is not None:
                self._callable(path, forwarded)
                return
        stands_for = self._stands_for(attribute)
        if isinstance(stands_for, griffe.Class) or (stands_for is not None and cls is None):
            self.result.aliases[path] = stands_for.path
            self.wanted.append(stands_for)
            return
        made = self._signatures.value(attribute, cls=cls)
        if made is not None:
            self._callable(path, replace(made, docstring=docstring_of(attribute) or made.docstring))
            return
        returns = self._inference.attribute(attribute, cls=cls)
        shown = "" if attribute.annotation is None else unquoted(str(attribute.annotation))
        labels = tuple(
            sorted({str(label) for label in attribute.labels} & {"property", "writable", "cached"})
        )
        name = path.rpartition(".")[2]
        line = f"{name}: {shown}" if shown else name
        self.add(
            ApiObject(path, "attribute", (), returns, labels=labels, signature=line), docstring_of(attribute)
        )

    def _stands_for(self, attribute: griffe.Attribute) -> griffe.Class | griffe.Function | None:
        """The class or function that an attribute is another name of: ``Tag = TagReference``."""
        node = parse_expression(attribute.value)
        name = dotted_name(node) if node is not None else None
        if name is None or attribute.parent is None or attribute.annotation is not None:
            return None
        found = self._names.object(self._names.name(attribute.parent, name))
        if found is None or found.path == attribute.path:
            return None
        return found if isinstance(found, griffe.Class | griffe.Function) else None

    def _set_on_self(self, cls: griffe.Class) -> None:
        """Take in the attributes that methods set, and those that ``__slots__`` names."""
        for member in list(cls.members.values()):
            if not isinstance(member, griffe.Function):
                continue
            for name, value in body(member).assigned.items():
                path = f"{cls.path}.{name}"
                if not name.startswith("_") and path not in self.result.objects and name not in cls.members:
                    returns = self._inference.assigned(member, value, cls=cls)
                    self.add(ApiObject(path, "attribute", returns=returns, signature=name))
        for name in _slots(cls):
            path = f"{cls.path}.{name}"
            if not name.startswith("_") and path not in self.result.objects and name not in cls.members:
                self.add(ApiObject(path, "attribute", signature=name))


def is_skipped(path: str, api: Api) -> bool:
    """Whether a component leaves out an object, or something that it is in."""
    return any(fnmatchcase(path, p) or path.startswith(f"{p}.") for p in api.skip)


def _slots(cls: griffe.Class) -> list[str]:
    """The names in ``__slots__``, as far as they are written out."""
    slots = cls.members.get("__slots__")
    node = parse_expression(slots.value) if isinstance(slots, griffe.Attribute) else None
    elements = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    return [e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)]


def target(alias: griffe.Alias) -> griffe.Object | None:
    """What an import stands for; None when it is outside of what was read."""
    try:
        return alias.final_target
    except griffe.GriffeError:
        return None


def docstring_of(obj: griffe.Object) -> str:
    """The docstring of an object, without indentation, "" when it has none."""
    return obj.docstring.value.strip() if obj.docstring else ""


def _answers(getter: griffe.Object | griffe.Alias | None) -> bool:
    """Whether a ``__getattr__`` gives values; one that only raises says that there is no such name."""
    if not isinstance(getter, griffe.Function):
        return getter is not None
    seen = body(getter)
    return not seen.raises or any(value is not None for value in seen.returns)
