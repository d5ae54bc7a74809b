"""Locks between processes, held by the system: one that is killed cannot leave its lock behind."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_POLL_S = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try_lock(stream: IO[bytes]) -> bool:
        stream.seek(0)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def file_lock(path: Path, *, wait_s: float = 0.0) -> Iterator[bool]:
    """Hold a lock file.

    Args:
        path: The file; it and its folder are made when missing, and stay.
        wait_s: How long to wait for another holder.

    Yields:
        Whether the lock is held; False when another process, or thread, had it all the time.

    Raises:
        OSError: The file cannot be made.
    """
    deadline = time.monotonic() + wait_s
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        while not (held := _try_lock(stream)):
            if time.monotonic() >= deadline:
                break
            time.sleep(_POLL_S)
        yield held
