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
_FAIR_EVERY = 40  # samples: the kernel has to look at each mapping for it


@dataclass(frozen=True)
class Sample:
    """Memory at a moment.

    Attributes:
        at: Seconds since the start.
        own: Resident size of the process itself, in bytes.
        tree: Resident sizes of all processes, summed: pages that they share count once for each.
        n_processes: How many there were.
        fair: The same with shared pages divided among those that share them; None where it was not looked at.
    """

    at: float
    own: int
    tree: int
    n_processes: int
    fair: int | None = None


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
                fair = sum(map(proportional, sizes)) if len(self.samples) % _FAIR_EVERY == 0 else None
                self.samples.append(Sample(at, sizes[self.pid], sum(sizes.values()), len(sizes), fair))

    @property
    def peak_own(self) -> int:
        """The most that the process itself held, in bytes."""
        return max((sample.own for sample in self.samples), default=0)

    @property
    def peak_tree(self) -> int:
        """The most that all processes held together, in bytes; shared pages count once for each."""
        return max((sample.tree for sample in self.samples), default=0)

    @property
    def peak_fair(self) -> int:
        """The most that was seen of all processes together, in bytes, shared pages counted once."""
        return max((sample.fair or 0 for sample in self.samples), default=0)

    def at(self, seconds: float) -> Sample:
        """The sample nearest to a moment."""
        return min(self.samples, key=lambda sample: abs(sample.at - seconds))


def resident(pid: int) -> int:
    """Resident size of a process in bytes; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def proportional(pid: int) -> int:
    """Size of a process in bytes, of shared pages its share; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
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
