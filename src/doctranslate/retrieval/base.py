"""What a retrieval strategy is, and what all of them share: Docs-X, and rankings merged into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import ClassVar, Protocol

from doctranslate.records import ApiUsage, Document, QueryMode, Retrieved, Strategy
from doctranslate.stores.index import DocIndex


class RetrievalStrategy(Protocol):
    """Finds the documents of both libraries that a translation needs."""

    name: ClassVar[Strategy]
    """As users select it."""

    def retrieve(self, code: str, *, usages: Sequence[ApiUsage] = ()) -> Retrieved:
        """Find documents for a program.

        Args:
            code: The program.
            usages: Its calls on the source library. Without any, the whole code is the query.

        Returns:
            Docs-X and Docs-Y, best first.

        Raises:
            ModelError: The engine or an embedding model failed.
            StoreError: A store cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What one query found.

    Attributes:
        query: The query: for Docs-X a symbol or the code, for Docs-Y a text.
        documents: Best first.
        is_call: Whether the query is the symbol of one call.
    """

    query: str
    documents: tuple[Document, ...]
    is_call: bool = False


@dataclass(frozen=True, slots=True)
class SourceSearch:
    """Finds Docs-X: what the source library's documentation says of the calls in a program.

    Attributes:
        store: Of the source library.
        k: Documents per query.
        query: ``calls`` asks once for each distinct call, ``code`` once with the whole program.
    """

    store: DocIndex
    k: int
    query: QueryMode

    def find(self, code: str, usages: Sequence[ApiUsage]) -> list[Found]:
        """Docs-X, query by query.

        Args:
            code: The program.
            usages: Its calls; without any, the program is the query.

        Returns:
            In the order of the calls' first use; one entry for the whole code; none for blank code.

        Raises:
            ModelError: An embedding model failed.
            StoreError: The store cannot be read.
        """
        symbols = list(dict.fromkeys(usage.symbol for usage in usages))
        if self.query == "calls" and symbols:
            return [self._of_call(symbol) for symbol in symbols]
        return [Found(code, tuple(self.store.search(code, k=self.k)))] if code.strip() else []

    def _of_call(self, symbol: str) -> Found:
        """The documents of the very object first, then what is near it."""
        own = self.store.by_symbol(symbol)
        # The module path says where a function lives, not what it does; nor does the class of one that has
        # no page, such as a command that is made up at run time.
        near = self.store.search(".".join(symbol.split(".")[-2 if own else -1 :]), k=self.k)
        documents = distinct([*own, *near])[: self.k]
        return Found(symbol, tuple(replace(one, query=symbol) for one in documents), is_call=True)


def distinct(documents: Iterable[Document]) -> list[Document]:
    """Each chunk once, at its first place.

    Args:
        documents: In order.
    """
    first: dict[str, Document] = {}
    for one in documents:
        first.setdefault(one.chunk.id, one)
    return list(first.values())


def interleave(rankings: Sequence[Sequence[Document]]) -> tuple[Document, ...]:
    """Merge rankings rank by rank, so that every query has a voice before any has a second.

    Args:
        rankings: Each best first.

    Returns:
        Each chunk once: all first ranks in the order of the rankings, then all second ranks…
    """
    ranks = zip_longest(*rankings)
    return tuple(distinct(one for rank in ranks for one in rank if one is not None))


def search_all(store: DocIndex, queries: Sequence[str], *, k: int) -> list[Found]:
    """Put each query to a store.

    Args:
        store: The store.
        queries: The queries; blank ones are left out.
        k: Documents per query.

    Returns:
        One entry per query, in order.

    Raises:
        ModelError: An embedding model failed.
        StoreError: The store cannot be read.
    """
    return [Found(query, tuple(store.search(query, k=k))) for query in queries if query.strip()]
