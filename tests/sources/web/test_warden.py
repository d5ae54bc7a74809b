"""The warden, with shells and sleepers in the place of browsers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from doctranslate.sources.web.warden import descendants
from tests.sites.left_behind import MARK, left_behind, marked, new_mark

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="there is no /proc to find processes by"
)

# A child, and an orphan: its parent ends at once and it has a session of its own.
FAMILY = "sleep 300 & (setsid sleep 300 &) ; echo started; wait"


@contextmanager
def warden(*command: str, mark: str, options: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "doctranslate.sources.web.warden", *options, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, MARK: mark},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
        process.wait(20)


def n_sleepers(mark: str) -> int:
    return sum(command.startswith("sleep ") for command in marked(mark).values())


def wait_for_family(process: subprocess.Popen[bytes], mark: str) -> None:
    assert process.stdout.readline() == b"started\n"
    until = time.monotonic() + 10
    while n_sleepers(mark) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    assert n_sleepers(mark) == 2


def test_warden_when_its_input_ends_then_kills_children_and_orphans() -> None:
    mark = new_mark()
    with warden("sh", "-c", FAMILY, mark=mark) as process:
        wait_for_family(process, mark)
        process.stdin.close()
        assert process.wait(20) != 0
        assert left_behind(mark, within_s=0) == {}


def test_warden_when_terminated_then_kills_all() -> None:
    mark = new_mark()
    with warden("sh", "-c", FAMILY, mark=mark) as process:
        wait_for_family(process, mark)
        process.terminate()
        process.wait(20)
        assert left_behind(mark, within_s=0) == {}


def test_warden_when_interrupted_from_the_keyboard_then_goes_on() -> None:
    mark = new_mark()
    with warden("sh", "-c", "trap '' INT; " + FAMILY, mark=mark) as process:
        wait_for_family(process, mark)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        process.stdin.close()
        process.wait(20)


def test_warden_when_the_command_ends_then_gives_its_code_and_kills_what_it_left() -> None:
    mark = new_mark()
    with warden("sh", "-c", "sleep 300 & exit 7", mark=mark) as process:
        assert process.wait(20) == 7
        assert left_behind(mark, within_s=0) == {}


def test_command_of_the_warden_then_is_not_killed_by_a_pipe_that_closed() -> None:
    # The ignored signals of a process are a bit mask in hexadecimal.
    with warden("sh", "-c", "grep SigIgn /proc/$$/status", mark=new_mark()) as process:
        ignored = int(process.stdout.read().split()[1], 16)
    assert ignored & (1 << (signal.SIGPIPE - 1))


def test_warden_when_it_ends_then_deletes_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_text("x")
    with warden("sleep", "300", mark=new_mark(), options=("--remove", str(folder))) as process:
        process.stdin.close()
        process.wait(20)
    assert not folder.exists()


def test_warden_when_the_command_is_missing_then_says_so_and_deletes_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    folder.mkdir()
    with warden("no-such-program-zz", mark=new_mark(), options=("--remove", str(folder))) as process:
        assert process.wait(20) == 127
        assert b"no-such-program-zz" in process.stderr.read()
    assert not folder.exists()


def test_warden_without_a_command_then_shows_how_it_is_used() -> None:
    with warden(mark=new_mark()) as process:
        assert process.wait(20) == 2
        assert b"usage" in process.stderr.read()


def test_descendants_of_a_shell_then_are_its_children_and_theirs() -> None:
    with subprocess.Popen(["sh", "-c", "sh -c 'sleep 300; true'; true"]) as shell:
        until = time.monotonic() + 10
        while len(found := descendants(shell.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(found) == 2
        assert set(found) < set(descendants(os.getpid()))
        for pid in (shell.pid, *found):
            os.kill(pid, signal.SIGKILL)
