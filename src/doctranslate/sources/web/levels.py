"""Level by level: reads the addresses of a depth, and chooses those of the next from all of their links."""

from __future__ import annotations

from collections import Counter

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.frontier import Address, Frontier
from doctranslate.sources.web.halt import Halt
from doctranslate.sources.web.rendering import Renderer
from doctranslate.sources.web.visit import Visitor
from doctranslate.sources.web.workers import RunAll

MAX_HOPS = 10
"""Redirects in a row, at most."""

MAX_VARIANTS = 64
"""Addresses that differ in their query alone, at most: more of them are a calendar, or a search."""

MAX_LEFT_OUT = 10_000
"""Addresses over a limit that are listed one by one; further ones are not even kept."""


class Levels:
    """Reads the addresses of a depth, and chooses those of the next.

    Args:
        site: The site.
        frontier: Addresses and pages.
        visitor: Reads an address.
        renderer: Says what reads it.
        halt: Ends the crawl.
    """

    def __init__(
        self,
        site: DocSite,
        frontier: Frontier,
        visitor: Visitor,
        renderer: Renderer,
        *,
        halt: Halt,
    ) -> None:
        self._site = site
        self._frontier = frontier
        self._visitor = visitor
        self._renderer = renderer
        self._halt = halt

    def read(self, depth: int, run_all: RunAll) -> None:
        """Read all addresses of a depth, and what they redirect to.

        Args:
            depth: Links from a starting point.
            run_all: Runs a function on addresses in several threads; returns early when the crawl is stopped.
        """
        self._follow(depth)  # what a crawl that was killed had not come to
        while (waiting := self._frontier.waiting(depth)) and not self._halt.is_set():
            self._renderer.prepare(waiting, run_all)
            run_all(self._visit, self._frontier.waiting(depth))
            self._follow(depth)

    def _visit(self, address: Address) -> None:
        self._visitor.visit(address, how=self._renderer.how(address.url))

    def _follow(self, depth: int) -> None:
        """Queue what redirects lead to; nothing is asked twice, so that a circle ends here."""
        with self._frontier.together():  # killed in the middle, a circle would look like a line
            self._follow_all(depth)

    def _follow_all(self, depth: int) -> None:
        known = self._frontier.known()
        redirected = self._frontier.redirects_of(depth)
        leads_to = {address.url: target for address, target, _ in redirected}
        for address, target, status in redirected:
            if target in known:
                if _goes_in_a_circle(address.url, leads_to):
                    self._fail(address, "its redirects go in a circle", status=status)
                continue
            reason = self._visitor.scope.refusal(target)
            if reason:
                told = f"leads to {target}: {reason}"
                self._frontier.settle(address, "skipped", reason=told, status=status, n_tries=1)
            elif address.hops + 1 > MAX_HOPS:
                self._fail(address, f"more than {MAX_HOPS} redirects in a row", status=status)
            else:
                self._frontier.add([(Address(target, depth, address.hops + 1, address.url), "")])

    def _fail(self, address: Address, reason: str, *, status: int) -> None:
        self._frontier.settle(address, "failed", reason=reason, status=status, n_tries=1)

    def go_deeper(self, depth: int) -> None:
        """Choose the addresses of the next depth from the links of all pages of this one.

        Args:
            depth: The depth that was read.
        """
        known = self._frontier.known()
        n_pages = sum(outcome != "skipped" for outcome in known.values())
        n_left_out = len(known) - n_pages
        variants = Counter(url.partition("?")[0] for url in known if "?" in url)
        found: dict[str, tuple[Address, str]] = {}
        for page, url in self._frontier.links_of(depth):
            if url in known or url in found:
                continue
            path, question, _ = url.partition("?")
            reason = self._visitor.scope.refusal(url)
            if not reason and question and variants[path] >= MAX_VARIANTS:
                reason = "too many addresses that differ in their query alone"
            if not reason and n_pages >= self._site.max_pages:
                reason = f"over the limit of {self._site.max_pages} pages"
            n_pages += not reason
            n_left_out += bool(reason)
            variants[path] += bool(question) and not reason
            if not reason or n_left_out <= MAX_LEFT_OUT:
                found[url] = (Address(url, depth + 1, 0, page), reason)
        self._frontier.add(found.values())


def _goes_in_a_circle(url: str, leads_to: dict[str, str]) -> bool:
    seen = {url}
    at = leads_to.get(url)
    while at is not None and at not in seen:
        seen.add(at)
        at = leads_to.get(at)
    return at is not None
