"""What fetching a page is, and what can come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

How = Literal["http", "browser"]
"""What read a page."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the version of a page that is stored, to be asked whether there is a newer one."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page.

    Attributes:
        url: Its address, normalised; of a page that a browser was led on to, the last one.
        media_type: ``text/html``, ``text/markdown``, ``text/x-rst`` or ``text/plain``.
        text: Its text, decoded; of a page in a browser, the document as its scripts left it.
        how: What read it.
        status: HTTP status.
        n_bytes: Size, unpacked.
        validators: For the next time.
    """

    url: str
    media_type: str
    text: str
    how: How
    status: int = 200
    n_bytes: int = 0
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class Redirected:
    """The address leads to another one, which was not followed. ``to`` is absolute and normalised."""

    to: str
    status: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The stored version is the newest one (304)."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """There is nothing to read there, and no harm done: another media type, a download, a refused address."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The page could not be read.

    Attributes:
        reason: For people.
        retry: Whether another try may go well: 429, 5xx, a broken connection, a time-out.
        retry_after_s: Seconds that the server asked to wait before the next request, or None.
        status: HTTP status; 0 for none.
    """

    reason: str
    retry: bool = False
    retry_after_s: float | None = None
    status: int = 0


Outcome: TypeAlias = Fetched | Redirected | Unchanged | Skipped | Failed


class Fetcher(Protocol):
    """Reads one page at a time; safe to use from several threads.

    It makes one try and follows no redirect on its own where it can help it: politeness, tries and scope are the
    crawl's (`doctranslate.sources.web.crawl`).
    """

    def fetch(self, url: str, *, known: Validators | None = None) -> Outcome:
        """Read a page.

        Args:
            url: Its address, normalised.
            known: Of the version that is stored, when there is one.

        Returns:
            What came of it. Whatever a server does is an outcome, not an exception.
        """
        ...

    def close(self) -> None:
        """Let go of connections and processes. Can be called twice, and while others fetch."""
        ...


Wait: TypeAlias = Callable[[float], None]
"""Waits so many seconds, or less when the crawl is stopped."""
