"""Every example program does what its scenario says, and so does its translation by each strategy."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import get_args

import pytest
from scenarios import SCENARIOS, Scenario, run_problems, state_problems

from doctranslate.records import Strategy

from .conftest import Runs, Translations

STRATEGIES = ("docs", "llm", "llm-docs")
PROGRAMS = sorted({scenario.path for scenario in SCENARIOS})


def _cases(scenarios: list[Scenario]) -> list[object]:
    """Parameters that skip, with the reason, where a scenario needs a command that is not installed."""
    return [
        pytest.param(
            each,
            id=each.name,
            marks=pytest.mark.skipif(
                shutil.which(each.needs) is None, reason=f"{each.needs} is not installed"
            ),
        )
        for each in scenarios
    ]


ALL = list(SCENARIOS)
WITH_DATA = [each for each in ALL if each.expected.data or each.expected.announced]
MIGRATABLE = [each for each in ALL if each.migratable]


def _imported_roots(code: str) -> set[str]:
    roots = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add((node.module or "").partition(".")[0])
    return roots


@pytest.mark.parametrize("scenario", _cases(ALL))
def test_example_when_run_with_gitpython_then_leaves_the_expected_state(
    scenario: Scenario, runs: Runs
) -> None:
    outcome = runs.of_source(scenario)

    assert run_problems(outcome.run, scenario.outcome()) == []
    assert state_problems(outcome.state, scenario.outcome(), translated=False) == []


# The translation of Fig. 9 does not use LFS: it runs without git-lfs too.
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("scenario", ALL, ids=lambda each: each.name)
def test_translation_when_run_then_leaves_the_expected_state(
    scenario: Scenario, strategy: Strategy, runs: Runs, translations: Translations
) -> None:
    outcome = runs.outcome(scenario, translations.of(scenario.path, strategy).code)

    assert run_problems(outcome.run, scenario.outcome()) == []
    assert state_problems(outcome.state, scenario.outcome(), translated=True) == []


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("scenario", _cases(ALL))
def test_translation_when_run_then_prints_what_the_source_prints(
    scenario: Scenario, strategy: Strategy, runs: Runs, translations: Translations
) -> None:
    translated = runs.outcome(scenario, translations.of(scenario.path, strategy).code)

    assert translated.run.stdout == runs.of_source(scenario).run.stdout


@pytest.mark.parametrize("scenario", MIGRATABLE, ids=lambda each: each.name)
def test_translation_when_data_is_with_dvc_already_then_leaves_the_expected_state(
    scenario: Scenario, runs: Runs, translations: Translations
) -> None:
    code = translations.of(scenario.path, "llm-docs").code
    expected = scenario.outcome(migrated=True)
    outcome = runs.outcome(scenario, code, migrated=True)

    assert run_problems(outcome.run, expected) == []
    assert state_problems(outcome.state, expected, translated=True) == []


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_translation_of_an_example_then_is_whole_and_checked(
    program: Path, strategy: Strategy, translations: Translations
) -> None:
    translation = translations.of(program, strategy)

    assert not _imported_roots(translation.code) & {"git", "doctranslate"}
    assert translation.unresolved == ()
    assert translation.report.ok, str(translation.report)
    assert translation.strategy == strategy in get_args(Strategy)
    assert translation.engine == "offline"


@pytest.mark.parametrize("scenario", _cases(WITH_DATA))
def test_source_when_judged_as_a_translation_then_its_data_is_found_outside_dvc(
    scenario: Scenario, runs: Runs
) -> None:
    problems = state_problems(runs.of_source(scenario).state, scenario.outcome(), translated=True)

    paths = {path for data in scenario.expected.data.values() for path in data} | set(
        scenario.expected.announced
    )
    assert all(any(path in problem and "DVC" in problem for problem in problems) for path in paths)


@pytest.mark.parametrize("scenario", MIGRATABLE, ids=lambda each: each.name)
def test_source_when_data_is_with_dvc_already_then_is_found_to_fail(scenario: Scenario, runs: Runs) -> None:
    expected = scenario.outcome(migrated=True)
    outcome = runs.outcome(scenario, scenario.path.read_text(encoding="utf-8"), migrated=True)

    assert run_problems(outcome.run, expected) + state_problems(outcome.state, expected, translated=True)
