"""Runs a crawl, or the stock loader, in a process of its own and gives back what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.crawl_child import component
from benchmarks.known_sites import Known, Render
from benchmarks.processes import Memory
from tests.sites.server import Server
from tests.sites.truth import content_text

from doctranslate.sources.web.report import CrawlReport
from doctranslate.sources.web.source import WebSource


@dataclass(frozen=True)
class Run:
    """One crawl and what it gave.

    Attributes:
        known: The site.
        depth: Links from a starting point.
        render: How pages were to be read.
        seconds: Wall-clock time from the start of Python to the end, browsers included.
        report: What became of each address.
        texts: Content text of each page that counts, by its path.
        memory: Samples.
        marks: When so many pages were done.
        n_served: Requests that the server saw.
    """

    known: Known
    depth: int
    render: Render
    seconds: float
    report: CrawlReport
    texts: dict[str, str] = field(repr=False)
    memory: Memory = field(repr=False)
    marks: list[dict[str, Any]] = field(repr=False)
    n_served: int

    @property
    def found(self) -> set[str]:
        """The pages that were read, each by its one path."""
        read = [
            page.url for page in self.report.pages if page.outcome in ("fetched", "unchanged", "duplicate")
        ]
        return {found for url in read if (found := self.known.path(urlsplit(url).path)) is not None}

    @property
    def expected(self) -> set[str]:
        """The pages that exist within depth."""
        return self.known.pages(self.depth)

    @property
    def differing(self) -> list[str]:
        """The pages whose text is not that of the file."""
        return [path for path, text in self.texts.items() if text != self.known.content(path)]

    @property
    def rate(self) -> float:
        """Pages per second."""
        return len(self.found) / self.seconds


def crawl(known: Known, *, depth: int, render: Render, latency_s: float) -> Run:
    """Crawl a site into an empty folder.

    Args:
        known: The site.
        depth: Links from a starting point.
        render: How pages are read.
        latency_s: Seconds that each answer of the server takes.
    """
    with Server(known.serve, latency_s=latency_s) as server, tempfile.TemporaryDirectory() as folder:
        site = known.describe(server.url, depth=depth, render=render)
        command = ["-m", "benchmarks.crawl_child", folder, site.model_dump_json()]
        memory, lines = _run(command)
        texts = {}
        for page in WebSource(component(site), folder=Path(folder), refresh=False).pages():
            path = known.path(urlsplit(page.uri).path)
            if path is not None:
                texts[path] = content_text(page.text, known.selector)
        report = CrawlReport.model_validate(lines[-1]["report"])
        return Run(
            known, depth, render, lines[-1]["seconds"], report, texts, memory, lines[:-1], len(server.seen)
        )


@dataclass(frozen=True)
class OneByOne:
    """What the stock loader gave.

    Attributes:
        n_pages: Pages it was given.
        seconds: Wall-clock time, the browser's start included.
        n_with_text: Pages of which it got at least half of the content's text.
        memory: Samples.
    """

    n_pages: int
    seconds: float
    n_with_text: int
    memory: Memory = field(repr=False)

    @property
    def rate(self) -> float:
        """Pages per second."""
        return self.n_pages / self.seconds


def one_by_one(known: Known, paths: Sequence[str], *, latency_s: float) -> OneByOne:
    """Read pages by one driver, one after the other.

    Args:
        known: The site.
        paths: The pages.
        latency_s: Seconds that each answer of the server takes.
    """
    with Server(known.serve, latency_s=latency_s) as server:
        memory, lines = _run(["-m", "benchmarks.one_by_one", *(server.url + path for path in paths)])
        n_chars = {urlsplit(url).path: n for url, n in lines[-1]["n_chars"].items()}
    n_with_text = sum(n_chars[path] >= len(known.content(path)) / 2 for path in paths)
    return OneByOne(len(paths), lines[-1]["seconds"], n_with_text, memory)


def _run(arguments: Sequence[str]) -> tuple[Memory, list[dict[str, Any]]]:
    command = [sys.executable, *arguments]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
        Memory(process.pid) as memory,
    ):
        output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])} ends with {process.returncode}")
    return memory, [json.loads(line) for line in output.splitlines()]
