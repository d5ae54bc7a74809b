"""The memory of a crawl, in SQLite: which addresses are known, what became of them, and the pages themselves.

A page, its links and its new state are one transaction, so that a crawl that was killed at any moment goes on where
it was. A crawl that is finished and run again is a new round over the same pages.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from doctranslate.errors import CrawlError
from doctranslate.sources.web.base import Fetched, How, Validators
from doctranslate.sources.web.report import PageOutcome, PageReport, Rendering

FORMAT = "1"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS addresses(
  url TEXT PRIMARY KEY, depth INTEGER NOT NULL, hops INTEGER NOT NULL, found_on TEXT NOT NULL,
  outcome TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', how TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0, n_tries INTEGER NOT NULL DEFAULT 0, target TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS addresses_open ON addresses(depth, outcome);
CREATE TABLE IF NOT EXISTS pages(
  url TEXT PRIMARY KEY, media_type TEXT NOT NULL, how TEXT NOT NULL, title TEXT NOT NULL, canonical TEXT NOT NULL,
  links TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL, n_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL, content_sha256 TEXT NOT NULL, fetched_at TEXT NOT NULL, text BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS renderings(
  part TEXT PRIMARY KEY, how TEXT NOT NULL, reason TEXT NOT NULL, n_samples INTEGER NOT NULL
) WITHOUT ROWID;
"""
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Address:
    """An address that waits to be asked.

    Attributes:
        url: The address, normalised.
        depth: Links from a starting point.
        hops: Redirects that led there.
        found_on: The page that led there.
    """

    url: str
    depth: int
    hops: int = 0
    found_on: str = ""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as it is kept.

    Attributes:
        url: Its address.
        media_type: See `doctranslate.sources.web.base.Fetched`.
        text: As it was served or rendered.
        how: What read it.
        title: Of the document.
        canonical: The address that the page says is its own, normalised, or "".
        content_sha256: Of the text of its content element; "" when the selector matches nothing in it.
        sha256: Of the text.
        fetched_at: When.
    """

    url: str
    media_type: str
    text: str
    how: How
    title: str
    canonical: str
    content_sha256: str
    sha256: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says of itself and of others.

    Attributes:
        title: Of the document.
        canonical: The address that it says is its own, normalised, or "".
        links: Addresses that it leads to, normalised and in scope, sorted.
        content: Text of its content element, or None where the selector matches nothing.
    """

    title: str = ""
    canonical: str = ""
    links: tuple[str, ...] = ()
    content: str | None = field(default="", repr=False)

    @property
    def content_sha256(self) -> str:
        """SHA-256 of the content, or "" where there is none."""
        return hashlib.sha256(self.content.encode("utf-8", "replace")).hexdigest() if self.content else ""


def text_hash(text: str) -> str:
    """SHA-256 (hex) of a page's text, as the pages are kept by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Frontier:
    """Addresses and pages of one site; safe to use from several threads.

    Args:
        path: The SQLite file; it and its folder are made when missing.

    Raises:
        CrawlError: The file cannot be opened, or is not such a database.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._n_within = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_TIMEOUT_S, check_same_thread=False)
            # The process may be killed between any two instructions; a power cut costs the last pages at worst.
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            with self._db:
                self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as exc:
            raise CrawlError(
                f"the pages at {path} cannot be used: {exc}. Delete the file to crawl anew."
            ) from exc
        if self.fact("format", FORMAT) != FORMAT:
            self.close()
            raise CrawlError(
                f"{path} was written by another version of doctranslate: delete it to crawl anew"
            )
        self.set_fact("format", FORMAT)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make what is written in the ``with`` block one transaction. No other thread reads or writes meanwhile."""
        with self._lock:
            self._n_within += 1
            try:
                if self._n_within > 1:
                    yield
                else:
                    with self._db:
                        yield
            finally:
                self._n_within -= 1

    def fact(self, name: str, default: str = "") -> str:
        """What is noted under a name, or the default."""
        found = self._all("SELECT value FROM facts WHERE name = ?", name)
        return str(found[0][0]) if found else default

    def set_fact(self, name: str, value: str) -> None:
        """Note something."""
        self._do("INSERT OR REPLACE INTO facts VALUES (?,?)", name, value)

    def begin(self, site: str, starts: Iterable[Address]) -> None:
        """Begin a new round: pages stay, and what is known of addresses is forgotten.

        Args:
            site: Hash of the site's description, which the round is for.
            starts: Where it starts.
        """
        with self.together():
            self._db.execute("DELETE FROM addresses")
            self._db.execute("DELETE FROM renderings")
            self._db.execute("DELETE FROM facts WHERE name != 'format'")
            self._db.executemany("INSERT INTO facts VALUES (?,?)", [("site", site), ("finished", "")])
            self._insert((start, "") for start in starts)

    def add(self, found: Iterable[tuple[Address, str]]) -> None:
        """Take in addresses, in one transaction; what is known already stays as it is.

        Where one is queued, what was noted of ``sampled`` is forgotten: it is about those that waited before.

        Args:
            found: Addresses, each with why it will not be asked, or "" to queue it.
        """
        every = list(found)
        with self.together():
            self._insert(every)
            if not all(reason for _, reason in every):
                self._db.execute("DELETE FROM facts WHERE name = 'sampled'")

    def _insert(self, found: Iterable[tuple[Address, str]]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO addresses(url, depth, hops, found_on, outcome, reason) VALUES (?,?,?,?,?,?)",
            (
                (a.url, a.depth, a.hops, a.found_on, "skipped" if reason else "queued", reason)
                for a, reason in found
            ),
        )

    def waiting(self, depth: int) -> list[Address]:
        """The addresses of a depth that were not asked yet, sorted."""
        rows = self._all(
            "SELECT url, depth, hops, found_on FROM addresses WHERE depth = ? AND outcome = 'queued' ORDER BY url",
            depth,
        )
        return [Address(*row) for row in rows]

    def counts(self) -> dict[PageOutcome, int]:
        """How many addresses came out how."""
        return dict(self._all("SELECT outcome, count(*) FROM addresses GROUP BY outcome"))

    def outcome(self, url: str) -> PageOutcome | None:
        """What became of an address; None when it is not known."""
        found = self._all("SELECT outcome FROM addresses WHERE url = ?", url)
        return found[0][0] if found else None

    def known(self) -> dict[str, PageOutcome]:
        """Every known address with what became of it."""
        return dict(self._all("SELECT url, outcome FROM addresses"))

    def settle(
        self,
        address: Address,
        outcome: PageOutcome,
        *,
        reason: str = "",
        how: How | str = "",
        status: int = 0,
        n_tries: int = 0,
        target: str = "",
    ) -> None:
        """Note what became of an address without a page, or with the stored one.

        Args:
            address: The address.
            outcome: What became of it.
            reason: Why.
            how: What asked.
            status: HTTP status.
            n_tries: Requests made.
            target: Where a redirect leads.
        """
        with self.together():
            self._settle(address, outcome, reason, how, status, n_tries, target)

    def store(self, address: Address, page: Fetched, reading: Reading, *, n_tries: int) -> None:
        """Keep a page, and note that its address is done, in one transaction.

        Args:
            address: The address that was asked; the page may have another one, to which it was led on.
            page: The page.
            reading: What it says.
            n_tries: Requests made.
        """
        content = page.text.encode("utf-8", "surrogatepass")
        sha256 = text_hash(page.text)
        row = (
            *(
                page.url,
                page.media_type,
                page.how,
                reading.title,
                reading.canonical,
                json.dumps(reading.links),
            ),
            *(page.validators.etag, page.validators.last_modified, page.n_bytes),
            *(sha256, reading.content_sha256, datetime.now(UTC).isoformat()),
            zlib.compress(content, 1),
        )
        with self.together():
            is_same = bool(self._all("SELECT 1 FROM pages WHERE url = ? AND sha256 = ?", page.url, sha256))
            self._db.execute(f"INSERT OR REPLACE INTO pages VALUES ({','.join('?' * len(row))})", row)
            if page.url != address.url:
                to = (f"to {page.url}", page.how, page.status, n_tries, page.url)
                self._settle(address, "redirected", *to)
                self._insert([(Address(page.url, address.depth, address.hops + 1, address.url), "")])
            n_own = n_tries if page.url == address.url else 0
            self._db.execute(
                "UPDATE addresses SET outcome = ?, reason = '', how = ?, status = ?, n_tries = n_tries + ? "
                "WHERE url = ?",
                ("unchanged" if is_same else "fetched", page.how, page.status, n_own, page.url),
            )

    def reread(self, address: Address, read: Callable[[Fetched], Reading], *, n_tries: int) -> None:
        """Note that a stored page is the newest one, and what it says by today's description of the site.

        Args:
            address: Its address.
            read: Reads it.
            n_tries: Requests made.
        """
        stored = next(self.pages(within=[address.url]))
        reading = read(Fetched(stored.url, stored.media_type, stored.text, stored.how))
        says = (reading.title, reading.canonical, json.dumps(reading.links), reading.content_sha256)
        with self.together():
            self._db.execute(
                "UPDATE pages SET title = ?, canonical = ?, links = ?, content_sha256 = ? WHERE url = ?",
                (*says, address.url),
            )
            self._settle(address, "unchanged", "", stored.how, 304, n_tries, "")

    def _settle(
        self, address: Address, outcome: str, reason: str, how: str, status: int, n_tries: int, target: str
    ) -> None:
        self._db.execute(
            "UPDATE addresses SET outcome = ?, reason = ?, how = ?, status = ?, n_tries = ?, target = ? "
            "WHERE url = ?",
            (outcome, reason, how, status, n_tries, target, address.url),
        )

    def validators(self, url: str) -> Validators | None:
        """What to ask with whether a page has changed; None when it is not stored, or by a browser."""
        sql = "SELECT etag, last_modified FROM pages WHERE url = ? AND how = 'http'"
        found = self._all(sql, url)
        return Validators(*found[0]) if found and any(found[0]) else None

    def read_by(self, url: str) -> How:
        """What read a stored page."""
        return (
            "browser" if self._all("SELECT 1 FROM pages WHERE url = ? AND how = 'browser'", url) else "http"
        )

    def links_of(self, depth: int) -> list[tuple[str, str]]:
        """Links of all pages of a depth that were read, sorted, each with the first page that has it: page and link."""
        first: dict[str, str] = {}
        with self._lock:
            # One row at a time, since pages repeat each other's menus: together they may be a hundred times as long.
            for page, links in self._db.execute(
                "SELECT url, links FROM pages JOIN addresses USING (url) "
                "WHERE depth = ? AND outcome IN ('fetched', 'unchanged') ORDER BY url",
                (depth,),
            ):
                for link in json.loads(links):
                    first.setdefault(link, page)
        return [(page, link) for link, page in sorted(first.items())]

    def redirects_of(self, depth: int) -> list[tuple[Address, str, int]]:
        """The redirected addresses of a depth, with where they lead and their status, sorted."""
        rows = self._all(
            "SELECT url, depth, hops, found_on, target, status FROM addresses "
            "WHERE depth = ? AND outcome = 'redirected' ORDER BY url",
            depth,
        )
        return [(Address(*row[:4]), *row[4:]) for row in rows]

    def requeue(self, *, status: int) -> None:
        """Let addresses that failed with an HTTP status wait again."""
        self._do("UPDATE addresses SET outcome = 'queued' WHERE outcome = 'failed' AND status = ?", status)

    def forget_unread(self) -> int:
        """At the end of a round, drop the pages that are not there any more.

        A page that could not be read this time, for a reason that may pass, is kept as it was.

        Returns:
            How many were dropped.
        """
        with self.together():
            return self._db.execute(
                "DELETE FROM pages WHERE url NOT IN (SELECT url FROM addresses WHERE outcome IN "
                "('fetched', 'unchanged') OR (outcome = 'failed' AND (status = 0 OR status = 429 OR status >= 500)))"
            ).rowcount

    def pages(self, *, within: Sequence[str] | None = None) -> Iterator[StoredPage]:
        """The stored pages, sorted by address.

        Args:
            within: Their addresses; None for all.
        """
        urls = (
            [row[0] for row in self._all("SELECT url FROM pages ORDER BY url")] if within is None else within
        )
        columns = "url, media_type, how, title, canonical, content_sha256, sha256, fetched_at, text"
        for url in urls:
            for *head, at, packed in self._all(f"SELECT {columns} FROM pages WHERE url = ?", url):
                address, media_type, how, title, canonical, content_sha256, sha256 = head
                text = zlib.decompress(packed).decode("utf-8", "surrogatepass")
                yield StoredPage(
                    url=address,
                    media_type=media_type,
                    text=text,
                    how=how,
                    title=title,
                    canonical=canonical,
                    content_sha256=content_sha256,
                    sha256=sha256,
                    fetched_at=datetime.fromisoformat(at),
                )

    def heads(self) -> list[tuple[str, str, str, str]]:
        """Address, canonical address, hash of the content and hash of the text of each page, sorted."""
        return self._all("SELECT url, canonical, content_sha256, sha256 FROM pages ORDER BY url")

    def decide(self, rendering: Rendering) -> None:
        """Keep how a part of the site is read."""
        row = (rendering.part, rendering.how, rendering.reason, rendering.n_samples)
        self._do("INSERT OR REPLACE INTO renderings VALUES (?,?,?,?)", *row)

    def renderings(self) -> tuple[Rendering, ...]:
        """How the parts of the site are read, sorted."""
        rows = self._all("SELECT part, how, reason, n_samples FROM renderings ORDER BY part")
        names = tuple(Rendering.model_fields)
        return tuple(Rendering(**dict(zip(names, row, strict=True))) for row in rows)

    def reports(self) -> list[PageReport]:
        """What became of each address, sorted."""
        rows = self._all(
            "SELECT a.url, depth, outcome, reason, a.how, status, coalesce(n_bytes, 0), n_tries, found_on "
            "FROM addresses a LEFT JOIN pages p ON p.url = a.url ORDER BY a.url"
        )
        names = tuple(PageReport.model_fields)
        return [PageReport(**dict(zip(names, row, strict=True))) for row in rows]

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _do(self, sql: str, *values: object) -> None:
        with self.together():
            self._db.execute(sql, values)
