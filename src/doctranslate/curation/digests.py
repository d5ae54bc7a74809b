"""A cache of digests, so that what a model was paid for once is not paid for again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from doctranslate.errors import StoreError
from doctranslate.records import Digest

_TABLE = """
CREATE TABLE IF NOT EXISTS digests(
  chunk_id TEXT, engine TEXT, prompt_hash TEXT, digest TEXT NOT NULL,
  PRIMARY KEY(chunk_id, engine, prompt_hash)
) WITHOUT ROWID
"""
_TIMEOUT_S = 30.0


class DigestCache:
    """Digests on disk, by chunk id (a content hash), engine and prompt hash. Processes may share it.

    Args:
        path: The SQLite file; it and its folder are made when missing.

    Raises:
        StoreError: The file cannot be opened, or is not such a cache.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection, connection:
                connection.execute(_TABLE)
        except (OSError, sqlite3.Error) as exc:
            raise self._error(exc) from exc

    def get(self, chunk_ids: Sequence[str], *, engine: str, prompt_hash: str) -> dict[str, Digest]:
        """The digests that are there, by chunk id.

        Args:
            chunk_ids: Which to look for.
            engine: Name of the engine that is to have written them.
            prompt_hash: Of the prompt it is to have used.

        Raises:
            StoreError: The file cannot be read.
        """
        sql = "SELECT digest FROM digests WHERE chunk_id = ? AND engine = ? AND prompt_hash = ?"
        found: dict[str, Digest] = {}
        try:
            with closing(self._connect()) as connection:
                for chunk_id in chunk_ids:
                    row = connection.execute(sql, (chunk_id, engine, prompt_hash)).fetchone()
                    if row is not None:
                        found[chunk_id] = Digest.model_validate_json(row[0])
        except (sqlite3.Error, ValidationError) as exc:
            raise self._error(exc) from exc
        return found

    def put(self, digests: Iterable[Digest], *, engine: str, prompt_hash: str) -> None:
        """Keep digests.

        Args:
            digests: To keep; one that is there already is replaced.
            engine: Name of the engine that wrote them.
            prompt_hash: Of the prompt it used.

        Raises:
            StoreError: The file cannot be written.
        """
        rows = [(one.chunk_id, engine, prompt_hash, one.model_dump_json()) for one in digests]
        try:
            with closing(self._connect()) as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO digests VALUES (?,?,?,?)", rows)
        except sqlite3.Error as exc:
            raise self._error(exc) from exc

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=_TIMEOUT_S)

    def _error(self, exc: Exception) -> StoreError:
        return StoreError(
            f"the digest cache {self.path} cannot be used: {exc}. Delete it, and it is made anew."
        )
