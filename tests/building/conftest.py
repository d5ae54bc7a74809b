"""Stores and caches of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The cache directory of this test."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(folder))
    yield folder
