"""Prices of models: the table that ships, and one of the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctranslate.calls.prices import price_of
from doctranslate.errors import ConfigError


@pytest.fixture(autouse=True)
def _no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCTRANSLATE_PRICES", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.mark.parametrize("model", ["openai:gpt-4o-mini", "gpt-4o-mini", "openai:gpt-4o-mini-2024-07-18"])
def test_price_of_when_the_model_is_in_the_table_then_it_has_a_date_and_a_source(model: str) -> None:
    price = price_of(model)
    assert price is not None
    assert (price.input_usd, price.output_usd) == (0.15, 0.60)
    assert price.date and "OpenAI" in price.source
    assert price.of(input_tokens=2_000_000, output_tokens=1_000_000) == pytest.approx(0.90)


@pytest.mark.parametrize("model", ["ollama:gpt-4o-mini", "openai:gpt-9", "offline", ""])
def test_price_of_when_the_model_is_not_known_then_none(model: str) -> None:
    assert price_of(model) is None


def test_price_of_when_another_endpoint_is_set_then_openai_s_prices_say_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    assert price_of("openai:gpt-4o-mini") is None


def test_price_of_when_the_user_has_a_table_then_it_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "prices.toml"
    table.write_text(
        'date = "2026-11-24"\n[models]\n"gpt-4o" = { input = 1, output = 2 }\n"ollama:llama" = { input = 0.5 }\n'
    )
    monkeypatch.setenv("DOCTRANSLATE_PRICES", str(table))
    for model, expected in (
        ("openai:gpt-4o", (1, 2)),
        ("ollama:llama", (0.5, 0)),
        ("openai:gpt-4.1", (2, 8)),
    ):
        price = price_of(model)
        assert price is not None and (price.input_usd, price.output_usd) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "No such file"),
        ("x = [", "cannot be read"),
        ('date = "d"\n[models]\n"m" = { input = -1 }\n', "models.m.input"),
        ('date = "d"\n[models]\n"m" = { inputs = 1 }\n', "models.m"),
    ],
)
def test_price_of_when_the_user_s_table_is_wrong_then_the_error_names_file_and_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, said: str
) -> None:
    table = tmp_path / "prices.toml"
    if text is not None:
        table.write_text(text)
    monkeypatch.setenv("DOCTRANSLATE_PRICES", str(table))
    with pytest.raises(ConfigError, match=said) as caught:
        price_of("openai:gpt-4o")
    assert str(table) in str(caught.value)
