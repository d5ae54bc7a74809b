"""Scenarios: where each example program starts, how to run it, and what it has to leave behind."""

from .outcome import Expected, differences, run_problems, state_problems
from .publishing import PUBLISHING
from .scenario import Scenario
from .sharing import SHARING
from .state import RepoState, Tree, state
from .world import RunResult, World, environment, execute, git, run_program

SCENARIOS: tuple[Scenario, ...] = (*PUBLISHING, *SHARING)

__all__ = [
    "SCENARIOS",
    "Expected",
    "RepoState",
    "RunResult",
    "Scenario",
    "Tree",
    "World",
    "differences",
    "environment",
    "execute",
    "git",
    "run_problems",
    "run_program",
    "state",
    "state_problems",
]
