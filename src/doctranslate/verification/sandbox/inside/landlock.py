"""Landlock: a process gives up the right to files that are not on a list, for ever and without privileges.

Source: Linux, ``Documentation/userspace-api/landlock.rst`` (what each version of the ABI added).
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Sequence

from . import linux

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every machine
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _MAKE_FIFO, _MAKE_SYM = (
    1 << n for n in (4, 5, 7, 8, 10, 12)
)
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_CHANGE = _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_FIFO | _MAKE_SYM | _REFER | _TRUNCATE
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_TCP_ABI, _SCOPE_ABI = 4, 6


def abi() -> int:
    """The version that this kernel offers; 0 when it has none, or has it switched off."""
    try:
        return linux.syscall(_CREATE, None, 0, 1, what="landlock_create_ruleset")
    except OSError:
        return 0


def restrict(
    *, read: Sequence[str], write: Sequence[str], devices: Sequence[str], names: Sequence[str], tcp: bool
) -> None:
    """Give up all files but these, and signals and abstract sockets to processes outside.

    Args:
        read: Files and folders that may be read and executed. Those that do not exist are left out.
        write: Folders that may be changed as well.
        devices: Device files that may be read and written.
        names: Folders whose names may be listed.
        tcp: Whether TCP stays; it does no harm on a network of one's own.

    Raises:
        OSError: The kernel has no Landlock.
    """
    version = linux.syscall(_CREATE, None, 0, 1, what="landlock_create_ruleset")
    handled = _ALL_BY_ABI[min(version, 5)]
    net = 0b11 if version >= _TCP_ABI and not tcp else 0
    scoped = 0b11 if version >= _SCOPE_ABI else 0
    size = 24 if version >= _SCOPE_ABI else 16 if version >= _TCP_ABI else 8
    attributes = struct.pack("=QQQ", handled, net, scoped)[:size]
    ruleset = linux.syscall(_CREATE, attributes, size, 0, what="landlock_create_ruleset")
    try:
        for paths, rights in (
            (read, _READ),
            (write, _READ | _WRITE_FILE | _CHANGE),
            (devices, _READ_FILE | _WRITE_FILE),
            (names, _READ_DIR),
        ):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        linux.syscall(_RESTRICT, ruleset, 0, what="landlock_restrict_self")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no right
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_FILES
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened), 12)
        linux.syscall(_ADD, ruleset, 1, ctypes.byref(rule), 0, what=f"landlock_add_rule {path}")
    finally:
        os.close(opened)
