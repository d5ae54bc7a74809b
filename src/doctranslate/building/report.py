"""What a build did, and what it did not have to do again."""

from __future__ import annotations

import time
from collections.abc import Mapping

from doctranslate.building.place import Progress
from doctranslate.records import Record
from doctranslate.sources.web.report import CrawlReport

STAGES = ("read", "pages", "condense", "embed", "write")
"""Stages of a build as progress names them; whatever else is told is about a crawl."""


class BuildReport(Record):
    """What a build did.

    Attributes:
        component: Name of the component.
        version: Version of its distribution.
        path: Folder of the store.
        pages: Pages that were read, by kind of source.
        n_extracted: Pages of HTML that were extracted; the others had not changed.
        n_chunks: Chunks in the store.
        n_condensed: Chunks that the engine condensed.
        n_digests_reused: Chunks that had been condensed before.
        n_dropped: Lines of signatures and code that the engine invented; they are not in the store.
        n_embedded: Texts that the embedder was given.
        n_vectors_reused: Texts that had a vector.
        refit: Whether the embedder learnt anew from all texts, because too many of them were new to it.
        up_to_date: Whether nothing had changed; the store was left as it was.
        seconds: Wall-clock time by stage, and of the whole (``all``).
        crawl: What became of each address of the documentation sites, when they were read.
    """

    component: str
    version: str
    path: str
    pages: Mapping[str, int] = {}
    n_extracted: int = 0
    n_chunks: int = 0
    n_condensed: int = 0
    n_digests_reused: int = 0
    n_dropped: int = 0
    n_embedded: int = 0
    n_vectors_reused: int = 0
    refit: bool = False
    up_to_date: bool = False
    seconds: Mapping[str, float] = {}
    crawl: CrawlReport | None = None

    def __str__(self) -> str:
        read = ", ".join(f"{n} of the {kind}" for kind, n in self.pages.items())
        changed = "up to date" if self.up_to_date else f"built in {self.seconds.get('all', 0.0):.1f} s"
        lines = [
            f"{self.component}=={self.version}: {changed}, {self.n_chunks} chunks",
            f"  pages: {read or 'none'}; {self.n_extracted} of HTML extracted",
            f"  digests: {self.n_condensed} new, {self.n_digests_reused} known"
            + (f"; {self.n_dropped} invented lines dropped" if self.n_dropped else ""),
            f"  vectors: {self.n_embedded} new, {self.n_vectors_reused} known"
            + ("; the embedder was fitted anew" if self.refit else ""),
        ]
        return "\n".join(
            [*lines, *(f"  {line}" for line in (str(self.crawl) if self.crawl else "").splitlines())]
        )


class Stopwatch:
    """Passes progress on, and measures how long each stage takes.

    Args:
        progress: Called with each stage, or None.
    """

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._began = self._last = time.perf_counter()
        self._stage = STAGES[0]
        self._seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note what is being done now; see `Progress`."""
        self._note()
        self._stage = stage if stage in STAGES else "crawl"
        if self._progress:
            self._progress(stage, done, total)

    def seconds(self) -> dict[str, float]:
        """Seconds by stage, and of the whole (``all``)."""
        self._note()
        every = {**self._seconds, "all": self._last - self._began}
        return {stage: round(seconds, 3) for stage, seconds in every.items()}

    def _note(self) -> None:
        now = time.perf_counter()
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._last
        self._last = now
