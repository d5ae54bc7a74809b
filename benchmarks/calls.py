"""Measures the calls to a model: rate, rate limits, and what is lost and paid twice when a job is killed.

``python -m benchmarks.calls [rate] [limit] [killed] [--write]`` prints Markdown tables, and with ``--write`` puts them
into ``docs/benchmarks/models.md``. The model is a server on this machine (``tests.model_server``), in its own process;
the client is the shipped one, over real HTTP. ``limit`` takes four minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.tables import put_table, table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/benchmarks/models.md"
LATENCY_MS = 200
WORKERS = 32


@dataclass(frozen=True)
class Server:
    """A model server in another process."""

    address: str

    def stats(self) -> dict[str, Any]:
        """What it has seen."""
        with urllib.request.urlopen(f"{self.address.removesuffix('/v1')}/_stats") as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def server(*options: str) -> Iterator[Server]:
    """Run a server while the block runs."""
    command = [sys.executable, "-m", "tests.model_server", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip())
        finally:
            process.terminate()


@contextmanager
def client(address: str, cache: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Condense in another process."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OPENAI_", "DOCTRANSLATE_")) and not name.lower().endswith("_proxy")
    }
    environment |= {"DOCTRANSLATE_CACHE": str(cache), "DOCTRANSLATE_OFFLINE": "1"}
    command = [sys.executable, "-m", "benchmarks.calls_child", address, *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit("the client did not start")
        yield process


def condensed(address: str, cache: Path, *arguments: object) -> dict[str, Any]:
    """What a whole run told."""
    with client(address, cache, *arguments) as process:
        output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the client ended with {process.returncode}")
    found: dict[str, Any] = json.loads(output)
    return found


# ---------------------------------------------------------------------- rate
def rate() -> str:
    """1,000 calls, and for what the client itself costs the same calls by openai's client alone."""
    rows = []
    for n in (1_000, 4_000):
        with tempfile.TemporaryDirectory() as folder, server("--latency-ms", str(LATENCY_MS)) as model:
            condensed(model.address, Path(folder) / "warm", WORKERS, WORKERS)
            found = condensed(model.address, Path(folder) / "cache", n, WORKERS)
            again = condensed(model.address, Path(folder) / "cache", n, WORKERS)
            bare = _bare(model.address, n)
            n_requests = model.stats()["requests"]
        if found["by_model"] != n or n_requests != WORKERS + 2 * n:
            raise SystemExit(f"{found['by_model']} digests of {n}, {n_requests} requests")
        ideal = n / WORKERS * LATENCY_MS / 1000
        rows.append(
            (
                f"{n:,}",
                f"{found['seconds']:.2f}",
                f"{ideal / found['seconds']:.1%}",
                f"{ideal / bare['seconds']:.1%}",
                f"{found['cpu_s'] / n * 1000:.2f}",
                f"{(found['cpu_s'] - bare['cpu_s']) / n * 1000:.2f}",
                f"{found['peak_early_mib']:.0f} → {found['peak_mib']:.0f}",
                f"{again['seconds']:.2f}",
            )
        )
    head = (
        "calls",
        "seconds",
        "of the ideal rate",
        "bare client",
        "processor ms a call",
        "of it ours",
        "peak MiB, after a tenth → at the end",
        "seconds from the cache",
    )
    return table(head, rows)


_BARE = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
import openai
from benchmarks.calls_child import page
from doctranslate.calls.request import body_of
from doctranslate.calls.settings import resolve
from doctranslate.curation.chunk import chunk_page
from doctranslate.engines.model import ModelEngine
address, n, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
engine = ModelEngine("openai:made-up", base_url=address)
chunks = [chunk for number in range(n) for chunk in chunk_page(page(number))]
bodies = [body_of(engine.condense_request(chunk), engine.settings) for chunk in chunks]
client = openai.OpenAI(base_url=address, api_key="x", max_retries=0)
ask = lambda body: client.chat.completions.with_raw_response.create(**body).text
ask(bodies[0])
started, cpu = time.monotonic(), time.process_time()
with ThreadPoolExecutor(workers) as pool:
    list(pool.map(ask, bodies[1:]))
print(json.dumps({"seconds": time.monotonic() - started, "cpu_s": time.process_time() - cpu}))
"""


def _bare(address: str, n: int) -> dict[str, float]:
    command = [sys.executable, "-c", _BARE, address, str(n), str(WORKERS)]
    environment = {**os.environ, "DOCTRANSLATE_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    found: dict[str, float] = json.loads(done.stdout)
    return found


# ---------------------------------------------------------------------- rate limits
def limit() -> str:
    """A limit of 600 a minute, held in two ways by the server, told to the client or found out by it."""
    per_minute, n = 600, 660
    rows = []
    for kind in ("window", "bucket"):
        for told in (True, False):
            options = (
                "--latency-ms",
                str(LATENCY_MS),
                "--requests-per-minute",
                str(per_minute),
                "--limit",
                kind,
            )
            with tempfile.TemporaryDirectory() as folder, server(*options) as model:
                arguments = [n, WORKERS, *([per_minute] if told else [])]
                found = condensed(model.address, Path(folder), *arguments)
                stats = model.stats()
            if found["by_model"] != n:
                raise SystemExit(f"{found['by_model']} digests of {n}")
            # A window lets all of a minute's in at once: what counts is the time in which the limit binds.
            used = n / (found["seconds"] / 60 * per_minute)
            rows.append(
                (
                    kind,
                    "told" if told else "found out",
                    f"{stats['requests']:,}",
                    f"{stats['limited'] / stats['requests']:.1%}",
                    f"{found['seconds']:.1f}",
                    f"{used:.1%}",
                )
            )
    head = (
        "the server's limit",
        "the client was",
        "requests",
        "replies that are 429",
        "seconds",
        "of the limit used",
    )
    return table(head, rows)


# ---------------------------------------------------------------------- killed
def killed(n_kills: int = 20, n: int = 500) -> str:
    """A job that is killed again and again, and one that is left alone."""
    chance = random.Random(5)
    with (
        tempfile.TemporaryDirectory() as folder,
        server("--latency-ms", "100", "--log", f"{folder}/log") as model,
    ):
        book = Path(folder) / "cache/calls.sqlite"
        kept_at_kill: list[set[str]] = []
        n_killed = n_calm = 0
        for _ in range(n_kills):
            with client(model.address, Path(folder) / "cache", n, 8) as process:
                time.sleep(chance.uniform(0.05, 0.6))
                if process.poll() is None:
                    process.kill()
                    n_killed += 1
                process.communicate()
            kept_at_kill.append(_kept(book))
            n_calm += len(kept_at_kill[-1]) == n
        found = condensed(model.address, Path(folder) / "cache", n, 8)
        asked = _asked(Path(folder) / "log", book)
        alone = condensed(model.address, Path(folder) / "alone", n, 8)
        n_logged = _n_paid(book)
    twice = sum(n_times - 1 for n_times in Counter(n_logged).values())
    rows = [
        ("processes killed", n_killed),
        ("of them after the last call was done", n_calm),
        ("replies kept before the last run", f"{len(kept_at_kill[-1])} of {n}"),
        ("finished calls (kept) that were asked for again", twice),
        ("requests in all", asked),
        ("requests whose reply no process lived to see (8 workers, so at most 8 for each kill)", asked - n),
        ("same digests as a run that was left alone", "yes" if found["hash"] == alone["hash"] else "NO"),
    ]
    return table(("killed at random", "result"), rows)


def _kept(book: Path) -> set[str]:
    if not book.exists():
        return set()
    with closing(sqlite3.connect(book)) as connection:
        try:
            return {key for (key,) in connection.execute("SELECT key FROM replies")}
        except sqlite3.OperationalError:  # killed before the table was made
            return set()


def _n_paid(book: Path) -> list[str]:
    with closing(sqlite3.connect(book)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM calls WHERE outcome = 'ok'")]


def _asked(log: Path, book: Path) -> int:
    time.sleep(0.5)  # the server writes a line when a request is over
    return sum("chat/completions" in line for line in log.read_text(encoding="utf-8").splitlines())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=["rate", "limit", "killed"], metavar="WHAT")
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    options = parser.parse_args(arguments)
    for name in options.what or ["rate", "limit", "killed"]:
        text = {"rate": rate, "limit": limit, "killed": killed}[name]()
        load = f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
        print(f"\n{name}\n\n{text}\n\n{load}", flush=True)
        if options.write:
            put_table(PAGE, name, f"{text}\n\n{load}")


if __name__ == "__main__":
    main()
