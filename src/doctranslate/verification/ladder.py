"""Rungs 5 and 6 of the verification ladder: the programs run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from doctranslate.records import Check, Report
from doctranslate.verification import danger
from doctranslate.verification.base import skipped
from doctranslate.verification.conditions import Conditions
from doctranslate.verification.equivalence import EQUIVALENCE, EXECUTE, Judge
from doctranslate.verification.equivalence.start import look_at
from doctranslate.verification.sandbox import Sandbox
from doctranslate.verification.static import PARSES

RunningLevel = Literal["execute", "equivalence"]


def check_conditions(conditions: Conditions) -> None:
    """Tell before a translation is made whether it could be run at all, as far as that can be seen.

    Args:
        conditions: Where and how the programs are to run.

    Raises:
        UsageError: The workspace, the setup or an argument cannot be used.
        IsolationError: This machine cannot isolate as asked.
    """
    Sandbox(conditions.isolation)
    look_at(None if conditions.workspace is None else Path(conditions.workspace), conditions.setup)


def check_running(
    source: str,
    code: str,
    src: str,
    dst: str,
    *,
    level: RunningLevel,
    before: Report,
    conditions: Conditions,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Check, ...]:
    """Run a translation, and for ``equivalence`` its source too, and tell what came of it.

    Args:
        source: The source program.
        code: The translated program.
        src: Name of the source component.
        dst: Name of the target component.
        level: ``execute`` runs the translation alone; ``equivalence`` compares it with the source.
        before: What was checked without running.
        conditions: Where and how the programs run.
        progress: Called with what is being done, how many steps are done, and of how many.

    Returns:
        The check ``execute``, and for ``equivalence`` a second one of that name.

    Raises:
        UsageError: The workspace, the setup or an argument cannot be used.
        VerificationError: The start state cannot be made.
        IsolationError: This machine cannot isolate as asked.
    """
    names = (EXECUTE,) if level == "execute" else (EXECUTE, EQUIVALENCE)
    failed = {check.name for check in before.checks if check.outcome == "fail"}
    if PARSES in failed:
        return tuple(skipped(name, "the code does not parse") for name in names)
    if danger.NAME in failed and conditions.isolation != "full":
        why = f"not run: it does what its source does not do, and isolation {conditions.isolation!r} could let it"
        return tuple(skipped(name, why) for name in names)
    with Judge(
        source,
        src,
        dst,
        workspace=conditions.workspace,
        setup=conditions.setup,
        argv=conditions.argv,
        data=conditions.data,
        isolation=conditions.isolation,
        limits=conditions.limits,
        progress=progress,
    ) as judge:
        return (judge.execute(code),) if level == "execute" else judge.check(code)
