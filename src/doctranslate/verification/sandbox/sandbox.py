"""The sandbox: chosen once, used for many runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from doctranslate.errors import DocTranslateError, IsolationError, UsageError
from doctranslate.verification.sandbox.base import Isolation, IsolationLevel, Limits, SandboxRun, WayName
from doctranslate.verification.sandbox.inside import landlock
from doctranslate.verification.sandbox.run import run_order
from doctranslate.verification.sandbox.view import view_of
from doctranslate.verification.sandbox.ways import WAYS, Way, command_line, order

_RANK: dict[IsolationLevel, int] = {"none": 0, "partial": 1, "full": 2}


class Sandbox:
    """Runs commands apart from the machine, by the best mechanism that is there.

    It is tried when the sandbox is made: one that exists can be used, and never does less than was asked for.

    Args:
        isolation: The least that is wanted. ``none`` is the only level that gives exactly itself.
        limits: What each run may use up.
        way: The one mechanism to use; the best that works by default.

    Attributes:
        isolation: What was reached.
        limits: As given.

    Raises:
        IsolationError: The machine cannot reach the level; the message says what to install or allow.
        UsageError: No level or mechanism has this name.
    """

    def __init__(
        self, isolation: IsolationLevel = "full", *, limits: Limits | None = None, way: WayName | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._way = _choose(isolation, way)
        self.isolation: Isolation = self._way.isolation()

    def run(
        self,
        command: Sequence[str],
        *,
        workspace: Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        readable: Sequence[Path] = (),
        stdin: bytes = b"",
    ) -> SandboxRun:
        """Run a command until it ends or is stopped; none of its processes is left.

        Args:
            command: Program and arguments; the program is looked up in the ``PATH`` of ``env``.
            workspace: The only folder that can be written; inside it has the same path.
            cwd: A folder of the workspace to run in; the workspace itself by default.
            env: The whole environment; only a ``PATH`` and a locale by default.
            readable: More files and folders to be read.
            stdin: What the command reads; nothing by default.

        Raises:
            UsageError: The workspace is no folder, holds more than a workspace should, or ``cwd`` lies outside.
            VerificationError: The command could not be started.
        """
        real, start = _folders(workspace, cwd)
        view = view_of(workspace, readable)
        told = order(
            self._way.name,
            command=[os.fspath(word) for word in command],
            cwd=start,
            env=dict(env) if env is not None else {"PATH": os.defpath, "LANG": "C.UTF-8"},
            view=view,
            limits=self.limits,
        )
        return run_order(
            command_line(self._way.name, view),
            told,
            way=self._way,
            isolation=self.isolation,
            limits=self.limits,
            workspace=real,
            stdin=stdin,
        )


def best_isolation() -> Isolation:
    """The best isolation that works on this machine."""
    for name, way in WAYS.items():
        if not why_not(name, os.environ.get("PATH", os.defpath)):
            return way.isolation()
    return WAYS["none"].isolation()


def _folders(workspace: Path, cwd: Path | None) -> tuple[str, str]:
    """The workspace and the folder to start in, without links."""
    real = os.path.realpath(workspace)
    if not Path(real).is_dir():
        raise UsageError(f"the sandbox's workspace {workspace} is no folder: make it first")
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - the user may have none
    if real == "/" or os.path.commonpath([real, home]) == real:
        raise UsageError(
            f"the sandbox's workspace {workspace} holds the user's home: choose a folder of its own"
        )
    start = os.path.realpath(cwd) if cwd is not None else real
    if os.path.commonpath([real, start]) != real or not Path(start).is_dir():
        raise UsageError(f"{cwd} is no folder inside the sandbox's workspace {workspace}")
    return real, start


def _choose(level: IsolationLevel, name: WayName | None) -> Way:
    if level not in _RANK or (name is not None and name not in WAYS):
        known = f"{', '.join(_RANK)} (by {', '.join(WAYS)})"
        raise UsageError(
            f"isolation {level!r}{f' by {name!r}' if name else ''} is unknown: take one of {known}"
        )
    search = os.environ.get("PATH", os.defpath)
    names = [name] if name else ["none"] if level == "none" else list(WAYS)
    reasons = []
    for candidate in names:
        way = WAYS[candidate]
        if _RANK[way.isolation().level] < _RANK[level]:
            continue
        reason = why_not(candidate, search)
        if not reason:
            return way
        reasons.append(f"{candidate}: {reason}")
    raise IsolationError(level, reasons)


@cache
def why_not(name: WayName, search: str) -> str:
    """Why a mechanism does not work here, found by running ``true`` in it; "" when it works.

    Args:
        name: The mechanism.
        search: The ``PATH`` that holds its programs; an answer is remembered for each.
    """
    if name == "none":
        return ""
    if name == "bubblewrap" and not shutil.which("bwrap", path=search):
        return "no program bwrap in PATH"
    if name == "landlock" and not landlock.abi():
        return "the kernel has no Landlock, or it is switched off"
    with tempfile.TemporaryDirectory(prefix="doctranslate-sandbox-") as folder:
        view = view_of(Path(folder), ())
        told = order(name, command=["true"], cwd=folder, env={"PATH": os.defpath}, view=view, limits=Limits())
        try:
            done = run_order(
                command_line(name, view),
                told,
                way=WAYS[name],
                isolation=WAYS[name].isolation(),
                limits=Limits(wall_s=60),
                workspace=folder,
                stdin=b"",
            )
        except (OSError, DocTranslateError) as exc:
            return str(exc)
    return done.stopped or (f"exit status {done.returncode}" if done.returncode else "")
