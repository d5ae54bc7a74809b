"""Reading the API of a distribution from its source files with griffe; nothing of it is imported."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
        source: Canonical name of the function that a member was made from, "" when it is defined in place.
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
        ImportError: None of the packages has source files in its folder.
    """
    with _collector_paused():
        return _walk(roots, _load(roots), api)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without garbage collection, which goes over the growing trees again and again: half of all the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load(roots: Sequence[tuple[str, Path]]) -> griffe.ModulesCollection:
    collection, lines = griffe.ModulesCollection(), griffe.LinesCollection()
    extensions = griffe.load_extensions(Bodies())
    problems: list[ImportError] = []
    for root, location in roots:
        loader = griffe.GriffeLoader(
            search_paths=[location],
            extensions=extensions,
            modules_collection=collection,
            lines_collection=lines,
            allow_inspection=False,
            store_source=False,
        )
        try:
            loader.load(root, try_relative_path=False)
        except (ImportError, griffe.LoadingError) as exc:  # compiled, or declared and not there
            problems.append(ImportError(f"{root}: {exc}"))
    if len(problems) == len(roots):
        raise problems[0] if problems else ImportError("there is nothing to import")
    for module in list(collection.members.values()):
        loader.expand_wildcards(module, external=False)
    return collection


def _walk(roots: Sequence[tuple[str, Path]], collection: griffe.ModulesCollection, api: Api) -> ReadApi:
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
        private = any(part in _SKIPPED_PARTS or part.startswith("_") for part in parts)
        return private or self._skipped(path) or not self._kept(path)

    def _kept(self, path: str) -> bool:
        """Whether the component wants this module, or one below it."""
        keep = self._api.keep
        return not keep or any(fnmatchcase(path, k) or k.startswith(f"{path}.") for k in keep)

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
        if target is None or name.startswith("_") or not name.isidentifier() or self._skipped(alias.path):
            return
        if isinstance(target, griffe.Module) and self._module_skipped(target.path):
            return
        exports = module.exports
        exported = name in map(str, exports) if exports is not None else module.is_init_module
        if not exported and not self._kept(target.module.path):
            return
        self.result.aliases[alias.path] = target.path
        if exported:
            self.result.exported.add(alias.path)
        self._wanted.append(target)

    def finish(self) -> None:
        """Take in what is private where it is defined and reached by a public path or as a base class."""
        while self._wanted:
            wanted = self._wanted.pop()
            if not isinstance(wanted, griffe.Module) and isinstance(wanted.parent, griffe.Module):
                self._object(wanted)
        aliases = self.result.aliases
        for path in aliases:
            while aliases[path] in aliases and aliases[aliases[path]] != path:
                aliases[path] = aliases[aliases[path]]

    def _object(self, obj: griffe.Object) -> None:
        if obj.path in self.result.objects or self._skipped(obj.path):
            return
        if isinstance(obj, griffe.Class):
            self._class(obj)
        elif isinstance(obj, griffe.Function):
            self._callable(obj.path, self._signatures.function(obj))
        elif isinstance(obj, griffe.Attribute):
            self._attribute(obj, obj.path, cls=None)

    def _add(
        self, api: ApiObject, docstring: str = "", *, overloads: tuple[str, ...] = (), source: str = ""
    ) -> None:
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
            signature = self._signatures.method(found, cls=cls)
            forwarded = self._forwarded(cls, name) if signature.says_nothing else None
            self._callable(path, forwarded or signature)
        elif found is not member and found is not None:
            self.result.aliases[path] = found.path
            self._wanted.append(found)
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
            self._wanted.append(stands_for)
            return
        made = self._signatures.value(attribute, cls=cls)
        if made is not None:
            self._callable(path, replace(made, docstring=_docstring(attribute) or made.docstring))
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
                    self._add(ApiObject(path, "attribute", returns=returns, signature=name))


def _target(alias: griffe.Alias) -> griffe.Object | None:
    try:
        return alias.final_target
    except griffe.GriffeError:
        return None


def _docstring(obj: griffe.Object) -> str:
    return obj.docstring.value.strip() if obj.docstring else ""
