"""What became of each address of a crawl: shown as a summary, kept as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from doctranslate.records import Record
from doctranslate.sources.web.base import How

PageOutcome = Literal["fetched", "unchanged", "duplicate", "redirected", "skipped", "failed", "queued"]

_SHOWN = 5


class PageReport(Record):
    """What became of one address.

    Attributes:
        url: The address.
        depth: Links from a starting point.
        outcome: ``fetched`` and ``unchanged`` are read; ``duplicate`` has the content of another page;
            ``queued`` was not reached before the crawl was stopped.
        reason: Why it was skipped or failed; where it was redirected to; whose duplicate it is.
        how: What read it; "" when nothing did.
        status: HTTP status; 0 for none.
        n_bytes: Size, unpacked.
        n_tries: Requests that were made for it.
        found_on: The page that led there; "" for a starting point.
    """

    url: str
    depth: int
    outcome: PageOutcome
    reason: str = ""
    how: How | Literal[""] = ""
    status: int = 0
    n_bytes: int = 0
    n_tries: int = 0
    found_on: str = ""


class Rendering(Record):
    """How a part of a site is read, and why.

    Attributes:
        part: First path segment below the site's folder, with a slash at its end; "" for what lies in that folder.
        how: What reads it.
        reason: Why.
        n_samples: Pages that were read both ways.
    """

    part: str
    how: How
    reason: str
    n_samples: int = 0


class SiteReport(Record):
    """The crawl of one site.

    Attributes:
        url: Where it started.
        complete: Whether everything within depth and limits was looked at.
        stopped: Why not, or "".
        seconds: Wall-clock time, of this call.
        n_requests: Requests for pages in this call.
        renderings: How its parts were read, and why.
        notes: What was found out besides: sitemaps, robots.txt, addresses left out by a limit.
        pages: Every address, sorted.
    """

    url: str
    complete: bool
    stopped: str = ""
    seconds: float = 0.0
    n_requests: int = 0
    renderings: tuple[Rendering, ...] = ()
    notes: tuple[str, ...] = ()
    pages: tuple[PageReport, ...] = ()

    def count(self, *outcomes: PageOutcome) -> int:
        """How many addresses came out in one of these ways."""
        return sum(page.outcome in outcomes for page in self.pages)

    @property
    def n_read(self) -> int:
        """How many pages there are to read."""
        return self.count("fetched", "unchanged")

    def __str__(self) -> str:
        counts = Counter(page.outcome for page in self.pages)
        told = ", ".join(f"{n} {outcome}" for outcome, n in counts.most_common()) or "nothing"
        lines = [f"{self.url}: {told}; {self.n_requests} requests in {self.seconds:.1f} s"]
        lines += [f"  stopped: {self.stopped}"] if self.stopped else []
        lines += [f"  {each.part or '/'} read by {each.how}: {each.reason}" for each in self.renderings]
        lines += [f"  {note}" for note in self.notes]
        for outcome in ("failed", "skipped"):
            lines += self._reasons(outcome)
        return "\n".join(lines)

    def _reasons(self, outcome: PageOutcome) -> list[str]:
        pages = [page for page in self.pages if page.outcome == outcome]
        reasons = Counter(page.reason for page in pages).most_common()
        lines = []
        for reason, n in reasons[:_SHOWN]:
            first = next(page.url for page in pages if page.reason == reason)
            lines.append(f"  {outcome}: {reason}: {first}" + (f" and {n - 1} more" if n > 1 else ""))
        more = len(reasons) - _SHOWN
        return [*lines, f"  {outcome}: {more} more reasons, in the report"] if more > 0 else lines


class CrawlReport(Record):
    """The crawl of all sites of a component.

    Attributes:
        component: Its name, or the address that was crawled without one.
        sites: One for each site, in the order of the description.
    """

    component: str
    sites: tuple[SiteReport, ...] = ()

    @property
    def pages(self) -> tuple[PageReport, ...]:
        """Every address of every site."""
        return tuple(page for site in self.sites for page in site.pages)

    @property
    def complete(self) -> bool:
        """Whether every site is complete."""
        return all(site.complete for site in self.sites)

    @property
    def n_read(self) -> int:
        """How many pages there are to read."""
        return sum(site.n_read for site in self.sites)

    def __str__(self) -> str:
        return "\n".join(map(str, self.sites)) or f"{self.component} has no documentation site"
