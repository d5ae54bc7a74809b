"""The SQLite side of a store: chunks with their digests, names, and the full-text index."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from doctranslate.errors import StoreCorruptError
from doctranslate.records import Chunk, ChunkKind, Digest
from doctranslate.stores.manifest import remedy
from doctranslate.stores.prior import prior
from doctranslate.stores.tokens import words

T = TypeVar("T")

# Rows are numbered from 1 in the order of the vectors; what is not relevant has neither vector nor words.
_SCHEMA = """
CREATE TABLE chunks(
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, symbol TEXT NOT NULL, kind TEXT NOT NULL,
  relevant INTEGER NOT NULL, prior REAL NOT NULL, embedded TEXT NOT NULL,
  chunk TEXT NOT NULL, digest TEXT NOT NULL, metadata TEXT NOT NULL
);
CREATE INDEX chunks_symbol ON chunks(symbol);
CREATE TABLE names(suffix TEXT NOT NULL, symbol TEXT NOT NULL, PRIMARY KEY(suffix, symbol)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
  symbol, signatures, description, text, content='', tokenize="unicode61 remove_diacritics 0 tokenchars '_.'"
);
"""
COLUMN_WEIGHTS = (2.0, 0.5, 2.0, 1.0)
"""How much a word counts in each column of ``words``: symbol and description, text, then signatures, whose
annotations hold the words of other objects."""

_MAX_OBJECT_WORDS = 60

_MAX_QUERY_WORDS = 128
_N_KEPT = 2000  # rows that are read once; the searches of one translation find the same ones
_MAX_VARIABLES = 999  # SQLite's limit in its older builds


@dataclass(frozen=True, slots=True)
class Row:
    """A chunk with its digest, as it lies in the table.

    Attributes:
        row: Its number, from 1.
        chunk: The chunk.
        digest: Its digest.
        metadata: What came with it, as JSON text.
        embedded: Names the text behind its vector (`doctranslate.stores.vectors.text_key`); "" where it has none.
    """

    row: int
    chunk: Chunk
    digest: Digest
    metadata: str = field(default="{}")
    embedded: str = ""


def write_tables(path: Path, rows: Sequence[Row]) -> None:
    """Write the database file.

    Args:
        path: The file, not there yet.
        rows: Numbered from 1 without a gap.
    """
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        with connection:
            connection.executemany(
                "INSERT INTO chunks VALUES (?,?,?,?,?,?,?,?,?,?)", map(_chunk_values, rows)
            )
            connection.executemany("INSERT OR IGNORE INTO names VALUES (?,?)", _names(rows))
            connection.executemany(
                "INSERT INTO words(rowid, symbol, signatures, description, text) VALUES (?,?,?,?,?)",
                (_word_values(row) for row in rows if row.digest.relevant),
            )
            connection.execute("INSERT INTO words(words) VALUES ('optimize')")
    finally:
        connection.close()


def _chunk_values(row: Row) -> tuple[Any, ...]:
    chunk, digest = row.chunk, row.digest
    texts = (chunk.model_dump_json(), digest.model_dump_json(), row.metadata)
    return (
        row.row,
        chunk.id,
        chunk.symbol,
        chunk.kind,
        int(digest.relevant),
        prior(chunk),
        row.embedded,
        *texts,
    )


def _names(rows: Iterable[Row]) -> Iterable[tuple[str, str]]:
    # In one order, whatever hashes strings have in this process: equal rows give an equal file.
    for symbol in sorted({row.chunk.symbol for row in rows if row.chunk.symbol}):
        parts = symbol.split(".")
        for start in range(len(parts)):
            yield ".".join(parts[start:]), symbol


def _word_values(row: Row) -> tuple[Any, ...]:
    chunk, digest = row.chunk, row.digest
    # BM25 marks long documents down. An object is not less wanted because its author wrote more about it, so
    # that of its text each word counts once, and only the first ones.
    limit = _MAX_OBJECT_WORDS if chunk.kind in ("api", "cli") else None
    columns = (
        [chunk.symbol.lower(), *words(own_name(chunk))],
        list(dict.fromkeys(words(" ".join(chunk.signatures or digest.signatures))))[:limit],
        words(f"{digest.description}\n{digest.search_words}"),
        list(dict.fromkeys(words(chunk.text)))[:limit],
    )
    return (row.row, *(" ".join(column) for column in columns))


def own_name(chunk: Chunk) -> str:
    """What names a chunk: class and name of an object, without the modules they lie in; else the headings."""
    return ".".join(chunk.symbol.split(".")[-2:]) or " ".join(chunk.headings)


class Tables:
    """Reads the database file; safe to use from several threads.

    Args:
        path: The file. It is opened read-only, and taken not to change.

    Raises:
        StoreCorruptError: It is not such a database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._kept: dict[int, Row] = {}
        try:
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as exc:
            raise self._corrupt(exc) from exc
        self.close = weakref.finalize(self, self._connection.close)

    def n_rows(self) -> int:
        """How many chunks there are."""
        return self._read("SELECT count(*) FROM chunks", (), lambda found: int(found[0]))[0]

    def rows(self, numbers: Sequence[int]) -> dict[int, Row]:
        """Rows by number; a number that is not there is left out."""
        found = {number: self._kept[number] for number in numbers if number in self._kept}
        missing = [number for number in numbers if number not in found]
        if missing:
            marks = ",".join("?" * len(missing))
            sql = f"SELECT row, chunk, digest, metadata FROM chunks WHERE row IN ({marks})"
            read = {row.row: row for row in self._read(sql, missing, self._row)}
            found.update(read)
            if len(self._kept) < _N_KEPT:
                self._kept.update(read)
        return found

    def priors(self, numbers: Sequence[int]) -> dict[int, float]:
        """Priors of rows, by number."""
        found: dict[int, float] = {}
        for start in range(0, len(numbers), _MAX_VARIABLES):
            some = numbers[start : start + _MAX_VARIABLES]
            sql = f"SELECT row, prior FROM chunks WHERE row IN ({','.join('?' * len(some))})"
            found.update(self._read(sql, some, lambda one: (int(one[0]), float(one[1]))))
        return found

    def embedded(self) -> list[str]:
        """What names the texts behind the vectors, in their order."""
        sql = "SELECT embedded FROM chunks WHERE relevant ORDER BY row"
        return self._read(sql, (), lambda found: str(found[0]))

    def by_symbol(self, symbol: str) -> list[Row]:
        """All rows of a symbol: API before command, guide and example; relevant before the rest."""
        order = "CASE kind WHEN 'api' THEN 0 WHEN 'cli' THEN 1 WHEN 'guide' THEN 2 ELSE 3 END"
        sql = (
            "SELECT row, chunk, digest, metadata FROM chunks WHERE symbol = ? "
            f"ORDER BY relevant DESC, {order}, row"
        )
        return self._read(sql, (symbol,), self._row)

    def by_id(self, ids: Sequence[str]) -> list[Row]:
        """Rows by chunk id, in the order asked for; an id that is not there is left out."""
        marks = ",".join("?" * len(ids))
        sql = f"SELECT row, chunk, digest, metadata FROM chunks WHERE id IN ({marks})"
        found = {row.chunk.id: row for row in self._read(sql, ids, self._row)}
        return [found[id] for id in dict.fromkeys(ids) if id in found]

    def symbols_ending_in(self, suffix: str) -> list[str]:
        """The symbols that a dotted suffix fits, sorted."""
        sql = "SELECT symbol FROM names WHERE suffix = ? ORDER BY symbol"
        return self._read(sql, (suffix,), lambda found: str(found[0]))

    def of_kinds(self, kinds: Sequence[ChunkKind]) -> set[int]:
        """Numbers of the rows whose chunk is of one of these kinds."""
        marks = ",".join("?" * len(kinds))
        return set(
            self._read(f"SELECT row FROM chunks WHERE kind IN ({marks})", kinds, lambda found: int(found[0]))
        )

    def match(self, text: str, *, limit: int) -> dict[int, float]:
        """Rows that share words with a text, with their scores by BM25; the best ones.

        Source:
            S. Robertson, H. Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond. Foundations and
            Trends in Information Retrieval 3(4), 2009, pages 333-389; computed by SQLite's FTS5.
        """
        asked = list(dict.fromkeys(words(text)))[:_MAX_QUERY_WORDS]
        if not asked:
            return {}
        query = " OR ".join(f'"{word}"' for word in asked)
        score = f"bm25(words, {', '.join(map(str, COLUMN_WEIGHTS))})"  # FTS5 gives it with a minus sign
        sql = f"SELECT rowid, -{score} FROM words WHERE words MATCH ? ORDER BY {score}, rowid LIMIT ?"
        return dict(self._read(sql, (query, limit), lambda found: (int(found[0]), float(found[1]))))

    def _row(self, found: Sequence[Any]) -> Row:
        return Row(
            found[0], Chunk.model_validate_json(found[1]), Digest.model_validate_json(found[2]), found[3]
        )

    def _read(self, sql: str, values: Sequence[object], make: Callable[[Any], T]) -> list[T]:
        try:
            with self._lock:
                found = self._connection.execute(sql, tuple(values)).fetchall()
            return [make(one) for one in found]
        except (sqlite3.DatabaseError, ValueError) as exc:
            raise self._corrupt(exc) from exc

    def _corrupt(self, exc: Exception) -> StoreCorruptError:
        folder, name = self._path.parent, self._path.name
        return StoreCorruptError(f"store {folder}: {name} cannot be read: {exc}. {remedy(folder)}")
