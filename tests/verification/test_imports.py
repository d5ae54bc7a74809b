"""Rung 2: leftovers of the source library."""

from __future__ import annotations

import pytest

from doctranslate.records import Unresolved

from .conftest import Check
from .reports import lines, named, text

LEFTOVERS = {
    "import": ("import git", 1),
    "submodule": ("import git.exc", 1),
    "from": ("from git import Repo", 1),
    "from submodule": ("from git.exc import GitCommandError as E", 1),
    "alias": ("import os\nimport git as g", 2),
    "in a function": ("def f():\n    import git\n    return git", 2),
    "in a try": ("try:\n    import git\nexcept ImportError:\n    git = None", 2),
    "for types": ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from git import Repo", 3),
    "import_module": ('import importlib\ng = importlib.import_module("git.repo")', 2),
    "dunder import": ('__import__("git")', 1),
    "several": ("import os, git", 1),
    "second library": ("import gitdb", 1),
}


@pytest.mark.parametrize("case", LEFTOVERS)
def test_check_imports_when_the_source_library_is_imported_then_names_the_line(
    case: str, check: Check
) -> None:
    code, line = LEFTOVERS[case]
    found = named(check(code + "\n"), "no-source-imports")
    assert found.outcome == "fail"
    assert lines(found) == {line}


def test_check_imports_when_nothing_is_left_then_passes(check: Check) -> None:
    code = "from scmrepo.git import Git\nfrom .git import x\nimport gitlab_like as git\ngit.f()\n"
    assert named(check(code), "no-source-imports").outcome == "pass"


def test_check_imports_when_a_name_lost_its_import_then_names_each_use(check: Check) -> None:
    found = named(check('repo = Repo(".")\n\ndef f():\n    return git.Repo()\n'), "no-source-imports")
    assert lines(found) == {1, 4}
    assert "'Repo'" in text(found)
    assert "'git'" in text(found)


def test_check_imports_when_the_name_is_bound_to_something_else_then_passes(check: Check) -> None:
    code = "from dvc.repo import Repo\nrepo = Repo()\ngit = repo.scm\ngit.commit('m')\n"
    assert named(check(code), "no-source-imports").outcome == "pass"


def _left(code: str) -> list[Unresolved]:
    return [
        Unresolved(line=7, symbol="git.repo.base.Repo.blame", code=code, reason="none"),
    ]


def test_check_imports_when_an_unresolved_line_names_it_then_passes_with_the_reason(check: Check) -> None:
    found = named(
        check("import git\ngit.Repo('.').blame()\n", unresolved=_left("git.Repo('.').blame()")),
        "no-source-imports",
    )
    assert found.outcome == "pass"
    assert "import git stays for line 7" in found.reason


def test_check_imports_when_an_unresolved_line_needs_it_through_variables_then_passes(check: Check) -> None:
    code = "from git import Repo\nclass A:\n    def __init__(self):\n        self.repo = Repo('.')\n"
    code += "    def f(self):\n        return self.repo.blame('HEAD', 'f')\n"
    assert named(
        check(code, unresolved=_left("self.repo.blame('HEAD', 'f')")), "no-source-imports"
    ).outcome == ("pass")


def test_check_imports_when_the_unresolved_line_is_about_something_else_then_fails(check: Check) -> None:
    report = check(
        "import git\nfrom git.exc import GitError\nprint(GitError)\n", unresolved=_left("git.Repo().blame()")
    )
    assert lines(named(report, "no-source-imports")) == {2}


def test_check_imports_when_nothing_is_unresolved_then_the_import_is_a_leftover(check: Check) -> None:
    code = "import git\nfrom dvc.repo import Repo\nRepo().scm.gitpython.repo.blame()\n"
    report = check(code)
    assert lines(named(report, "no-source-imports")) == {1}
