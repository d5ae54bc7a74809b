"""The rungs that run programs come after those that do not, and heed them."""

from __future__ import annotations

import pytest

import doctranslate
from doctranslate.errors import SourceCodeError, UsageError

SOURCE = "from git import Repo\nprint(Repo('.').head.commit.message)\n"
RIGHT = "from scmrepo.git import Git\nprint(Git('.').resolve_commit('HEAD').message)\n"
NAMES = ["parses", "no-source-imports", "calls-exist", "nothing-dangerous", "execute", "equivalence"]


def test_verify_when_the_translation_is_right_then_every_rung_passes() -> None:
    report = doctranslate.verify(SOURCE, RIGHT, "gitpython", "dvc")

    assert [(check.name, check.outcome) for check in report.checks] == [(name, "pass") for name in NAMES], (
        str(report)
    )


@pytest.mark.parametrize(("level", "n_checks"), [("static", 4), ("execute", 5)])
def test_verify_when_less_is_asked_for_then_less_is_done(level: str, n_checks: int) -> None:
    report = doctranslate.verify(SOURCE, RIGHT, "gitpython", "dvc", level=level)  # type: ignore[arg-type]

    assert [check.name for check in report.checks] == NAMES[:n_checks]
    assert report.ok, str(report)


def test_verify_when_the_translation_does_not_parse_then_nothing_is_run() -> None:
    report = doctranslate.verify(SOURCE, "print(", "gitpython", "dvc")

    assert [check.outcome for check in report.checks] == ["fail", *["skipped"] * 5]


def test_verify_when_new_dangers_would_not_be_isolated_then_nothing_is_run(tmp_path: object) -> None:
    hostile = f"import os\nos.system('touch {tmp_path}/x')\n" + RIGHT

    report = doctranslate.verify(SOURCE, hostile, "gitpython", "dvc", isolation="none")

    assert not report.ok
    assert [check.outcome for check in report.checks[-2:]] == ["skipped", "skipped"]
    assert "not run" in report.checks[-1].reason


def test_verify_when_the_pair_has_no_rules_then_what_programs_leave_is_compared_all_the_same() -> None:
    source = "import dvc.api\nopen('a.txt', 'w').write('1')\nprint('done')\n"
    right = "import git\nopen('a.txt', 'w').write('1')\nprint('done')\n"

    good = doctranslate.verify(source, right, "dvc", "gitpython")
    bad = doctranslate.verify(source, right.replace("'1'", "'2'"), "dvc", "gitpython")

    assert good.checks[-1].outcome == "pass", str(good)
    assert [each.kind for each in bad.checks[-1].differences] == ["worktree"]


def test_translate_when_equivalence_is_asked_for_then_the_report_has_it() -> None:
    found = doctranslate.translate(SOURCE, "gitpython", "dvc", engine="offline", verify="equivalence")

    assert [check.name for check in found.report.checks] == NAMES
    assert found.report.checks[-1].outcome == "pass", str(found.report)


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "none"},
        {"level": "all"},
        {"isolation": "some"},
        {"argv": "one two"},
        {"workspace": "/no/such"},
    ],
)
def test_verify_when_called_wrongly_then_raises_usage_error(wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        doctranslate.verify(SOURCE, RIGHT, "gitpython", "dvc", **wrong)  # type: ignore[arg-type]


def test_verify_when_the_source_is_not_python_then_raises() -> None:
    with pytest.raises(SourceCodeError):
        doctranslate.verify("print(", RIGHT, "gitpython", "dvc")
