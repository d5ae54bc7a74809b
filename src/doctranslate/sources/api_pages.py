"""Pages of documentation from the objects of an API: one for each object that is worth reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property

from doctranslate.apis import ApiIndex
from doctranslate.component import Api
from doctranslate.records import Page
from doctranslate.sources.documented import Documented, ReadApi


class ApiPages:
    """Writes the pages.

    Args:
        found: The objects.
        index: The same objects, for inheritance.
        api: Says which of them get no page.
        address: Gives ``distribution@version`` for a qualified name.
    """

    def __init__(self, found: ReadApi, index: ApiIndex, *, api: Api, address: Callable[[str], str]) -> None:
        self._found = found
        self._index = index
        self._api = api
        self._address = address

    def pages(self, links: Mapping[str, Sequence[str]]) -> list[Page]:
        """One page per object, in order of definition.

        Args:
            links: Qualified name to the symbols that say more about it (``cli:add``).
        """
        objects = self._found.objects.items()
        return [self._page(o, links=tuple(links.get(n, ()))) for n, o in objects if self._is_worth_reading(o)]

    def public_path(self, name: str) -> str:
        """The path that people write: ``git.Repo.create_tag`` for ``git.repo.base.Repo.create_tag``."""
        if name in self._public:
            return self._public[name]
        owner, _, member = name.rpartition(".")
        return f"{self._public.get(owner, owner)}.{member}" if owner else name

    @cached_property
    def _public(self) -> Mapping[str, str]:
        best: dict[str, str] = {}
        for path in sorted(self._found.exported, key=lambda path: (path.count("."), len(path), path)):
            target = self._found.aliases[path]
            is_private = any(part.startswith("_") for part in target.split("."))
            if is_private or path.count(".") < target.count("."):
                best.setdefault(target, path)
        return best

    @cached_property
    def _members(self) -> Mapping[str, list[Documented]]:
        members: dict[str, list[Documented]] = {}
        for name, each in self._found.objects.items():
            members.setdefault(name.rpartition(".")[0], []).append(each)
        return members

    @cached_property
    def _methods(self) -> frozenset[str]:
        """Functions of modules that a class takes as its methods: people call the method."""
        objects = self._found.objects
        sources = (each.source for each in objects.values() if each.source)
        owners = ((source, objects.get(source.rpartition(".")[0])) for source in sources)
        return frozenset(source for source, owner in owners if owner and owner.api.kind == "module")

    def _is_worth_reading(self, each: Documented) -> bool:
        name, kind = each.api.name, each.api.kind
        if kind == "module" or name in self._methods:
            return False
        if name.rpartition(".")[2].startswith("__") and not each.docstring:
            return False
        if _matches(name, self._api.unlisted) and not _matches(name, self._api.listed):
            return False
        return kind != "attribute" or bool(each.docstring) or "property" in each.api.labels

    def _page(self, each: Documented, *, links: tuple[str, ...]) -> Page:
        name, title = each.api.name, self.public_path(each.api.name)
        defined, public = name.rpartition(".")[2], title.rpartition(".")[2]
        lines = each.overloads or (each.api.signature,)
        signatures = tuple(line.replace(defined, public, 1) if defined != public else line for line in lines)
        parts = ("\n".join(signatures), self._class_facts(each), self._docstring(each))
        return Page(
            uri=f"pypi:{self._address(name)}#{name}",
            title=title,
            media_type="text/x-python-api",
            text="\n\n".join(part for part in parts if part) + "\n",
            symbol=name,
            kind="api",
            signatures=signatures,
            links=links,
        )

    def _docstring(self, each: Documented) -> str:
        """Its docstring; of a method without one, that of the method it overrides, as `inspect.getdoc` has it."""
        owner, _, member = each.api.name.rpartition(".")
        if each.docstring or each.api.kind == "class" or owner not in self._found.objects:
            return each.docstring
        overridden = (self._found.objects.get(f"{base}.{member}") for base in self._index.mro(owner))
        return next((base.docstring for base in overridden if base and base.docstring), "")

    def _class_facts(self, each: Documented) -> str:
        """What no page of its own says about a class: bases, plain attributes, inherited members."""
        if each.api.kind != "class":
            return ""
        members = self._members.get(each.api.name, [])
        plain = [m.api for m in members if m.api.kind == "attribute" and not self._is_worth_reading(m)]
        lines = [f"Bases: {', '.join(each.api.bases)}"] if each.api.bases else []
        if plain:
            lines.append("Attributes: " + ", ".join(_attribute(a.signature, a.returns) for a in plain))
        taken = {_last(m.api.name) for m in members}
        for base in [*self._index.mro(each.api.name)][1:]:
            names = [_last(m.api.name) for m in self._members.get(base, ())]
            new = [name for name in names if name not in taken and not name.startswith("_")]
            taken.update(new)
            if new:
                lines.append(f"Inherited from {self.public_path(base)}: {', '.join(new)}")
        return "\n".join(lines)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _attribute(signature: str, returns: str) -> str:
    return signature if ":" in signature or not returns else f"{signature}: {returns}"
