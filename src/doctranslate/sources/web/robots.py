"""What sites allow crawlers to read.

Source: RFC 9309, Robots Exclusion Protocol: a file that the site does not have allows everything, one that it cannot
give at the moment (5xx, no answer) forbids everything.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doctranslate.errors import MissingExtraError
from doctranslate.sources.web.base import Failed, Skipped
from doctranslate.sources.web.files import read_file
from doctranslate.sources.web.http import HttpFetcher, Raw
from doctranslate.sources.web.limits import HostLimits
from doctranslate.sources.web.urls import normalise, origin

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 512_000
"""What is read of a robots.txt; rules after that do not count (RFC 9309, section 2.5)."""

_PRODUCT = "doctranslate"  # of the User-Agent: what groups of rules name
_N_SITEMAPS = 50


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one robots.txt says: ``refusal`` of everything, or what Protego makes of it; neither allows everything."""

    refusal: str = ""
    parsed: Protego | None = None


@dataclass(slots=True)
class _Origin:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: _Rules | None = None


class Robots:
    """The robots.txt of every site that a crawl comes to, each read once; safe to use from several threads.

    Args:
        fetcher: Reads them.
        limits: How often a site may be asked, for the file itself too; what the file says of it is told to them.
    """

    def __init__(self, fetcher: HttpFetcher, *, limits: HostLimits) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._lock = threading.Lock()
        self._origins: dict[str, _Origin] = {}

    def refusal(self, url: str) -> str:
        """Why an address may not be read, or "". Reads the site's robots.txt when it is the first one there.

        Args:
            url: Normalised.

        Raises:
            MissingExtraError: Protego is not installed.
        """
        rules = self._rules(url)
        if rules.refusal or rules.parsed is None:
            return rules.refusal
        return "" if rules.parsed.can_fetch(url, _PRODUCT) else "robots.txt forbids it"

    def is_unread(self, url: str) -> bool:
        """Whether a site's robots.txt could not be read: what it forbids by that may be allowed another day.

        Args:
            url: Any address of the site, normalised.

        Raises:
            MissingExtraError: Protego is not installed.
        """
        return bool(self._rules(url).refusal)

    def crawl_delay(self, url: str) -> float | None:
        """Seconds between two requests that a site asks for, or None.

        Args:
            url: Any address of it, normalised.

        Raises:
            MissingExtraError: Protego is not installed.
        """
        return _delay_s(self._rules(url))

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Addresses of the sitemaps that a site names, normalised.

        Args:
            url: Any address of the site, normalised.

        Raises:
            MissingExtraError: Protego is not installed.
        """
        parsed = self._rules(url).parsed
        named = [normalise(name, base=f"{origin(url)}/") for name in (parsed.sitemaps if parsed else ())]
        return tuple(dict.fromkeys(filter(None, named)))[:_N_SITEMAPS]

    def _rules(self, url: str) -> _Rules:
        with self._lock:
            site = self._origins.setdefault(origin(url), _Origin())
        with site.lock:  # whoever comes second waits for the one who reads
            if site.rules is None:
                site.rules = self._read(f"{origin(url)}/robots.txt")
                delay_s = _delay_s(site.rules)
                if delay_s is not None:
                    self._limits.set_delay(url, delay_s)
            return site.rules

    def _read(self, url: str) -> _Rules:
        match read_file(url, self._fetcher, limits=self._limits, max_bytes=MAX_BYTES):
            case Raw(head, body) if 200 <= head.status < 300:
                return _Rules(parsed=_parsed(body))
            case Raw(head) if head.status == 429 or head.status >= 500:
                return _Rules(f"robots.txt answers {head.status}: taken as forbidding all")
            case Failed(status=status) if 300 <= status < 400:
                return _Rules()  # redirects that lead nowhere: there is none
            case Failed(reason) | Skipped(reason):
                return _Rules(f"robots.txt cannot be read ({reason}): taken as forbidding all")
        return _Rules()


def _delay_s(rules: _Rules) -> float | None:
    if rules.parsed is None:
        return None
    delay_s = rules.parsed.crawl_delay(_PRODUCT) or 0.0
    rate = rules.parsed.request_rate(_PRODUCT)
    if rate is not None and rate.requests > 0:
        delay_s = max(delay_s, rate.seconds / rate.requests)
    return delay_s if delay_s > 0 else None


def _parsed(body: bytes) -> Protego:
    try:
        from protego import Protego
    except ImportError as exc:
        raise MissingExtraError("protego", extra="crawl", needed_for="reading robots.txt") from exc
    # A page of HTML, as some sites give for everything, has no line that is a rule.
    return Protego.parse(body.decode("utf-8-sig", errors="replace"))
