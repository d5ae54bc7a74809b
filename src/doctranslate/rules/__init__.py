"""The syntax-tree rewriter, and one rule set per curated pair of libraries."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doctranslate.rules.base import RuleSet

# Modules that hold a rule set named RULES; they load when their pair is asked for.
_PAIRS = {("gitpython", "dvc"): "doctranslate.rules.gitpython_dvc"}


def find_rules(src: str, dst: str) -> RuleSet | None:
    """The rule set for a pair of component names, or None when the pair is not curated."""
    where = _PAIRS.get((src, dst))
    return import_module(where).RULES if where else None


def pairs() -> list[tuple[str, str]]:
    """Names of source and target component of every curated pair."""
    return sorted(_PAIRS)
