"""Crawls one documentation site, level by level.

All addresses of one depth are read before those of the next are chosen, from all links and in order, so that the same
site gives the same pages whichever thread was faster and however often the crawl was interrupted.
"""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias

from doctranslate.component_spec import DocSite
from doctranslate.config import is_offline
from doctranslate.errors import ConfigError, CrawlError
from doctranslate.locks import file_lock
from doctranslate.sources.html.content import content_text
from doctranslate.sources.web.base import Failed, Fetched, Redirected, Skipped
from doctranslate.sources.web.discover import find_starts
from doctranslate.sources.web.duplicates import originals
from doctranslate.sources.web.fetchers import Fetchers
from doctranslate.sources.web.frontier import Address, Frontier, StoredPage, text_hash
from doctranslate.sources.web.gate import is_loopback
from doctranslate.sources.web.halt import Halt, Stopped
from doctranslate.sources.web.levels import Levels
from doctranslate.sources.web.limits import HostLimits
from doctranslate.sources.web.rendering import Renderer
from doctranslate.sources.web.report import PageReport, SiteReport
from doctranslate.sources.web.robots import Robots
from doctranslate.sources.web.urls import host_of
from doctranslate.sources.web.visit import Visitor
from doctranslate.sources.web.workers import Workers

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is so far."""


_MAY_CHANGE = {"rate", "page_timeout_s", "crawl_timeout_s", "max_page_bytes", "allow_private", "symbols"}


class SiteCrawl:
    """The crawl of one site.

    Args:
        site: The site.
        path: SQLite file that holds addresses and pages.
        workers: Pages that are read at the same time.
        webdriver_url: Address of a remote WebDriver or a Selenium Grid; None for a browser of this machine.
        progress: Called now and then.
    """

    def __init__(
        self,
        site: DocSite,
        path: Path,
        *,
        workers: int = 16,
        webdriver_url: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.site = site
        self.path = path
        self._workers = workers
        self._webdriver_url = webdriver_url
        self._tell = progress or (lambda stage, done, total: None)
        self._halt = Halt()

    def run(self, *, refresh: bool = True, fresh_from: float = math.inf) -> SiteReport:
        """Crawl, or go on where an earlier crawl was interrupted.

        Args:
            refresh: Whether to look for changes when an earlier crawl is finished; False takes what it found.
            fresh_from: One that was finished at this moment or later, in seconds since 1970, is taken as it is.

        Returns:
            What became of each address.

        Raises:
            UsageError: The site's selector is not one, or one of its addresses cannot be one of a page.
            ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids it.
            CrawlError: Another process crawls this site, or the pages cannot be kept.
            BrowserError: ``render`` is ``browser``, and there is no browser.
            MissingExtraError: A package that crawling needs is not installed.
        """
        began = time.monotonic()
        self._halt = self._new_halt("run it again to go on")
        try:
            with file_lock(self.path.with_suffix(".lock")) as is_held:
                if not is_held:
                    raise CrawlError(
                        f"another process is crawling {self.site.url}: wait until it is done, then try again"
                    )
                with closing(Frontier(self.path)) as frontier:
                    is_fresh = not refresh or float(frontier.fact("finished") or 0) >= fresh_from
                    if is_fresh and self._is_finished(frontier):
                        return self._report(frontier, seconds=0.0, n_requests=0)
                    self._check_allowed()
                    # A wrong selector is told before any page is asked for.
                    content_text("", selector=self.site.selector)
                    n_requests = self._crawl(frontier)
                    return self._report(frontier, seconds=time.monotonic() - began, n_requests=n_requests)
        except (OSError, sqlite3.Error) as exc:
            raise CrawlError(f"the pages of {self.site.url} cannot be kept at {self.path}: {exc}") from exc

    def pages(self) -> Iterator[StoredPage]:
        """The pages that count, sorted by address; duplicates and pages without content are left out.

        Raises:
            CrawlError: The pages cannot be read.
        """
        with self._readable(), closing(Frontier(self.path)) as frontier:
            yield from frontier.pages(within=[url for url, _ in _counting(frontier)])

    def hashes(self) -> list[tuple[str, str]]:
        """Address and SHA-256 (hex) of the text of each of these pages.

        Raises:
            CrawlError: The pages cannot be read.
        """
        with self._readable(), closing(Frontier(self.path)) as frontier:
            return _counting(frontier)

    def check(self) -> str:
        """What has changed on the site since it was crawled, by asking for the pages that were found; keeps nothing.

        Returns:
            The first difference that was found, for people; "" when there is none.

        Raises:
            ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids it.
            CrawlError: The pages cannot be read, or not be asked for within the site's ``crawl_timeout_s``.
            MissingExtraError: A package that crawling needs is not installed.
        """
        self._check_allowed()
        self._halt = self._new_halt("not all of its pages could be asked for")
        with (
            self._readable(),
            closing(Frontier(self.path)) as frontier,
            closing(self._fetchers()) as fetchers,
        ):
            visitor = self._visitor(frontier, fetchers)
            try:
                return self._first_difference(frontier, visitor)
            except Stopped:
                raise CrawlError(f"{self.site.url}: {self._halt.reason}") from None

    def _first_difference(self, frontier: Frontier, visitor: Visitor) -> str:
        hashes = frontier.heads()
        for n_done, (url, _, _, sha256) in enumerate(hashes):
            self._tell(f"Asking {host_of(url)} for changes", n_done, len(hashes))
            reason = visitor.refusal(url)
            self._halt.check()
            if reason:
                return f"{url}: {reason}"
            outcome, _ = visitor.ask(url, how=frontier.read_by(url))
            match outcome:
                case Fetched() if text_hash(outcome.text) != sha256:
                    return f"{url} has changed"
                case Redirected(to=to):
                    return f"{url} leads to {to} now"
                case Skipped(reason=reason) | Failed(reason=reason):
                    return f"{url}: {reason}"
                case _:
                    continue
        return ""

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, zlib.error) as exc:
            raise CrawlError(
                f"the pages of {self.site.url} cannot be read at {self.path}: {exc}. Delete the file to crawl anew."
            ) from exc

    def _crawl(self, frontier: Frontier) -> int:
        with closing(self._fetchers()) as fetchers:
            visitor = self._visitor(frontier, fetchers)
            if frontier.fact("site") != self._site_hash() or self._is_finished(frontier):
                try:
                    self._begin(frontier, fetchers, visitor)
                except Stopped:
                    return visitor.n_requests
            if self.site.render == "browser":
                fetchers.browser()  # without one, there is no use in beginning
            workers = self._make_workers(frontier, visitor, fetchers)
            renderer = Renderer(self.site, frontier, fetchers, visitor, halt=self._halt)
            levels = Levels(self.site, frontier, visitor, renderer, halt=self._halt)
            for depth in range(self.site.depth + 1):
                levels.read(depth, workers.run_all)
                if self._halt.is_set():
                    visitor.let_wait()
                    return visitor.n_requests
                if depth < self.site.depth:
                    levels.go_deeper(depth)
            counts = frontier.counts()
            if counts.get("fetched") or counts.get(
                "unchanged"
            ):  # a site that is out of order has not lost its pages
                frontier.forget_unread()
            frontier.set_fact("finished", repr(time.time()))
            return visitor.n_requests

    def _fetchers(self) -> Fetchers:
        return Fetchers(self.site, n_workers=self._workers, webdriver_url=self._webdriver_url)

    def _visitor(self, frontier: Frontier, fetchers: Fetchers) -> Visitor:
        limits = HostLimits(rate=self.site.rate, wait=self._halt.wait)
        robots = Robots(fetchers.http, limits=limits)
        return Visitor(self.site, frontier, fetchers, robots=robots, limits=limits, halt=self._halt)

    def _begin(self, frontier: Frontier, fetchers: Fetchers, visitor: Visitor) -> None:
        self._tell(f"Looking for pages of {host_of(self.site.url)}", 0, 0)
        scope, robots, limits = visitor.scope, visitor.robots, visitor.limits
        found = find_starts(self.site, scope, fetchers.http, robots, limits=limits)
        self._halt.check()  # what was not looked at any more would be missing in the whole round
        starts = list(dict.fromkeys((*scope.starts, *found.urls)))
        frontier.begin(self._site_hash(), [Address(url, 0) for url in starts[: self.site.max_pages]])
        notes = list(found.notes)
        if len(starts) > self.site.max_pages:
            notes.append(
                f"{len(starts)} starting points, over max_pages = {self.site.max_pages}: the rest is left out"
            )
        frontier.set_fact("notes", json.dumps(notes))

    def _report(self, frontier: Frontier, *, seconds: float, n_requests: int) -> SiteReport:
        heads = {url: (canonical, content) for url, canonical, content, _ in frontier.heads()}
        same = originals((url, canonical, content) for url, (canonical, content) in heads.items())
        return SiteReport(
            url=self.site.url,
            complete=self._is_finished(frontier) and not self._halt.reason,
            stopped=self._halt.reason,
            seconds=round(seconds, 3),
            n_requests=n_requests,
            renderings=frontier.renderings(),
            notes=tuple(json.loads(frontier.fact("notes", "[]"))),
            pages=tuple(self._judged(page, heads, same) for page in frontier.reports()),
        )

    def _judged(
        self, page: PageReport, heads: dict[str, tuple[str, str]], same: dict[str, str]
    ) -> PageReport:
        """A page that was read counts when it has content, and is no duplicate."""
        if page.outcome not in ("fetched", "unchanged"):
            return page
        if page.url in same:
            return page.model_copy(update={"outcome": "duplicate", "reason": f"of {same[page.url]}"})
        if not heads.get(page.url, ("", ""))[1]:
            selector = self.site.selector
            reason = f"the selector '{selector}' matches nothing" if selector else "it has no text"
            return page.model_copy(update={"outcome": "skipped", "reason": reason})
        return page

    def _is_finished(self, frontier: Frontier) -> bool:
        return frontier.fact("site") == self._site_hash() and bool(frontier.fact("finished"))

    def _site_hash(self) -> str:
        # Limits may be raised to go on with a crawl that they ended.
        return hashlib.sha256(self.site.model_dump_json(exclude=_MAY_CHANGE).encode()).hexdigest()

    def _check_allowed(self) -> None:
        if not is_offline():
            return
        for url in (self.site.url, *self.site.start, *self.site.prefixes):
            if not is_loopback(host_of(url)):
                raise ConfigError(
                    f"DOCTRANSLATE_OFFLINE is set, and {host_of(url)} is not this machine: "
                    f"unset it to crawl {self.site.url}"
                )

    def _new_halt(self, then: str) -> Halt:
        limit_s = self.site.crawl_timeout_s
        return Halt(after_s=limit_s, limit=f"over crawl_timeout_s = {limit_s:g}: {then}")

    def _make_workers(self, frontier: Frontier, visitor: Visitor, fetchers: Fetchers) -> Workers:
        began = time.monotonic()

        def look() -> None:
            counts = frontier.counts()
            n_waiting = counts.get("queued", 0)
            n_done = sum(counts.values()) - n_waiting - counts.get("skipped", 0)
            rate = visitor.n_requests / max(time.monotonic() - began, 1e-9)
            failed = f", {counts['failed']} failed" if counts.get("failed") else ""
            stage = f"Crawling {host_of(self.site.url)} ({rate:.1f}/s, {n_waiting} queued{failed})"
            self._tell(stage, n_done, n_done + n_waiting)

        # What waits for a site when the crawl is interrupted need not wait any longer.
        return Workers(self._workers, halt=self._halt, look=look, abort=fetchers.close)


def _counting(frontier: Frontier) -> list[tuple[str, str]]:
    heads = frontier.heads()
    left_out = originals((url, canonical, content) for url, canonical, content, _ in heads)
    return [(url, sha256) for url, _, content, sha256 in heads if content and url not in left_out]
