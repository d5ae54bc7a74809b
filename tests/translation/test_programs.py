"""Every program of the corpus is translated, proven equivalent, and found out when the translation is replaced.

The last for every sixth of them, or for all with ``MISTAKES=all`` (``make programs``).

One test per program, so that its start state is made once and its source runs once (and a second time to see that it
does the same). Each test writes what it measured, for ``scripts/translation-report``.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import doctranslate
from doctranslate.records import Translation
from doctranslate.verification.equivalence import Judge

from .conftest import Translations
from .corpus import KNOWN, NOTHING_TO_SEE, Program, programs, with_mistakes
from .mutations import MUTATIONS, addition, has_call, made_by, mutant


@pytest.fixture
def results(request: pytest.FixtureRequest) -> Path:
    """Folder of what was measured, one file per program."""
    return request.config.cache.mkdir("translations")


@pytest.mark.slow
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            each,
            id=each.name,
            marks=[pytest.mark.xfail(strict=True, raises=AssertionError, reason=KNOWN[each.name])]
            if each.name in KNOWN
            else [],
        )
        for each in programs()
    ],
)
def test_program_when_translated_then_is_equivalent_and_each_mistake_is_found(
    program: Program, translations: Translations, results: Path
) -> None:
    measured: dict[str, Any] = {
        **asdict(program),
        "cores": os.cpu_count(),
        "seconds": {},
        "mistakes": {},
        "equivalent": False,
    }
    try:
        _prove(program, measured)
    finally:
        (results / f"{program.name}.json").write_text(json.dumps(measured, indent=1), encoding="utf-8")


def _prove(program: Program, measured: dict[str, Any]) -> None:
    started = time.monotonic()
    data = None if program.data is None else list(program.data)
    translation = doctranslate.translate(
        program.source, "gitpython", "dvc", "docs", engine="offline", data=data
    )
    measured["seconds"]["translate"] = round(time.monotonic() - started, 2)
    measured["bridged"] = [each.model_dump() for each in translation.bridged]
    measured["unresolved"] = [each.model_dump() for each in translation.unresolved]
    measured["notes"] = len(translation.notes)
    with Judge(
        program.source, "gitpython", "dvc", setup=program.setup, argv=program.argv, data=program.with_dvc
    ) as judge:
        assert judge.why_not_here() == ""
        executed, equivalent = judge.check(translation.code, keep=True)
        measured["seconds"]["verified"] = round(time.monotonic() - started, 2)
        measured["equivalent"] = equivalent.outcome == "pass"
        measured["differences"] = [str(each) for each in equivalent.differences]
        assert executed.outcome == "pass", str(executed)
        assert equivalent.outcome == "pass", "\n".join(map(str, equivalent.differences))
        assert translation.report.ok, str(translation.report)
        if program.name in with_mistakes():
            _find_out(program, translation, judge, measured)


def _find_out(program: Program, translation: Translation, judge: Judge, measured: dict[str, Any]) -> None:
    """The source itself, nothing at all, and each mistake are told from a right translation."""
    report = doctranslate.verify(program.source, program.source, "gitpython", "dvc", level="static")
    assert not report.ok, "the untranslated source passes"
    # Its imports give it away; where it adds data, what it leaves does so too.
    _, untranslated = judge.judge(judge.source_outcome())
    measured["source found by"] = ["imports", *sorted({each.kind for each in untranslated.differences})]
    assert judge.find_out("")[0].outcome == "fail", "an empty program passes"
    survived = []
    for mutation in MUTATIONS:
        why = NOTHING_TO_SEE.get((program.name, mutation), "")
        check, how = None, ""
        if has_call(translation.code, mutation):
            check, outcome = judge.find_out(mutant(translation.code, mutation))
            how = made_by(outcome.run.stderr)
            assert not why or (how, check.outcome) == ("a call", "pass"), (
                f"{mutation}: by {how} it is to be seen"
            )
        if check is None or why:
            check, outcome = judge.find_out(addition(mutation), on_top=True)
            how = made_by(outcome.run.stderr)
        measured["mistakes"][mutation] = {
            "made by": how,
            "found": check.outcome == "fail",
            "by": sorted({each.kind for each in check.differences}),
            "in calls": why,
        }
        if check.outcome != "fail" or not how:
            survived.append(f"{mutation}: made by {how or 'nothing'}, {check.outcome}")
    assert survived == []
