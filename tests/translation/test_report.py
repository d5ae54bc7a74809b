"""The page of pass rates is made from what was measured, and is stale when the programs are others."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .corpus import HERE, Program


@pytest.fixture(scope="module")
def report() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader(
        "translation_report", str(HERE.parents[1] / "scripts/translation-report")
    )
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    found = importlib.util.module_from_spec(spec)
    loader.exec_module(found)
    return found


def _result(name: str, *, equivalent: bool = True, **more: Any) -> dict[str, Any]:
    program = Program(name, f"does {name}", 2, ("push",), ())
    mistakes = {"wrong tag": {"made by": "a call", "found": equivalent, "by": ["tag"], "in calls": ""}}
    measured = {"seconds": {"verified": 2.5}, "cores": 2, "mistakes": mistakes, "equivalent": equivalent}
    return {**asdict(program), **measured, **more}


def test_page_when_made_then_has_the_measured_rates(report: ModuleType) -> None:
    bridged = [{"symbol": "git.repo.base.Repo.blame", "reason": "no | counterpart"}]
    results = [
        _result("good"),
        _result("bridged", bridged=bridged),
        _result("bad", equivalent=False, differences=["tag, v1: other"]),
    ]

    page = report.page(results)

    assert "* 2 of 3 translations are equivalent; 1 of these leave no call on GitPython" in page
    assert "* 2 of 3 mistakes are found: 3 made in the program's own calls, 0 when" in page
    assert "| push | 3 | 2 | 67 % | 1 | 2 of 3 |" in page
    assert "| `git.repo.base.Repo.blame` | no \\| counterpart | 1 |" in page
    assert "| `bad` | does bad | not known yet | tag, v1: other |" in page
    assert "| `bridged` | 2 | push | does bridged | equivalent, 1 bridged |" in page


def test_page_when_a_program_is_new_or_changed_then_is_stale(
    report: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "translations.md"
    page.write_text(report.page([_result("good"), _result("bad", equivalent=False)]))
    good, bad = (Program(name, f"does {name}", 2, ("push",), ()) for name in ("good", "bad"))

    assert report._check([good, bad], page, {"bad"}) == 0
    assert report._check([good, bad, Program("new", "x", 1, (), ())], page, {"bad"}) == 1
    assert report._check([replace(good, level=3), bad], page, {"bad"}) == 1
    assert report._check([replace(good, summary="a | b"), bad], page, {"bad"}) == 1
    assert report._check([good, bad], page, ()) == 1
    assert report._check([], page, ()) == 1
    assert "`new` is new, gone or changed" in capsys.readouterr().err
