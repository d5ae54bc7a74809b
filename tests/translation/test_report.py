"""The page of pass rates is made from what was measured, and is stale when the programs are others."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from dataclasses import asdict
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
    measured = {"seconds": {"verified": 2.5}, "mistakes": mistakes, "equivalent": equivalent}
    return {**asdict(program), **measured, **more}


def test_page_when_made_then_has_the_measured_rates(report: ModuleType) -> None:
    bridged = [{"symbol": "git.repo.base.Repo.blame", "reason": "no | counterpart"}]
    results = [
        _result("good"),
        _result("bridged", bridged=bridged),
        _result("bad", equivalent=False, differences=["tag, v1: other"]),
    ]

    page = report.page(results)

    assert "* 2 of 3 translations are equivalent; 2 programs" in page
    assert "* 2 of 3 mistakes are found. " in page
    assert "| push | 3 | 2 | 67 % | 1 | 2 of 3 |" in page
    assert "| `git.repo.base.Repo.blame` | no \\| counterpart | 1 |" in page
    assert "| `bad` | does bad | tag, v1: other |" in page
    assert "| `bridged` | 2 | push | does bridged | equivalent, 1 bridged |" in page


def test_page_when_a_program_is_new_or_changed_then_is_stale(
    report: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "PAGE", tmp_path / "translations.md")
    (tmp_path / "translations.md").write_text(report.page([_result("good")]))
    good = Program("good", "does good", 2, ("push",), ())

    assert report._check([good]) == 0
    assert report._check([good, Program("new", "x", 1, (), ())]) == 1
    assert report._check([Program("good", "does good", 3, ("push",), ())]) == 1
    assert report._check([]) == 1
    assert "`new` is new, gone or changed" in capsys.readouterr().err
