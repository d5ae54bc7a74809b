"""Start the command with its limits, wait for it, report how it ended, leave nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TypedDict

from . import landlock, linux, seccomp

_LAST_KILL_S = 20.0


class Order(TypedDict):
    """What is to be run, and how it is to be shut in.

    Attributes:
        command: Program and arguments.
        cwd: Where it runs.
        env: Its whole environment.
        rlimits: Number of each limit, with its soft and hard value.
        landlock: Arguments of `landlock.restrict`, or None.
        seccomp: The filter in hexadecimal digits, or "".
        own_processes: This is process 1 of a namespace, which ends all others with it.
    """

    command: list[str]
    cwd: str
    env: dict[str, str]
    rlimits: list[tuple[int, int, int]]
    landlock: dict[str, Any] | None
    seccomp: str
    own_processes: bool


def supervise(order: Order, status: int) -> NoReturn:
    """Run the command; what becomes of it goes to the descriptor ``status``, one JSON object a line.

    ``{"started": 12}``, then ``{"left": 3}``, how many processes it left, and ``{"exit": 0}`` or ``{"signal": 11}``;
    or ``{"error": "…"}``.
    """
    if not order["own_processes"]:
        # Daemons that the command leaves become children of this process, which finds and ends them.
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
        signal.signal(signal.SIGTERM, _end)
    # No program in here may look into this process. What is forked from it is as closed until it becomes the command:
    # later, and a command that is quick could be before it.
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    child = os.fork()
    if child == 0:
        _become(order, status)
    _tell(status, {"started": child})
    for fd in (0, 1, 2):
        os.close(fd)
    while True:
        pid, ended = os.wait()
        if pid == child:
            break
    code = os.waitstatus_to_exitcode(ended)
    with contextlib.suppress(OSError):  # where there is no /proc
        _tell(status, {"left": sum(1 for _ in _descendants(os.getpid()))})
    _tell(status, {"exit": code} if code >= 0 else {"signal": -code})
    if not order["own_processes"]:
        kill_descendants()
    os._exit(0)


def kill_descendants() -> None:
    """End every process that this one has started, or that was started by one of those."""
    deadline = time.monotonic() + _LAST_KILL_S
    while time.monotonic() < deadline:
        found = list(_descendants(os.getpid()))
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        if not found:
            return
        time.sleep(0.002)


def _descendants(root: int) -> Iterator[int]:
    parents: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                if fields[0] != b"Z" or int(fields[1]) != root:
                    parents.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = [root]
    while waiting:
        for pid in parents.get(waiting.pop(), ()):
            yield pid
            waiting.append(pid)


def _end(*_: object) -> NoReturn:
    kill_descendants()
    os._exit(0)


def _become(order: Order, status: int) -> NoReturn:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()  # no terminal, and a group that the supervisor is not in
        if not order["own_processes"]:
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        for limit, soft, hard in order["rlimits"]:
            resource.setrlimit(limit, (soft, hard))
        os.chdir(order["cwd"])
        if order["seccomp"] or order["landlock"] is not None:
            linux.drop_capabilities()
        if order["landlock"] is not None:
            landlock.restrict(**order["landlock"])
        if order["landlock"] is not None or order["seccomp"]:
            linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        if order["seccomp"]:
            seccomp.install(bytes.fromhex(order["seccomp"]))
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and that is inherited
            signal.signal(number, signal.SIG_DFL)
        os.execvpe(order["command"][0], order["command"], order["env"])
    except BaseException as exc:
        _tell(status, {"error": f"{type(exc).__name__}: {exc}"})
    os._exit(127)


def _tell(status: int, message: dict[str, object]) -> None:
    os.write(status, json.dumps(message).encode() + b"\n")
