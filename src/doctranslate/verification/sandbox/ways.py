"""The mechanisms: what each can do here, and the process that puts a command into it."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from doctranslate.verification.sandbox.base import Isolation, Limits, WayName
from doctranslate.verification.sandbox.inside import landlock, seccomp
from doctranslate.verification.sandbox.view import DEVICES, HARMLESS_PROC, MACHINE_PROC, View

_ROOM = 16
"""Processes beyond the limit that the kernel lets pass, so that the watch sees more than the limit and says so."""
_ROOM_FOR_OTHERS = 1024
"""How many more the user's other programs may start meanwhile, where they count as well."""
_N_FILES = 4096
_TMP_BYTES, _SHM_BYTES = 1 << 30, 64 << 20
_BOOT = "import sys; sys.path.append({folder!r}); from inside.main import main; main()"


@dataclass(frozen=True)
class Way:
    """One mechanism.

    Attributes:
        name: Its name.
        isolation: What it reaches here.
        n_supervisors: Own processes above the command, which are not the program's.
    """

    name: WayName
    isolation: Callable[[], Isolation]
    n_supervisors: int


def command_line(way: WayName, view: View) -> list[str]:
    """The command that starts the supervisor; two numbers of descriptors are to be appended."""
    boot = [sys.executable, "-I", "-S", "-c", _BOOT.format(folder=str(Path(__file__).parent))]
    if way != "bubblewrap":
        return boot
    return [*_bubblewrap(view), "--", *boot]


def order(
    way: WayName, *, command: list[str], cwd: str, env: dict[str, str], view: View, limits: Limits
) -> dict[str, Any]:
    """What the supervisor is told; see `inside.supervise.Order`."""
    own_machine = way in ("bubblewrap", "namespaces")
    tight = way != "none"
    use_landlock = tight and landlock.abi() > 0
    made_here = {
        "read": view.read,
        "write": view.write,
        "links": view.links,
        "fixed": MACHINE_PROC,
        "tmp_bytes": _TMP_BYTES,
    }
    return {
        "command": command,
        "cwd": cwd,
        "env": env,
        "rlimits": _rlimits(limits, own_users=own_machine),
        "landlock": _landlock_lists(view, own_machine=own_machine) if use_landlock else None,
        "seccomp": seccomp.build(own_machine=own_machine).hex() if tight and seccomp.supported() else "",
        "own_processes": own_machine,
        "view": made_here if way == "namespaces" else None,
        "parent": os.getpid(),
    }


def _rlimits(limits: Limits, *, own_users: bool) -> list[tuple[int, int, int]]:
    cpu = max(1, int(limits.cpu_s))
    # Counted per user, and per user namespace since Linux 5.14: elsewhere the user's other processes count too.
    others = 0 if own_users and _kernel() >= (5, 14) else _tasks_of_user()
    wanted = {
        resource.RLIMIT_CPU: (cpu, cpu + 2),
        resource.RLIMIT_AS: (limits.memory_bytes,) * 2,
        resource.RLIMIT_FSIZE: (limits.file_bytes,) * 2,
        resource.RLIMIT_NPROC: (limits.n_processes + (others + _ROOM_FOR_OTHERS if others else _ROOM),) * 2,
        resource.RLIMIT_NOFILE: (_N_FILES,) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    return [(which, *_at_most(which, soft, hard)) for which, (soft, hard) in wanted.items()]


def _at_most(which: int, soft: int, hard: int) -> tuple[int, int]:
    """A limit that this process itself has cannot be raised."""
    own = resource.getrlimit(which)[1]
    return (soft, hard) if own == resource.RLIM_INFINITY else (min(soft, own), min(hard, own))


def _landlock_lists(view: View, *, own_machine: bool) -> dict[str, Any]:
    read = [inside for _, inside in view.read]
    write = [inside for _, inside in view.write]
    if own_machine:
        return {
            "read": [*read, "/proc"],
            "write": [*write, "/tmp", "/dev/shm"],
            "devices": list(DEVICES),
            "names": ["/"],
            "tcp": True,
        }
    return {
        # libgit2 gives up when this one is there and cannot be read.
        "read": [*read, *HARMLESS_PROC, "/etc/gitconfig"],
        "write": write,
        "devices": list(DEVICES),
        "names": ["/proc"],
        "tcp": False,
    }


def _bubblewrap(view: View) -> list[str]:
    program = shutil.which("bwrap") or "bwrap"
    size = ["--size", str(_TMP_BYTES)], ["--size", str(_SHM_BYTES)]
    if "--size" not in _bubblewrap_help(program):
        size = [], []
    words = [
        program,
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--as-pid-1",
        "--cap-drop",
        "ALL",
    ]
    words += ["--hostname", "sandbox", "--proc", "/proc", "--dev", "/dev"]
    words += [*size[1], "--tmpfs", "/dev/shm", "--remount-ro", "/dev", *size[0], "--tmpfs", "/tmp"]
    # Run by root, bubblewrap leaves these to be written by root, which the program still is, if without capabilities.
    for path in MACHINE_PROC:
        words += ["--ro-bind-try", path, path]
    for path, target in view.links:
        words += ["--symlink", target, path]
    for outside, inside in view.read:
        words += ["--ro-bind-try", outside, inside]
    for outside, inside in view.write:
        words += ["--bind", outside, inside]
    return [*words, "--remount-ro", "/"]


@cache
def _bubblewrap_help(program: str) -> str:
    return _output([program, "--help"])


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr


@cache
def _kernel() -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", os.uname().release)[:2])


def _tasks_of_user() -> int:
    """Processes and threads that the user has now."""
    uid, tasks = os.getuid(), 0
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and entry.stat().st_uid == uid:
                tasks += sum(1 for _ in os.scandir(f"{entry.path}/task"))
        except OSError:  # it has ended
            continue
    return tasks


def _also() -> str:
    known = landlock.abi()
    return (f" + Landlock {known}" if known else "") + (" + seccomp" if seccomp.supported() else "")


def _unix_in_workspace() -> tuple[str, ...]:
    return () if seccomp.supported() else ("unix sockets of others inside the workspace",)


def _bubblewrap_isolation() -> Isolation:
    version = _output([shutil.which("bwrap") or "bwrap", "--version"]).split()[-1:] or ["?"]
    return Isolation("full", f"bubblewrap {version[0]}{_also()}", _unix_in_workspace())


def _namespaces_isolation() -> Isolation:
    return Isolation("full", f"namespaces{_also()}", _unix_in_workspace())


def _landlock_isolation() -> Isolation:
    known = landlock.abi()
    missing = [
        "names, sizes and dates of files outside can be read, and modes and dates of the user's own be changed",
        "numbers of the machine's processes can be seen",
    ]
    if known < 6:
        missing.append("signals to the user's other processes")
    if not seccomp.supported():
        missing.append("UDP, unix sockets, SysV IPC" + (", TCP" if known < 4 else ""))
    if known < 3:
        missing.append("cutting off files outside that the user may write")
    return Isolation("partial", _also().removeprefix(" + "), tuple(missing))


def _no_isolation() -> Isolation:
    missing = "files, network, processes and IPC of the user are all in reach"
    return Isolation("none", "limits and an own process group", (missing,))


WAYS = {
    "bubblewrap": Way("bubblewrap", _bubblewrap_isolation, 2),
    "namespaces": Way("namespaces", _namespaces_isolation, 2),
    "landlock": Way("landlock", _landlock_isolation, 1),
    "none": Way("none", _no_isolation, 1),
}
"""Best first."""
