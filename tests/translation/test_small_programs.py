"""Translations of small programs leave what their sources leave, for one habit at a time."""

from __future__ import annotations

import pytest
from scenarios import Expected, Scenario, World, differences

import doctranslate

from .conftest import Runs, Translations
from .small_programs import SMALL_PROGRAMS

# What the rules do not manage yet. Strict: one that starts to pass has to leave this list.
KNOWN: dict[str, str] = {
    "changes in the working tree": "index.diff(None) is bridged and does not see changed data",
    "errors": "bridged calls raise GitCommandError where the handler now catches SCMError",
}


def _start(world: World) -> None:
    world.start({"README.md": b"# Project\n"})
    (world.root / "work/data").mkdir()


HERE = Scenario(name="small", program="", build=_start, expected=Expected({}, {}))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=KNOWN[name]))
        if name in KNOWN
        else name
        for name in SMALL_PROGRAMS
    ],
)
def test_translation_of_a_small_program_when_run_then_leaves_what_the_source_leaves(
    name: str, runs: Runs, translations: Translations
) -> None:
    source = runs.outcome(HERE, SMALL_PROGRAMS[name])
    assert source.run.returncode == 0, source.run.stderr

    translation = doctranslate.translate(SMALL_PROGRAMS[name], "gitpython", "dvc", "docs", engine="offline")
    translated = runs.outcome(HERE, translation.code)

    assert translated.run.returncode == 0, translated.run.stderr
    assert translated.run.stdout == source.run.stdout
    assert differences(source.state, translated.state) == []
