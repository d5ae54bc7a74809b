"""Measures the crawler on real documentation, served on loopback.

``python -m benchmarks.crawl [--only completeness|throughput] [--write]`` prints Markdown tables; ``--write`` puts them
into ``docs/benchmarks/crawling.md``. Each crawl is a process of its own with an empty folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.debian_docs import GIT, SKLEARN, NoDocs
from benchmarks.known_sites import Known, dvc, sphinx
from benchmarks.runs import OneByOne, Run, crawl, one_by_one
from benchmarks.tables import put_table, table

LATENCY_S = 0.3
"""What each answer of the server takes when speed is measured, as one of a site far away."""

N_SAMPLE = 40
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "crawling.md"


def completeness() -> str:
    """Pages found against pages that exist within depth, and their texts against the files'."""
    rows = []
    git, sklearn, listed = sphinx(GIT), sphinx(SKLEARN), sphinx(SKLEARN, sitemap=True)
    spa, static = dvc("spa"), dvc("static")
    for known, depth, render in (
        (git, 1, "auto"),
        (git, 1, "browser"),
        (sklearn, 1, "auto"),
        (sklearn, 3, "auto"),
        (listed, 1, "auto"),
        (spa, 1, "auto"),
        (spa, 2, "auto"),
        (spa, 4, "auto"),
        (spa, 4, "browser"),
        (static, 4, "auto"),
    ):
        run = crawl(known, depth=depth, render=render, latency_s=0.0)
        rows.append(_completeness_row(run))
        print(table(_COMPLETENESS, rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    return table(_COMPLETENESS, rows)


_COMPLETENESS = (
    *(
        "site",
        "render",
        "depth",
        "pages that exist",
        "found",
        "missed",
        "not expected",
        "texts compared",
        "equal",
    ),
    *("by http", "by browser"),
)


def _completeness_row(run: Run) -> list[object]:
    missed, more = run.expected - run.found, run.found - run.expected
    for what, paths in (("missed", missed), ("not expected", more), ("differing", run.differing)):
        if paths:
            print(f"{run.known.name}, {run.render}: {what}: {sorted(paths)[:8]}", file=sys.stderr)
    read = [page for page in run.report.pages if page.outcome in ("fetched", "duplicate")]
    n_http = sum(page.how == "http" for page in read)
    n_equal = len(run.texts) - len(run.differing)
    return [
        *(run.known.name, run.render, run.depth, len(run.expected), len(run.found & run.expected)),
        *(len(missed), len(more), len(run.texts), n_equal, n_http, len(read) - n_http),
    ]


def throughput() -> tuple[str, str]:
    """Pages per second against the stock loader, and memory."""
    rows: list[list[object]] = []
    memory: list[list[object]] = []
    for known, depth in ((sphinx(SKLEARN), 3), (dvc("spa"), 4)):
        paths = _sample(known, N_SAMPLE)
        before = one_by_one(known, paths, latency_s=LATENCY_S)
        runs = [
            crawl(known, depth=depth, render=render, latency_s=LATENCY_S) for render in ("browser", "auto")
        ]
        after = one_by_one(known, paths, latency_s=LATENCY_S)
        # A machine is not the same all the time: ours is held against the better of the two.
        stock = max(before, after, key=lambda one: one.rate)
        rows += [_stock_row(known, stock), *(_speed_row(run, stock) for run in runs)]
        memory += [_stock_memory_row(known, stock), *map(_memory_row, runs)]
        print(f"{known.name}: stock {before.rate:.2f} and {after.rate:.2f} pages/s", file=sys.stderr)
        for run in runs:
            print(
                f"  {run.render}: {run.rate:.2f} pages/s, differing: {run.differing}",
                file=sys.stderr,
                flush=True,
            )
    return table(_SPEED, rows), table(_MEMORY, memory)


_SPEED = ("site", "read by", "pages", "seconds", "pages/s", "times the stock loader", "pages with their text")
_MEMORY = (
    *(
        "site",
        "render",
        "own at 25 %",
        "50 %",
        "75 %",
        "100 %",
        "own peak",
        "all, resident, peak",
        "all, fair, peak",
    ),
    "processes",
)


def _sample(known: Known, n: int) -> list[str]:
    paths = sorted(known.truth.depths)
    return [paths[i * len(paths) // n] for i in range(n)]


def _stock_row(known: Known, stock: OneByOne) -> list[object]:
    return [
        *(
            known.name,
            "stock loader, one driver",
            stock.n_pages,
            f"{stock.seconds:.1f}",
            f"{stock.rate:.2f}",
            "1",
        ),
        f"{stock.n_with_text} of {stock.n_pages}",
    ]


def _speed_row(run: Run, stock: OneByOne) -> list[object]:
    n_equal = len(run.texts) - len(run.differing)
    return [
        *(run.known.name, f"`{run.render}`", len(run.found), f"{run.seconds:.1f}", f"{run.rate:.2f}"),
        *(f"{run.rate / stock.rate:.1f}", f"{n_equal} of {len(run.texts)}"),
    ]


def _memory_row(run: Run) -> list[object]:
    samples = [run.memory.at(_when(run, share)) for share in (0.25, 0.5, 0.75, 1.0)]
    peaks = (run.memory.peak_own, run.memory.peak_tree, run.memory.peak_fair)
    return [
        *(run.known.name, f"`{run.render}`", *(_mb(sample.own) for sample in samples), *map(_mb, peaks)),
        max(sample.n_processes for sample in run.memory.samples),
    ]


def _stock_memory_row(known: Known, stock: OneByOne) -> list[object]:
    peaks = (stock.memory.peak_own, stock.memory.peak_tree, stock.memory.peak_fair)
    n_processes = max(sample.n_processes for sample in stock.memory.samples)
    return [known.name, "stock loader", "", "", "", "", *map(_mb, peaks), n_processes]


def _when(run: Run, share: float) -> float:
    """Seconds after which a share of the pages was done."""
    wanted = share * len(run.found)
    return next((mark["at"] for mark in run.marks if mark["done"] >= wanted), run.marks[-1]["at"])


def _mb(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.0f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=["completeness", "throughput"], help="default: both")
    parser.add_argument(
        "--write", action="store_true", help="put the tables into docs/benchmarks/crawling.md"
    )
    asked = parser.parse_args(arguments)
    tables: dict[str, str] = {}
    try:
        if asked.only in (None, "completeness"):
            tables["completeness"] = completeness()
        if asked.only in (None, "throughput"):
            tables["throughput"], tables["memory"] = throughput()
    except NoDocs as exc:
        print(f"skipped: {exc}")
        return 0
    for name, text in tables.items():
        print(f"\n{name}\n\n{text}")
        if asked.write:
            put_table(PAGE, name, text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
