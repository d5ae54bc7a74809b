"""What all tests share: document stores of their own, and no call that leaves the machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Read when doctranslate is used, so it must be set before a test module asks for anything. One folder for all
# workers: the first one builds a store, the others wait for it.
os.environ["DOCTRANSLATE_STORES"] = str(ROOT / "vectorstores")
os.environ["DOCTRANSLATE_OFFLINE"] = "1"
# Likewise: made by the process that starts the workers, who have its environment, and removed by it in the end.
_CACHE = "DOCTRANSLATE_TEST_CACHE"
_made = "" if os.environ.get(_CACHE) else tempfile.mkdtemp(prefix="doctranslate-tests-")
os.environ["DOCTRANSLATE_CACHE"] = os.environ.setdefault(_CACHE, _made)
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


def pytest_unconfigure() -> None:
    """Remove the cache of these tests."""
    if _made:
        shutil.rmtree(_made, ignore_errors=True)
