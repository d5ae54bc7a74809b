"""Where programs run: one place, where the start state is put before each run and whose content is read after it."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from doctranslate.errors import VerificationError
from doctranslate.verification.equivalence.reader import UnreadableError, read_world, reader_limits
from doctranslate.verification.equivalence.start import REFRESH, Start, prepare
from doctranslate.verification.equivalence.state import WorldState
from doctranslate.verification.equivalence.world import environment
from doctranslate.verification.sandbox import IsolationLevel, Limits, Sandbox, SandboxRun, discard


@dataclass(frozen=True)
class Outcome:
    """A run of a program and what it left.

    Attributes:
        run: Exit status, streams, and what stopped it.
        state: What it left; None when that was not or cannot be read.
        complaint: Why it cannot be read.
        is_unread: Whether that is because the reader did not get to its end, which is not the program's fault.
        began: Unix time of its start.
        ended: Unix time of its end.
    """

    run: SandboxRun
    state: WorldState | None = None
    complaint: str = ""
    is_unread: bool = False
    began: int = 0
    ended: int = 0


class Stage:
    """One start state, and the place where programs run from copies of it.

    Args:
        workspace: As for `prepare`.
        setup: As for `prepare`.
        isolation: What keeps programs apart from this machine.
        limits: What they may use up.

    Attributes:
        start: The start state.
        sandbox: Where programs run.
        seconds: What making the start state, running and reading have cost so far.
    """

    def __init__(
        self,
        *,
        workspace: Path | None,
        setup: str | Path | None,
        isolation: IsolationLevel,
        limits: Limits | None,
    ) -> None:
        self.sandbox = Sandbox(isolation, limits=limits or Limits())
        self._reader = Sandbox(isolation, limits=reader_limits(self.sandbox.limits))
        self._top = Path(tempfile.mkdtemp(prefix="doctranslate-verify-")).resolve()
        self._n_runs = 0
        self.seconds = {"start": 0.0, "run": 0.0, "read": 0.0}
        started = time.monotonic()
        try:
            self.start: Start = prepare(self._top, workspace=workspace, setup=setup, sandbox=self._reader)
        except BaseException:
            self.close()
            raise
        self.seconds["start"] = time.monotonic() - started

    def close(self) -> None:
        """Remove everything that was made."""
        discard(self._top)

    def run(self, code: str, argv: Sequence[str], *, saved: Path | None = None) -> Outcome:
        """Run a program; what it leaves stays until it is put away, unless it could not be run.

        Args:
            code: The program.
            argv: Its arguments.
            saved: World to run it on; the start state by default.
        """
        started = time.monotonic()
        # Beside the world: no file of a repository can shadow a module that the program imports.
        program = self._top / "program/program.py"
        program.parent.mkdir(exist_ok=True)
        program.write_text(code, encoding="utf-8")
        root = self.start.root
        words = ["sh", "-c", REFRESH.replace("$WORLD", str(root)), "sh"]
        try:
            shutil.copytree(saved or self.start.saved, root, symlinks=True)
            began = int(time.time())
            run = self.sandbox.run(
                [*words, sys.executable, str(program), *argv],
                workspace=root,
                cwd=root / "work",
                env=environment(root),
                readable=[program.parent],
            )
        except BaseException:
            self.put_away()
            raise
        self.seconds["run"] += time.monotonic() - started
        return Outcome(run, began=began, ended=int(time.time()))

    def read(self, outcome: Outcome, *, asks_dvc: bool = True) -> Outcome:
        """The outcome with the state that is there now; without ``asks_dvc`` all but data and clones."""
        started = time.monotonic()
        try:
            state = read_world(
                self.start.root,
                sandbox=self._reader,
                known=self.start.known,
                began=outcome.began,
                ended=outcome.ended,
                local_config=self.start.local_config,
                asks_dvc=asks_dvc,
            )
        except VerificationError as error:
            is_unread = not isinstance(error, UnreadableError)
            return replace(outcome, complaint=str(error), is_unread=is_unread)
        finally:
            self.seconds["read"] += time.monotonic() - started
        return replace(outcome, state=state)

    def keep(self) -> Path:
        """A copy of what is there now, to run programs on."""
        kept = self._top / "kept"
        discard(kept)
        shutil.copytree(self.start.root, kept, symlinks=True)
        return kept

    def put_away(self) -> None:
        """Make room for the next run, whatever a program did to the permissions of what it left."""
        if not self.start.root.exists():
            return
        self._n_runs += 1
        away = self._top / f"done-{self._n_runs}"
        self.start.root.rename(away)
        discard(away)
