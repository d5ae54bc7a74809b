"""System calls that the standard library does not offer, by ctypes."""

from __future__ import annotations

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

_libc = ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> int:
    """The result of a call, which must not be -1.

    Raises:
        OSError: It is; the message says what failed.
    """
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def prctl(option: int, argument: int = 0, third: int = 0) -> int:
    """``prctl(2)`` with plain numbers."""
    numbers = [ctypes.c_ulong(n) for n in (argument, third, 0, 0)]
    return check(_libc.prctl(option, *numbers), f"prctl {option}")


def syscall(number: int, *arguments: object, what: str) -> int:
    """``syscall(2)``; arguments are numbers, bytes, None, or ctypes values."""
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return check(int(_libc.syscall(ctypes.c_long(number), *converted)), what)


def unshare(flags: int) -> None:
    """``unshare(2)``, which Python offers from 3.12 on."""
    check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """``mount(2)``."""
    texts = [os.fsencode(t) if t is not None else None for t in (source, target, kind, data)]
    result = _libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])
    check(result, f"mount {kind or source} on {target}")


def unmount(target: str, flags: int) -> None:
    """``umount2(2)``."""
    check(_libc.umount2(os.fsencode(target), ctypes.c_int(flags)), f"umount {target}")


def drop_capabilities() -> None:
    """Give up every capability, also for programs started later."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # past the last one that the kernel knows, or none of ours to drop
            break
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    check(_libc.capset(header, none), "capset")
