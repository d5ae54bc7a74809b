"""What a sandbox promises, what it allows, and what a run in it left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

IsolationLevel = Literal["none", "partial", "full"]
"""How far a program is kept apart from the machine.

``full``: its own view of the file system, of processes, of the network and of IPC, and limits. ``partial``: it sees
the machine's processes, but Landlock and a system-call filter keep it from files, sockets and signals. ``none``: only
limits, and an own process group.
"""

WayName = Literal["bubblewrap", "namespaces", "landlock", "none"]
"""A mechanism that reaches a level: the first two are ``full``, ``landlock`` is ``partial``."""

_UNITS = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


@dataclass(frozen=True)
class Limits:
    """What a program may use up before it is stopped.

    Attributes:
        wall_s: Seconds from start to end.
        cpu_s: Seconds of processor time, all its processes together.
        memory_bytes: Address space of each process, and private resident memory of all processes together.
        file_bytes: Size of any one file.
        disk_bytes: What the workspace may take up on the disk in all.
        n_processes: Processes and threads at one time.
        output_bytes: Standard output and standard error together.
    """

    wall_s: float = 120.0
    cpu_s: int = 120
    memory_bytes: int = 4 * 2**30
    file_bytes: int = 1 * 2**30
    disk_bytes: int = 4 * 2**30
    n_processes: int = 256
    output_bytes: int = 8 * 2**20


@dataclass(frozen=True)
class Isolation:
    """What keeps a program apart from the machine.

    Attributes:
        level: What it amounts to.
        mechanism: What does it, with versions: ``bubblewrap 0.8.0 + seccomp``.
        missing: What stays open nonetheless, each in a few words; empty when nothing is known.
    """

    level: IsolationLevel
    mechanism: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class SandboxRun:
    """What a command did in a sandbox.

    Attributes:
        returncode: Exit status; negative for the number of the signal that ended it.
        stdout: Standard output, bytes that are not UTF-8 replaced.
        stderr: Standard error, likewise.
        seconds: From start to end.
        stopped: "" when it ended by itself, else the limit that it ran into or the signal that ended it:
            ``wall-clock limit 120 s``, ``killed by signal SIGSEGV``.
        isolation: What kept it apart from the machine.
    """

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    stopped: str = ""
    isolation: Isolation = field(default=Isolation("none", "none"))


def size_text(n_bytes: int) -> str:
    """A number of bytes for people: ``4 GiB``, ``1.5 MiB``, ``12 bytes``."""
    for unit, size in _UNITS:
        if n_bytes >= size:
            return f"{n_bytes / size:.4g} {unit}"
    return f"{n_bytes} bytes"
