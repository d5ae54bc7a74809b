from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest

from . import (
    Answer,
    chat,
    completion,
    error,
    filtered,
    malformed,
    no_choices,
    no_such_model,
    refused,
    serve,
    truncated,
)
from .conftest import Connect

ASK: dict[str, Any] = {"model": "fake", "messages": [{"role": "user", "content": "Hello?"}]}


def test_chat_when_scripted_then_the_client_reads_it_and_the_last_answer_is_repeated(
    connect: Connect,
) -> None:
    with serve([chat("one", usage=(3, 4)), chat("two")]) as fake:
        client = connect(fake)
        first, *rest = [client.chat.completions.create(**ASK) for _ in range(3)]
    assert first.choices[0].message.content == "one"
    assert first.usage is not None
    assert (first.usage.prompt_tokens, first.usage.completion_tokens, first.usage.total_tokens) == (3, 4, 7)
    assert [reply.choices[0].message.content for reply in rest] == ["two", "two"]
    assert fake.requests == [ASK] * 3
    assert fake.keys == ["Bearer none"] * 3


def test_chat_when_asked_again_then_the_connection_is_used_again(connect: Connect) -> None:
    with serve([chat("x")]) as fake:
        client = connect(fake)
        for _ in range(5):
            client.chat.completions.create(**ASK)
    assert fake.record.n_connections == 1


def test_chat_when_the_client_asks_to_close_then_the_connection_is_closed(connect: Connect) -> None:
    with serve([chat("x")]) as fake:
        client = connect(fake, default_headers={"Connection": "close"})
        for _ in range(2):
            client.chat.completions.create(**ASK)
    assert fake.record.n_connections == 2


def test_chat_when_answered_by_a_function_then_it_gets_the_body(connect: Connect) -> None:
    with serve(lambda body: chat(body["messages"][0]["content"].upper())) as fake:
        reply = connect(fake).chat.completions.create(**ASK)
    assert reply.choices[0].message.content == "HELLO?"


def test_chat_when_the_function_fails_then_the_client_sees_why(connect: Connect) -> None:
    with (
        serve(lambda body: chat(body["nothing"])) as fake,
        pytest.raises(openai.InternalServerError, match="nothing"),
    ):
        connect(fake).chat.completions.create(**ASK)


def test_chat_when_nobody_gave_answers_then_they_are_made_the_same_each_time(connect: Connect) -> None:
    def ask(text: str) -> str:
        return (
            client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
            .choices[0]
            .message.content
            or ""
        )

    with serve() as fake:
        client = connect(fake)
        one, again, other, program = ask("a"), ask("a"), ask("b"), ask("<program>\nimport git\n</program>")
    assert one == again != other
    assert program == "```python\nimport git\n```\n"


def test_chat_when_nobody_gave_answers_then_the_reply_keeps_to_its_longest(connect: Connect) -> None:
    with serve() as fake:
        reply = connect(fake).chat.completions.create(**ASK, max_tokens=2)
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 2


@pytest.mark.parametrize("n", [1, 5])
def test_chat_when_several_ask_at_once_then_most_at_once_is_their_number(connect: Connect, n: int) -> None:
    together = threading.Barrier(n)
    with serve([chat("x", delay_s=1)]) as fake:
        client = connect(fake)

        def ask() -> None:
            together.wait()
            client.chat.completions.create(**ASK)

        with ThreadPoolExecutor(n) as pool:
            for each in [pool.submit(ask) for _ in range(n)]:
                each.result()
    assert fake.most_at_once == n
    assert fake.record.n_open == 0


def test_chat_when_there_is_latency_then_every_reply_takes_it(connect: Connect) -> None:
    with serve([chat("x")], latency_s=0.2, jitter_s=0.05) as fake:
        client = connect(fake)
        started = time.monotonic()
        client.chat.completions.create(**ASK)
        assert time.monotonic() - started >= 0.15
        assert len({fake.latency_s() for _ in range(9)}) == 9


@pytest.mark.parametrize("late", [{"delay_s": 60}, {"body_delay_s": 60}])
def test_chat_when_the_first_byte_is_slow_then_the_client_times_out(
    connect: Connect, late: dict[str, float]
) -> None:
    with serve([Answer(chat("x").body, **late)]) as fake, pytest.raises(openai.APITimeoutError):
        connect(fake, timeout=0.3).chat.completions.create(**ASK)


def test_chat_when_the_client_goes_away_then_its_reply_counts_as_lost(connect: Connect) -> None:
    with serve([chat("x", delay_s=60), chat("y")]) as fake:
        client = connect(fake)
        with pytest.raises(openai.APITimeoutError):
            client.with_options(timeout=0.3).chat.completions.create(**ASK)
        client.chat.completions.create(**ASK)
        deadline = time.monotonic() + 20
        while fake.record.n_open and time.monotonic() < deadline:
            time.sleep(0.01)
        stats = fake.record.stats()
    assert (stats["requests"], stats["replied"], stats["lost"], stats["open"]) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("answer", "expected", "says"),
    [
        (error(400, "temperature must be 1", param="temperature"), openai.BadRequestError, "must be 1"),
        (error(401, "Incorrect API key provided"), openai.AuthenticationError, "Incorrect"),
        (error(403, "not for you"), openai.PermissionDeniedError, "not for you"),
        (no_such_model("fake"), openai.NotFoundError, "`fake` does not exist"),
        (error(409, "busy"), openai.ConflictError, "busy"),
        (error(422, "no"), openai.UnprocessableEntityError, "no"),
        (error(429, "credit", code="insufficient_quota"), openai.RateLimitError, "credit"),
        (error(500, "boom"), openai.InternalServerError, "boom"),
        (error(503, "overloaded"), openai.InternalServerError, "overloaded"),
        (Answer("<h1>Bad Gateway</h1>", status=502), openai.InternalServerError, "502"),
        (Answer(hang_up=True), openai.APIConnectionError, "Connection error"),
        (Answer(chat("x" * 9_000).body, sent=0.5), openai.APIConnectionError, "Connection error"),
        (malformed(), json.JSONDecodeError, "Unterminated"),
    ],
)
def test_chat_when_something_fails_then_the_client_raises(
    connect: Connect, answer: Answer, expected: type[Exception], says: str
) -> None:
    with serve([answer, chat("x")]) as fake:
        client = connect(fake)
        with pytest.raises(expected, match=says) as caught:
            client.chat.completions.create(**ASK)
        assert client.chat.completions.create(**ASK).choices[0].message.content == "x"
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("answer", "finish", "content"),
    [
        (truncated("def f("), "length", "def f("),
        (filtered(), "content_filter", ""),
        (chat(None), "stop", None),
        (chat(""), "stop", ""),
    ],
)
def test_chat_when_a_reply_is_no_whole_reply_then_it_says_so(
    connect: Connect, answer: Answer, finish: str, content: str | None
) -> None:
    with serve([answer]) as fake:
        choice = connect(fake).chat.completions.create(**ASK).choices[0]
    assert (choice.finish_reason, choice.message.content) == (finish, content)


def test_chat_when_refused_then_the_message_has_the_refusal(connect: Connect) -> None:
    with serve([refused("No.")]) as fake:
        message = connect(fake).chat.completions.create(**ASK).choices[0].message
    assert (message.content, message.refusal) == (None, "No.")


def test_chat_when_there_are_no_choices_then_there_are_none(connect: Connect) -> None:
    with serve([no_choices(), completion(choices=None)]) as fake:
        client = connect(fake)
        assert client.chat.completions.create(**ASK).choices == []
        assert client.chat.completions.create(**ASK).choices is None


def test_chat_when_another_model_answers_then_the_reply_names_it(connect: Connect) -> None:
    with serve([chat("x", model="other-model")]) as fake:
        assert connect(fake).chat.completions.create(**ASK).model == "other-model"


def test_chat_when_the_model_is_not_there_then_says_it_as_openai_does(connect: Connect) -> None:
    with serve(models=("small", "org/large")) as fake:
        client = connect(fake)
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(**ASK)
        names = [model.id for model in client.models.list()]
        assert client.models.retrieve("org/large").id == "org/large"
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve("gone")
    assert caught.value.code == "model_not_found"
    assert names == ["small", "org/large"]


def test_chat_when_the_key_is_wrong_then_it_is_refused(connect: Connect) -> None:
    with serve(api_key="sk-right") as fake:
        with pytest.raises(openai.AuthenticationError):
            connect(fake, api_key="sk-wrong").chat.completions.create(**ASK)
        assert connect(fake, api_key="sk-right").chat.completions.create(**ASK).choices


def test_chat_when_the_prompt_is_too_long_then_says_by_how_much(connect: Connect) -> None:
    with (
        serve(context_window=100) as fake,
        pytest.raises(openai.BadRequestError, match="100 tokens") as caught,
    ):
        connect(fake).chat.completions.create(model="m", messages=[{"role": "user", "content": "x" * 500}])
    assert caught.value.code == "context_length_exceeded"


@pytest.mark.parametrize("path", ["/nothing", "/v2/chat/completions"])
def test_chat_when_the_path_is_wrong_then_there_is_nothing(connect: Connect, path: str) -> None:
    with serve() as fake, pytest.raises(openai.NotFoundError, match="Invalid URL"):
        connect(fake.url.removesuffix("/v1") + path).post(path, cast_to=object)


def test_chat_when_the_body_is_no_json_then_it_is_refused(connect: Connect) -> None:
    with serve() as fake, pytest.raises(openai.BadRequestError, match="JSON"):
        connect(fake).post("/chat/completions", cast_to=object, content=b"{no")


def test_chat_when_a_share_of_requests_fails_by_chance_then_about_that_share_fails(connect: Connect) -> None:
    seen = {"ok": 0, "503": 0, "lost": 0}
    with serve(troubles={"503": 0.2, "hang_up": 0.1, "cut": 0.1}, seed=7) as fake:
        client = connect(fake)
        for _ in range(200):
            try:
                client.chat.completions.create(**ASK)
                seen["ok"] += 1
            except openai.InternalServerError:
                seen["503"] += 1
            except openai.APIConnectionError:
                seen["lost"] += 1
    assert 20 <= seen["503"] <= 60
    assert 20 <= seen["lost"] <= 60
    assert fake.record.stats()["lost"] == seen["lost"]
