"""Searches the documents of one component: by name, by meaning (FAISS) and by words (SQLite FTS5).

Free of LangChain, whose import takes longer than a translation; `doctranslate.stores.local` adds it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self, get_args

from doctranslate.apis import ApiIndex
from doctranslate.errors import StoreCorruptError, StoreMismatchError, UsageError
from doctranslate.records import Chunk, ChunkKind, Document
from doctranslate.stores.base import Embedder, Vectors
from doctranslate.stores.embedders import LSA_FILES, LsaEmbedder, make_embedder
from doctranslate.stores.fusion import C, Fused, reciprocal_rank_fusion
from doctranslate.stores.manifest import API, Manifest, remedy
from doctranslate.stores.names import names_in, resolve
from doctranslate.stores.opened import Opened, open_folder
from doctranslate.stores.tables import Row

Arm = Literal["symbol", "dense", "lexical"]
ARMS: tuple[Arm, ...] = get_args(Arm)
WEIGHTS: Mapping[Arm, float] = {"symbol": 3.0, "dense": 1.0, "lexical": 1.0}
"""A name that is known outweighs both other arms together; these weigh the same."""

_MIN_FETCHED = 50
_N_READ = 200  # rows at a time, of those that are all read
_N_LOOKED = 60
_N_WEIGHED = 4  # so many times what is needed, for priors to choose from


class DocIndex:
    """The documents of one component, searched by name, by meaning and by words.

    Opened by `open`. Safe to use from several threads. `close` lets go of the database; so does the garbage
    collector. `doctranslate.stores.local.DocStore` is the same with LangChain's methods.

    Attributes:
        path: The store's folder.
        manifest: What it holds and how it was made.
    """

    def __init__(self, path: Path, opened: Opened, *, embedder: Embedder | None = None) -> None:
        self.path = path
        self.manifest: Manifest = opened.manifest
        self._opened = opened
        self._given = embedder
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._index: Any = None
        self._api: ApiIndex | None = None

    @classmethod
    def open(cls, path: Path, embedder: Embedder | None = None) -> Self:
        """Open a store, after comparing each of its files with the manifest.

        Args:
            path: The store's folder.
            embedder: What it must have been built with; None takes the one that the manifest names.

        Returns:
            The store.

        Raises:
            StoreMissingError: There is none.
            StoreMismatchError: Another version of doctranslate, or another embedder, built it.
            StoreCorruptError: It was cut off, or edited.
            StoreError: It is being replaced all the time.
        """
        folder = Path(path).absolute()
        return cls(folder, open_folder(folder, embedder), embedder=embedder)

    def close(self) -> None:
        """Let go of the database file. The store cannot be used afterwards."""
        self._opened.tables.close()

    def __len__(self) -> int:
        return self.manifest.n_chunks

    # A store is true even when it is empty: `store or None` must not lose it.
    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        name = f"{self.manifest.component}=={self.manifest.version}"
        return f"{type(self).__name__}({name}, {len(self)} chunks, {self.manifest.embedder})"

    def search(
        self,
        query: str,
        *,
        k: int = 4,
        arms: Sequence[Arm] = ARMS,
        weights: Mapping[Arm, float] | None = None,
        kinds: Sequence[ChunkKind] | None = None,
    ) -> list[Document]:
        """The documents that fit a query best.

        Args:
            query: Words, a name (``Git.tag``), or code.
            k: How many documents, at most.
            arms: Which ways to search: by exact name, by meaning (FAISS), by words (BM25).
            weights: Of the arms in the fusion; what is not named keeps its place in `WEIGHTS`.
            kinds: Kinds of chunks to look for; None for all.

        Returns:
            Best first, with fused scores in [0, 1]. Of chunks about one thing (a command, the function behind
            it, the pages about both), only the best one, and examples.

        Raises:
            UsageError: ``k`` is below 1, or an arm is unknown.
            StoreCorruptError: The database cannot be read.
            ModelError: The embedding model failed.
        """
        if k < 1 or not set(arms) <= set(ARMS):
            raise UsageError(
                f"search needs k of 1 or more and arms out of {', '.join(ARMS)}; got k={k}, {arms}"
            )
        weighed = {**WEIGHTS, **(weights or {})}
        limit = max(_MIN_FETCHED, 5 * k)
        allowed = None if kinds is None else self._opened.tables.of_kinds(kinds)
        rankings = [self._ranking(arm, query, limit=limit, allowed=allowed) for arm in arms]
        fused = reciprocal_rank_fusion(rankings, weights=[weighed[arm] for arm in arms])
        scale = (C + 1) / (sum(weighed[arm] for arm in arms) or 1.0)
        return self._best(fused, k=k, query=query, scale=scale)

    def by_symbol(self, symbol: str) -> list[Document]:
        """All documents of one object: its API first, examples last.

        Args:
            symbol: A qualified name, through any public path, an unambiguous end of one, or ``cli:add``.

        Returns:
            The documents, also those that a search leaves out; empty when the name is unknown or ambiguous.

        Raises:
            StoreCorruptError: The database cannot be read.
        """
        tables = self._opened.tables
        rows = tables.by_symbol(symbol) if symbol else []
        if symbol and not rows:
            found = resolve(symbol, tables.symbols_ending_in) or self._canonical(symbol)
            rows = tables.by_symbol(found) if found else []
        return [self._document(row) for row in rows]

    def documents(self) -> Iterator[Document]:
        """Every document, also those that a search leaves out, which come last.

        Yields:
            The documents; the first ones in the order of `vectors`, one for each.

        Raises:
            StoreCorruptError: The database cannot be read.
        """
        for start in range(1, len(self) + 1, _N_READ):
            numbers = range(start, min(start + _N_READ, len(self) + 1))
            rows = self._opened.tables.rows(numbers)
            yield from (self._document(rows[number]) for number in numbers)

    @property
    def vectors(self) -> Vectors:
        """The vectors of the documents that a search can find: float32 ``[n_relevant, dim]``, read-only."""
        view = self._opened.vectors.view()
        view.flags.writeable = False
        return view

    def api(self) -> ApiIndex | None:
        """The objects of the distribution, or None when the store was built without them.

        Raises:
            StoreCorruptError: They cannot be read.
        """
        content = self._opened.contents.get(API)
        with self._lock:
            if self._api is None and content is not None:
                try:
                    self._api = _api_of(content)
                except ValueError as exc:
                    raise StoreCorruptError(f"store {self.path}: {API}: {exc}. {remedy(self.path)}") from exc
            return self._api

    def _canonical(self, symbol: str) -> str | None:
        api = self.api()
        found = api.get(symbol) if api is not None else None
        return found.name if found is not None else None

    def _document(self, row: Row, *, score: float = 0.0, query: str = "") -> Document:
        return Document(row.chunk, row.digest, score=score, query=query, component=self.manifest.component)

    def _ranking(self, arm: Arm, query: str, *, limit: int, allowed: set[int] | None) -> list[int]:
        tables = self._opened.tables
        n_fetched = limit if allowed is None else max(limit, self.manifest.n_relevant)
        if arm == "symbol":
            found = self._named(query)
        elif arm == "dense":
            found = self._by_score(self._nearest(query, n=_N_WEIGHED * n_fetched))
        else:
            found = self._by_score(tables.match(query, limit=_N_WEIGHED * n_fetched))
        return [row for row in found if allowed is None or row in allowed][:limit]

    def _named(self, query: str) -> list[int]:
        tables = self._opened.tables
        symbols = dict.fromkeys(resolve(name, tables.symbols_ending_in) for name in names_in(query))
        rows = [row for symbol in symbols if symbol for row in tables.by_symbol(symbol)]
        return [row.row for row in rows if row.digest.relevant]

    def _by_score(self, scores: Mapping[int, float]) -> list[int]:
        priors = self._opened.tables.priors(list(scores))
        return sorted(scores, key=lambda row: -scores[row] * priors[row])

    def _nearest(self, query: str, *, n: int) -> dict[int, float]:
        vectors = self._opened.vectors
        vector = self._query_vector(query)
        if not len(vectors) or not vector.any():
            return {}
        with self._lock:
            if self._index is None:
                # Read from the vectors, not from index.faiss: FAISS does not guard its reader against a file
                # that means harm, and adding some thousand vectors takes about as long.
                import faiss

                index = faiss.IndexFlatIP(vectors.shape[1])
                index.add(vectors)
                self._index = index
        scores, rows = self._index.search(vector[None], min(n, len(vectors)))
        return {int(row) + 1: float(score) for score, row in zip(scores[0], rows[0], strict=True) if row >= 0}

    def _query_vector(self, query: str) -> Vectors:
        vector = self._resolved_embedder().embed_query(query)
        if vector.shape != (self.manifest.dim,):
            raise StoreMismatchError(
                self.path,
                field="dim",
                expected=vector.shape[-1],
                found=self.manifest.dim,
                remedy=remedy(self.path),
            )
        return vector

    def _resolved_embedder(self) -> Embedder:
        with self._lock:
            if self._embedder is None:
                if self.manifest.embedder == LsaEmbedder.id:
                    parts = [self._opened.contents.get(name, b"") for name in LSA_FILES]
                    self._embedder = LsaEmbedder.from_bytes(*parts)
                else:
                    self._embedder = self._given or make_embedder(self.manifest.embedder)
            return self._embedder

    def _best(self, fused: Sequence[Fused[int]], *, k: int, query: str, scale: float) -> list[Document]:
        best: list[Document] = []
        for n, (row, score) in enumerate(self._in_order(fused, n_at_once=2 * k)):
            if len(best) == k and (n >= _N_LOOKED or not any(map(_stands_for_an_object, best))):
                break
            at = next((at for at, one in enumerate(best) if _same_thing(row.chunk, one.chunk)), None)
            if at is not None:
                # Of page, help and docstring of one thing, the first to be found says where it ranks; the one
                # with the signature is what a program needs.
                if row.chunk.kind == "api" and _stands_for_an_object(best[at]):
                    best[at] = self._document(row, score=best[at].score, query=query)
            elif len(best) < k and not any(_examples_of_one_thing(row.chunk, one.chunk) for one in best):
                best.append(self._document(row, score=score * scale, query=query))
        return best

    def _in_order(self, fused: Sequence[Fused[int]], *, n_at_once: int) -> Iterator[tuple[Row, float]]:
        """The rows, best first; reading a row costs more than ranking it, so that only some are read at once."""
        for start in range(0, len(fused), n_at_once):
            some = fused[start : start + n_at_once]
            rows = self._opened.tables.rows([one.key for one in some])
            yield from ((rows[one.key], one.score) for one in some)


@lru_cache(maxsize=8)
def _api_of(content: bytes) -> ApiIndex:
    """The objects that a file lists: each translation opens its stores anew, and they are as they were."""
    return ApiIndex.from_json(content.decode())


def _stands_for_an_object(document: Document) -> bool:
    """Whether it is a page or a help text about something that may have a docstring, too."""
    return document.chunk.kind in ("guide", "cli") and bool(document.chunk.symbol)


def _examples_of_one_thing(one: Chunk, other: Chunk) -> bool:
    """Whether both are examples of the same object, or from the same page: one of them is enough."""
    if one.kind != "example" or other.kind != "example":
        return False
    return (
        _same_symbol(one, other)
        if one.symbol or other.symbol
        else one.uri.partition("#")[0] == other.uri.partition("#")[0]
    )


def _same_thing(one: Chunk, other: Chunk) -> bool:
    """Whether two chunks document one thing in two places. An example adds to what it exemplifies, not to itself."""
    if one.kind == other.kind == "example":
        return one.text.split() == other.text.split()
    if "example" in (one.kind, other.kind) or not (one.symbol and other.symbol):
        return False
    return _same_symbol(one, other)


def _same_symbol(one: Chunk, other: Chunk) -> bool:
    return one.symbol == other.symbol or one.symbol in other.links or other.symbol in one.links
