"""A draft by the rules, for a model to finish."""

from __future__ import annotations

from dataclasses import dataclass

from doctranslate.engines.offline import OfflineEngine
from doctranslate.records import Job, Prompt, Rewritten, Unresolved

_NO_PROMPT = Prompt(messages=(), n_tokens=0, counted_by="none")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the rules make of a program.

    Attributes:
        rewritten: All that they give.
        left: What they leave: what has no counterpart, and what runs on the source library's own objects.
    """

    rewritten: Rewritten
    left: tuple[Unresolved, ...]


def make_draft(job: Job) -> Draft:
    """Translate by the rules.

    Args:
        job: The program.
    """
    found = OfflineEngine().rewrite(_NO_PROMPT, job)
    bridged = (
        Unresolved(line=each.line, symbol=each.symbol, code=each.code, reason=each.reason)
        for each in found.bridged
    )
    return Draft(found, (*found.unresolved, *bridged))
