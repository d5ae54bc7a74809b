"""Reading the API of a distribution from its source files with griffe; nothing of it is imported."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

import griffe

from doctranslate.apis import ApiObject
from doctranslate.component import Api
from doctranslate.sources.bodies import Bodies
from doctranslate.sources.documented import ReadApi
from doctranslate.sources.names import Names
from doctranslate.sources.object_reader import ObjectReader, docstring_of, is_skipped, target

_SKIPPED_PARTS = {"tests", "test", "testing", "conftest", "vendor", "vendored"}


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
    reader = _ModuleReader(names, api)
    for root, _ in roots:
        top = names.object(root)
        if isinstance(top, griffe.Module):
            reader.module(top)
    reader.finish()
    return reader.result


class _ModuleReader:
    """Walks modules, and hands what is in them to an `ObjectReader`."""

    def __init__(self, names: Names, api: Api) -> None:
        self.result = ReadApi()
        self._api = api
        self._objects = ObjectReader(names, api, self.result)

    def _module_skipped(self, path: str) -> bool:
        parts = path.split(".")[1:]
        private = any(part in _SKIPPED_PARTS or part.startswith("_") for part in parts)
        return private or is_skipped(path, self._api) or not self._kept(path)

    def _kept(self, path: str) -> bool:
        """Whether the component wants this module, or one below it."""
        keep = self._api.keep
        return not keep or any(fnmatchcase(path, k) or k.startswith(f"{path}.") for k in keep)

    def module(self, module: griffe.Module) -> None:
        """Take in a module, its public members, and its public submodules."""
        if self._module_skipped(module.path):
            return
        dynamic = "__getattr__" in module.members
        self._objects.add(ApiObject(module.path, "module", dynamic=dynamic), docstring_of(module))
        for name, member in module.members.items():
            if isinstance(member, griffe.Alias):
                self._module_alias(module, name, member)
            elif isinstance(member, griffe.Module):
                self.module(member)
            elif not name.startswith("_"):
                self._objects.take(member)

    def _module_alias(self, module: griffe.Module, name: str, alias: griffe.Alias) -> None:
        found = target(alias)
        if (
            found is None
            or name.startswith("_")
            or not name.isidentifier()
            or is_skipped(alias.path, self._api)
        ):
            return
        if isinstance(found, griffe.Module) and self._module_skipped(found.path):
            return
        exports = module.exports
        exported = name in map(str, exports) if exports is not None else module.is_init_module
        if not exported and not self._kept(found.module.path):
            return
        self.result.aliases[alias.path] = found.path
        if exported:
            self.result.exported.add(alias.path)
        self._objects.wanted.append(found)

    def finish(self) -> None:
        """Take in what is private where it is defined and reached by a public path or as a base class."""
        while self._objects.wanted:
            wanted = self._objects.wanted.pop()
            if not isinstance(wanted, griffe.Module) and isinstance(wanted.parent, griffe.Module):
                self._objects.take(wanted)
        aliases = self.result.aliases
        for path in aliases:
            while aliases[path] in aliases and aliases[aliases[path]] != path:
                aliases[path] = aliases[aliases[path]]
