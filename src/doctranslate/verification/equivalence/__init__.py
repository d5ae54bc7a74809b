"""Rungs 5 and 6: both programs run from the same start state, and what they leave is compared as a user sees it."""

from doctranslate.verification.equivalence.judge import EQUIVALENCE, EXECUTE, Judge, Outcome

__all__ = ["EQUIVALENCE", "EXECUTE", "Judge", "Outcome"]
