"""Builds a store from a site in processes that are killed at random moments, and looks at what was lost or done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from doctranslate.stores.index import DocIndex
from tests.sites.left_behind import MARK, left_behind, new_mark
from tests.sites.server import Server

_BUILD = """
import json, sys
from doctranslate import build_store
print("ready", flush=True)
reports = []
build_store(sys.argv[1], sources=["web"], stores=sys.argv[2], workers=4, on_report=reports.append).close()
print(reports[0].model_dump_json(exclude={"crawl"}), flush=True)
"""


@dataclass(frozen=True)
class Place:
    """Where a build keeps everything.

    Attributes:
        folder: For pages, digests and stores; nobody else's.
        component: The description, a TOML file.
    """

    folder: Path
    component: Path

    @property
    def stores(self) -> Path:
        return self.folder / "stores"

    @property
    def store(self) -> Path | None:
        """The store's folder, when there is one."""
        found = [path for path in self.stores.glob("*@*") if path.is_dir() and not path.name.startswith(".")]
        return found[0] if found else None

    def contents(self) -> dict[str, bytes]:
        """What each file of the store holds."""
        store = self.store
        return {path.name: path.read_bytes() for path in store.iterdir()} if store else {}

    def kept(self) -> set[str]:
        """Paths of the pages that are stored."""
        found: set[str] = set()
        for file in self.folder.glob("cache/crawls/*.sqlite"):
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as db:
                try:
                    rows = db.execute("SELECT url FROM pages").fetchall()
                except sqlite3.OperationalError:
                    continue  # killed before it had tables
                found |= {urlsplit(url).path for (url,) in rows}
        return found


@dataclass
class Kills:
    """What happened.

    Attributes:
        n_kills: How often a build was killed.
        n_in_crawl: How often while pages were still missing.
        fetched_again: Pages that were asked for after they had been stored.
        left: Processes that were still there some time after a kill, by command line.
        n_processes: Of the killed builds together: processes that were running at that moment.
        n_opened: How often a store was there, and opened.
        n_rounds: Builds that came to their end, with an empty folder at the beginning.
        unequal: Files that an undisturbed build made otherwise.
    """

    n_kills: int = 0
    n_in_crawl: int = 0
    fetched_again: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    n_processes: int = 0
    n_opened: int = 0
    n_rounds: int = 0
    unequal: list[str] = field(default_factory=list)


def describe(file: Path, server: Server, *, render: str, depth: int = 2) -> Path:
    """Write the description of a component that is documented by a server's site alone.

    Args:
        file: Where to.
        server: The server.
        render: How pages are read.
        depth: Links from the start.
    """
    file.write_text(
        'name = "handbook"\ndistribution = "packaging"\nimports = ["packaging"]\n'
        f'[[docs]]\nurl = "{server.url}/"\ndepth = {depth}\nrate = 1000.0\nallow_private = true\nrender = "{render}"\n'
        'selector = "main"\n'
    )
    return file


@contextmanager
def started(place: Place, mark: str) -> Iterator[subprocess.Popen[str]]:
    """A build in another process, at the moment when it begins."""
    command = [sys.executable, "-c", _BUILD, str(place.component), str(place.stores)]
    environment = {**os.environ, "DOCTRANSLATE_CACHE": str(place.folder / "cache"), MARK: mark}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise RuntimeError("the build does not begin")
            yield process
        finally:
            process.kill()


def build(place: Place) -> dict[str, object]:
    """Build undisturbed; returns the report."""
    with started(place, new_mark()) as process:
        out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the build ends with {process.returncode}")
    report: dict[str, object] = json.loads(out)
    return report


def kill_builds(
    server: Server,
    component: Path,
    folder: Path,
    *,
    n_kills: int,
    n_pages: int,
    chance: random.Random,
    longest_s: float,
) -> Kills:
    """Build in rounds of killed processes until there were enough kills; each round ends undisturbed.

    Args:
        server: Serves the site.
        component: Its description.
        folder: For everything, empty.
        n_kills: Kills, all rounds together.
        n_pages: Pages that the site has.
        chance: Chooses the moments.
        longest_s: Seconds after the beginning of a build, at most.
    """
    done = Kills()
    calm = Place(folder / "calm", component)
    build(calm)
    expected = calm.contents()
    for n_round in range(n_kills):
        place = Place(folder / f"round{n_round}", component)
        while done.n_kills < n_kills and _kill_one(
            server, place, done, chance.uniform(0.0, longest_s), n_pages
        ):
            pass
        before, n_seen = place.kept(), len(server.seen)
        if place.store is None:
            build(place)
        done.fetched_again += _again(server, n_seen, before)
        found = place.contents()
        done.n_rounds += 1
        done.unequal += [name for name in expected | found if expected.get(name) != found.get(name)]
        if done.n_kills == n_kills:
            break
    return done


def _kill_one(server: Server, place: Place, done: Kills, after_s: float, n_pages: int) -> bool:
    """Kill a build after some time; returns whether it was killed before it had come to its end."""
    mark, before, n_seen = new_mark(), place.kept(), len(server.seen)
    with started(place, mark) as process:
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            n_processes = len(left_behind(mark, within_s=0.0))
            process.send_signal(signal.SIGKILL)
            process.wait()
        is_killed = process.returncode == -signal.SIGKILL
    if is_killed:
        done.n_kills += 1
        done.n_in_crawl += len(place.kept()) < n_pages
        done.n_processes += n_processes
        done.left += left_behind(mark).values()
        time.sleep(0.05)  # what was under way at the server is noted
        if place.store is not None:
            DocIndex.open(place.store).close()
            done.n_opened += 1
    elif process.returncode:
        raise RuntimeError(f"the build ends with {process.returncode}")
    done.fetched_again += _again(server, n_seen, before)
    return is_killed


def _again(server: Server, since: int, stored: set[str]) -> list[str]:
    return [path for seen in server.seen[since:] if (path := urlsplit(seen.target).path) in stored]
