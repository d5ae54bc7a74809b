"""A filter of system calls that no Python, git or DVC program needs, written as BPF by hand.

It closes what namespaces and Landlock leave open: sockets of other kinds than IP, unix sockets that lie in a folder
which the program may see, pushing keys into a terminal, tracing, mounting, and new namespaces.

Source: Linux, ``Documentation/userspace-api/seccomp_filter.rst`` and the system-call tables of both machines.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from . import linux

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16
_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEW{USER,PID,NET,IPC,UTS,CGROUP,NS,TIME}
_TERMINAL_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16

# Name: (x86_64, aarch64); -1 where a machine has no such call.
_CALLS = {
    "socket": (41, 198),
    "ioctl": (16, 29),
    "clone": (56, 220),
    "prlimit64": (302, 261),
}
_REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
}
# Answered as by an older kernel, so that libraries take the older way: io_uring reaches sockets past this filter,
# clone3 hides its flags from it, and files in memory are in nobody's account.
_UNKNOWN = {
    "clone3": (435, 435),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
}
# Where the machine's own IPC and processes are in reach.
_REFUSED_ON_SHARED_MACHINE = {
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def supported(machine: str | None = None) -> bool:
    """Whether there is a filter for this kind of machine, or for the one named."""
    return (machine or os.uname().machine) in _ARCHES


def build(*, own_machine: bool, machine: str | None = None) -> bytes:
    """The filter as BPF instructions.

    Args:
        own_machine: The program has processes, network and IPC of its own, so IP sockets and IPC do no harm.
        machine: ``x86_64`` or ``aarch64``; this one by default.
    """
    machine = machine or os.uname().machine
    column = list(_ARCHES).index(machine)
    code = [
        _op(_LOAD, _ARCH),
        _op(_EQUAL, _ARCHES[machine], 1, 0),
        _refuse(errno.ENOSYS),
        _op(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        code += [_op(_AT_LEAST, _X32, 0, 1), _refuse(errno.ENOSYS)]
    refused = _REFUSED if own_machine else _REFUSED | _REFUSED_ON_SHARED_MACHINE
    for calls, answer in ((refused, errno.EPERM), (_UNKNOWN, errno.ENOSYS)):
        for numbers in calls.values():
            if numbers[column] >= 0:
                code += [_op(_EQUAL, numbers[column], 0, 1), _refuse(answer)]
    families = (_INET, _INET6, _NETLINK) if own_machine else ()
    number = {name: numbers[column] for name, numbers in _CALLS.items()}
    code += _when(number["socket"], _socket_rule(families))
    code += _when(number["clone"], [_load(0), _op(_ANY_BIT, _NEW_NAMESPACES, 0, 1), _refuse(errno.EPERM)])
    for request in _TERMINAL_INJECTION:
        code += _when(number["ioctl"], [_load(1), _op(_EQUAL, request, 0, 1), _refuse(errno.EPERM)])
    if not own_machine:
        code += _when(number["prlimit64"], _READ_LIMITS)
    return b"".join([*code, _op(_RETURN, _ALLOW)])


def install(filter_code: bytes) -> None:
    """Put a filter on this process and all that it starts, for ever; needs no-new-privileges."""
    program = _Program(len(filter_code) // 8, filter_code)
    linux.prctl(linux.PR_SET_SECCOMP, 2, ctypes.addressof(program))


def _socket_rule(families: tuple[int, ...]) -> list[bytes]:
    tests = [_op(_EQUAL, family, len(families) - i, 0) for i, family in enumerate(families)]
    return [_load(0), *tests, _refuse(errno.EACCES)]


def _when(number: int, rule: list[bytes]) -> list[bytes]:
    """The rule for one call; what it lets pass goes on with the next."""
    return [_op(_EQUAL, number, 0, len(rule) + 1), *rule, _op(_LOAD, _NUMBER)]


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _load(argument: int, *, high: int = 0) -> bytes:
    return _op(_LOAD, _ARGUMENT + 8 * argument + 4 * high)


def _refuse(code: int) -> bytes:
    return _op(_RETURN, _ERRNO | code)


# A process may set its own limits, and only read those of others: the third argument is the new limit, or null.
_READ_LIMITS = [
    _load(0),
    _op(_EQUAL, 0, 5, 0),
    _load(2),
    _op(_EQUAL, 0, 0, 2),
    _load(2, high=1),
    _op(_EQUAL, 0, 1, 0),
    _refuse(errno.EPERM),
]
