"""One run: start the supervisor, take its output, watch it, end it, and say how it went."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import selectors
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from doctranslate.errors import VerificationError
from doctranslate.verification.sandbox import watch
from doctranslate.verification.sandbox.base import Isolation, Limits, SandboxRun, size_text
from doctranslate.verification.sandbox.ways import Way

_POLL_S, _POLL_SHARE, _POLL_MOST_S, _DISK_POLL_S = 0.05, 20, 0.25, 0.25
_GONE_S = 30.0
_CHUNK = 1 << 16


@dataclass
class Capture:
    """What has come from the two streams so far; never more than the limit, however much is printed."""

    limit_bytes: int
    streams: dict[str, bytearray] = field(
        default_factory=lambda: {"stdout": bytearray(), "stderr": bytearray()}
    )
    full: bool = False

    def add(self, name: str, data: bytes) -> None:
        """Keep what there is room for."""
        room = self.limit_bytes - sum(map(len, self.streams.values()))
        self.streams[name] += data[:room]
        self.full = self.full or len(data) > room

    def text(self, name: str) -> str:
        """One stream, decoded."""
        return self.streams[name].decode("utf-8", errors="replace")


def run_order(
    command_line: list[str],
    order: dict[str, Any],
    *,
    way: Way,
    isolation: Isolation,
    limits: Limits,
    workspace: str,
    stdin: bytes,
) -> SandboxRun:
    """Run what an order says under its limits.

    Raises:
        VerificationError: The command could not be started.
    """
    start = time.monotonic()
    disk = watch.DiskWatch(workspace, limits.disk_bytes)
    process, status = _start(command_line, order, stdin)
    follower = Follower(process, way=way, limits=limits, disk=disk, start=start)
    try:
        stopped = follower.follow()
    finally:
        _end(process, way)
        ended = _read_status(status)
    seconds, capture = time.monotonic() - start, follower.capture
    if "error" in ended or not (ended or stopped):  # it says something as soon as it has started the command
        reason = ended.get("error") or capture.text("stderr").strip() or f"exit status {process.returncode}"
        raise VerificationError(f"{order['command'][0]!r} could not be started in the sandbox: {reason}")
    if not stopped and not ended.keys() & {"exit", "signal"}:
        stopped = "killed with its supervisor"
    code = int(ended["exit"]) if "exit" in ended else -int(ended.get("signal", signal.SIGKILL))
    stderr = capture.text("stderr")
    if not stopped and int(ended.get("left", 0)) >= limits.n_processes:
        stopped = watch.process_limit(limits)
    stopped = stopped or _stopped_by(code, stderr, limits)
    return SandboxRun(code, capture.text("stdout"), stderr, seconds, stopped, isolation)


def _start(
    command_line: list[str], order: dict[str, Any], stdin: bytes
) -> tuple[subprocess.Popen[bytes], int]:
    fds: list[int] = []
    try:
        fds += [
            _holding(json.dumps(order).encode()),
            _holding(stdin) if stdin else os.open("/dev/null", os.O_RDONLY),
        ]
        fds += reversed(os.pipe())
        told, source, status_in, status = fds
        process = subprocess.Popen(
            [*command_line, str(told), str(status_in)],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(told, status_in),
            env={},
            cwd="/",
            start_new_session=True,
        )
        fds.remove(status)
        return process, status
    finally:
        for fd in fds:
            os.close(fd)


def _holding(data: bytes) -> int:
    """A descriptor from which the data can be read, however much it is."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return os.dup(file.fileno())


class Follower:
    """Takes the output of a run until all is said and done, or a limit is passed."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        *,
        way: Way,
        limits: Limits,
        disk: watch.DiskWatch,
        start: float,
    ) -> None:
        self.capture = Capture(limits.output_bytes)
        self._process = process
        self._way = way
        self._limits = limits
        self._disk = disk
        self._start = start
        self._next_poll = start + _POLL_S
        self._next_disk = start + _DISK_POLL_S

    def follow(self) -> str:
        """Follow to the end.

        Returns:
            The name of the limit that was passed, or "".
        """
        with selectors.DefaultSelector() as selector:
            for name in ("stdout", "stderr"):
                selector.register(getattr(self._process, name), selectors.EVENT_READ, name)
            while not (reason := self._passed()):
                pause = max(0.0, self._next_poll - time.monotonic())
                if selector.get_map():
                    self._take(selector, pause)
                    continue
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(timeout=pause)
                    return self._passed()
            return reason

    def _take(self, selector: selectors.BaseSelector, pause: float) -> None:
        for key, _ in selector.select(timeout=pause):
            data = os.read(key.fd, _CHUNK)
            self.capture.add(key.data, data)
            if not data:
                selector.unregister(key.fileobj)

    def _passed(self) -> str:
        limits, now = self._limits, time.monotonic()
        if self.capture.full:
            return f"output limit {size_text(limits.output_bytes)}"
        if now - self._start > limits.wall_s:
            return f"wall-clock limit {limits.wall_s:g} s"
        reason = ""
        if now >= self._next_poll:
            processes, n = watch.quick_tree(self._process.pid), self._way.n_supervisors
            reason = watch.exceeded(processes[:n], processes[n:], limits)
            # On a machine that is slow to answer, less is asked of it.
            took = time.monotonic() - now
            self._next_poll = now + took + min(max(_POLL_S, _POLL_SHARE * took), _POLL_MOST_S)
        if now >= self._next_disk and not reason:
            reason = self._disk.exceeded()
            self._next_disk = time.monotonic() + _DISK_POLL_S
        return reason


def _end(process: subprocess.Popen[bytes], way: Way) -> None:
    """Leave none of its processes behind; a supervisor that has ended by itself has left none."""
    left: list[watch.Process] = []
    if process.poll() is None:
        left = watch.tree(process.pid)
        if way.n_supervisors > 1:
            # The last supervisor is process 1 of the namespace, and the kernel ends all others with it.
            _kill(left[: way.n_supervisors][-1].pid if left else process.pid, signal.SIGKILL)
        else:
            _kill(process.pid, signal.SIGTERM)  # it ends its descendants, wherever they have gone
    try:
        process.wait(timeout=_GONE_S)
    except subprocess.TimeoutExpired:
        for one in watch.tree(process.pid)[::-1]:
            _kill(one.pid, signal.SIGKILL)
        process.wait(timeout=_GONE_S)
    deadline = time.monotonic() + _GONE_S
    while any(_lives(one) for one in left) and time.monotonic() < deadline:
        time.sleep(0.002)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _kill(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _lives(process: watch.Process) -> bool:
    now = watch.read_process(process.pid)
    return now is not None and now.started == process.started and now.state not in "ZX"


def _read_status(fd: int) -> dict[str, Any]:
    """All that the supervisor said."""
    found: dict[str, Any] = {}
    os.set_blocking(fd, False)
    with os.fdopen(fd, "rb") as file:
        for line in (file.read() or b"").splitlines():
            with contextlib.suppress(ValueError, TypeError):
                found |= json.loads(line)
    return found


def _stopped_by(code: int, stderr: str, limits: Limits) -> str:
    """Why a command that ended by itself did so, when a limit or a signal made it.

    A limit of the kernel on memory, processes or the size of a file shows as a failed call. Programs then say so in
    their last words, which is all the evidence there is.
    """
    if code == -signal.SIGXCPU:
        return watch.cpu_limit(limits)
    if code == -signal.SIGXFSZ:
        return watch.file_limit(limits)
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"killed by signal {signal.Signals(-code).name}"
        return f"killed by signal {-code}"
    last = stderr.rstrip().splitlines()[-_LAST_WORDS:] if code else []
    if any(os.strerror(errno.EFBIG) in line for line in last):
        return watch.file_limit(limits)
    if any(_NO_MEMORY.search(line) for line in last):
        return watch.memory_limit(limits)
    if any(_NO_PROCESS.search(line) for line in last) and any(_STARTS.search(line) for line in last):
        return watch.process_limit(limits)
    return ""


_LAST_WORDS = 12
_NO_MEMORY = re.compile(rf"^MemoryError\b|{os.strerror(errno.ENOMEM)}|^fatal: Out of memory")
_NO_PROCESS = re.compile(rf"{os.strerror(errno.EAGAIN)}|can't start new thread")
_STARTS = re.compile(r"\bfork|can't start new thread")
