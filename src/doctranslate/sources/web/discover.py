"""Where reading may start besides the addresses that a component names: what a site itself lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.files import read_file
from doctranslate.sources.web.http import HttpFetcher, Raw
from doctranslate.sources.web.limits import HostLimits
from doctranslate.sources.web.listings import MAX_BYTES, Listing, read_inventory, read_llms, read_sitemap
from doctranslate.sources.web.robots import Robots
from doctranslate.sources.web.scope import Scope
from doctranslate.sources.web.urls import folder_of, origin

MAX_SITEMAPS = 50
"""Sitemaps that are read of a site, at most."""

MAX_LEVELS = 3
"""Levels of sitemaps, the first one included."""

MAX_FOUND = 50_000
"""Addresses in scope that are taken from all files together, at most."""

_MAX_PLACES = 10

_Reader = Callable[..., Listing]


@dataclass(frozen=True, slots=True)
class Found:
    """What a site lists.

    Attributes:
        urls: Addresses in scope, normalised, sorted, each once.
        notes: What was looked at and what came of it, for people.
    """

    urls: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def find_starts(
    site: DocSite, scope: Scope, fetcher: HttpFetcher, robots: Robots, *, limits: HostLimits
) -> Found:
    """Look at a site's sitemaps, its Sphinx inventory and its llms.txt, those of them that its description names.

    Sitemaps are those that robots.txt names, else the ones that lie in the usual places. A file that is missing,
    broken or hostile gives a note.

    Args:
        site: The site.
        scope: What belongs to it.
        fetcher: Reads the files.
        robots: What may be read of the hosts that they lie on.
        limits: How often these may be asked.

    Raises:
        MissingExtraError: lxml or Protego is not installed.
    """
    search = _Search(scope, fetcher, robots, limits)
    folders = _first([*map(folder_of, scope.starts), *map(_as_folder, scope.prefixes)])
    roots = _first([f"{origin(url)}/" for url in scope.starts])
    if "sitemap" in site.discover:
        for root in roots:
            named = robots.sitemaps(root)
            inside = [folder for folder in folders if folder.startswith(root)]
            usual = [f"{place}sitemap.xml" for place in dict.fromkeys((root, *inside))]
            search.sitemaps(named or (*usual, f"{root}sitemap-index.xml"))
    if "inventory" in site.discover:
        for folder in folders:
            search.read(f"{folder}objects.inv", read_inventory)
    if "llms" in site.discover:
        for place in dict.fromkeys((*roots, *folders)):
            search.read(f"{place}llms.txt", read_llms)
    return Found(tuple(sorted(search.found)), tuple(search.notes))


class _Search:
    """Reads listings one after the other, each file once."""

    def __init__(self, scope: Scope, fetcher: HttpFetcher, robots: Robots, limits: HostLimits) -> None:
        self.found: set[str] = set()
        self.notes: list[str] = []
        self._scope = scope
        self._fetcher = fetcher
        self._robots = robots
        self._limits = limits
        self._seen: set[str] = set()
        self._n_sitemaps = 0

    def sitemaps(self, urls: tuple[str, ...]) -> None:
        """Read sitemaps and those that they lead to."""
        level = list(urls)
        for _ in range(MAX_LEVELS):
            more: list[str] = []
            for n_read, url in enumerate(level):
                if self._n_sitemaps >= MAX_SITEMAPS:
                    self.notes.append(
                        f"{len(level) - n_read} more sitemaps: not read, {MAX_SITEMAPS} are enough"
                    )
                    return
                self._n_sitemaps += url not in self._seen
                more += self.read(url, read_sitemap).more
            level = list(dict.fromkeys(more))
        if level:
            self.notes.append(f"{len(level)} more sitemaps: not read, {MAX_LEVELS} levels are enough")

    def read(self, url: str, reader: _Reader) -> Listing:
        """Read one file and take what it lists."""
        if url in self._seen:
            return Listing()
        self._seen.add(url)
        answer = read_file(
            url, self._fetcher, limits=self._limits, max_bytes=MAX_BYTES, refusal=self._robots.refusal
        )
        if not isinstance(answer, Raw):
            self.notes.append(f"{url}: {answer.reason}")
            return Listing()
        if not 200 <= answer.head.status < 300:
            self.notes.append(f"{url}: none ({answer.head.status})")
            return Listing()
        # Where a redirect led, relative addresses are relative to.
        listing: Listing = reader(answer.body, url=answer.head.url)
        cut = f"cut off after {MAX_BYTES:,} bytes" if answer.is_cut else ""
        self._take(url, listing, problem=cut or listing.problem)
        return listing

    def _take(self, url: str, listing: Listing, *, problem: str) -> None:
        inside = {page for page in listing.pages if not self._scope.refusal(page)}
        told = []
        if listing.pages or not (listing.more or problem):
            told.append(f"{_counted(len(listing.pages), 'address')}, {len(inside)} in scope")
        if listing.more:
            told.append(_counted(len(listing.more), "sitemap"))
        if problem:
            told.append(problem)
        room = MAX_FOUND - len(self.found)
        new = sorted(inside - self.found)
        if len(new) > room:
            told.append(f"{len(new) - room} of them left out, {MAX_FOUND:,} are enough")
        self.found.update(new[:room])
        self.notes.append(f"{url}: {'; '.join(told)}")


def _as_folder(prefix: str) -> str:
    """A prefix as the folder that a site's files may lie in."""
    address = prefix.partition("?")[0]
    return address if address.endswith("/") else f"{address}/"


def _first(urls: list[str]) -> list[str]:
    return list(dict.fromkeys(urls))[:_MAX_PLACES]


def _counted(n: int, what: str) -> str:
    plural = {"address": "addresses", "sitemap": "sitemaps"}[what]
    return f"{n:,} {what if n == 1 else plural}"
