from __future__ import annotations

from dataclasses import replace

import pytest

from doctranslate.calls.request import Request, Schema, body_of, key_of
from doctranslate.records import Message

from .conftest import settings

REQUEST = Request((Message(role="user", content="hello"),), "condense")


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, messages=(Message(role="user", content="hello!"),)),
        replace(REQUEST, messages=(Message(role="system", content="hello"),)),
        replace(REQUEST, sample=1),
        replace(REQUEST, max_tokens=9),
        replace(REQUEST, schema=Schema("x", {})),
    ],
)
def test_key_of_when_anything_differs_that_counts_then_it_differs(other: Request) -> None:
    assert key_of(other, settings()) != key_of(REQUEST, settings())


@pytest.mark.parametrize(
    "given",
    [{"model": "openai:other"}, {"temperature": 1}, {"seed": 3}, {"max_tokens": 9}, {"base_url": "http://a"}],
)
def test_key_of_when_the_settings_differ_then_it_differs(given: dict[str, object]) -> None:
    assert key_of(REQUEST, settings(**given)) != key_of(REQUEST, settings())


def test_key_of_when_only_purpose_limits_or_key_differ_then_it_is_the_same() -> None:
    same = settings(api_key="sk-1", max_workers=3, requests_per_minute=9, max_cost_usd=1)
    assert key_of(replace(REQUEST, purpose="check"), same) == key_of(REQUEST, settings())


def test_body_of_when_samples_are_asked_for_with_a_seed_then_each_has_its_own() -> None:
    bodies = [body_of(replace(REQUEST, sample=n), settings(seed=40)) for n in range(3)]
    assert [body["seed"] for body in bodies] == [40, 41, 42]


def test_body_of_when_nothing_is_set_then_holds_only_what_is_asked() -> None:
    assert body_of(REQUEST, settings(temperature=None)) == {
        "model": "fake",
        "messages": [{"role": "user", "content": "hello"}],
    }


@pytest.mark.parametrize(("address", "name"), [(None, "max_completion_tokens"), ("http://a", "max_tokens")])
def test_body_of_when_the_reply_is_limited_then_by_the_name_that_the_endpoint_knows(
    address: str | None, name: str
) -> None:
    assert body_of(REQUEST, settings(max_tokens=7, base_url=address))[name] == 7
