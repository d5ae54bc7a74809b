"""What all tests share: document stores of their own, and no call that leaves the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Read when doctranslate is used, so it must be set before a test module asks for anything. One folder for all
# workers: the first one builds a store, the others wait for it.
os.environ["DOCTRANSLATE_STORES"] = str(ROOT / "vectorstores")
os.environ["DOCTRANSLATE_OFFLINE"] = "1"
for _name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DOCTRANSLATE_MODEL"):
    os.environ.pop(_name, None)


@pytest.fixture
def examples() -> Path:
    """The folder of example programs."""
    return ROOT / "examples"


@pytest.fixture
def checkout() -> Iterator[Path]:
    """The checkout that is tested."""
    yield ROOT
