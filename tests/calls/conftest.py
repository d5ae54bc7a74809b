"""No settings of whoever runs the tests, and a book of calls of each test's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from doctranslate.calls.settings import ModelSettings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "DOCTRANSLATE_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)


def settings(**given: object) -> ModelSettings:
    return ModelSettings.model_validate({"model": "openai:fake", "max_retries": 0, "timeout_s": 10, **given})
