"""Which processes were started for something and are still there."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

MARK = "DOCTRANSLATE_TEST_MARK"


def new_mark() -> str:
    """A value for `MARK` in the environment: processes that are started then, and theirs, can be told by it."""
    return uuid.uuid4().hex


def marked(mark: str) -> dict[int, str]:
    """The other processes that have a mark in their environment, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            # What a process has set itself later is not in here: our own mark is not, those of our children are.
            if f"{MARK}={mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                is_dead = (entry / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
                if not is_dead:
                    found[int(entry.name)] = command[:200]
        except OSError:
            continue  # gone, or not ours
    return found


def left_behind(mark: str, *, within_s: float = 15.0) -> dict[int, str]:
    """The processes with a mark that are still there after some time; returns as soon as there are none."""
    until = time.monotonic() + within_s
    while (found := marked(mark)) and time.monotonic() < until:
        time.sleep(0.1)
    return found
