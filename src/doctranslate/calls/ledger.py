"""The book of all calls: each reply that was paid for, kept under its key, and a log of what was asked when."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from doctranslate.calls.request import Purpose, Reply
from doctranslate.errors import StoreError
from doctranslate.records import Message

Outcome = Literal["ok", "failed"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies(
    key TEXT PRIMARY KEY, text TEXT NOT NULL, finish TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls(
    id INTEGER PRIMARY KEY, at REAL NOT NULL, job TEXT NOT NULL, model TEXT NOT NULL, purpose TEXT NOT NULL,
    key TEXT NOT NULL, sample INTEGER NOT NULL, messages TEXT NOT NULL, reply TEXT NOT NULL, finish TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cost_usd REAL, latency_s REAL NOT NULL,
    n_attempts INTEGER NOT NULL, outcome TEXT NOT NULL, error TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_by_job ON calls(job);
"""
_FIELDS = (
    "id, at, job, model, purpose, key, sample, messages, reply, finish, prompt_tokens, completion_tokens, cost_usd, "
    "latency_s, n_attempts, outcome, error"
)
_TIMEOUT_S = 30.0
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the log has it.

    Attributes:
        job: Which run made it.
        model: ``provider:model``.
        purpose: What it was for.
        key: What its reply is kept under.
        sample: Which of several answers was wanted.
        messages: What was sent: with placeholders in place of secrets.
        reply: What came back; "" when the call failed.
        finish: How the reply ended.
        prompt_tokens: As the endpoint reported them.
        completion_tokens: The same.
        cost_usd: None where no price is known.
        latency_s: From sending to the last byte, of the last attempt.
        n_attempts: How often it was sent.
        outcome: ``ok`` or ``failed``.
        error: Why it failed.
        at: Unix time of its end.
        id: Number in the log, from 1; 0 before it is written.
    """

    job: str
    model: str
    purpose: Purpose
    key: str
    sample: int
    messages: tuple[Message, ...]
    reply: str = ""
    finish: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    latency_s: float = 0.0
    n_attempts: int = 1
    outcome: Outcome = "ok"
    error: str = ""
    at: float = 0.0
    id: int = 0


class Ledger:
    """Replies and log in one SQLite file, readable by its owner only. Threads and processes may share it.

    A reply and its line in the log are written in one transaction, as soon as the reply is there: a process that is
    killed afterwards has them, and asks for neither again.

    Args:
        path: The file; it and its folder are made when missing.

    Raises:
        StoreError: The file cannot be opened, or is not such a book.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._own_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(path, timeout=_TIMEOUT_S, check_same_thread=False)
            try:
                # A write then waits for no disk; only a crash of the whole machine could lose the last ones.
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=NORMAL")
                (version,) = self._connection.execute("PRAGMA user_version").fetchone()
                if version not in (0, _VERSION):
                    raise sqlite3.DatabaseError(f"format {version}, expected {_VERSION}")
                self._connection.executescript(_SCHEMA)
                self._connection.execute(f"PRAGMA user_version={_VERSION}")
            except BaseException:
                self._connection.close()
                raise

    def reply(self, key: str) -> Reply | None:
        """The reply that is kept under a key, or None.

        Args:
            key: See `doctranslate.calls.request.key_of`.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._own_errors(), self._lock:
            row = self._connection.execute(
                "SELECT text, finish, prompt_tokens, completion_tokens FROM replies WHERE key = ?", (key,)
            ).fetchone()
        if row is None:
            return None
        text, finish, n_sent, n_back = row
        return Reply(text, finish, n_sent, n_back, cost_usd=0.0, is_cached=True)

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys under which a reply is kept.

        Args:
            keys: To look for.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._own_errors(), self._lock:
            find = "SELECT 1 FROM replies WHERE key = ?"
            return {key for key in keys if self._connection.execute(find, (key,)).fetchone()}

    def forget(self, key: str) -> None:
        """Keep a reply no longer; the log still has it.

        Args:
            key: That it is kept under.

        Raises:
            StoreError: The file cannot be written.
        """
        with self._own_errors(), self._lock, self._connection:
            self._connection.execute("DELETE FROM replies WHERE key = ?", (key,))

    def record(self, call: Call, reply: Reply | None = None) -> None:
        """Write a call into the log, and keep its reply.

        Args:
            call: What was asked, and what came of it.
            reply: To be kept under the call's key, or None.

        Raises:
            StoreError: The file cannot be written.
        """
        self.record_all([(call, reply)])

    def record_all(self, calls: Sequence[tuple[Call, Reply | None]]) -> None:
        """`record` for many, all or none.

        Args:
            calls: Each with its reply.

        Raises:
            StoreError: The file cannot be written.
        """
        replies = [
            (call.key, reply.text, reply.finish, reply.prompt_tokens, reply.completion_tokens)
            for call, reply in calls
            if reply is not None
        ]
        with self._own_errors(), self._lock, self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO replies VALUES (?,?,?,?,?)", replies)
            self._connection.executemany(
                f"INSERT INTO calls VALUES ({','.join('?' * 17)})", [_row(call) for call, _ in calls]
            )

    def calls(self, *, job: str = "", since: float = 0.0, limit: int = 0) -> list[Call]:
        """The log, newest first.

        Args:
            job: Only of this run; "" for all.
            since: Only those that ended after this Unix time.
            limit: How many, at most; 0 for all.

        Raises:
            StoreError: The file cannot be read.
        """
        where = "WHERE at >= ?" + (" AND job = ?" if job else "")
        given: tuple[object, ...] = (since, job) if job else (since,)
        query = f"SELECT {_FIELDS} FROM calls {where} ORDER BY id DESC LIMIT {limit or -1:d}"
        with self._own_errors(), self._lock:
            return [_call(row) for row in self._connection.execute(query, given)]

    def call(self, number: int) -> Call | None:
        """One call of the log, or None.

        Args:
            number: `Call.id`.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._own_errors(), self._lock:
            row = self._connection.execute(f"SELECT {_FIELDS} FROM calls WHERE id = ?", (number,)).fetchone()
        return _call(row) if row else None

    def clear(self, *, before: float | None = None, with_replies: bool = False) -> int:
        """Take calls out of the log.

        Args:
            before: Only those that ended before this Unix time; None for all.
            with_replies: Forget the replies that are kept under their keys as well: they would be paid for again.

        Returns:
            How many were taken out.

        Raises:
            StoreError: The file cannot be written.
        """
        limit = float("inf") if before is None else before
        with self._own_errors(), self._lock:
            with self._connection:
                if with_replies:
                    self._connection.execute(
                        "DELETE FROM replies WHERE key IN (SELECT key FROM calls WHERE at < ?)", (limit,)
                    )
                n_deleted = self._connection.execute("DELETE FROM calls WHERE at < ?", (limit,)).rowcount
            self._connection.execute("VACUUM")  # what is taken out is not to be found in the file any more
        return n_deleted

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, ValueError) as exc:
            raise StoreError(
                f"the book of calls {self.path} cannot be used: {exc}. Delete it, and it is made anew; replies that "
                "were paid for are then gone."
            ) from exc


def read_calls(path: Path, **wanted: object) -> list[Call]:
    """`Ledger.calls` of a file that may not be there; makes none.

    Args:
        path: The file.
        **wanted: See `Ledger.calls`.

    Raises:
        StoreError: The file cannot be read.
    """
    if not path.exists():
        return []
    with closing(Ledger(path)) as ledger:
        return ledger.calls(**wanted)  # type: ignore[arg-type] # the same arguments


def _row(call: Call) -> tuple[object, ...]:
    messages = json.dumps([[message.role, message.content] for message in call.messages], ensure_ascii=False)
    return (
        None,
        call.at or time.time(),
        call.job,
        call.model,
        call.purpose,
        call.key,
        call.sample,
        messages.encode(errors="replace").decode(),
        call.reply.encode(errors="replace").decode(),
        call.finish,
        call.prompt_tokens,
        call.completion_tokens,
        call.cost_usd,
        call.latency_s,
        call.n_attempts,
        call.outcome,
        call.error,
    )


def _call(row: tuple[object, ...]) -> Call:
    names = [name.strip() for name in _FIELDS.split(",")]
    fields = dict(zip(names, row, strict=True))
    pairs = json.loads(str(fields["messages"]))
    fields["messages"] = tuple(Message(role=role, content=content) for role, content in pairs)
    return Call(**fields)  # type: ignore[arg-type] # the columns are the fields
