"""Reading the API of a distribution from its source files with griffe; nothing of it is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import griffe

from doctranslate.apis import ApiObject
from doctranslate.component import Api
from doctranslate.sources.bodies import Bodies, body
from doctranslate.sources.inference import Inference
from doctranslate.sources.names import Names, dotted_name, parse_expression
from doctranslate.sources.signatures import Signature, Signatures, forwarded_name, unquoted

_SKIPPED_PARTS = {"tests", "test", "testing", "conftest", "vendor", "vendored"}
_SPECIAL = {
    *(
        "__call__",
        "__enter__",
        "__exit__",
        "__aenter__",
        "__aexit__",
        "__getitem__",
        "__setitem__",
        "__delitem__",
    ),
    *("__iter__", "__next__", "__len__", "__contains__", "__truediv__", "__add__", "__sub__"),
}


@dataclass(frozen=True, slots=True)
class Documented:
    """An object of an API with what its author says about it.

    Attributes:
        api: The object.
        docstring: Cleaned of indentation; "" when there is none.
        overloads: Signature lines of its overloads.
        source: Canonical name of the function that a member was made from, "" for one that is defined in place.
    """

    api: ApiObject
    docstring: str = ""
    overloads: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class ReadApi:
    """What reading gave.

    Attributes:
        objects: Canonical name to object, in order of definition.
        aliases: Other public path to canonical name.
        exported: Those of the aliases that packages mean to offer (``__all__``, imports of an ``__init__``).
    """

    objects: dict[str, Documented] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)


def read(roots: Sequence[tuple[str, Path]], api: Api) -> ReadApi:
    """Read packages together, so that names of one resolve in the others.

    Args:
        roots: Import name, and the folder it is found in.
        api: What to keep and to leave out.

    Raises:
        ImportError: A package is not in its folder, or has no source files.
    """
    collection, lines = griffe.ModulesCollection(), griffe.LinesCollection()
    extensions = griffe.load_extensions(Bodies())
    for root, location in roots:
        loader = griffe.GriffeLoader(
            search_paths=[location],
            extensions=extensions,
            modules_collection=collection,
            lines_collection=lines,
            allow_inspection=False,
            store_source=False,
        )
        loader.load(root, try_relative_path=False)
        loader.resolve_aliases(implicit=True, external=False)
    names = Names(collection)
    reader = _Reader(names, api)
    for root, _ in roots:
        top = names.object(root)
        if isinstance(top, griffe.Module):
            reader.module(top)
    reader.finish()
    return reader.result


class _Reader:
    def __init__(self, names: Names, api: Api) -> None:
        self.result = ReadApi()
        self._names, self._api = names, api
        self._inference = Inference(names)
        self._signatures = Signatures(names, self._inference)
        self._wanted: list[griffe.Object] = []
        self._forwards = {f.class_name: f.to for f in api.forwards}

    def _skipped(self, path: str) -> bool:
        return any(fnmatchcase(path, p) or path.startswith(f"{p}.") for p in self._api.skip)

    def _module_skipped(self, path: str) -> bool:
        parts = path.split(".")[1:]
        if any(part in _SKIPPED_PARTS or part.startswith("_") for part in parts) or self._skipped(path):
            return True
        keep = self._api.keep
        return bool(keep) and not any(fnmatchcase(path, k) or k.startswith(f"{path}.") for k in keep)

    def module(self, module: griffe.Module) -> None:
        """Take in a module, its public members, and its public submodules."""
        if self._module_skipped(module.path):
            return
        dynamic = "__getattr__" in module.members
        self._add(ApiObject(module.path, "module", dynamic=dynamic), _docstring(module))
        for name, member in module.members.items():
            if isinstance(member, griffe.Alias):
                self._module_alias(module, name, member)
            elif isinstance(member, griffe.Module):
                self.module(member)
            elif not name.startswith("_"):
                self._object(member)

    def _module_alias(self, module: griffe.Module, name: str, alias: griffe.Alias) -> None:
        target = _target(alias)
        if target is None or name.startswith("_") or self._skipped(alias.path):
            return
        if isinstance(target, griffe.Module) and self._module_skipped(target.path):
            return
        self.result.aliases[alias.path] = target.path
        exports = module.exports
        if name in map(str, exports) if exports is not None else module.is_init_module:
            self.result.exported.add(alias.path)
        self._wanted.append(target)

    def finish(self) -> None:
        """Take in what is private where it is defined and reached by a public path or as a base class."""
        while self._wanted:
            wanted = self._wanted.pop()
            if not isinstance(wanted, griffe.Module) and isinstance(wanted.parent, griffe.Module):
                self._object(wanted)

    def _object(self, obj: griffe.Object) -> None:
        if obj.path in self.result.objects or self._skipped(obj.path):
            return
        if isinstance(obj, griffe.Class):
            self._class(obj)
        elif isinstance(obj, griffe.Function):
            self._callable(obj.path, self._signatures.function(obj), source="")
        elif isinstance(obj, griffe.Attribute):
            self._attribute(obj, obj.path, cls=None)

    def _add(
        self, api: ApiObject, docstring: str = "", *, overloads: tuple[str, ...] = (), source: str = ""
    ) -> None:
        self.result.objects[api.name] = Documented(api, docstring, overloads, source)

    def _callable(self, path: str, signature: Signature, *, source: str) -> None:
        """Take in a function, or the attribute that a property is."""
        name = path.rpartition(".")[2]
        if "property" in signature.labels:
            shown = f"{name}: {unquoted(signature.returns)}" if signature.returns else name
            api = ApiObject(
                path, "attribute", (), signature.returned, labels=signature.labels, signature=shown
            )
            self._add(api, signature.docstring, source=source)
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
        self._add(api, signature.docstring, overloads=overloads, source=source)

    # Classes

    def _class(self, cls: griffe.Class) -> None:
        bases = self._names.bases(cls)
        self._wanted += [found for found in map(self._names.object, bases) if found is not None]
        constructor = self._signatures.constructor(cls)
        labels = tuple(sorted({str(label) for label in cls.labels} & {"dataclass"}))
        dynamic = not cls.members.keys().isdisjoint({"__getattr__", "__getattribute__"})
        parameters = constructor.resolved(self._names)
        line = constructor.line(cls.name)
        docstring = "\n\n".join(dict.fromkeys(filter(None, [_docstring(cls), constructor.docstring])))
        self._add(ApiObject(cls.path, "class", parameters, cls.path, bases, labels, dynamic, line), docstring)
        for name, member in cls.members.items():
            if not name.startswith("_") or name in _SPECIAL:
                self._member(cls, name, member)
        self._set_on_self(cls)

    def _member(self, cls: griffe.Class, name: str, member: griffe.Object | griffe.Alias) -> None:
        path = f"{cls.path}.{name}"
        if self._skipped(path):
            return
        found = _target(member) if isinstance(member, griffe.Alias) else member
        if isinstance(found, griffe.Function):
            source = found.path if found is not member else ""
            signature = self._signatures.method(found, cls=cls)
            self._callable(path, self._forwarded(cls, name, signature), source=source)
        elif found is not member and found is not None:
            self.result.aliases[path] = found.path
            self._wanted.append(found)
        elif isinstance(found, griffe.Class):
            self._class(found)
        elif isinstance(found, griffe.Attribute):
            self._attribute(found, path, cls=cls)

    def _forwarded(self, cls: griffe.Class, name: str, signature: Signature | None) -> Signature:
        """The signature of the object that a member hands its calls on to, when the component says so."""
        target = self._names.object(self._forwards.get(cls.path, ""))
        own = signature or Signature((), "", "", cls)
        if not isinstance(target, griffe.Class) or (signature is not None and not signature.says_nothing):
            return own
        found = self._names.member(target, name)
        return self._signatures.method(found, cls=target) if isinstance(found, griffe.Function) else own

    def _attribute(self, attribute: griffe.Attribute, path: str, *, cls: griffe.Class | None) -> None:
        if cls is not None and cls.path in self._forwards:
            forwarded = self._forwarded(cls, forwarded_name(attribute), None)
            if forwarded.scope is not cls:
                self._callable(path, forwarded, source=f"{forwarded.scope.path}.{forwarded_name(attribute)}")
                return
        made = self._signatures.value(attribute, cls=cls)
        if made is not None:
            doc = _docstring(attribute) or made.docstring
            self._callable(
                path, made if doc == made.docstring else _with_docstring(made, doc), source=attribute.path
            )
            return
        stands_for = self._class_alias(attribute)
        if stands_for is not None and stands_for.path != path:
            self.result.aliases[path] = stands_for.path
            self._wanted.append(stands_for)
            return
        returns = self._inference.attribute(attribute, cls=cls)
        shown = "" if attribute.annotation is None else unquoted(str(attribute.annotation))
        labels = tuple(
            sorted({str(label) for label in attribute.labels} & {"property", "writable", "cached"})
        )
        name = path.rpartition(".")[2]
        line = f"{name}: {shown}" if shown else name
        self._add(
            ApiObject(path, "attribute", (), returns, labels=labels, signature=line), _docstring(attribute)
        )

    def _class_alias(self, attribute: griffe.Attribute) -> griffe.Class | None:
        """The class that an attribute is another name of: ``Tag = TagReference``."""
        node = parse_expression(attribute.value)
        name = dotted_name(node) if node is not None else None
        if name is None or attribute.parent is None or attribute.annotation is not None:
            return None
        found = self._names.object(self._names.name(attribute.parent, name))
        return found if isinstance(found, griffe.Class) else None

    def _set_on_self(self, cls: griffe.Class) -> None:
        """Take in the attributes that methods set, and those that ``__slots__`` names."""
        for member in list(cls.members.values()):
            if not isinstance(member, griffe.Function):
                continue
            for name, value in body(member).assigned.items():
                path = f"{cls.path}.{name}"
                if not name.startswith("_") and path not in self.result.objects and name not in cls.members:
                    returns = self._inference.assigned(member, value, cls=cls)
                    self._add(ApiObject(path, "attribute", returns=returns, signature=name))


def _with_docstring(signature: Signature, docstring: str) -> Signature:
    from dataclasses import replace

    return replace(signature, docstring=docstring)


def _target(alias: griffe.Alias) -> griffe.Object | None:
    try:
        return alias.final_target
    except griffe.GriffeError:
        return None


def _docstring(obj: griffe.Object) -> str:
    return obj.docstring.value.strip() if obj.docstring else ""
