"""Scenarios: where each example program starts, how to run it, and what it has to leave behind."""

from .outcome import Expected, run_problems, state_problems
from .publishing import PUBLISHING
from .scenario import Scenario
from .sharing import SHARING
from .state import Seen
from .world import RunResult, World, execute, git, run_program

SCENARIOS: tuple[Scenario, ...] = (*PUBLISHING, *SHARING)

__all__ = [
    "SCENARIOS",
    "Expected",
    "RunResult",
    "Scenario",
    "Seen",
    "World",
    "execute",
    "git",
    "run_problems",
    "run_program",
    "state_problems",
]
