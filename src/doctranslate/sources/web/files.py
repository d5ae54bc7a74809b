"""The files that a site has for crawlers: asked for politely, redirects followed, tried again where that may help."""

from __future__ import annotations

from collections.abc import Callable

from doctranslate.sources.web.base import Failed, Redirected, Skipped
from doctranslate.sources.web.http import HttpFetcher, Raw, retry_after_s
from doctranslate.sources.web.limits import HostLimits

N_TRIES = 3
"""How often a file is asked for, at most."""

N_HOPS = 5
"""Redirects that are followed to a file, at most (RFC 9309 asks for five at least)."""

MAX_WAIT_S = 60.0
"""A server that asks to wait longer than this is not asked for the file again."""

_FIRST_WAIT_S = 1.0


def read_file(
    url: str,
    fetcher: HttpFetcher,
    *,
    limits: HostLimits,
    max_bytes: int,
    refusal: Callable[[str], str] = lambda url: "",
) -> Raw | Skipped | Failed:
    """Read a file of a site.

    Args:
        url: Its address, normalised.
        fetcher: Asks for it.
        limits: How often the site may be asked.
        max_bytes: What is read of it, unpacked, at most.
        refusal: Why an address may not be asked, or ""; looked at again for each redirect.

    Returns:
        The file, whatever its status, or why there is none. Where the redirects have no end, a failure with the status
        of the last one.
    """
    status = 0
    for _ in range(N_HOPS + 1):
        if reason := refusal(url):
            return Skipped(reason)
        found = _tried(url, fetcher, limits=limits, max_bytes=max_bytes)
        if not isinstance(found, Redirected):
            return found
        url, status = found.to, found.status
    return Failed(f"more than {N_HOPS} redirects", status=status)


def _tried(
    url: str, fetcher: HttpFetcher, *, limits: HostLimits, max_bytes: int
) -> Raw | Redirected | Skipped | Failed:
    found: Raw | Redirected | Skipped | Failed = Failed("the crawl was stopped", retry=True)
    for n_tries in range(1, N_TRIES + 1):
        if not limits.acquire(url):
            return Failed("the crawl was stopped", retry=True)
        found = fetcher.fetch_raw(url, max_bytes=max_bytes)
        wait_s = _wait_s(found, n_tries)
        if wait_s is None or wait_s > MAX_WAIT_S or n_tries == N_TRIES:
            break
        limits.back_off(url, wait_s)
    return found


def _wait_s(found: Raw | Redirected | Skipped | Failed, n_tries: int) -> float | None:
    """Seconds to wait before the next try; None when there is to be none."""
    asked: float | None = None
    match found:
        case Raw(head):
            if head.status not in (408, 429) and head.status < 500:
                return None
            asked = retry_after_s(head.headers.get("retry-after", ""))
        case Failed(retry=True):
            pass
        case _:
            return None
    return _FIRST_WAIT_S * 2 ** (n_tries - 1) if asked is None else asked
