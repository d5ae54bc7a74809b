from __future__ import annotations

from dataclasses import replace
from typing import Any

import openai
import pytest

from . import chat, error, filtered, limited, malformed, refused, serve, truncated
from .conftest import Connect

ASK: dict[str, Any] = {"model": "fake", "messages": [{"role": "user", "content": "Hello?"}], "stream": True}
TEXT = "```python\nimport dvc\n\n\nprint(1)\n```\n\N{GREEK SMALL LETTER ALPHA}  "


def text_of(stream: Any) -> str:
    return "".join(part.choices[0].delta.content or "" for part in stream if part.choices)


@pytest.mark.parametrize("text", [TEXT, "", "  ", "word " * 5_000])
def test_stream_when_read_to_its_end_then_gives_the_whole_text(connect: Connect, text: str) -> None:
    with serve([chat(text)]) as fake:
        client = connect(fake)
        assert text_of(client.chat.completions.create(**ASK)) == text
        assert text_of(client.chat.completions.create(**ASK)) == text
    stats = fake.record.stats()
    assert (stats["replied"], stats["lost"]) == (2, 0)


def test_stream_when_usage_is_asked_for_then_the_last_event_has_it_and_no_choice(connect: Connect) -> None:
    with serve([chat(TEXT, usage=(5, 6))]) as fake:
        client = connect(fake)
        *_, last = client.chat.completions.create(**ASK, stream_options={"include_usage": True})
        without = list(client.chat.completions.create(**ASK))
    assert last.choices == []
    assert last.usage is not None
    assert (last.usage.prompt_tokens, last.usage.completion_tokens) == (5, 6)
    assert all(part.usage is None for part in without)


@pytest.mark.parametrize(
    ("answer", "finish"), [(chat("x"), "stop"), (truncated("x"), "length"), (filtered(), "content_filter")]
)
def test_stream_when_it_ends_then_says_why(connect: Connect, answer: Any, finish: str) -> None:
    with serve([answer]) as fake:
        parts = list(connect(fake).chat.completions.create(**ASK))
    assert [part.choices[0].finish_reason for part in parts if part.choices[0].finish_reason] == [finish]


def test_stream_when_the_model_refuses_then_streams_the_refusal(connect: Connect) -> None:
    with serve([refused("I will not.")]) as fake:
        parts = list(connect(fake).chat.completions.create(**ASK))
    assert "".join(part.choices[0].delta.refusal or "" for part in parts) == "I will not."


def test_stream_when_the_connection_drops_then_the_client_has_a_part_and_an_error(connect: Connect) -> None:
    import httpx2

    got = []
    with serve([replace(chat("a b c d e f g h"), sent=0.5)]) as fake:
        stream = connect(fake).chat.completions.create(**ASK)
        with pytest.raises((openai.APIConnectionError, httpx2.RemoteProtocolError)):
            got.extend(stream)
    assert 0 < len(got) < 8


def test_stream_when_an_error_comes_in_its_middle_then_the_client_raises_it(connect: Connect) -> None:
    got = []
    with serve([replace(chat("a b c d e f g h"), stream_error="The server had an error.")]) as fake:
        stream = connect(fake).chat.completions.create(**ASK)
        with pytest.raises(openai.APIError, match="had an error"):
            got.extend(stream)
    assert got


def test_stream_when_an_event_is_no_json_then_the_client_fails(connect: Connect) -> None:
    with serve([malformed()]) as fake:
        stream = connect(fake).chat.completions.create(**ASK)
        with pytest.raises(ValueError):
            list(stream)


@pytest.mark.parametrize("late", [{"body_delay_s": 60}, {"piece_s": 60}])
def test_stream_when_it_stalls_then_the_client_times_out(connect: Connect, late: dict[str, float]) -> None:
    import httpx2

    with serve([replace(chat("a b c"), **late)]) as fake:
        client = connect(fake, timeout=1)
        with pytest.raises((openai.APITimeoutError, httpx2.ReadTimeout)):
            list(client.chat.completions.create(**ASK))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(error(503, "no"), openai.InternalServerError), (limited(1), openai.RateLimitError)],
)
def test_stream_when_refused_at_once_then_no_stream_begins(
    connect: Connect, answer: Any, expected: type[Exception]
) -> None:
    with serve([answer]) as fake, pytest.raises(expected):
        connect(fake).chat.completions.create(**ASK)
