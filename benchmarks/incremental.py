"""Measures what a build does again: after a change, and after being killed.

``python -m benchmarks.incremental [--only change|kills] [--write]`` prints Markdown tables; ``--write`` puts them into
``docs/benchmarks/crawling.md``.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.crawl import PAGE
from benchmarks.tables import put_table, table
from tests.sites.handbook import Handbook
from tests.sites.killing import Place, build, describe, kill_builds
from tests.sites.server import Server

N_PAGES = 200
N_KILLS = 20


def change() -> str:
    """What three builds of one site do: the first, one after one page has changed, and one after nothing has."""
    site = Handbook(n_guide=N_PAGES - 1)
    with Server(site) as server, tempfile.TemporaryDirectory() as folder:
        component = describe(Path(folder) / "handbook.toml", server, render="http")
        place = Place(Path(folder), component)
        rows = [_row("the first build", build(place), server, since=0)]
        for name, path in (("one page changed", "/guide/17"), ("nothing changed", "")):
            if path:
                site.texts[path] += " It is heavier than it was."
            since = len(server.seen)
            rows.append(_row(name, build(place), server, since=since))
    return table(_CHANGE, rows)


_CHANGE = (
    *(
        "build",
        "pages",
        "answers with content",
        "answers 304",
        "pages extracted",
        "chunks",
        "condensed",
        "embedded",
    ),
    *("embedder fitted anew", "seconds"),
)


def _row(name: str, report: dict[str, object], server: Server, *, since: int) -> list[object]:
    statuses = [seen.status for seen in server.seen[since:]]
    pages, seconds = report["pages"], report["seconds"]
    assert isinstance(pages, dict)
    assert isinstance(seconds, dict)
    return [
        *(
            name,
            pages["web"],
            statuses.count(200),
            statuses.count(304),
            report["n_extracted"],
            report["n_chunks"],
        ),
        *(
            report["n_condensed"],
            report["n_embedded"],
            "yes" if report["refit"] else "no",
            f"{seconds['all']:.1f}",
        ),
    ]


def kills() -> str:
    """Twenty builds killed at random moments, a fifth of the pages of which scripts fill."""
    site = Handbook(n_guide=80, n_app=20)
    with Server(site, latency_s=0.1) as server, tempfile.TemporaryDirectory() as folder:
        component = describe(Path(folder) / "handbook.toml", server, render="auto")
        done = kill_builds(
            server,
            component,
            Path(folder),
            n_kills=N_KILLS,
            n_pages=len(site.paths),
            chance=random.Random(20),
            longest_s=6.0,
        )
        n_requests = len(server.seen)
    for what, found in (
        ("fetched again", done.fetched_again),
        ("left behind", done.left),
        ("unequal", done.unequal),
    ):
        if found:
            print(f"{what}: {found[:10]}", file=sys.stderr)
    rows = [
        ["builds killed", done.n_kills],
        ["of them while pages were still missing", done.n_in_crawl],
        ["processes of theirs that were running at those moments", done.n_processes],
        ["processes still there afterwards", len(done.left)],
        ["requests that the server saw", n_requests],
        ["requests for a page that had been stored", len(done.fetched_again)],
        ["rounds that came to their end", done.n_rounds],
        ["files of their stores that an undisturbed build made otherwise", len(done.unequal)],
    ]
    return table(("", "number"), rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=["change", "kills"], help="default: both")
    parser.add_argument(
        "--write", action="store_true", help="put the tables into docs/benchmarks/crawling.md"
    )
    asked = parser.parse_args(arguments)
    for name, measure in (("change", change), ("kills", kills)):
        if asked.only in (None, name):
            text = measure()
            print(f"\n{name}\n\n{text}")
            if asked.write:
                put_table(PAGE, name, text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
