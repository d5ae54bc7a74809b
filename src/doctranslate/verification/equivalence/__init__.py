"""Rungs 5 and 6: both programs run from the same start state, and what they leave is compared as a user sees it."""

from doctranslate.verification.equivalence.judge import EQUIVALENCE, EXECUTE, Judge
from doctranslate.verification.equivalence.reader import read_world
from doctranslate.verification.equivalence.stage import Outcome
from doctranslate.verification.equivalence.state import Entry, Files, RepoState, WorldState

__all__ = [
    "EQUIVALENCE",
    "EXECUTE",
    "Entry",
    "Files",
    "Judge",
    "Outcome",
    "RepoState",
    "WorldState",
    "read_world",
]
