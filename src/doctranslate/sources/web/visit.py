"""One address at a time: asks politely, tries again where that may help, and keeps what comes of it."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.base import (
    Failed,
    Fetched,
    Fetcher,
    How,
    Outcome,
    Redirected,
    Skipped,
    Unchanged,
)
from doctranslate.sources.web.fetchers import Fetchers
from doctranslate.sources.web.frontier import Address, Frontier, Reading
from doctranslate.sources.web.halt import Halt, Stopped
from doctranslate.sources.web.limits import HostLimits
from doctranslate.sources.web.reading import is_thin, read
from doctranslate.sources.web.report import PageOutcome
from doctranslate.sources.web.robots import Robots
from doctranslate.sources.web.scope import Scope
from doctranslate.sources.web.urls import host_of

N_TRIES = 4
"""How often a page is asked for, at most."""

MAX_WAIT_S = 120.0
"""A page whose server asks to wait longer than this is not asked for again in this crawl."""

MAX_UNANSWERED = 8
"""After so many pages in a row that all tries were in vain for, there is one try for each, until one answers."""

MAX_SENT_AWAY = 3
"""A host that says 429 of so many pages in a row, each with a long wait, is left alone."""

_FIRST_WAIT_S = 1.0


class Visitor:
    """Visits addresses, from several threads.

    Args:
        site: The site.
        frontier: Where everything is kept.
        fetchers: What reads pages.
        robots: What the site allows.
        limits: How fast it may be asked.
        halt: Ends the crawl.
    """

    def __init__(
        self,
        site: DocSite,
        frontier: Frontier,
        fetchers: Fetchers,
        *,
        robots: Robots,
        limits: HostLimits,
        halt: Halt,
    ) -> None:
        self.scope = Scope(site)
        self.n_requests = 0
        self._site = site
        self._frontier = frontier
        self._fetchers = fetchers
        self.robots = robots
        self.limits = limits
        self._halt = halt
        self._n_unanswered = 0
        self._n_sent_away = 0
        self._is_sent_away = False
        self._lock = threading.Lock()
        self._in_hand: set[str] = set()

    def visit(self, address: Address, *, how: How) -> None:
        """Ask for an address and keep what comes of it; does nothing when another thread has it or had it.

        Args:
            address: The address.
            how: What is to read it.

        Raises:
            Stopped: The crawl is to end.
        """
        with self._claimed(address.url) as is_mine:
            if not is_mine:
                return
            reason = self.refusal(address.url)
            if reason:
                self._halt.check()  # a robots.txt that the end of the crawl cut off forbids nothing
                came_to: PageOutcome = "failed" if self.robots.is_unread(address.url) else "skipped"
                self._frontier.settle(address, came_to, reason=reason)
                return
            outcome, n_tries = self.ask(address.url, how=how)
            reading = self.read(outcome) if isinstance(outcome, Fetched) else None
            if reading is not None and is_thin(reading) and how == "http" and self._may_render():
                rendered, n_more = self.ask(address.url, how="browser")
                n_tries += n_more
                again = self.read(rendered) if isinstance(rendered, Fetched) else None
                if again is not None and not is_thin(again):
                    outcome, reading = rendered, again
            self.keep(address, outcome, reading=reading, how=how, n_tries=n_tries)

    def refusal(self, url: str) -> str:
        """Why robots.txt does not want an address to be asked, or ""."""
        reason = self.robots.refusal(url)
        delay_s = self.robots.crawl_delay(url)
        if delay_s:
            self.limits.set_delay(url, delay_s)
        return reason

    def read(self, page: Fetched) -> Reading:
        """What a page says."""
        return read(page, self.scope, selector=self._site.selector)

    def ask(self, url: str, *, how: How, anew: bool = False) -> tuple[Outcome, int]:
        """Ask for an address until something comes of it, at most `N_TRIES` times.

        Args:
            url: The address.
            how: What is to read it.
            anew: Whether to ask for the page even when the stored one is the newest.

        Returns:
            The outcome, and how many requests it took.

        Raises:
            Stopped: The crawl is to end.
        """
        fetcher: Fetcher = self._fetchers.browser() if how == "browser" else self._fetchers.http
        known = None if anew or how == "browser" else self._frontier.validators(url)
        for n_tries in range(1, N_TRIES + 1):
            self.limits.acquire(url)
            self._halt.check()
            with self._lock:
                self.n_requests += 1
            outcome = fetcher.fetch(url, known=known)
            if not isinstance(outcome, Failed) or not outcome.retry:
                self._answered()
                return outcome, n_tries
            self._halt.check()  # what the end of the crawl cut off says nothing of the page
            wait_s = outcome.retry_after_s
            if wait_s is not None and wait_s > MAX_WAIT_S:
                self._sent_away(url, wait_s, status=outcome.status)
                return replace(outcome, reason=f"{outcome.reason}; asks to wait {wait_s:.0f} s"), n_tries
            if wait_s is not None:
                self.limits.back_off(url, wait_s)  # whether or not this page is asked for again
            if n_tries == N_TRIES or self._n_unanswered >= MAX_UNANSWERED:
                break
            if wait_s is None:
                self.limits.back_off(url, _FIRST_WAIT_S * 2 ** (n_tries - 1) * random.uniform(0.5, 1.5))
        with self._lock:
            self._n_unanswered += 1
        return outcome, n_tries

    def _answered(self) -> None:
        with self._lock:
            self._n_unanswered = self._n_sent_away = 0

    def _sent_away(self, url: str, wait_s: float, *, status: int) -> None:
        """A page may be out of order for a day; a host that says of page after page that it is too much, means us."""
        if status != HTTPStatus.TOO_MANY_REQUESTS:
            return
        with self._lock:
            self._n_sent_away += 1
            is_meant = self._n_sent_away >= MAX_SENT_AWAY
        if is_meant:
            self._halt.now(f"{host_of(url)} asks to wait {wait_s:.0f} s: run it again after that")
            self._is_sent_away = True
            self.let_wait()
            raise Stopped

    def let_wait(self) -> None:
        """Let the pages that a host sent us away from wait for the next crawl; again when all threads have ended."""
        if self._is_sent_away:
            self._frontier.requeue(status=HTTPStatus.TOO_MANY_REQUESTS)

    def keep(
        self, address: Address, outcome: Outcome, *, how: How, n_tries: int, reading: Reading | None = None
    ) -> None:
        """Keep what came of an address.

        Args:
            address: The address.
            outcome: What came of it.
            how: What read it.
            n_tries: How many requests it took.
            reading: What the page says, when it was read already.
        """
        match outcome:
            case Fetched():
                self._keep_page(address, outcome, reading or self.read(outcome), n_tries=n_tries)
            case Unchanged():
                self._frontier.reread(address, self.read, n_tries=n_tries)
            case Redirected(to, status):
                self._redirect(address, to, how=how, status=status, n_tries=n_tries)
            case Skipped(reason):
                self._frontier.settle(address, "skipped", reason=reason, how=how, n_tries=n_tries)
            case Failed(reason, status=status):
                self._frontier.settle(
                    address, "failed", reason=reason, how=how, status=status, n_tries=n_tries
                )

    def _keep_page(self, address: Address, page: Fetched, reading: Reading, *, n_tries: int) -> None:
        if page.url == address.url:
            self._frontier.store(address, page, reading, n_tries=n_tries)
            return
        # A browser was led on. The page is kept under its own address, unless that one is done or in hand already.
        reason = self.scope.refusal(page.url) or self.robots.refusal(page.url)
        if reason:
            self._halt.check()
            told = f"leads to {page.url}: {reason}"
            self._frontier.settle(address, "skipped", reason=told, how=page.how, n_tries=n_tries)
            return
        with self._claimed(page.url) as is_mine:
            if is_mine:
                self._frontier.store(address, page, reading, n_tries=n_tries)
            else:
                self._redirect(address, page.url, how=page.how, status=page.status, n_tries=n_tries)

    def _redirect(self, address: Address, to: str, *, how: How, status: int, n_tries: int) -> None:
        self._frontier.settle(
            address, "redirected", reason=f"to {to}", how=how, status=status, n_tries=n_tries, target=to
        )

    def _may_render(self) -> bool:
        return self._site.render == "auto" and self._fetchers.has_browser()

    @contextmanager
    def _claimed(self, url: str) -> Iterator[bool]:
        """Whether an address is this thread's to read: nobody has it in hand, and nobody has read it."""
        with self._lock:
            is_mine = url not in self._in_hand
            if is_mine:
                self._in_hand.add(url)
        try:
            yield is_mine and self._frontier.outcome(url) in (None, "queued")
        finally:
            if is_mine:
                with self._lock:
                    self._in_hand.discard(url)
