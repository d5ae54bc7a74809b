"""The guard sees what is added to a translation, whichever way it is written, and sees nothing in an honest one."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from doctranslate.apis import ApiIndex
from doctranslate.component import component
from doctranslate.records import Check, Report
from doctranslate.sources.package import read_api
from doctranslate.verification.static import check_static

from .attacks import ATTACKS, CHANGES, SOURCE, TRANSLATION
from .honest import HONEST

Guard = Callable[[str, str], Check]


@pytest.fixture(scope="module")
def guard() -> Guard:
    src_api: ApiIndex = read_api(component("gitpython"))
    dst_api: ApiIndex = read_api(component("dvc"))

    def check(code: str, source: str) -> Check:
        report: Report = check_static(code, source=source, src_api=src_api, dst_api=dst_api)
        return report.checks[3]

    return check


def test_guard_when_nothing_is_added_then_passes(guard: Guard) -> None:
    assert guard(TRANSLATION, SOURCE).outcome == "pass"


@pytest.mark.parametrize("name", ATTACKS)
def test_guard_when_something_is_added_then_names_its_line_and_why(guard: Guard, name: str) -> None:
    code = TRANSLATION + ATTACKS[name] + "\n"
    ast.parse(code)

    found = guard(code, SOURCE)

    assert found.outcome == "fail"
    first = TRANSLATION.count("\n") + 1
    assert all(each.line >= first and "source program" in each.message for each in found.findings), found


@pytest.mark.parametrize("name", CHANGES)
def test_guard_when_something_is_changed_then_fails(guard: Guard, name: str) -> None:
    old, new = CHANGES[name]
    assert old in TRANSLATION

    assert guard(TRANSLATION.replace(old, new), SOURCE).outcome == "fail"


# What is done through the repository object is another thing in the source, whose object is GitPython's.
@pytest.mark.parametrize("name", [name for name, added in ATTACKS.items() if "epo" not in added])
def test_guard_when_the_source_does_the_same_then_it_is_no_addition(guard: Guard, name: str) -> None:
    added = ATTACKS[name] + "\n"

    assert guard(TRANSLATION + added, SOURCE + added).outcome == "pass"


@pytest.mark.parametrize("name", HONEST)
def test_guard_when_a_translation_is_honest_then_passes(guard: Guard, name: str) -> None:
    source, code = HONEST[name]

    found = guard(code, source)

    assert found.outcome == "pass", found
