"""Namespaces of our own, and in them a file system that holds only what the program may see."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypedDict

from . import linux

_USER, _PID, _NET, _MOUNT, _IPC, _UTS, _CGROUP = (
    0x10000000, 0x20000000, 0x40000000, 0x00020000, 0x08000000, 0x04000000, 0x02000000,
)  # fmt: skip
_NOSUID, _NODEV, _NOEXEC, _BIND, _REC, _PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_RDONLY, _REMOUNT, _DETACH = 1, 32, 2
_MOUNT_SETATTR, _AT_RECURSIVE, _AT_FDCWD = 442, 0x8000, -100
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_PUT_ABOVE = (
    "/tmp"  # any folder: a file system of this process alone is laid over it while the new root is built
)
_DEVICES = ("null", "zero", "full", "random", "urandom")


class View(TypedDict):
    """What the program sees.

    Attributes:
        read: Files and folders, as (path outside, path inside).
        write: Folders that it may change, as (path outside, path inside).
        links: Symbolic links, as (path, target).
        fixed: Paths below ``/proc`` that nobody may write.
        tmp_bytes: How much ``/tmp`` holds.
    """

    read: Sequence[tuple[str, str]]
    write: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]]
    fixed: Sequence[str]
    tmp_bytes: int


def enter(view: View) -> None:
    """Continue as process 1 of new namespaces; the process that called waits for it and ends as it ends."""
    uid, gid = os.geteuid(), os.getegid()
    linux.unshare(_USER | _PID | _NET | _MOUNT | _IPC | _UTS | _CGROUP)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    child = os.fork()
    if child:
        _end_like(child)
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    _loopback_up()
    socket.sethostname("sandbox")
    _new_root(view)
    linux.drop_capabilities()


def _end_like(child: int) -> NoReturn:
    for fd in (0, 1, 2):
        os.close(fd)
    _, status = os.waitpid(child, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _loopback_up() -> None:
    """Programs may talk to themselves."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running


def _new_root(view: View) -> None:
    linux.mount(None, "/", None, _REC | _PRIVATE)
    linux.mount("tmpfs", _PUT_ABOVE, "tmpfs", _NOSUID | _NODEV, "mode=0755,size=16m")
    os.chdir(_PUT_ABOVE)
    for name in ("old", "new"):
        Path(name).mkdir(mode=0o755)
    _pivot_root(".", "old")
    os.chdir("/")
    linux.mount("/new", "/new", None, _BIND)
    for path, target in view["links"]:
        link = Path("/new" + path)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    # Shorter paths first, so that nothing hides what was mounted below it.
    binds = [(*pair, False) for pair in view["read"]] + [(*pair, True) for pair in view["write"]]
    temporary = [("/tmp", view["tmp_bytes"], 0o1777), ("/dev", 1 << 20, 0o755)]
    for path, size, mode in temporary:
        Path("/new" + path).mkdir(parents=True, exist_ok=True)
        linux.mount("tmpfs", "/new" + path, "tmpfs", _NOSUID | _NODEV, f"mode={mode:o},size={size}")
    _fill_dev(min(view["tmp_bytes"], 64 << 20))
    for outside, inside, writable in sorted(binds, key=lambda bind: bind[1].count("/")):
        _bind("/old" + outside, "/new" + inside, writable=writable)
    _mount_proc(view["fixed"])
    linux.mount(None, "/new/dev", None, _REMOUNT | _BIND | _RDONLY | _NOSUID)
    linux.mount(None, "/new", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)
    os.chdir("/new")
    _pivot_root(".", ".")
    linux.unmount(".", _DETACH)
    os.chdir("/")


def _fill_dev(shm_bytes: int) -> None:
    for name in _DEVICES:
        Path("/new/dev", name).touch()
        linux.mount(f"/old/dev/{name}", f"/new/dev/{name}", None, _BIND)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        Path("/new/dev", name).symlink_to(target)
    Path("/new/dev/shm").mkdir()
    linux.mount("tmpfs", "/new/dev/shm", "tmpfs", _NOSUID | _NODEV, f"mode=1777,size={shm_bytes}")


def _bind(source: str, target: str, *, writable: bool) -> None:
    if not os.path.lexists(source):
        return
    place = Path(target)
    if Path(source).is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    linux.mount(source, target, None, _BIND | _REC)
    flags = _ATTR_NOSUID | _ATTR_NODEV | (0 if writable else _ATTR_RDONLY)
    attributes = ctypes.create_string_buffer(struct.pack("=QQQQ", flags, 0, 0, 0), 32)
    what = f"mount_setattr {target}"
    linux.syscall(
        _MOUNT_SETATTR, _AT_FDCWD, os.fsencode(target), _AT_RECURSIVE, ctypes.byref(attributes), 32, what=what
    )


def _mount_proc(fixed: Sequence[str]) -> None:
    """A container may forbid a new ``/proc``; then there is none."""
    Path("/new/proc").mkdir(exist_ok=True)
    try:
        linux.mount("proc", "/new/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    except OSError:
        return
    for path in ("/new" + name for name in fixed):
        if Path(path).exists():
            linux.mount(path, path, None, _BIND)
            linux.mount(None, path, None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV | _NOEXEC)


def _pivot_root(new: str, old: str) -> None:
    number = {"x86_64": 155}.get(os.uname().machine, 41)
    linux.syscall(number, os.fsencode(new), os.fsencode(old), what="pivot_root")
