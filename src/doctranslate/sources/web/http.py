"""Pages over plain HTTP: one try at one address, within its size and its time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from doctranslate.component_spec import DocSite
from doctranslate.errors import MissingExtraError
from doctranslate.sources.web import media
from doctranslate.sources.web.agent import user_agent
from doctranslate.sources.web.base import (
    Failed,
    Fetched,
    Outcome,
    Redirected,
    Skipped,
    Unchanged,
    Validators,
)
from doctranslate.sources.web.gate import Gate
from doctranslate.sources.web.urls import normalise
from doctranslate.sources.web.watchdog import Watchdog

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

# Markdown is not asked for by name: hosts that make it from HTML for whoever names it lose the fences of code
# (cloudflare/workers-sdk#15177). Files that are Markdown come all the same.
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, */*;q=0.5"
_PIECE_BYTES = 65_536
_PAGES = (200, 203)
_REDIRECTS = (301, 302, 303, 307, 308)
RETRY_STATUSES = (408, 425, 429, 500, 502, 503, 504)
"""Another try may go well after these."""
_PACKINGS = ("", "identity", "gzip", "x-gzip", "deflate")
# What may be sent back to a server as it came: printable, and no longer than any real one.
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,512}")
_STOPPED = Failed("the crawl was stopped", retry=True)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Head:
    """What an answer says of itself.

    Attributes:
        url: The address that was asked.
        status: HTTP status.
        headers: With names in lower case.
    """

    url: str
    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Raw:
    """A file as it was served.

    Attributes:
        head: What the answer says of itself.
        body: Unpacked; empty when the status is no 2xx.
        is_cut: Whether there was more.
    """

    head: Head
    body: bytes
    is_cut: bool = False


class HttpFetcher:
    """Reads pages without a browser; implements `doctranslate.sources.web.base.Fetcher`.

    It keeps no cookies, follows no redirects and tries nothing twice.

    Args:
        site: Whose limits of size and time count.
        gate: Makes all connections.
        n_connections: Connections to one host that are kept open for the next pages.

    Raises:
        MissingExtraError: urllib3 is not installed.
    """

    def __init__(self, site: DocSite, *, gate: Gate, n_connections: int = 8) -> None:
        try:
            from doctranslate.sources.web import connections
        except ImportError as exc:
            raise MissingExtraError(
                "urllib3", extra="crawl", needed_for="reading a documentation site"
            ) from exc
        self._site = site
        self._errors = connections.ERRORS
        self._what_broke = connections.what_broke
        self._connections = connections.Connections(gate=gate, n_idle=n_connections)
        self._watchdog = Watchdog()
        self._closed = False

    def fetch(self, url: str, *, known: Validators | None = None) -> Outcome:
        """Read a page.

        Args:
            url: Its address, normalised.
            known: Of the version that is stored, when there is one.

        Raises:
            MissingExtraError: lxml is not installed.
        """
        asked = _conditions(known or Validators())
        answer: Raw | Outcome = self._ask(
            url,
            headers={"Accept": _ACCEPT, **asked},
            max_bytes=self._site.max_page_bytes,
            judge=lambda head: _not_a_page(head, max_bytes=self._site.max_page_bytes, is_known=bool(asked)),
        )
        if not isinstance(answer, Raw):
            return answer
        if answer.is_cut:
            return _too_long(self._site.max_page_bytes)
        return _page(answer)

    def fetch_raw(self, url: str, *, max_bytes: int) -> Raw | Redirected | Skipped | Failed:
        """Read a file of any media type.

        Args:
            url: Its address, normalised.
            max_bytes: What is read of it, unpacked, at most; the rest is cut off.

        Returns:
            The file, whatever its status, or why there is none; a redirect is not followed.
        """
        return self._ask(url, headers={"Accept": "*/*"}, max_bytes=max_bytes, judge=_redirect)

    def close(self) -> None:
        """Let go of all connections. Pages that are being read come to a failure."""
        self._closed = True
        self._watchdog.close()
        self._connections.close()

    def _ask(
        self, url: str, *, headers: Mapping[str, str], max_bytes: int, judge: Callable[[Head], T | None]
    ) -> Raw | T | Skipped | Failed:
        timeout_s = self._site.page_timeout_s
        found: Raw | T | Skipped | Failed
        sent = {"User-Agent": user_agent(), "Accept-Encoding": "gzip, deflate", **headers}
        with self._watchdog.guard(timeout_s) as guard:
            if self._closed:
                return _STOPPED
            try:
                with self._connections.get(url, headers=sent, guard=guard, timeout_s=timeout_s) as response:
                    found = _read(response, url=url, max_bytes=max_bytes, judge=judge)
            except self._errors as exc:
                found = self._what_broke(exc, url=url)
        # When the line was cut, even what looks like a whole page may be half of one.
        if guard.expired and self._closed:
            return _STOPPED
        if guard.expired:
            # Not again: the time is the page's, and it is used up.
            return Failed(f"took longer than {timeout_s:g} s")
        return found


def retry_after_s(value: str, *, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks to wait, or None for none that can be understood.

    Args:
        value: Seconds, or a date.
        now: What a date is compared with; None for the present.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _read(
    response: BaseHTTPResponse, *, url: str, max_bytes: int, judge: Callable[[Head], T | None]
) -> Raw | T | Failed:
    head = Head(url, response.status, {name.lower(): value for name, value in response.headers.items()})
    outcome: T | Failed | None = judge(head)
    packing = head.headers.get("content-encoding", "").strip().lower()
    if outcome is None and packing not in _PACKINGS:
        outcome = Failed(f"packed as {packing[:40]!r}, which was not asked for")
    if outcome is not None or not 200 <= head.status < 300:
        _drain(response)
        return outcome or Raw(head, b"")
    pieces: list[bytes] = []
    left = max_bytes + 1
    while left > 0 and (piece := response.read(min(_PIECE_BYTES, left))):
        pieces.append(piece)
        left -= len(piece)
    return Raw(head, b"".join(pieces)[:max_bytes], is_cut=left <= 0)


def _drain(response: BaseHTTPResponse) -> None:
    """Read what is left of a short answer, so that its connection can be used again."""
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:9]) <= _PIECE_BYTES:
        response.read(_PIECE_BYTES, decode_content=False)


def _not_a_page(head: Head, *, max_bytes: int, is_known: bool) -> Outcome | None:
    """What comes of an answer whose body need not be read; None for a page."""
    outcome = _redirect(head)
    if outcome is not None:
        return outcome
    if head.status == 304:
        return Unchanged() if is_known else Failed("answers 304 to a page it was not asked about", status=304)
    if head.status in (204, 205):
        return Skipped(f"no content: answers {head.status}")
    if head.status not in _PAGES:
        return Failed(
            answers(head.status),
            retry=head.status in RETRY_STATUSES,
            retry_after_s=retry_after_s(head.headers.get("retry-after", "")),
            status=head.status,
        )
    if head.headers.get("content-disposition", "").strip().lower().startswith("attachment"):
        return Skipped("a download")
    kind = media.media_type(head.headers.get("content-type", ""), head.url)
    if kind and not media.is_read(kind):
        return Skipped(f"media type {kind[:100]}")
    length = head.headers.get("content-length", "")
    # Packed, but what is too long already will not get shorter.
    if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > max_bytes):
        return _too_long(max_bytes)
    return None


def _redirect(head: Head) -> Redirected | Skipped | Failed | None:
    if head.status not in _REDIRECTS:
        return None
    location = _as_utf8(head.headers.get("location", "")).strip()
    to = normalise(location, base=head.url) if location else None
    if to == head.url:
        return Failed("redirects to itself", status=head.status)
    if to:
        return Redirected(to, head.status)
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", location, re.IGNORECASE)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return Skipped(f"redirects to an address of {scheme[1][:40]}:")
    told = f"{location[:100]!r}, which is no address of a page" if location else "nowhere"
    return Failed(f"redirects to {told}", status=head.status)


def _page(raw: Raw) -> Outcome:
    head = raw.head
    declared = head.headers.get("content-type", "")
    kind = media.media_type(declared, head.url) or media.sniffed(raw.body)
    if not media.is_read(kind):
        return Skipped(f"media type {kind}")
    is_html = kind == media.HTML
    text = media.decoded(raw.body, charset=media.charset_of(declared), is_html=is_html)
    onward = media.refresh_target(text) if is_html else None
    to = normalise(onward, base=head.url) if onward else None
    if to and to != head.url:
        return Redirected(to, head.status)
    etag, last_modified = (head.headers.get(name, "") for name in ("etag", "last-modified"))
    return Fetched(
        head.url,
        kind,
        text,
        "http",
        status=head.status,
        n_bytes=len(raw.body),
        validators=Validators(etag=etag, last_modified=last_modified),
    )


def _conditions(known: Validators) -> dict[str, str]:
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in given.items() if _VALIDATOR.fullmatch(value)}


def answers(status: int) -> str:
    """What a status says, for people."""
    try:
        return f"answers {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"answers {status}"


def _too_long(max_bytes: int) -> Skipped:
    return Skipped(f"longer than {max_bytes:,} bytes")


def _as_utf8(value: str) -> str:
    """A header as servers mean it: http.client reads their bytes as Latin-1."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
