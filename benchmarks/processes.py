"""What a process and all that it started hold of memory, sampled from /proc while it runs."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY_S = 0.2


@dataclass(frozen=True)
class Sample:
    """Memory at a moment: ``at`` in seconds since the start; resident sizes in bytes, summed over processes."""

    at: float
    own: int
    tree: int
    n_processes: int


@dataclass
class Memory:
    """Samples a process and its descendants until it is left.

    Args:
        pid: The process.
    """

    pid: int
    samples: list[Sample] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_EVERY_S):
            sizes = {pid: resident(pid) for pid in (self.pid, *descendants(self.pid))}
            at = time.monotonic() - self._began
            if sizes[self.pid]:
                self.samples.append(Sample(at, sizes[self.pid], sum(sizes.values()), len(sizes)))

    @property
    def peak_own(self) -> int:
        """The most that the process itself held, in bytes."""
        return max((sample.own for sample in self.samples), default=0)

    @property
    def peak_tree(self) -> int:
        """The most that all processes held together, in bytes; shared pages count once for each."""
        return max((sample.tree for sample in self.samples), default=0)

    def at(self, seconds: float) -> Sample:
        """The sample nearest to a moment."""
        return min(self.samples, key=lambda sample: abs(sample.at - seconds))


def resident(pid: int) -> int:
    """Resident size of a process in bytes; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(int(entry.name))):
            children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _parent(pid: int) -> int:
    try:
        # The name may hold spaces and brackets; the parent comes after the last one.
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0
