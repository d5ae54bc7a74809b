"""Runs a source once and judges any number of translations of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from doctranslate.errors import VerificationError
from doctranslate.records import Check, Difference, Finding
from doctranslate.records import Outcome as CheckOutcome
from doctranslate.verification.conditions import words
from doctranslate.verification.equivalence.compare import compare
from doctranslate.verification.equivalence.failing import Failure, uncaught, why_not_here
from doctranslate.verification.equivalence.policy import find_policy
from doctranslate.verification.equivalence.printed import compare_printed, surely_differ
from doctranslate.verification.equivalence.reasons import with_reasons
from doctranslate.verification.equivalence.stage import Outcome, Stage
from doctranslate.verification.sandbox import IsolationLevel, Limits, SandboxRun

EXECUTE = "execute"
EQUIVALENCE = "equivalence"
_MAX_DIFFERENCES = 40


class Judge:
    """One start state and one source program; judges any number of translations.

    Args:
        source: The source program.
        src: Name of the source component.
        dst: Name of the target component.
        workspace: Folder to start from, copied and never touched; None for an empty one, or a small repository
            when there is no ``setup`` either.
        setup: Shell text, or path of a ``.sh`` or ``.py`` file, that completes the start state.
        argv: Arguments of both programs; ``{world}``, ``{origin}`` and ``{storage}`` in them are replaced.
        data: Globs of the paths that are data; None leaves that to the pair.
        isolation: What keeps the programs apart from this machine.
        limits: What they may use up.
        progress: Called with what is being done, how many steps are done, and of how many.

    Raises:
        UsageError: The workspace, the setup or an argument cannot be used.
        VerificationError: The setup failed.
        IsolationError: This machine cannot isolate as asked.
    """

    def __init__(
        self,
        source: str,
        src: str,
        dst: str,
        *,
        workspace: Path | str | None = None,
        setup: Path | str | None = None,
        argv: Sequence[str] = (),
        data: Sequence[str] | None = None,
        isolation: IsolationLevel = "full",
        limits: Limits | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self.source = source
        self._policy = find_policy(src, dst, data=data)
        self._tell = progress or (lambda _what, _done, _total: None)
        self._source_outcome: Outcome | None = None
        self._changing: frozenset[tuple[str, str]] | None = None
        self._kept: tuple[Path, Outcome] | None = None
        given = words(argv)
        self._tell("preparing the start state", 0, 4)
        self.stage = Stage(
            workspace=None if workspace is None else Path(workspace),
            setup=setup,
            isolation=isolation,
            limits=limits,
        )
        world = self.stage.start.root
        places = {"world": world, "origin": world / "origin.git", "storage": world / "storage"}
        self._argv = [_replaced(word, places) for word in given]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything that was made."""
        self.stage.close()

    @property
    def isolation(self) -> str:
        """What keeps the programs apart from this machine, for people."""
        reached = self.stage.sandbox.isolation
        missing = f"; not closed: {', '.join(reached.missing)}" if reached.missing else ""
        return f"isolation {reached.level} ({reached.mechanism}{missing})"

    def run(self, code: str, *, keep: bool = False) -> Outcome:
        """Run a program from the start state and read what it left.

        Args:
            code: The program.
            keep: Keep what it left for `find_out`.
        """
        outcome = self.stage.run(code, self._argv)
        try:
            if keep:
                self._kept = (self.stage.keep(), outcome)
            return self.stage.read(outcome)
        finally:
            self.stage.put_away()

    def find_out(self, code: str, *, on_top: bool = False) -> tuple[Check, Outcome]:
        """The check ``equivalence`` of a program that is thought to be wrong, in less time.

        How it ends and what it prints is compared first, then what can be seen without asking DVC; where one of
        them differs, the rest is not looked at. It does the same as the source only when all of it is the same.

        Args:
            code: The program.
            on_top: Whether it goes on where the program ended that was run with ``keep``, without a word of its own.

        Raises:
            VerificationError: No program was run with ``keep``.
        """
        if on_top and self._kept is None:
            raise VerificationError("nothing was kept to go on from: run a program with keep=True first")
        saved, before = self._kept if on_top and self._kept else (None, None)
        source = self.source_outcome()
        outcome = self.stage.run(code, self._argv, saved=saved)
        try:
            if before is not None:
                told = before.run.stderr + outcome.run.stderr
                outcome = replace(outcome, run=replace(before.run, stderr=told), began=before.began)
            found = surely_differ(source.run, outcome.run, self._policy)
            if not found:
                glance = self.stage.read(outcome, asks_dvc=False)
                found = [] if glance.is_unread else self._differences(source, glance, is_whole=False)
            outcome = outcome if found else self.stage.read(outcome)
        finally:
            self.stage.put_away()
        return self._checked(found) if found else self._equivalent(source, outcome), outcome

    def source_outcome(self) -> Outcome:
        """What the source does and leaves; it runs once."""
        if self._source_outcome is None:
            self._tell("running the source", 1, 4)
            self._source_outcome = self.run(self.source)
        return self._source_outcome

    def execute(self, code: str) -> Check:
        """Rung 5 alone: whether a translation runs to its end here.

        An exit status other than 0 that the program chose itself is none of this check's business. Whether it is the
        place that keeps a program from its end, or the translation, only the source can tell: it is run then, too.
        """
        self._tell("running the translation", 2, 4)
        run = self.stage.run(code, self._argv).run
        self.stage.put_away()
        if not why_not_here(run) and uncaught(run) is None:
            return self._executed(run, None)
        why = self.why_not_here()
        if why:
            return self._check(EXECUTE, "skipped", f"not executable here: {why}")
        return self._executed(run, uncaught(self.source_outcome().run))

    def check(self, code: str, *, keep: bool = False) -> tuple[Check, Check]:
        """Rungs 5 and 6: run a translation, and compare what it left with what the source left.

        Args:
            code: The translation.
            keep: Keep what it left for `find_out`.
        """
        why = self.why_not_here()
        if why:
            reason = f"not executable here: {why}"
            return self._check(EXECUTE, "skipped", reason), self._check(EQUIVALENCE, "skipped", reason)
        self._tell("running the translation", 2, 4)
        return self.judge(self.run(code, keep=keep))

    def why_not_here(self) -> str:
        """Why nothing can be said of translations: the source cannot run here; "" when it can."""
        source = self.source_outcome()
        why = why_not_here(source.run)
        failure = uncaught(source.run)
        if not why and failure is not None and not self._policy.is_translated(failure.kind):
            why = f"the source ends with {failure}; give a workspace or a setup where it runs"
        if not why and source.state is None:
            why = f"what the source left cannot be read: {source.complaint}"
        return why

    def judge(self, outcome: Outcome) -> tuple[Check, Check]:
        """The checks ``execute`` and ``equivalence`` of a translation that was run."""
        self._tell("comparing", 3, 4)
        source = self.source_outcome()
        executed = self._executed(outcome.run, uncaught(source.run))
        return executed, self._equivalent(source, outcome)

    def _equivalent(self, source: Outcome, translation: Outcome) -> Check:
        if translation.is_unread:
            reason = f"what the translation left was not read: {translation.complaint}"
            return self._check(EQUIVALENCE, "skipped", reason)
        return self._checked(self._differences(source, translation))

    def _check(
        self,
        name: str,
        outcome: CheckOutcome,
        reason: str,
        differences: Sequence[Difference] = (),
        findings: Sequence[Finding] = (),
    ) -> Check:
        notes = "; ".join([reason, self.isolation, *self.stage.start.notes])
        return Check(
            name=name,
            outcome=outcome,
            reason=notes,
            differences=tuple(differences),
            findings=tuple(findings),
        )

    def _executed(self, run: SandboxRun, source: Failure | None) -> Check:
        if run.stopped:
            return self._check(EXECUTE, "fail", f"it was stopped: {run.stopped}")
        failure = uncaught(run)
        if failure is None:
            ended = (
                "it ran to its end" if run.returncode == 0 else f"it ended with exit status {run.returncode}"
            )
            return self._check(EXECUTE, "pass", f"{ended} in {run.seconds:.1f} s")
        if source is not None and self._policy.same_failure(source.kind, failure.kind):
            return self._check(
                EXECUTE, "pass", f"it ends with {failure.kind}, as the source does with {source.kind}"
            )
        line = _line_of(failure.trace)
        return self._check(
            EXECUTE, "fail", "it ends with an exception", findings=[Finding(line=line, message=str(failure))]
        )

    def _checked(self, found: list[Difference]) -> Check:
        """The check ``equivalence``, from what differs."""
        source = self.source_outcome()
        if not found:
            return self._check(EQUIVALENCE, "pass", _summary(source))
        changing = self._changing_places(source)
        steady = [each for each in found if (each.kind, each.where) not in changing]
        if not steady:
            what = ", ".join(sorted({f"{kind} {where}" for kind, where in changing})[:5])
            return self._check(
                EQUIVALENCE, "skipped", f"the source does not do the same twice: {what}", found
            )
        what = "1 difference" if len(steady) == 1 else f"{len(steady)} differences"
        more = f", {_MAX_DIFFERENCES} of them shown" if len(steady) > _MAX_DIFFERENCES else ""
        return self._check(EQUIVALENCE, "fail", what + more, steady[:_MAX_DIFFERENCES])

    def _differences(
        self, source: Outcome, translation: Outcome, *, is_whole: bool = True
    ) -> list[Difference]:
        if source.state is None:
            raise VerificationError(f"what the source left cannot be read: {source.complaint}")
        if translation.state is None:
            return [
                Difference(
                    kind="state",
                    where="the world",
                    source="a state that can be read",
                    translation=translation.complaint,
                    reason="the translation damaged a repository",
                )
            ]
        printed = compare_printed(source.run, source.state, translation.run, translation.state, self._policy)
        found = [*printed, *compare(source.state, translation.state, self._policy, is_whole=is_whole)]
        return with_reasons(found, source.state, translation.state)

    def _changing_places(self, source: Outcome) -> frozenset[tuple[str, str]]:
        """Kind and place of what differs between two runs of the source; it runs again when this is asked first."""
        if self._changing is None:
            self._tell("running the source again", 3, 4)
            again = self.run(self.source)
            found: list[Difference] = []
            if source.state is not None and again.state is not None:
                policy = replace(self._policy, is_data=None)
                found += compare_printed(source.run, source.state, again.run, again.state, policy)
                found += compare(source.state, again.state, policy)
            self._changing = frozenset((each.kind, each.where) for each in found)
        return self._changing


def _replaced(word: str, places: dict[str, Path]) -> str:
    for name, place in places.items():
        word = word.replace(f"{{{name}}}", str(place))
    return word


def _line_of(trace: str) -> int:
    """Line of the program where an exception passed it, 0 when it did not."""
    lines = re.findall(r'File "[^"]*/program/program\.py", line (\d+)', trace)
    return int(lines[-1]) if lines else 0


def _summary(source: Outcome) -> str:
    """What was compared, for people."""
    if source.state is None:
        return ""
    repos = source.state.repositories
    n_commits = len({name for repo in repos.values() for name in repo.new})
    n_files = len(
        {
            (path, entry.hash)
            for repo in repos.values()
            for files in repo.trees.values()
            for path, entry in files.items()
        }
    )
    counted = f"{len(repos)} repositories, {n_commits} new commits, {n_files} files at refs and new commits"
    return f"the same output, exit status and state: {counted}"
