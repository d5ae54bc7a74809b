"""Attempts to reach processes and terminals outside, and to leave something running."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from doctranslate.verification.sandbox import Limits, WayName

from .conftest import ROOMY, Run, make, processes


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user outside."""
    process = subprocess.Popen(["sleep", "600"], env={"OUTSIDE_SECRET": "s3cret"})
    yield process
    process.kill()
    process.wait()


def test_environment_when_program_reads_that_of_the_parent_then_refused(
    closed: WayName, run: Run, monkeypatch: pytest.MonkeyPatch, bystander: subprocess.Popen[bytes]
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    code = """
import glob, os, sys
pids = {os.getppid(), *map(int, sys.argv[1:]), *[int(p[6:]) for p in glob.glob("/proc/[0-9]*")]} - {os.getpid()}
for pid in pids:
    for name in ("environ", "cmdline", "maps", "mem", "root/etc/passwd", "cwd/x", "fd/0"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                print(pid, name, file.read(4096)[:40] if name != "environ" else file.read(100000))
        except OSError:
            pass
"""
    # Every ancestor of this test has it or may have it: none of them may be seen.
    done = run(closed, code, os.getpid(), bystander.pid)
    assert done.returncode == 0, done.stderr
    assert "s3cret" not in done.stdout
    assert " environ " not in done.stdout
    if closed == "landlock":
        assert done.stdout == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP])
def test_signals_when_sent_outside_then_refused(
    closed: WayName, run: Run, bystander: subprocess.Popen[bytes], number: int
) -> None:
    done = run(
        closed, "import os, sys; os.kill(int(sys.argv[1]), int(sys.argv[2]))", bystander.pid, int(number)
    )
    assert done.returncode == 1
    assert bystander.poll() is None


def test_signals_when_sent_to_all_then_only_the_program_itself_is_hit(
    closed: WayName, run: Run, bystander: subprocess.Popen[bytes]
) -> None:
    run(closed, "import os; os.kill(-1, 9)")
    run(closed, "import os; os.killpg(0, 9)")
    assert bystander.poll() is None


def test_signals_when_sent_to_the_supervisor_then_it_still_reports(closed: WayName, run: Run) -> None:
    done = run(closed, "import os; [os.kill(os.getppid(), n) for n in (15, 9)]; print('still here')")
    assert done.returncode == 1 or done.stdout == "still here\n"
    assert done.seconds > 0


def test_tracing_when_tried_then_refused(
    closed: WayName, run: Run, bystander: subprocess.Popen[bytes]
) -> None:
    code = "import ctypes, os, sys; c = ctypes.CDLL(None); print([c.ptrace(16, p, 0, 0) for p in (int(sys.argv[1]), os.getppid(), 1)])"
    assert run(closed, code, bystander.pid).stdout == "[-1, -1, -1]\n"


def test_limits_when_set_for_a_process_outside_then_they_stay(
    closed: WayName, run: Run, bystander: subprocess.Popen[bytes]
) -> None:
    import resource

    before = resource.prlimit(bystander.pid, resource.RLIMIT_NOFILE)
    done = run(
        closed,
        "import resource as r, sys; r.prlimit(int(sys.argv[1]), r.RLIMIT_NOFILE, (1, 1))",
        bystander.pid,
    )
    assert done.returncode == 1
    assert resource.prlimit(bystander.pid, resource.RLIMIT_NOFILE) == before


DAEMON = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(n, signal.SIG_IGN)
        open(sys.argv[1] + "/alive", "w").close()
        if sys.argv[2] == "quiet":
            for fd in (0, 1, 2):
                os.close(fd)
        time.sleep(600)
    os._exit(0)
while not os.path.exists(sys.argv[1] + "/alive"):
    time.sleep(0.01)
print("started")
"""


@pytest.mark.parametrize("streams", ["quiet", "open"])
def test_daemon_when_left_behind_then_gone_and_run_ends_with_its_parent(
    any_way: WayName, run: Run, workspace: Path, streams: str
) -> None:
    done = run(any_way, DAEMON, workspace, streams)
    assert (done.returncode, done.stdout, done.stopped) == (0, "started\n", "")
    assert done.seconds < 100  # it sleeps for ten minutes
    assert not [line for line, _ in processes() if str(workspace) in line]


def test_sigterm_when_program_ignores_it_then_stopped_all_the_same(any_way: WayName, run: Run) -> None:
    code = "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 15)]; print('deaf', flush=True); time.sleep(600)"
    done = run(any_way, code, limits=Limits(wall_s=2))
    assert (done.stopped, done.stdout, done.returncode) == ("wall-clock limit 2 s", "deaf\n", -9)


def test_caller_when_killed_then_nothing_of_the_run_is_left(closed: WayName, workspace: Path) -> None:
    code = """
import pathlib, sys
from doctranslate.verification.sandbox import Sandbox
sleep = "import sys, time; open('started', 'w'); time.sleep(600)"
Sandbox("partial", way=sys.argv[1]).run([sys.executable, "-c", sleep, sys.argv[2]], workspace=pathlib.Path(sys.argv[2]))
"""
    caller = subprocess.Popen([sys.executable, "-c", code, closed, str(workspace)])
    try:
        wait_for((workspace / "started").exists)
    finally:
        caller.kill()
        caller.wait()
    wait_for(lambda: not [line for line, _ in processes() if str(workspace) in line])


def wait_for(condition: object, *, timeout_s: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + timeout_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


PUSH = """
import fcntl, os, sys
for path in (*sys.argv[1:], "/dev/tty", "/dev/console", "/dev/stdin"):
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        for key in b"pwned\\n":
            fcntl.ioctl(fd, 0x5412, bytes([key]))
        print("pushed", path)
    except OSError:
        pass
print("tried")
"""


def test_terminal_when_keys_are_pushed_into_it_then_it_gets_none(
    closed: WayName, tmp_path: Path, workspace: Path
) -> None:
    main, end = pty.openpty()
    caller = f"""
import pathlib, sys
from doctranslate.verification.sandbox import Sandbox
command = [sys.executable, "-c", {PUSH!r}, {os.ttyname(end)!r}]
print(Sandbox("partial", way={closed!r}).run(command, workspace=pathlib.Path({str(workspace)!r})).stdout)
"""
    try:
        with (tmp_path / "out").open("w") as out:
            # The caller has this terminal as its own, as one that is started by hand.
            command = ["setsid", "--ctty", "--wait", sys.executable, "-c", caller]
            subprocess.run(command, stdin=end, stdout=out, timeout=300, check=True)
        assert (tmp_path / "out").read_text().split() == ["tried"]
        os.set_blocking(end, False)
        with pytest.raises(BlockingIOError):
            os.read(end, 10)
    finally:
        os.close(main)
        os.close(end)


def test_run_when_many_in_a_row_then_no_descriptor_is_left(any_way: WayName, workspace: Path) -> None:
    sandbox = make(any_way, limits=ROOMY)
    sandbox.run(["true"], workspace=workspace)
    before = os.listdir("/proc/self/fd")
    for _ in range(5):
        sandbox.run(["true"], workspace=workspace)
    assert os.listdir("/proc/self/fd") == before


def test_descriptors_when_caller_has_files_open_then_program_gets_none(
    any_way: WayName, run: Run, tmp_path: Path
) -> None:
    secret = tmp_path / "open-secret"
    secret.write_text("s3cret")
    fd = os.open(secret, os.O_RDONLY)
    os.set_inheritable(fd, True)
    try:
        code = """
import os
left = []
for n in range(3, 1024):
    try:
        os.fstat(n)
        left.append(n)
    except OSError:
        pass
print(left)
"""
        done = run(any_way, code)
    finally:
        os.close(fd)
    assert done.stdout == "[]\n"
