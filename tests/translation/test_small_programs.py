"""Translations of small programs leave what their sources leave, for one habit at a time."""

from __future__ import annotations

import pytest
from scenarios import Expected, Scenario, World, differences

import doctranslate

from .conftest import Runs, Translations
from .small_programs import SMALL_PROGRAMS

# What the rules do not manage yet. Strict: one that starts to pass has to leave this list.
KNOWN: dict[str, str] = {
    "data first on a branch, then on main": "main gets .dvc files and no .dvc/config: a clone cannot pull",
    "a list in a variable": "a module-level list is taken for one path",
    "starred names and push of HEAD": "HEAD is pushed to a branch called HEAD",
    "push to every remote": "the data is not pushed where the git push is bridged",
    "push, and look at the result": "a remote whose push result is used becomes a plain name with .push()",
    "a new remote": "create_remote is bridged and its result is used as a name",
    "one old file by checkout": "checkout of a path is bridged, and git does not know the data file",
    "forms of reading": "tree / folder / file is bridged, and git does not know the data file",
    "a range of commits": "iter_commits with a range is given to resolve_rev",
    "remove from the index": "the .dvc file is deleted and its deletion is not staged",
    "git rm": "the .dvc file is deleted and its deletion is not staged",
    "clone a branch": "a branch that is only on the remote cannot be checked out by Git.clone(rev=)",
    "changes in the working tree": "index.diff(None) is bridged and does not see changed data",
    "errors": "bridged calls raise GitCommandError where the handler now catches SCMError",
    "another author": "a variable that is bound to Actor(...) is dropped and used",
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
