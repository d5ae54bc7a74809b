"""Decides which parts of a site need a browser, by reading samples both ways."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from doctranslate.component_spec import DocSite
from doctranslate.errors import BrowserError
from doctranslate.sources.web.base import Fetched, How
from doctranslate.sources.web.fetchers import Fetchers
from doctranslate.sources.web.frontier import Address, Frontier, Reading
from doctranslate.sources.web.halt import Halt, Stopped
from doctranslate.sources.web.report import Rendering
from doctranslate.sources.web.visit import Visitor
from doctranslate.sources.web.workers import RunAll

N_SAMPLES = 3
"""Pages of each part that are read both ways."""

MAX_PARTS = 12
"""Parts that are looked at one by one; further ones are read as these turned out."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """A page that was read both ways.

    Attributes:
        address: Its address.
        plain: What plain HTTP gave.
        rendered: What the browser gave.
        difference: What plain HTTP lacks of it, or "".
        n_tries: Requests it took.
    """

    address: Address
    plain: Fetched
    rendered: Fetched
    difference: str
    n_tries: int


class Renderer:
    """Says how an address is read.

    Args:
        site: The site; ``render`` of it decides unless it is ``auto``.
        frontier: Keeps the decisions, so that a crawl that goes on reads as it began.
        fetchers: Says whether there is a browser.
        visitor: Reads the samples.
        halt: Ends the crawl.
    """

    def __init__(
        self, site: DocSite, frontier: Frontier, fetchers: Fetchers, visitor: Visitor, *, halt: Halt
    ) -> None:
        self._site = site
        self._frontier = frontier
        self._fetchers = fetchers
        self._visitor = visitor
        self._halt = halt
        self._decided = {each.part: each for each in frontier.renderings()}

    def how(self, url: str) -> How:
        """What is to read an address."""
        if self._site.render != "auto":
            return self._site.render
        decided = self._decided.get(self._part(url))
        return decided.how if decided else self._usual()

    def prepare(self, waiting: Sequence[Address], run_all: RunAll) -> None:
        """Take the samples that are still missing of the parts which the waiting addresses lie in.

        A sample is read once and for all: the reading of it that its part is read by is kept.

        Args:
            waiting: The addresses that are to be read next, sorted.
            run_all: Takes the samples.

        Raises:
            BrowserError: There is a browser that began, and does not go on.
        """
        if self._site.render != "auto":
            return
        if not self._fetchers.has_browser():
            self._do_without()
            return
        wanted = self._wanted(waiting)
        taken: dict[str, _Sample | None] = {}
        problems: list[BrowserError] = []

        def take(address: Address) -> None:
            try:
                taken[address.url] = self._compare(address)
            except BrowserError as exc:
                problems.append(exc)

        run_all(take, [address for addresses in wanted.values() for address in addresses])
        if problems and not self._halt.is_set():
            if any(taken.values()) or any(each.n_samples for each in self._decided.values()):
                raise problems[0]
            self._fetchers.problem = str(problems[0])
            self._do_without()
            return
        for part, addresses in wanted.items():
            if all(address.url in taken for address in addresses):  # else the crawl was stopped before
                self._take_in(part, [sample for one in addresses if (sample := taken[one.url])])

    def _do_without(self) -> None:
        reason = f"there is no browser to compare with: {self._fetchers.problem}"
        self._decide(Rendering(part="", how="http", reason=reason))

    def _take_in(self, part: str, samples: Sequence[_Sample]) -> None:
        # In one transaction: a crawl that is killed and goes on takes the same samples, and decides the same.
        with suppress(Stopped), self._frontier.together():
            self._judge(part, samples)
            self._frontier.set_fact("sampled", json.dumps([*self._sampled(), part]))
            for one in samples:
                page = one.rendered if self.how(one.address.url) == "browser" else one.plain
                self._visitor.keep(one.address, page, how=page.how, n_tries=one.n_tries)

    def _sampled(self) -> list[str]:
        """The parts that samples were taken of since the last addresses were queued."""
        return list(json.loads(self._frontier.fact("sampled", "[]")))

    def _wanted(self, waiting: Iterable[Address]) -> dict[str, list[Address]]:
        parts: dict[str, list[Address]] = defaultdict(list)
        for address in waiting:
            parts[self._part(address.url)].append(address)
        sampled = self._sampled()
        wanted: dict[str, list[Address]] = {}
        for part, addresses in sorted(parts.items()):
            known = self._decided.get(part)
            if part in sampled or (known is None and len({*self._decided, *sampled, *wanted}) >= MAX_PARTS):
                continue
            if known is None or (known.how == "http" and known.n_samples < N_SAMPLES):
                wanted[part] = _spread(addresses, N_SAMPLES - (known.n_samples if known else 0))
        return wanted

    def _compare(self, address: Address) -> _Sample | None:
        """Read a page both ways; None when there is nothing to compare, and it is left to the crawl."""
        if self._visitor.refusal(address.url):
            return None
        plain, n_plain = self._visitor.ask(address.url, how="http", anew=True)
        if not isinstance(plain, Fetched) or plain.media_type != "text/html":
            return None
        rendered, n_rendered = self._visitor.ask(address.url, how="browser")
        if not isinstance(rendered, Fetched):
            return None
        difference = _difference(self._visitor.read(plain), self._visitor.read(rendered))
        return _Sample(address, plain, rendered, difference, n_plain + n_rendered)

    def _judge(self, part: str, samples: Sequence[_Sample]) -> None:
        known = self._decided.get(part)
        differing = [sample for sample in samples if sample.difference]
        n_samples = len(samples) + (known.n_samples if known else 0)
        if differing:
            reason = f"{differing[0].difference}: {differing[0].address.url}"
            self._decide(Rendering(part=part, how="browser", reason=reason, n_samples=n_samples))
        elif n_samples:
            reason = f"{n_samples} page{'s'[: n_samples > 1]} read both ways, with the same text and links"
            self._decide(Rendering(part=part, how="http", reason=reason, n_samples=n_samples))

    def _decide(self, rendering: Rendering) -> None:
        self._frontier.decide(rendering)
        self._decided[rendering.part] = rendering

    def _usual(self) -> How:
        """For a part of which no sample could be compared: what every other part gets by with."""
        return "browser" if any(each.how == "browser" for each in self._decided.values()) else "http"

    def _part(self, url: str) -> str:
        first, slash, _ = self._visitor.scope.path_within(url).partition("/")
        return first + slash if slash else ""


def _spread(addresses: Sequence[Address], n: int) -> list[Address]:
    """At most ``n`` of them, evenly."""
    if len(addresses) <= n:
        return list(addresses)
    return [addresses[i * (len(addresses) - 1) // max(1, n - 1)] for i in range(n)]


def _difference(plain: Reading, rendered: Reading) -> str:
    """What plain HTTP lacks of a page, or ""."""
    if plain.content != rendered.content:
        n_plain, n_rendered = len(plain.content or ""), len(rendered.content or "")
        return f"scripts change its text ({n_plain} characters without them, {n_rendered} with them)"
    n_more = len(set(rendered.links) - set(plain.links))
    return f"scripts add {n_more} link{'s'[: n_more > 1]}" if n_more else ""
