from __future__ import annotations

from pathlib import Path

import pytest

from doctranslate.calls.settings import DEFAULT_MODEL, calls_forbidden, names_a_model, resolve
from doctranslate.errors import ConfigError

FILE = """
[model]
name = "openai:from-file"
base_url = "http://file.example/v1"
temperature = 0.3
requests_per_minute = 60
"""


def test_resolve_when_nothing_is_said_then_gives_the_defaults() -> None:
    found = resolve()
    assert (found.model, found.temperature, found.api_key, found.base_url) == (DEFAULT_MODEL, 0, None, None)
    assert not names_a_model()


def test_resolve_when_argument_environment_and_file_differ_then_the_nearer_goes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "doctranslate.toml").write_text(FILE)
    assert names_a_model()
    assert (resolve().model, resolve().temperature) == ("openai:from-file", 0.3)
    monkeypatch.setenv("DOCTRANSLATE_TEMPERATURE", "0.7")
    assert resolve().temperature == 0.7
    assert resolve({"temperature": 1}).temperature == 1
    assert resolve({"temperature": None}).temperature is None
    assert resolve().requests_per_minute == 60


def test_resolve_when_called_below_the_file_then_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "doctranslate.toml").write_text(FILE)
    below = tmp_path / "a/b"
    below.mkdir(parents=True)
    assert resolve(start=below).model == "openai:from-file"


def test_resolve_when_the_environment_says_none_then_it_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCTRANSLATE_TEMPERATURE", "none")
    assert resolve().temperature is None


def test_resolve_when_an_address_is_set_then_a_model_needs_no_provider(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
    monkeypatch.setenv("DOCTRANSLATE_MODEL", "llama-3")
    found = resolve()
    assert (found.model, found.base_url) == ("openai:llama-3", "http://127.0.0.1:8000/v1")


def test_resolve_when_the_provider_is_another_then_openais_address_and_key_are_not_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    found = resolve({"model": "anthropic:claude"})
    assert (found.base_url, found.api_key) == (None, None)


def test_resolve_when_only_the_file_gives_the_address_then_openais_key_does_not_go_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "doctranslate.toml").write_text(FILE)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    assert resolve().base_url == "http://file.example/v1"
    assert resolve().api_key is None
    monkeypatch.setenv("DOCTRANSLATE_API_KEY", "for-the-file")
    key = resolve().api_key
    assert key is not None and key.get_secret_value() == "for-the-file"


def test_resolve_when_the_model_is_named_elsewhere_then_the_files_address_is_not_its_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "doctranslate.toml").write_text(FILE)
    assert resolve({"model": "openai:gpt-4o"}).base_url is None


def test_settings_when_shown_then_the_key_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    assert "very-secret" not in repr(resolve()) + str(resolve().model_dump())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[model]\napi_key = 'sk-1'\n", "DOCTRANSLATE_API_KEY"),
        ("[model]\ntemprature = 1\n", "temprature"),
        ("[model\n", "cannot be read"),
        ("model = 3\n", "not a table"),
        ("[model]\ntemperature = 9\n", "temperature"),
        ("[model]\nname = 'gpt-4o'\n", "provider:model"),
    ],
)
def test_resolve_when_the_file_is_wrong_then_says_what(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "doctranslate.toml").write_text(text)
    with pytest.raises(ConfigError, match=says):
        resolve()


@pytest.mark.parametrize(
    ("address", "forbidden"),
    [
        (None, True),
        ("https://api.openai.com/v1", True),
        ("http://127.0.0.1:1/v1", False),
        ("http://localhost:1/v1", False),
        ("http://[::1]:1/v1", False),
        ("http://localhost.evil.example/v1", True),
        ("http://127.0.0.1.evil.example/v1", True),
        ("not an address", True),
    ],
)
def test_calls_forbidden_when_offline_then_all_but_this_machine(address: str | None, forbidden: bool) -> None:
    assert calls_forbidden(address) is forbidden
