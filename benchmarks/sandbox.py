"""Measures what a sandbox costs: one program that uses git and DVC, plain and inside each mechanism of this machine.

``python -m benchmarks.sandbox [--rounds 9] [--write]`` prints a Markdown table; ``--write`` puts it into
``docs/sandbox.md``. All ways take turns, so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.tables import put_table, table

from doctranslate.errors import IsolationError
from doctranslate.verification.sandbox import Limits, Sandbox, WayName

PAGE = Path(__file__).resolve().parents[1] / "docs/sandbox.md"
WAYS: tuple[WayName, ...] = ("bubblewrap", "namespaces", "landlock", "none")
PROGRAM = """
import pathlib
import dvc.api
from dvc.repo import Repo
from git import Repo as Git
storage, data = str(pathlib.Path("storage").resolve()), pathlib.Path("data")
data.mkdir()
for n in range(50):
    (data / f"{n}.csv").write_text(f"{n}\\n")
git = Git.init(".")
with Repo.init() as repo:
    with repo.config.edit() as settings:
        settings["remote"] = {"storage": {"url": storage}}
        settings["core"]["remote"] = "storage"
    repo.add("data")
    repo.scm.add([".dvc/config", "data.dvc", ".gitignore"])
    repo.scm.commit("Add data")
    repo.push()
git.git.gc()
assert dvc.api.read("data/7.csv") == "7\\n"
"""


def environment(folder: Path) -> dict[str, str]:
    """The whole environment of the program."""
    home = folder / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "DVC_SITE_CACHE_DIR": str(home / "site"),
        "DVC_NO_ANALYTICS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def runners() -> dict[str, Callable[[Sequence[str], Path, Mapping[str, str]], int]]:
    """What runs a command in a folder, by the name of the way; the plain way first."""
    found: dict[str, Callable[[Sequence[str], Path, Mapping[str, str]], int]] = {
        "no sandbox": lambda command, folder, env: (
            subprocess.run(
                command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
            ).returncode
        )
    }
    for way in WAYS:
        try:
            sandbox = Sandbox("none" if way == "none" else "partial", way=way, limits=Limits(wall_s=600))
        except IsolationError as exc:
            print(f"{way}: {exc}", file=sys.stderr)
            continue
        found[sandbox.isolation.mechanism] = lambda command, folder, env, sandbox=sandbox: (
            sandbox.run(command, workspace=folder, env=env).returncode
        )
    return found


def measure(n_rounds: int) -> str:
    """The table: seconds of the clock and of the processor, each the median, and the part that is more than plain."""
    ways = runners()
    clock: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    empty: dict[str, list[float]] = {name: [] for name in ways}
    for n in range(n_rounds + 1):  # the first round warms up
        for name, run in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                env = environment(root)
                start, used = time.perf_counter(), _processor_s()
                if run(["true"], root, env):
                    raise RuntimeError(f"{name}: true failed")
                between, used = time.perf_counter(), _processor_s()
                if run([sys.executable, "-c", PROGRAM], root, env):
                    raise RuntimeError(f"{name}: the program failed")
                if n:
                    empty[name].append(between - start)
                    clock[name].append(time.perf_counter() - between)
                    processor[name].append(_processor_s() - used)
    plain = {
        name: statistics.median(values["no sandbox"]) for name, values in {"c": clock, "p": processor}.items()
    }
    rows = []
    for name in ways:
        wall, cpu = statistics.median(clock[name]), statistics.median(processor[name])
        start_ms = f"{1000 * statistics.median(empty[name]):.0f}"
        rows.append(
            [
                name,
                start_ms,
                f"{wall:.2f}",
                f"{wall / plain['c']:.2f}",
                f"{cpu:.2f}",
                f"{cpu / plain['p']:.2f}",
            ]
        )
    head = ("mechanism", "`true`, ms", "program, s", "ratio", "processor, s", "ratio")
    return table(head, rows)


def _processor_s() -> float:
    """Processor time of this process and of all that it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each way runs the program")
    parser.add_argument("--write", action="store_true", help="put the table into docs/sandbox.md")
    asked = parser.parse_args(arguments)
    text = measure(asked.rounds)
    print(text)
    if asked.write:
        put_table(PAGE, "cost", text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
