"""A process that sees to it that no other is left behind.

::

    python -m doctranslate.sources.web.warden [--remove FOLDER] COMMAND [ARGUMENT...]

It starts a command, and ends it with everything that came of it when the process that asked for it goes away,
however that goes: SIGKILL leaves nobody else to do it. The sign is the end of standard input, which the asking
process holds open; SIGTERM and another parent count as well. Then every descendant is killed, orphans included
(on Linux they are handed to the warden, `PR_SET_CHILD_SUBREAPER` of prctl(2)), and the folder is deleted.

Where there is no ``/proc`` (macOS, Windows) only the command and its process group can be killed: what has left the
group by then may survive.

The standard library is all it needs, so that it is there at once.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

PR_SET_CHILD_SUBREAPER = 36
LOOK_EVERY_S = 0.2
KILL_FOR_S = 10.0
EXIT_USAGE = 2
EXIT_NOT_STARTED = 127


def descendants(pid: int) -> list[int]:
    """All processes that come from one, by ``/proc``; zombies are none.

    Args:
        pid: The process whose children, and children's children, are asked for.

    Returns:
        Their ids, parents first; empty where there is no ``/proc``.
    """
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of the program, in brackets, may hold blanks and brackets itself.
            state, parent = entry.read_text(errors="replace").rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue  # it ended meanwhile
        if state not in "ZX":
            children.setdefault(int(parent), []).append(int(entry.parent.name))
    found = list(children.get(pid, ()))
    for one in found:  # grows while it is walked
        found += children.get(one, ())
    return found


class Warden:
    """Runs one command, and ends it with all that came of it.

    Args:
        command: The program and its arguments.
        folders: Deleted at the end.
    """

    def __init__(self, command: list[str], *, folders: list[str]) -> None:
        self._command = command
        self._folders = folders
        self._over = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Start the command, and wait for its end or for the asking process's.

        Returns:
            What the command exited with; negative for a signal, 127 when it could not be started.
        """
        parent = os.getppid()
        _adopt_orphans()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the asking process's to answer
        threading.Thread(target=self._wait_for_end_of_input, daemon=True).start()
        try:
            # SIGPIPE stays ignored, as Python has it: chromedriver speaks to its browsers through pipes, and would
            # die with all of them when one has crashed.
            self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, restore_signals=False)
        except OSError as exc:
            sys.stderr.write(f"{self._command[0]} cannot be started: {exc}\n")
            self._remove_folders()
            return EXIT_NOT_STARTED
        code = None
        while code is None and not self._over.wait(LOOK_EVERY_S) and os.getppid() == parent:
            code = self._reap()
        self._kill_all()
        self._remove_folders()
        return -signal.SIGKILL if code is None else code

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._over.set()

    def _wait_for_end_of_input(self) -> None:
        with contextlib.suppress(OSError):  # without a standard input, that is its end
            while os.read(0, 4096):
                pass
        self._over.set()

    def _reap(self) -> int | None:
        """Let go of ended children, adopted ones included; the exit code of the command when it is among them."""
        code = None
        if sys.platform == "win32":
            return self._child.poll() if self._child else None
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return code
            if pid == 0:
                return code
            if self._child is not None and pid == self._child.pid:
                code = os.waitstatus_to_exitcode(status)

    def _kill_all(self) -> None:
        """Kill until nothing is left: what is being killed may still start another process."""
        until = time.monotonic() + KILL_FOR_S
        while time.monotonic() < until:
            left = descendants(os.getpid())
            for pid in left:
                _kill(pid)
            self._reap()
            if not left:
                break
            time.sleep(0.01)
        if not Path("/proc/self").exists():
            self._kill_group()

    def _kill_group(self) -> None:
        if self._child is not None:
            self._child.kill()
        if sys.platform != "win32" and os.getpgrp() == os.getpid():
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the warden is of the group too
            os.killpg(os.getpgrp(), signal.SIGTERM)

    def _remove_folders(self) -> None:
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)


def _adopt_orphans() -> None:
    if sys.platform == "linux":
        # A C library without prctl: orphans are handed to another process then, and cannot be found.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _kill(pid: int) -> None:
    # Gone; or another user's, such as the sandbox's helper, which goes with its child.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def main(arguments: list[str]) -> int:
    """Run the warden; returns its exit code."""
    folders = []
    while arguments[:1] == ["--remove"] and len(arguments) > 1:
        folders.append(arguments[1])
        arguments = arguments[2:]
    if not arguments:
        sys.stderr.write(
            "usage: python -m doctranslate.sources.web.warden [--remove FOLDER] COMMAND [ARGUMENT...]\n"
        )
        return EXIT_USAGE
    return Warden(arguments, folders=folders).run()


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # Not sys.exit: the thread that reads standard input would be waited for at the interpreter's end.
    os._exit(code & 0xFF)
