"""DocsSearch: the documentation of the source library is the query to that of the target library."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from doctranslate.records import ApiUsage, Document, Retrieved, Strategy
from doctranslate.retrieval.base import Found, SourceSearch, interleave, search_all
from doctranslate.stores.index import DocIndex

_WORD = re.compile(r"[^\W\d]\w*(?:\.\w+)*")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass(frozen=True, slots=True)
class DocsSearch:
    """Queries the target's store with what the source's store says.

    Attributes:
        source: Finds Docs-X.
        store: Of the target library.
        src: Name of the source library.
        k: Documents per query.
    """

    source: SourceSearch
    store: DocIndex
    src: str
    k: int = 4
    name: ClassVar[Strategy] = "docs"

    def retrieve(self, code: str, *, usages: Sequence[ApiUsage] = ()) -> Retrieved:
        """Find documents for a program; see `RetrievalStrategy`."""
        found_src = self.source.find(code, usages)
        queries = list(dict.fromkeys(self._query(found) for found in found_src))
        found_dst = search_all(self.store, queries, k=self.k)
        return Retrieved(
            docs_src=interleave([found.documents for found in found_src]),
            docs_dst=interleave([found.documents for found in found_dst]),
            queries=tuple(found.query for found in found_dst),
            strategy=self.name,
        )

    def _query(self, found: Found) -> str:
        """What to ask for: of one call, its own document; of a whole program, all that was found."""
        if not found.is_call:
            return "\n".join(dict.fromkeys(describe(one, src=self.src) for one in found.documents))
        last = found.query.rpartition(".")[2]
        if found.documents and found.documents[0].chunk.symbol.rpartition(".")[2] == last:
            return describe(found.documents[0], src=self.src)
        return " ".join(_words(last))  # a document that is merely near the call would lead away from it


def describe(document: Document, *, src: str) -> str:
    """A document of the source library as a query to another library.

    Args:
        document: Of the source library.
        src: Name of the source library.

    Returns:
        The words of its name's last part, and its description; without the names of the source library, which
        would find whatever mentions that library.
    """
    symbol = document.chunk.symbol.removeprefix("cli:")
    owners, _, last = symbol.rpartition(".")
    names = {src.lower(), owners.partition(".")[0].lower()} - {""}
    title = _words(last) if symbol else list(document.chunk.headings[-1:])
    return f"{' '.join(title)}. {_without(document.digest.description, names)}".strip(". ")


def _words(identifier: str) -> list[str]:
    return [part.lower() for part in _PART.findall(identifier)]


def _without(text: str, names: Collection[str]) -> str:
    def keep(match: re.Match[str]) -> str:
        return "" if match[0].lower().split(".")[0] in names else match[0]

    return " ".join(_WORD.sub(keep, text).split())
