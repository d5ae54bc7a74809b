"""Two servers that speak OpenAI's protocol: one that we wrote, and one that we did not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..model_server import serve
from . import litellm
from .litellm import Proxy
from .replies import ours


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path / "cache"))  # no reply is there from before
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DOCTRANSLATE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session", params=["ours", "litellm"])
def server(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """A server whose models say what `replies` has, under their names."""
    if request.param == "ours":
        with serve(ours, api_key="sk-ours") as fake:
            yield Proxy(fake.url, "sk-ours")
        return
    if not litellm.PROGRAM.exists():
        pytest.skip("LiteLLM's proxy is not installed: 'make test' does it, scripts/make-litellm alone too")
    with litellm.running(Path(os.environ["DOCTRANSLATE_TEST_CACHE"]) / "litellm") as proxy:
        yield proxy
