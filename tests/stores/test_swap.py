"""What two processes do to one another, and what a kill leaves behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from doctranslate.errors import StoreError
from doctranslate.stores.index import DocIndex
from doctranslate.stores.swap import build_lock, recover, staged

from .samples import SAMPLES, LetterEmbedder, write_sample

ROOT = Path(__file__).resolve().parents[1]

# Builds a store with an embedder that says when it is at work, and goes on when it is told to.
SLOW_BUILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from stores.samples import LetterEmbedder, SAMPLES, write_sample

class Slow(LetterEmbedder):
    def embed_documents(self, texts):
        print("embedding", flush=True)
        sys.stdin.readline()
        return super().embed_documents(texts)

write_sample(Path(sys.argv[1]), SAMPLES[:4], embedder=Slow())
print("built", flush=True)
"""


@contextmanager
def slow_build(folder: Path):
    command = [sys.executable, "-c", SLOW_BUILD, str(folder), str(ROOT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "embedding\n"
            yield process
        finally:
            process.kill()


def test_a_second_process_that_builds_the_same_store_is_refused(tmp_path):
    with slow_build(tmp_path / "s"), pytest.raises(StoreError, match="another process is building"):
        write_sample(tmp_path / "s")


def test_a_second_process_that_waits_builds_after_the_first(tmp_path):
    with slow_build(tmp_path / "s") as process:
        threading.Timer(0.2, lambda: process.stdin.write("\n") and process.stdin.flush()).start()
        store = write_sample(tmp_path / "s", wait_s=30)
        assert process.stdout.readline() == "built\n"
    assert len(store) == len(SAMPLES)


def test_a_reader_while_another_process_builds_sees_the_old_store(tmp_path):
    write_sample(tmp_path / "s")
    with slow_build(tmp_path / "s"):
        assert len(DocIndex.open(tmp_path / "s")) == len(SAMPLES)


def test_a_build_that_is_killed_leaves_the_old_store_and_no_lock(tmp_path):
    write_sample(tmp_path / "s")
    with slow_build(tmp_path / "s") as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert [path for path in tmp_path.iterdir() if ".new-" in path.name]
    assert len(DocIndex.open(tmp_path / "s")) == len(SAMPLES)
    assert len(write_sample(tmp_path / "s", SAMPLES[:2])) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [".s.lock", "s"]


def test_a_first_build_that_is_killed_leaves_a_place_to_build_in(tmp_path):
    with slow_build(tmp_path / "s") as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert len(write_sample(tmp_path / "s")) == len(SAMPLES)


def test_a_kill_between_the_two_renames_is_mended_by_opening(tmp_path):
    write_sample(tmp_path / "s")
    (tmp_path / "s").rename(tmp_path / ".s.old")  # all that the first rename does
    assert len(DocIndex.open(tmp_path / "s")) == len(SAMPLES)
    assert not (tmp_path / ".s.old").exists()


def test_a_kill_between_the_two_renames_is_mended_by_building(tmp_path):
    write_sample(tmp_path / "s")
    (tmp_path / "s").rename(tmp_path / ".s.old")
    with build_lock(tmp_path / "s"):
        assert (tmp_path / "s").exists()  # at once, not only when the new store is there


def test_a_kill_before_the_old_store_is_deleted_leaves_the_new_one(tmp_path):
    write_sample(tmp_path / ".s.old")
    write_sample(tmp_path / "s", SAMPLES[:3])
    assert len(DocIndex.open(tmp_path / "s")) == 3
    write_sample(tmp_path / "s", SAMPLES[:2])
    assert not (tmp_path / ".s.old").exists()


def test_a_reader_between_the_two_renames_waits_for_the_new_store(tmp_path):
    write_sample(tmp_path / "new", SAMPLES[:3])
    write_sample(tmp_path / "s")
    moved, seen = threading.Event(), []

    def swap():
        with build_lock(tmp_path / "s"):
            (tmp_path / "s").rename(tmp_path / ".s.old")
            moved.set()
            time.sleep(0.3)
            (tmp_path / "new").rename(tmp_path / "s")

    thread = threading.Thread(target=swap)
    thread.start()
    moved.wait()
    seen.append(len(DocIndex.open(tmp_path / "s")))
    thread.join()
    assert seen == [3]


def test_readers_while_a_store_is_replaced_over_and_over_always_see_a_whole_one(tmp_path):
    write_sample(tmp_path / "s", embedder=LetterEmbedder())
    stop, seen, errors = threading.Event(), set(), []

    def read():
        while not stop.is_set():
            try:
                store = DocIndex.open(tmp_path / "s", LetterEmbedder())
                seen.add((len(store), len(store.by_symbol("box.core.Box.push"))))
            except StoreError as exc:
                errors.append(exc)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for n in range(12):
        write_sample(tmp_path / "s", SAMPLES if n % 2 else SAMPLES[:4], embedder=LetterEmbedder())
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors
    assert seen <= {(len(SAMPLES), 1), (4, 1)}


def test_a_lock_held_already_is_taken_over_by_the_writer(tmp_path):
    with build_lock(tmp_path / "s") as lock:
        assert len(write_sample(tmp_path / "s", lock=lock)) == len(SAMPLES)


def test_recover_with_nothing_to_mend_makes_no_file(tmp_path):
    recover(tmp_path / "s")
    assert not list(tmp_path.iterdir())


def test_staged_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="stop"), build_lock(tmp_path / "s") as lock, staged(lock) as folder:
        (folder / "half").write_text("x")
        raise ValueError("stop")
    assert [path.name for path in tmp_path.iterdir()] == [".s.lock"]
