"""The first try and the rounds of repair, told apart, the best of them kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from doctranslate.errors import ModelError
from doctranslate.records import Check, Finding, Note, Prompt, Report, Rewritten, Round
from doctranslate.rewriting.asking import Asking
from doctranslate.verification.danger import NAME as DANGER

SECRETS = "secrets-restored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best of all tries.

    Attributes:
        prompt: Of the first try.
        rewritten: The program; its usage is that of all tries.
        report: What was checked of it.
        rounds: Each try, the first with number 0.
    """

    prompt: Prompt | None
    rewritten: Rewritten
    report: Report
    rounds: tuple[Round, ...]


def rewrite_checked(asking: Asking, check: Callable[[Rewritten], Report], *, n_repairs: int) -> Outcome:
    """Ask for a program, check it, and give what the checks found back to the model, a bounded number of times.

    A try that is no better than the best before it is not taken. What goes wrong in a repair does not lose the first
    try: it is told in the round.

    Args:
        asking: The program and the engine.
        check: Checks what came back.
        n_repairs: How many rounds of repair there may be; none where the engine is no model.

    Raises:
        ModelError: The first try failed.
    """
    asked = asking.first()
    report = _with_secrets(check(asked.rewritten), asked.rewritten, asking)
    best, best_report = asked, report
    rounds = [_round(0, asked.rewritten, report)]
    usage = asked.rewritten.usage
    notes: list[Note] = []
    for number in range(1, n_repairs + 1 if asking.engine.is_model else 1):
        if report.ok:
            break
        try:
            asked = asking.again(asked, report)
        except ModelError as exc:
            rounds.append(Round(number=number, failed=_failed(report), problem=str(exc)))
            notes.append(Note(line=0, message=f"repair round {number} brought nothing: {exc}"))
            break
        before, report = report, _with_secrets(check(asked.rewritten), asked.rewritten, asking)
        rounds.append(_round(number, asked.rewritten, report, before))
        usage += asked.rewritten.usage
        if _badness(report) < _badness(best_report):
            best, best_report = asked, report
    found = best.rewritten
    found = replace(found, usage=usage, notes=(*found.notes, *notes, *_lost(found, asking)))
    return Outcome(best.prompt, found, best_report, tuple(rounds))


def _round(number: int, found: Rewritten, report: Report, before: Report | None = None) -> Round:
    failed = _failed(report)
    fixed = tuple(name for name in _failed(before) if name not in failed) if before else ()
    return Round(number=number, code=found.code, failed=failed, fixed=fixed, usage=found.usage)


def _badness(report: Report) -> tuple[bool, int]:
    """What is dangerous is worse than anything else."""
    failed = _failed(report)
    return DANGER in failed, len(failed)


def _failed(report: Report) -> tuple[str, ...]:
    return tuple(check.name for check in report.checks if check.outcome == "fail")


def _with_secrets(report: Report, found: Rewritten, asking: Asking) -> Report:
    """The report with a check of the placeholders, where there are any: one that is altered cannot be restored."""
    if asking.mask is None or not asking.mask.hidden:
        return report
    broken = asking.mask.broken(found.code)
    findings = tuple(
        Finding(
            line=_line_of(piece, found.code),
            message=f"{piece} is no placeholder of the source: it stands for nothing",
        )
        for piece in broken
    )
    reason = f"{len(asking.mask.hidden)} values were masked"
    check = Check(name=SECRETS, outcome="fail" if findings else "pass", reason=reason, findings=findings)
    return Report(checks=(*report.checks, check))


def _lost(found: Rewritten, asking: Asking) -> tuple[Note, ...]:
    """What was masked in the source and is nowhere in the translation."""
    if asking.mask is None:
        return ()
    return tuple(
        Note(line=each.line, message=f"the {each.kind} in this line of the source is not in the translation")
        for each in asking.mask.missing(asking.mask.hide(found.code))
    )


def _line_of(piece: str, code: str) -> int:
    return code[: max(code.find(piece), 0)].count("\n") + 1
