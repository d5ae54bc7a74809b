"""The judge is judged: a right translation passes, and each way to get it wrong is named with its likely reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from doctranslate.verification.equivalence import Judge

from .mistakes import MISTAKES, RIGHT, SOURCE


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(SOURCE, "gitpython", "dvc") as found:
        yield found


def test_right_translation_when_judged_then_has_no_difference(judge: Judge) -> None:
    executed, equivalent = judge.check(RIGHT)

    assert (executed.outcome, equivalent.outcome) == ("pass", "pass"), [
        executed,
        *map(str, equivalent.differences),
    ]
    assert "2 new commits" in equivalent.reason


def test_source_when_judged_as_its_translation_then_its_data_is_found_in_git(judge: Judge) -> None:
    _, equivalent = judge.check(SOURCE)

    assert equivalent.outcome == "fail"
    assert {each.kind for each in equivalent.differences} == {"data"}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_when_judged_then_is_named_with_its_reason(mistake: str, judge: Judge) -> None:
    old, new, kind, reason = MISTAKES[mistake]
    assert RIGHT.count(old) == 1

    executed, equivalent = judge.check(RIGHT.replace(old, new))

    assert executed.outcome == "pass", str(executed)
    assert equivalent.outcome == "fail"
    told = [(each.kind, each.reason) for each in equivalent.differences]
    assert any(each == kind and reason in why for each, why in told), "\n".join(
        map(str, equivalent.differences)
    )
