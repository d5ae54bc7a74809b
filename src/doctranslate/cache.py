"""A cache on disk: values by key in one SQLite file, so that what was worked for, or paid for, once is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from doctranslate.errors import StoreError

_TABLE = "CREATE TABLE IF NOT EXISTS entries(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
_TIMEOUT_S = 30.0


class Cache:
    """Values by key. Processes may share a file; each `put` is there as a whole, or not at all.

    Args:
        path: The SQLite file; it and its folder are made when missing.
        what: What it holds, for messages: ``digest``.
        read_only: Make and change nothing; a file that is missing is an empty cache.

    Raises:
        StoreError: The file cannot be opened, or is not such a cache.
    """

    def __init__(self, path: Path, *, what: str, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._what = what
        if read_only:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection, connection:
                connection.execute(_TABLE)
        except (OSError, sqlite3.Error) as exc:
            raise self.error(exc) from exc

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values that are there, by key.

        Args:
            keys: Which to look for.

        Raises:
            StoreError: The file cannot be read.
        """
        if self.read_only and not self.path.exists():
            return {}
        found: dict[str, bytes] = {}
        try:
            with closing(self._connect()) as connection:
                for key in keys:
                    row = connection.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
                    if row is not None:
                        found[key] = row[0]
        except sqlite3.Error as exc:
            raise self.error(exc) from exc
        return found

    def put(self, values: Mapping[str, bytes]) -> None:
        """Keep values; one that is there already is replaced. Does nothing when the cache is read-only.

        Args:
            values: By key.

        Raises:
            StoreError: The file cannot be written.
        """
        if self.read_only or not values:
            return
        try:
            with closing(self._connect()) as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO entries VALUES (?,?)", values.items())
        except sqlite3.Error as exc:
            raise self.error(exc) from exc

    def error(self, exc: Exception) -> StoreError:
        """What to raise when the file, or a value in it, cannot be used.

        Args:
            exc: What went wrong.
        """
        return StoreError(
            f"the {self._what} cache {self.path} cannot be used: {exc}. Delete it, and it is made anew."
        )

    def _connect(self) -> sqlite3.Connection:
        if self.read_only:
            return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=_TIMEOUT_S)
        return sqlite3.connect(self.path, timeout=_TIMEOUT_S)
