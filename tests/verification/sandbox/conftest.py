"""A sandbox of every kind that this machine has."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from doctranslate.errors import IsolationError
from doctranslate.verification.sandbox import Limits, Sandbox, SandboxRun, WayName

# Generous: a busy machine must not look like a program that hangs.
ROOMY = Limits(wall_s=300, cpu_s=200)
Run = Callable[..., SandboxRun]


def make(way: WayName, *, limits: Limits = ROOMY) -> Sandbox:
    """The sandbox of a mechanism, or a skip that says why there is none here."""
    try:
        return Sandbox("none" if way == "none" else "partial", limits=limits, way=way)
    except IsolationError as exc:
        pytest.skip("; ".join(exc.reasons))


@pytest.fixture(params=["bubblewrap", "namespaces", "landlock"])
def closed(request: pytest.FixtureRequest) -> WayName:
    """Each mechanism that keeps a program apart."""
    make(request.param)
    return request.param


@pytest.fixture(params=["bubblewrap", "namespaces"])
def whole(request: pytest.FixtureRequest) -> WayName:
    """Each mechanism of the full level."""
    make(request.param)
    return request.param


@pytest.fixture(params=["bubblewrap", "namespaces", "landlock", "none"])
def any_way(request: pytest.FixtureRequest) -> WayName:
    """Each mechanism."""
    make(request.param)
    return request.param


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The folder that a program may write."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def run(workspace: Path) -> Run:
    """Runs a Python program in the sandbox of a mechanism."""

    def run_program(
        way: WayName,
        code: str,
        *args: str | Path,
        limits: Limits = ROOMY,
        env: Mapping[str, str] | None = None,
        readable: Sequence[Path] = (),
        cwd: Path | None = None,
        stdin: bytes = b"",
    ) -> SandboxRun:
        command = [sys.executable, "-c", code, *map(str, args)]
        sandbox = make(way, limits=limits)
        return sandbox.run(command, workspace=workspace, cwd=cwd, env=env, readable=readable, stdin=stdin)

    return run_program


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path: Path) -> Iterator[None]:
    """No process that a test starts may outlive it, in whatever session or under whatever parent.

    Others use the machine as well: a process is the test's own when it names or stands in the test's folder.
    """
    yield
    assert not [line for line, place in processes() if str(tmp_path) in f"{line} {place}"]


def processes() -> Iterator[tuple[str, str]]:
    """Command line and folder of each process of the machine."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                line = (
                    Path("/proc", entry, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
                yield line, os.readlink(f"/proc/{entry}/cwd")
            except OSError:  # it has ended
                continue
