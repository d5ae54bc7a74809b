from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from doctranslate.engines.model import ModelEngine
from doctranslate.engines.offline import OfflineEngine
from doctranslate.engines.pick import pick_engine
from doctranslate.engines.scripted import ScriptedEngine
from doctranslate.errors import ConfigError, ModelAuthError

LOCAL = "http://127.0.0.1:9/v1"


def test_pick_engine_when_it_is_one_then_gives_it_back() -> None:
    engine = ScriptedEngine()
    assert pick_engine(engine) is engine


def test_pick_engine_when_nothing_is_configured_then_is_offline() -> None:
    assert pick_engine(None).name == "offline"
    assert isinstance(pick_engine("offline"), OfflineEngine)


@pytest.mark.parametrize("name", ["gpt-4o", "", "online"])
def test_pick_engine_when_the_name_is_unknown_then_says_what_there_is(name: str) -> None:
    with pytest.raises(ConfigError, match="provider:model"):
        pick_engine(name)


@pytest.mark.parametrize("name", ["nosuchprovider:m", "openai:", ":gpt-4o"])
def test_pick_engine_when_the_provider_is_unknown_then_is_a_config_error(name: str) -> None:
    with pytest.raises(ConfigError):
        pick_engine(name)


@pytest.mark.parametrize(("model", "name"), [("openai:m", "openai:m"), ("m", "openai:m")])
def test_pick_engine_when_the_environment_names_a_local_model_then_takes_it_without_a_key(
    model: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCTRANSLATE_MODEL", model)
    monkeypatch.setenv("OPENAI_BASE_URL", LOCAL)
    engine = pick_engine(None)
    assert engine.name == name
    assert engine.is_model


def test_pick_engine_when_only_a_key_is_there_then_takes_the_default_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.delenv("DOCTRANSLATE_OFFLINE")
    assert pick_engine(None).name == "openai:gpt-4o-mini"


def test_pick_engine_when_calls_are_forbidden_then_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    assert pick_engine(None).name == "offline"


def test_pick_engine_when_only_an_address_is_there_then_is_offline_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", LOCAL)
    with caplog.at_level(logging.WARNING):
        assert pick_engine(None).name == "offline"
    assert "DOCTRANSLATE_MODEL" in caplog.text


def test_pick_engine_when_openai_has_no_key_then_says_what_to_set() -> None:
    with pytest.raises(ModelAuthError, match="OPENAI_API_KEY"):
        pick_engine("openai:gpt-4o")


def test_model_engine_when_the_extra_is_missing_then_names_it() -> None:
    program = (
        "import sys\n"
        "sys.modules['openai'] = None\n"
        "from doctranslate.engines.pick import pick_engine\n"
        "from doctranslate.errors import MissingExtraError\n"
        "try:\n"
        "    pick_engine('openai:gpt-4o')\n"
        "except MissingExtraError as exc:\n"
        "    print(exc.package, exc.extra)\n"
        "print(pick_engine(None).name)\n"
    )
    env = {"OPENAI_API_KEY": "sk-test", "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["openai", "openai", "offline"], done.stderr
    assert "no model is used" in done.stderr


def test_engines_when_the_offline_one_is_imported_then_loads_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from doctranslate.engines.pick import pick_engine\n"
        "pick_engine('offline')\n"
        "heavy = {'langchain', 'langchain_core', 'openai', 'tiktoken', 'libcst', 'httpx', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_model_engine_when_no_worker_is_allowed_then_refuses() -> None:
    with pytest.raises(ConfigError, match="max_workers"):
        ModelEngine("openai:m", base_url=LOCAL, max_workers=0)
