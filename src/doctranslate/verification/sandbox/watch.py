"""Looking after a running sandbox: what all its processes use together."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from doctranslate.verification.sandbox.base import Limits, size_text

_WALK_S, _WALK_SHARE = 2.0, 50
_PAGE = resource.getpagesize()
_KERNEL_LISTS_CHILDREN = Path("/proc/thread-self/children").exists()
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """One process, as ``/proc`` shows it.

    Attributes:
        pid: Its number.
        parent: Number of its parent.
        state: One letter; Z has ended and waits for its parent.
        cpu_s: Processor time.
        reaped_cpu_s: That of the children that it has waited for.
        n_threads: Its threads.
        started: Clock ticks from the machine's start to its own; with the number it names a process for good.
    """

    pid: int
    parent: int
    state: str
    cpu_s: float
    reaped_cpu_s: float
    n_threads: int
    started: int


def read_process(pid: int) -> Process | None:
    """The process of a number, or None when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        cpu, reaped = ((int(fields[n]) + int(fields[n + 1])) / _TICK for n in (11, 13))
        return Process(pid, int(fields[1]), fields[0].decode(), cpu, reaped, int(fields[17]), int(fields[19]))
    except (OSError, IndexError, ValueError):
        return None


def tree(root: int) -> list[Process]:
    """A process and all that descend from it, parents first."""
    children: dict[int, list[Process]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and (process := read_process(int(entry.name))):
            children.setdefault(process.parent, []).append(process)
    first = read_process(root)
    found = [first] if first else []
    for process in found:
        found += children.get(process.pid, ())
    return found


def quick_tree(root: int) -> list[Process]:
    """Like `tree` without looking at every process of the machine; may miss one that starts or ends just now."""
    if not _KERNEL_LISTS_CHILDREN:
        return tree(root)
    first = read_process(root)
    found = [first] if first else []
    for process in found:
        found += [child for pid in _children(process.pid) if (child := read_process(pid))]
    return found


def _children(pid: int) -> Iterator[int]:
    try:
        threads = [entry.path for entry in os.scandir(f"/proc/{pid}/task")]
    except OSError:
        return
    for thread in threads:
        try:
            yield from map(int, Path(thread, "children").read_bytes().split())
        except OSError:
            continue


def _private_bytes(pid: int) -> int:
    """Resident memory that it does not share with files; pages shared with its parent since a fork count."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_bytes().split()
        return (int(fields[1]) - int(fields[2])) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def exceeded(supervisors: Sequence[Process], processes: Sequence[Process], limits: Limits) -> str:
    """The name of the limit that a program is past, or "".

    Args:
        supervisors: Those above the program; they wait for what it has left behind.
        processes: The program's own.
        limits: What is allowed.
    """
    if sum(process.n_threads for process in processes) > limits.n_processes:
        return process_limit(limits)
    reaped = sum(process.reaped_cpu_s for process in [*supervisors, *processes])
    if reaped + sum(process.cpu_s for process in processes) > limits.cpu_s:
        return cpu_limit(limits)
    if sum(_private_bytes(process.pid) for process in processes) > limits.memory_bytes:
        return memory_limit(limits)
    return ""


def process_limit(limits: Limits) -> str:
    """How the limit of processes is called."""
    return f"process limit {limits.n_processes}"


def file_limit(limits: Limits) -> str:
    """How the limit of the size of a file is called."""
    return f"file-size limit {size_text(limits.file_bytes)}"


def cpu_limit(limits: Limits) -> str:
    """How the limit of processor time is called."""
    return f"cpu limit {limits.cpu_s:g} s"


def memory_limit(limits: Limits) -> str:
    """How the limit of memory is called."""
    return f"memory limit {size_text(limits.memory_bytes)}"


class DiskWatch:
    """Tells when a workspace takes up more than it may.

    Walking a workspace is slow. It is walked when the file system as a whole has lost that much, and now and then
    besides, since others may have freed room at the same time.

    Args:
        workspace: The folder.
        limit_bytes: What it may take up.
    """

    def __init__(self, workspace: str, limit_bytes: int) -> None:
        self._workspace = workspace
        self._limit_bytes = limit_bytes
        self._free_at_start = self._free()
        self._checked = 0
        self._next_walk = time.monotonic() + _WALK_S

    def exceeded(self) -> str:
        """The name of the limit, or ""."""
        used, now = self._free_at_start - self._free(), time.monotonic()
        # Walked again for what the file system has lost only when that has grown by a sixteenth.
        suspicious = used > self._limit_bytes and used >= self._checked + self._limit_bytes // 16
        if not suspicious and now < self._next_walk:
            return ""
        self._checked = used if suspicious else self._checked
        taken, is_whole = disk_usage(self._workspace)
        walk_s = time.monotonic() - now
        self._next_walk = time.monotonic() + max(_WALK_S, _WALK_SHARE * walk_s)
        # What was hidden from the walk, as folders nested too deep for any path, is what the file system has lost.
        if taken > self._limit_bytes or (suspicious and not is_whole):
            return f"disk limit {size_text(self._limit_bytes)}"
        return ""

    def _free(self) -> int:
        state = os.statvfs(self._workspace)
        return state.f_bfree * state.f_frsize


def disk_usage(folder: str) -> tuple[int, bool]:
    """Bytes that a folder takes up on the disk, and whether all of it could be looked at; links are not followed."""
    total, is_whole, waiting = 0, True, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # removed just now
            continue
        except OSError:
            is_whole = False
    return total, is_whole
