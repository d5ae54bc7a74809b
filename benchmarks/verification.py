"""Measures what a verified translation costs, and where the time goes.

``python -m benchmarks.verification [--repeat 3] [PROGRAM…]`` prints a Markdown table, one row per program of
``tests/translation/programs`` (by default one of each level). Each is translated and proven once
before anything is measured, so that the figures are those of a warm machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

from benchmarks.tables import table
from tests.translation.corpus import Program, programs

import doctranslate
from doctranslate.verification.equivalence import Judge

_DEFAULT = ("add_all_short", "daily_csv", "commit_when_dirty", "dataset_hub_cli")
_HEAD = ("program", "level", "lines", "translate", "start", "run both", "read both", "whole")


def measure(program: Program) -> dict[str, float]:
    """Seconds of each part of one verified translation."""
    started = time.perf_counter()
    data = None if program.data is None else list(program.data)
    translation = doctranslate.translate(
        program.source, "gitpython", "dvc", "docs", engine="offline", data=data
    )
    translated = time.perf_counter()
    with Judge(
        program.source, "gitpython", "dvc", setup=program.setup, argv=program.argv, data=program.with_dvc
    ) as judge:
        _, equivalent = judge.check(translation.code)
        parts = dict(judge.stage.seconds)
    if equivalent.outcome != "pass":
        raise SystemExit(f"{program.name} is not equivalent: only right translations are worth measuring")
    return {"translate": translated - started, **parts, "whole": time.perf_counter() - started}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="PROGRAM")
    parser.add_argument("--repeat", type=int, default=3, help="the median of so many runs is shown")
    chosen = parser.parse_args()
    corpus = {each.name: each for each in programs()}
    rows = []
    for program in [corpus[name] for name in chosen.names or _DEFAULT]:
        measure(program)
        runs = [measure(program) for _ in range(chosen.repeat)]
        parts = [
            statistics.median(run[key] for run in runs)
            for key in ("translate", "start", "run", "read", "whole")
        ]
        n_lines = len(program.source.splitlines())
        rows.append([program.name, str(program.level), str(n_lines), *(f"{each:.2f} s" for each in parts)])
    print(table(_HEAD, rows))
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, isolation full")


if __name__ == "__main__":
    main()
