"""Whole builds that are killed, and builds at the same time: the old store opens, and the next build goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from doctranslate.errors import StoreError
from doctranslate.stores.index import DocIndex

from .samples import Condensing, Letters, build_box, contents, page

ROOT = Path(__file__).resolve().parents[1]
OLD = [page(n) for n in range(200)]
NEW = [page(n, f"Turns rotor{n} of engine{n % 5}." if n % 2 else "") for n in range(220)]

# A build whose engine and embedder take their time, so that there is a moment for everything to be killed in.
BUILD = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from building.samples import Condensing, Letters, build_box
from building.test_killed import NEW

class SlowEngine(Condensing):
    def condense(self, chunks):
        for chunk, digest in zip(chunks, super().condense(chunks), strict=True):
            with open(sys.argv[3], "a") as log:
                log.write(chunk.symbol + "\\n")
            time.sleep(0.001)
            yield digest

class SlowEmbedder(Letters):
    def embed_documents(self, texts):
        time.sleep(0.001 * len(texts))
        return super().embed_documents(texts)

print("ready", flush=True)
build_box(Path(sys.argv[1]), NEW, engine=SlowEngine(), embedder=SlowEmbedder())
print("built", flush=True)
"""


@contextmanager
def started(folder: Path, log: Path) -> Iterator[subprocess.Popen[str]]:
    """A build in another process, at the moment when it begins."""
    command = [sys.executable, "-c", BUILD, str(folder), str(ROOT), str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def killed(folder: Path, log: Path, *, after_s: float) -> bool:
    """Whether a build was killed before it was done."""
    with started(folder, log) as process:
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        return process.stdout.read() == ""


def n_documents(folder: Path) -> int:
    store = DocIndex.open(folder)
    store.close()
    return len(store)


def test_a_build_killed_over_and_over_ends_in_the_store_of_one_that_was_not(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, log, folder = random.Random(7), tmp_path / "log", tmp_path / "s"
    build_box(folder, OLD, engine=Condensing(), embedder=Letters())
    n_killed = 0
    for _ in range(30):
        n_killed += killed(folder, log, after_s=chance.uniform(0.0, 0.35))
        assert n_documents(folder) in (200, 220)
        if n_killed == 6:
            break
    assert n_killed == 6
    with started(folder, log) as process:
        assert process.wait(60) == 0
    assert n_documents(folder) == 220
    # What was kept is not condensed again: each kill costs one batch, at most.
    asked = Counter(log.read_text().split())
    assert sum(asked.values()) <= 120 + 64 * n_killed
    assert set(asked) == {f"box.do_{n}" for n in range(220) if n % 2 or n >= 200}
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path / "other-cache"))
    build_box(tmp_path / "undisturbed", OLD, engine=Condensing(), embedder=Letters())
    build_box(tmp_path / "undisturbed", NEW, engine=Condensing(), embedder=Letters())
    assert contents(folder) == contents(tmp_path / "undisturbed")
    assert not [path for path in tmp_path.iterdir() if ".new-" in path.name or path.name.endswith(".old")]


def test_a_build_killed_between_the_two_renames_is_mended_by_the_next_build(tmp_path: Path) -> None:
    build_box(tmp_path / "s", OLD)
    (tmp_path / "s").rename(tmp_path / ".s.old")  # all that the first rename does
    report = build_box(tmp_path / "s", OLD)
    assert report.up_to_date
    assert sorted(path.name for path in tmp_path.iterdir()) == [".s.lock", "s"]


def test_a_second_build_at_the_same_time_is_refused_and_says_why(tmp_path: Path) -> None:
    with (
        started(tmp_path / "s", tmp_path / "log") as process,
        pytest.raises(StoreError, match="another process is building"),
    ):
        while process.poll() is None and not (tmp_path / "log").exists():  # then it holds the lock
            time.sleep(0.001)
        build_box(tmp_path / "s", OLD)
    assert process.returncode is not None


def test_readers_in_other_processes_while_it_is_built_see_the_old_store_or_the_new_one(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "s"
    build_box(folder, OLD, engine=Condensing(), embedder=Letters())
    read = (
        "import sys\nfrom pathlib import Path\nfrom doctranslate.stores.index import DocIndex\n"
        "while not Path(sys.argv[2]).exists():\n"
        "    store = DocIndex.open(Path(sys.argv[1]))\n"
        "    print(len(store), len(store.by_symbol('box.do_3')), flush=True)\n"
        "    store.close()\n"
    )
    command = [sys.executable, "-c", read, str(folder), str(tmp_path / "stop")]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "200 1\n"
    for n in range(4):
        build_box(folder, OLD if n % 2 else NEW, engine=Condensing(), embedder=Letters())
    build_box(folder, NEW, engine=Condensing(), embedder=Letters())
    (tmp_path / "stop").touch()
    for reader in readers:
        out, problems = reader.communicate(timeout=60)
        assert problems == ""
        assert set(out.splitlines()) <= {"200 1", "220 1"}
