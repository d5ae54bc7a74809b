"""The scenarios of ``examples/``, and what came out of each program that was run in one."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

from scenarios import RepoState, RunResult, Scenario


@dataclass(frozen=True)
class Outcome:
    """A run of a program and the state after it."""

    run: RunResult
    state: RepoState


class Runs:
    """Runs each distinct program once per start state."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._done: dict[tuple[str, bool, str], Outcome] = {}

    def outcome(self, scenario: Scenario, code: str, *, migrated: bool = False) -> Outcome:
        key = (scenario.name, migrated, code)
        if key not in self._done:
            root = self._folders.mktemp(scenario.name) / "world"
            scenario.start(root, migrated=migrated)
            run = scenario.run(code, root)
            self._done[key] = Outcome(run, scenario.state(root))
        return self._done[key]

    def of_source(self, scenario: Scenario) -> Outcome:
        return self.outcome(scenario, scenario.path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory)
