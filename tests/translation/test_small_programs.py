"""Translations of small programs leave what their sources leave, for one habit at a time."""

from __future__ import annotations

import pytest

import doctranslate
from doctranslate.verification.equivalence import Judge

from .conftest import Translations
from .small_programs import SMALL_PROGRAMS


@pytest.mark.parametrize("name", SMALL_PROGRAMS)
def test_translation_of_a_small_program_when_run_then_leaves_what_the_source_leaves(
    name: str, translations: Translations
) -> None:
    source = SMALL_PROGRAMS[name]
    translation = doctranslate.translate(source, "gitpython", "dvc", "docs", engine="offline")

    with Judge(source, "gitpython", "dvc") as judge:
        assert judge.source_outcome().run.returncode == 0, judge.source_outcome().run.stderr
        executed, equivalent = judge.check(translation.code)

    assert executed.outcome == "pass", str(executed)
    assert equivalent.outcome == "pass", "\n".join(map(str, equivalent.differences))
