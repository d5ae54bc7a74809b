"""Attempts to read and write files outside of the workspace."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from doctranslate.verification.sandbox import WayName

from .conftest import Run, make

READ = "import sys; print(open(sys.argv[1]).read())"
WRITE = "import sys; open(sys.argv[1], 'w').write('overwritten')"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file like a private key, beside the workspace."""
    file = tmp_path / "home/.ssh/id_ed25519"
    file.parent.mkdir(parents=True)
    file.write_text("PRIVATE KEY")
    return file


def refused(run: Run, way: WayName, code: str, *args: object) -> None:
    """Whether the program was kept from it, and said so."""
    done = run(way, code, *args)
    assert done.returncode == 1
    assert "PRIVATE KEY" not in done.stdout + done.stderr
    assert any(
        name in done.stderr for name in ("PermissionError", "FileNotFoundError", "Read-only file system")
    )


def test_read_when_unprotected_then_program_gets_the_secret(run: Run, secret: Path) -> None:
    # What the others are measured against: nothing but the sandbox keeps this program from it.
    assert run("none", READ, secret).stdout == "PRIVATE KEY\n"


def test_read_when_file_outside_then_refused(closed: WayName, run: Run, secret: Path) -> None:
    refused(run, closed, READ, secret)


def test_read_when_link_in_the_workspace_leads_outside_then_refused(
    closed: WayName, run: Run, secret: Path, workspace: Path
) -> None:
    (workspace / "key").symlink_to(secret)
    (workspace / "home").symlink_to(secret.parents[1])
    refused(run, closed, READ, workspace / "key")
    refused(run, closed, READ, workspace / "home/.ssh/id_ed25519")


def test_read_when_path_climbs_out_of_the_workspace_then_refused(
    closed: WayName, run: Run, secret: Path, workspace: Path
) -> None:
    refused(run, closed, READ, f"{workspace}/../home/.ssh/id_ed25519")


def test_read_when_home_of_the_user_then_only_an_interpreter_installed_there_is_seen(
    closed: WayName, run: Run
) -> None:
    home = Path.home()
    own = {
        Path(p).relative_to(home).parts[0]
        for p in (sys.prefix, sys.base_prefix)
        if Path(p).is_relative_to(home)
    }
    done = run(closed, "import os, sys; print(*os.listdir(sys.argv[1]))", home)
    assert set(done.stdout.split()) <= own
    assert set(os.listdir(home)) > own


@pytest.mark.parametrize(
    "file",
    [
        "/etc/shadow",
        "/proc/kcore",
        "/proc/kmsg",
        "/dev/mem",
        "/dev/kmsg",
        "/dev/vda",
        "/dev/sda",
    ],
)
def test_read_when_file_of_the_machine_then_refused(closed: WayName, run: Run, file: str) -> None:
    done = run(closed, "import sys; print(len(open(sys.argv[1], 'rb').read(64)))", file)
    assert done.returncode == 1, done.stdout


def test_write_when_unprotected_then_it_happens(run: Run, secret: Path) -> None:
    run("none", WRITE, secret)
    assert secret.read_text() == "overwritten"


@pytest.mark.parametrize(
    "path",
    ["{secret}", "{workspace}/link", "{workspace}/../home/.ssh/id_ed25519", "{workspace}/folder/id_ed25519"],
)
def test_write_when_outside_by_any_path_then_file_is_as_before(
    closed: WayName, run: Run, secret: Path, workspace: Path, path: str
) -> None:
    (workspace / "link").symlink_to(secret)
    (workspace / "folder").symlink_to(secret.parent)
    done = run(closed, WRITE, path.format(secret=secret, workspace=workspace))
    assert done.returncode == 1
    assert secret.read_text() == "PRIVATE KEY"


def test_write_when_new_file_beside_the_workspace_then_none_appears(
    closed: WayName, run: Run, workspace: Path
) -> None:
    run(closed, WRITE, workspace.parent / "new.txt")
    run(closed, "import os, sys; os.makedirs(sys.argv[1])", workspace.parent / "folder")
    run(closed, "import os, sys; os.rename(sys.argv[1], sys.argv[1] + '.moved')", workspace)
    assert [path.name for path in workspace.parent.iterdir()] == ["workspace"]


def test_write_when_file_outside_is_removed_moved_or_linked_then_it_stays(
    closed: WayName, run: Run, secret: Path, workspace: Path
) -> None:
    code = """
import os, shutil, sys
secret, here = sys.argv[1:]
for attempt in (
    lambda: os.unlink(secret), lambda: os.rename(secret, here + "/taken"), lambda: os.link(secret, here + "/hard"),
    lambda: shutil.rmtree(os.path.dirname(secret)), lambda: os.truncate(secret, 0),
):
    try:
        attempt()
        print("done")
    except OSError as exc:
        print(type(exc).__name__)
"""
    done = run(closed, code, secret, workspace)
    assert "done" not in done.stdout, done.stdout
    assert secret.read_text() == "PRIVATE KEY"
    assert not list(workspace.iterdir())


def test_write_when_modes_of_a_file_outside_then_they_stay(whole: WayName, run: Run, secret: Path) -> None:
    mode = secret.stat().st_mode
    done = run(whole, "import os, sys; os.chmod(sys.argv[1], 0o777)", secret)
    assert done.returncode == 1
    assert secret.stat().st_mode == mode


def test_write_when_own_code_and_tools_then_refused(closed: WayName, run: Run) -> None:
    for path in (sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), "/usr/bin"):
        assert run(closed, WRITE, Path(path, "from-the-sandbox")).returncode == 1
        assert not Path(path, "from-the-sandbox").exists()


def test_write_when_workspace_is_a_link_that_the_program_turns_then_target_is_not_written(
    closed: WayName, tmp_path: Path
) -> None:
    real, victim, outer = tmp_path / "real", tmp_path / "victim", tmp_path / "outer"
    for folder in (real, victim, outer):
        folder.mkdir()
    link = outer / "workspace"
    link.symlink_to(real)
    code = """
import os, sys
link, victim = sys.argv[1:]
try:
    os.unlink(link); os.symlink(victim, link)
except OSError as exc:
    print(type(exc).__name__)
open(os.path.join(link, "written"), "w").close()
"""
    for _ in range(2):
        make(closed).run([sys.executable, "-c", code, str(link), str(victim)], workspace=link)
    assert not list(victim.iterdir())
    assert os.readlink(link) == str(real)


def test_write_when_tmp_then_nothing_of_it_is_outside(whole: WayName, run: Run) -> None:
    done = run(
        whole,
        "import os, tempfile; p = tempfile.mkdtemp(dir='/tmp'); open(p + '/x', 'w'); print(p, os.listdir('/tmp'))",
    )
    assert done.returncode == 0, done.stderr
    assert not Path(done.stdout.split()[0]).exists()


def test_write_when_shared_memory_then_nothing_of_it_is_outside(closed: WayName, run: Run) -> None:
    before = set(os.listdir("/dev/shm"))
    run(
        closed,
        "from multiprocessing import shared_memory as s, resource_tracker as r; r.register = print; s.SharedMemory('doctranslate-left', create=True, size=64)",
    )
    assert set(os.listdir("/dev/shm")) == before


def test_sysv_ipc_when_program_leaves_a_queue_then_machine_has_none(closed: WayName, run: Run) -> None:
    before = [Path("/proc/sysvipc", n).read_text() for n in ("msg", "sem", "shm")]
    code = "import ctypes; c = ctypes.CDLL(None); print(c.msgget(77001, 0o1600), c.semget(77001, 1, 0o1600), c.shmget(77001, 64, 0o1600))"
    done = run(closed, code)
    assert done.returncode == 0
    assert [Path("/proc/sysvipc", n).read_text() for n in ("msg", "sem", "shm")] == before
    if closed == "landlock":
        assert done.stdout == "-1 -1 -1\n"


def test_mount_when_tried_by_any_call_then_refused(closed: WayName, run: Run, workspace: Path) -> None:
    code = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
print(libc.mount(b"tmpfs", sys.argv[1].encode(), b"tmpfs", 0, None))
print(libc.umount2(b"/proc", 2), libc.unshare(0x10000000), libc.chroot(sys.argv[1].encode()))
print(os.system("unshare -Ur true 2>/dev/null") != 0)
"""
    assert run(closed, code, workspace).stdout.split() == ["-1", "-1", "-1", "-1", "True"]


def test_devices_when_program_makes_one_then_refused(closed: WayName, run: Run, workspace: Path) -> None:
    done = run(closed, "import os, stat; os.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0))")
    assert done.returncode == 1
    assert not (workspace / "disk").exists()


@pytest.mark.parametrize(
    "file",
    ["/proc/sys/vm/swappiness", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/power/state"],
)
def test_write_when_setting_of_the_kernel_then_refused(closed: WayName, run: Run, file: str) -> None:
    # Opened and not written: a sandbox with a hole must not harm the machine.
    done = run(closed, "import os, sys; os.open(sys.argv[1], os.O_WRONLY)", file)
    assert done.returncode == 1


def test_write_when_anything_in_proc_then_only_of_the_program_itself(whole: WayName, run: Run) -> None:
    code = """
import os
for folder, folders, files in os.walk("/proc"):
    if folder == "/proc":
        folders[:] = [name for name in folders if not name.isdigit() and name not in ("self", "thread-self")]
    for name in files:
        try:
            os.close(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_NONBLOCK))
            print(os.path.join(folder, name))
        except OSError:
            pass
"""
    done = run(whole, code)
    assert (done.returncode, done.stdout) == (0, "")
