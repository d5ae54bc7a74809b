"""The scenarios of ``examples/``, and what came out of each program that was run in one."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import doctranslate
from doctranslate.errors import StoreError, StoreMismatchError, StoreMissingError
from doctranslate.records import Strategy, Translation

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

from scenarios import RunResult, Scenario, Seen


@dataclass(frozen=True)
class Outcome:
    """A run of a program and the state after it."""

    run: RunResult
    state: Seen


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


class Translations:
    """Translates each example once by each strategy, with the offline engine."""

    def __init__(self) -> None:
        self._done: dict[tuple[Path, Strategy], Translation] = {}

    def of(self, program: Path, strategy: Strategy) -> Translation:
        key = (program, strategy)
        if key not in self._done:
            code = program.read_text(encoding="utf-8")
            self._done[key] = doctranslate.translate(code, "gitpython", "dvc", strategy, engine="offline")
        return self._done[key]


def _ensure_store(name: str, *, wait_s: float = 180) -> None:
    """Have an up-to-date store in the default place, whichever of several test processes builds it."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            doctranslate.open_store(name, build=False).close()
            return
        except (StoreMissingError, StoreMismatchError) as missing:
            try:
                doctranslate.build_store(name).close()
                return
            except StoreError as busy:
                if time.monotonic() > deadline:
                    raise busy from missing
                time.sleep(0.5)


@pytest.fixture(scope="session")
def translations() -> Translations:
    for name in ("gitpython", "dvc"):
        _ensure_store(name)
    return Translations()
