"""Programs that use up more than they may. Bombs are bounded: a sandbox with a hole must not harm the machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from doctranslate.verification.sandbox import Limits, SandboxRun, WayName, discard
from doctranslate.verification.sandbox.watch import disk_usage

from .conftest import ROOMY, Run


def test_wall_clock_when_program_sleeps_then_stopped(any_way: WayName, run: Run) -> None:
    done = run(any_way, "import time; print('going', flush=True); time.sleep(900)", limits=Limits(wall_s=1.5))
    assert (done.stopped, done.stdout) == ("wall-clock limit 1.5 s", "going\n")
    assert done.returncode == -9


def test_cpu_when_one_process_burns_it_then_stopped(any_way: WayName, run: Run) -> None:
    done = run(any_way, "while True: pass", limits=replace(ROOMY, cpu_s=1))
    assert done.stopped == "cpu limit 1 s"


def test_cpu_when_many_processes_burn_it_together_then_stopped(any_way: WayName, run: Run) -> None:
    code = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        end = time.process_time() + 60
        while time.process_time() < end:
            pass
        os._exit(0)
time.sleep(900)
"""
    done = run(any_way, code, limits=replace(ROOMY, cpu_s=3))
    assert done.stopped == "cpu limit 3 s"


def test_cpu_when_short_lived_orphans_burn_it_then_stopped(any_way: WayName, run: Run) -> None:
    # Each burns a little and has no parent that waits for it.
    code = """
import os, time
for _ in range(100):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            end = time.process_time() + 0.2
            while time.process_time() < end:
                pass
        os._exit(0)
    os.wait()
    time.sleep(0.1)
time.sleep(900)
"""
    done = run(any_way, code, limits=replace(ROOMY, cpu_s=3))
    assert done.stopped == "cpu limit 3 s"


def test_memory_when_one_process_asks_for_64_gb_then_stopped(any_way: WayName, run: Run) -> None:
    # Address space only: nothing is touched.
    done = run(any_way, "import mmap; mmap.mmap(-1, 64 << 30); print('got it')")
    assert (done.stopped, done.stdout, done.returncode) == ("memory limit 4 GiB", "", 1)
    done = run(any_way, "x = bytearray(64 << 30); print('got it')")
    assert (done.stopped, done.stdout, done.returncode) == ("memory limit 4 GiB", "", 1)


def test_memory_when_many_processes_take_it_together_then_stopped(any_way: WayName, run: Run) -> None:
    code = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = b"x" * (100 << 20)
        time.sleep(900)
time.sleep(900)
"""
    done = run(any_way, code, limits=replace(ROOMY, memory_bytes=512 << 20))
    assert done.stopped == "memory limit 512 MiB"


@pytest.mark.parametrize(
    "how",
    [
        "os.truncate('big', 10 << 30)",
        "os.posix_fallocate(1 and os.open('big', os.O_RDWR), 0, 10 << 30)",
        "os.pwrite(os.open('big', os.O_RDWR), b'x', 10 << 30)",
    ],
)
def test_file_size_when_sparse_file_of_10_gb_then_stopped(
    any_way: WayName, run: Run, workspace: Path, how: str
) -> None:
    done = run(any_way, f"import os; open('big', 'w').close(); {how}; print('made')")
    assert (done.stopped, done.stdout) == ("file-size limit 1 GiB", "")
    assert (workspace / "big").stat().st_size == 0


def test_file_size_when_real_bytes_are_written_then_stopped_at_the_limit(
    any_way: WayName, run: Run, workspace: Path
) -> None:
    code = """
with open("big", "wb") as file:
    for _ in range(100):
        file.write(bytes(1 << 20))
print("made")
"""
    done = run(any_way, code, limits=replace(ROOMY, file_bytes=16 << 20))
    assert (done.stopped, done.stdout) == ("file-size limit 16 MiB", "")
    assert (workspace / "big").stat().st_size <= 16 << 20


def test_file_size_when_program_without_python_then_stopped(
    any_way: WayName, run: Run, workspace: Path
) -> None:
    code = "import os; os.execvp('dd', ['dd', 'if=/dev/zero', 'of=big', 'bs=1M', 'count=64'])"
    done = run(any_way, code, limits=replace(ROOMY, file_bytes=16 << 20), env={"PATH": "/usr/bin:/bin"})
    assert done.stopped == "file-size limit 16 MiB"
    assert (workspace / "big").stat().st_size <= 16 << 20


def test_disk_when_many_files_fill_it_then_stopped(any_way: WayName, run: Run, workspace: Path) -> None:
    code = """
import time
for n in range(60):
    open(f"file{n}", "wb").write(bytes(1 << 20))
    time.sleep(0.02)
time.sleep(900)
"""
    done = run(any_way, code, limits=replace(ROOMY, disk_bytes=24 << 20))
    assert done.stopped == "disk limit 24 MiB"
    assert disk_usage(str(workspace))[0] <= 61 << 20


DEEP = """
import os, sys, time
for n in range(1500):
    os.mkdir("deeper")
    os.chdir("deeper")
for n in range(int(sys.argv[1])):
    with open(f"file{n}", "wb") as file:
        file.write(bytes(1 << 20))
        os.fsync(file.fileno())
    time.sleep(0.02)
print("made", flush=True)
time.sleep(float(sys.argv[2]))
"""


def test_disk_when_filled_deeper_than_any_path_then_stopped(
    any_way: WayName, run: Run, workspace: Path
) -> None:
    done = run(any_way, DEEP, 60, 900, limits=replace(ROOMY, disk_bytes=24 << 20))
    discard(workspace)
    assert done.stopped == "disk limit 24 MiB"
    assert not workspace.exists()


def test_discard_when_folders_are_deep_or_locked_then_all_is_removed_and_no_link_followed(
    run: Run, workspace: Path, tmp_path: Path
) -> None:
    assert run("none", DEEP, 0, 0).stdout == "made\n"
    (workspace / "locked").mkdir()
    (workspace / "locked/file").touch()
    (workspace / "locked").chmod(0)
    kept = tmp_path / "kept"
    kept.mkdir()
    (workspace / "link").symlink_to(kept)
    discard(workspace)
    assert not workspace.exists()
    assert kept.exists()


def test_discard_when_no_such_folder_then_nothing_happens(tmp_path: Path) -> None:
    discard(tmp_path / "nowhere")


def test_temporary_folder_when_filled_then_full(whole: WayName, run: Run) -> None:
    code = """
import shutil
print([shutil.disk_usage(p).total >> 20 for p in ("/tmp", "/dev/shm")])
"""
    assert run(whole, code).stdout == "[1024, 64]\n"


BOMB = """
import os, sys, time
made = 0
while made < 2000:
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
    except OSError as exc:
        print(exc, flush=True)
        time.sleep(0.2)
        break
time.sleep(60)
"""
TREE = """
import os, time
end = time.monotonic() + 60
for depth in range(11):  # each forks twice as many as before: 2,048 in all
    try:
        os.fork()
    except OSError:
        break
while time.monotonic() < end:
    time.sleep(1)
"""


@pytest.mark.parametrize("bomb", [BOMB, TREE], ids=["row", "tree"])
def test_processes_when_fork_bomb_then_stopped(any_way: WayName, run: Run, bomb: str) -> None:
    done = run(any_way, bomb, limits=replace(ROOMY, n_processes=100))
    assert done.stopped == "process limit 100"
    assert done.returncode == -9


def test_processes_when_threads_are_many_then_stopped(any_way: WayName, run: Run) -> None:
    code = """
import threading, time
for _ in range(300):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
time.sleep(60)
"""
    done = run(any_way, code, limits=replace(ROOMY, n_processes=100))
    assert done.stopped == "process limit 100"


def test_processes_when_daemons_breed_then_stopped(any_way: WayName, run: Run) -> None:
    # Each leaves its session and its parent at once.
    code = """
import os, sys, time
for _ in range(400):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
time.sleep(60)
"""
    done = run(any_way, code, limits=replace(ROOMY, n_processes=100))
    assert done.stopped == "process limit 100"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_output_when_program_prints_10_gb_then_stopped_and_not_kept(
    any_way: WayName, run: Run, stream: str
) -> None:
    code = f"import sys\nfor _ in range(10_000): sys.{stream}.write('x' * (1 << 20))"
    done = run(any_way, code, limits=replace(ROOMY, output_bytes=1 << 20))
    assert done.stopped == "output limit 1 MiB"
    assert len(done.stdout + done.stderr) <= 1 << 20


def test_output_when_exactly_the_limit_then_all_is_kept(any_way: WayName, run: Run) -> None:
    done = run(any_way, "print('x' * 1023)", limits=replace(ROOMY, output_bytes=1024))
    assert (done.stopped, len(done.stdout)) == ("", 1024)


def test_descriptors_when_program_opens_many_then_it_meets_its_own_limit(any_way: WayName, run: Run) -> None:
    code = "import os\nfor _ in range(2_000_000): os.open('/dev/null', 0)"
    done = run(any_way, code)
    assert "Too many open files" in done.stderr


def test_limits_when_program_raises_them_then_refused(closed: WayName, run: Run) -> None:
    code = """
import resource as r
for name in ("RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_CPU"):
    try:
        r.setrlimit(getattr(r, name), (r.RLIM_INFINITY, r.RLIM_INFINITY))
        print(name)
    except (OSError, ValueError):
        pass
"""
    done: SandboxRun = run(closed, code)
    assert (done.returncode, done.stdout) == (0, "")
