"""Calls over real HTTP: kept, repeated, limited, paid for, stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doctranslate.calls.client import Caller
from doctranslate.calls.ledger import read_calls
from doctranslate.calls.request import Reply, Request, Schema
from doctranslate.config import cache_dir
from doctranslate.errors import (
    ConfigError,
    CostLimitError,
    ModelAuthError,
    ModelQuotaError,
    ModelRateLimitError,
    ModelStoppedError,
    ModelUnavailableError,
)
from doctranslate.records import Message
from tests.model_server import Answer, FakeOpenAI, chat, error, serve

from .conftest import settings

SCHEMA = Schema("thing", {"type": "object", "properties": {}, "required": [], "additionalProperties": False})


def ask(text: str = "hello", **fields: Any) -> Request:
    return Request((Message(role="user", content=text),), "condense", **fields)


def caller(fake: FakeOpenAI, **given: object) -> Caller:
    return Caller(settings(base_url=fake.url, **given))


def echo(body: dict[str, Any]) -> Answer:
    return chat(f"re: {body['messages'][-1]['content']}")


@pytest.fixture
def prices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    table = (
        'date = "2026-01"\nsource = "a test"\n[models]\n"openai:fake" = { input = 1000.0, output = 1000.0 }\n'
    )
    (tmp_path / "prices.toml").write_text(table)
    monkeypatch.setenv("DOCTRANSLATE_PRICES", str(tmp_path / "prices.toml"))
    yield


# ---------------------------------------------------------------------- kept
def test_ask_when_asked_twice_then_the_second_comes_from_the_book() -> None:
    with serve(echo) as fake:
        first, second = caller(fake).ask(ask()), caller(fake).ask(ask())
    assert (first.text, first.is_cached, second.text, second.is_cached) == (
        "re: hello",
        False,
        "re: hello",
        True,
    )
    assert len(fake.requests) == 1


def test_ask_when_samples_are_asked_for_then_each_is_a_call_of_its_own() -> None:
    answers = [chat(str(n)) for n in range(3)]
    with serve(answers) as fake:
        one = caller(fake)
        texts = [one.ask(ask(sample=n)).text for n in (0, 1, 2, 0, 1, 2)]
    assert texts == ["0", "1", "2"] * 2


def test_ask_when_the_cache_is_off_then_every_call_is_made() -> None:
    with serve(echo) as fake:
        one = caller(fake, cache=False)
        assert not any(one.ask(ask()).is_cached for _ in range(2))
    assert len(fake.requests) == 2


def test_ask_when_threads_ask_the_same_then_one_of_them_pays() -> None:
    with serve(lambda body: chat("once", delay_s=0.2)) as fake:
        one = caller(fake)
        found: list[Reply] = []
        threads = [threading.Thread(target=lambda: found.append(one.ask(ask()))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [reply.text for reply in found] == ["once"] * 8
    assert len(fake.requests) == 1


@pytest.mark.parametrize("answer", [chat(""), chat("x", finish_reason="content_filter")])
def test_ask_when_the_reply_is_of_no_use_then_it_is_not_kept(answer: Answer) -> None:
    with serve([answer, chat("good")]) as fake:
        one = caller(fake)
        one.ask(ask())
        assert one.ask(ask()).text == "good"


def test_ask_when_done_then_the_log_has_all_of_it_and_no_key() -> None:
    with serve([error(500, "boom"), chat("yes", usage=(10, 5))]) as fake:
        caller(fake, max_retries=1, api_key="sk-very-secret").ask(ask(sample=2))
    done, failed = read_calls(cache_dir() / "calls.sqlite")
    assert (done.outcome, done.reply, done.prompt_tokens, done.completion_tokens) == ("ok", "yes", 10, 5)
    assert (done.n_attempts, done.sample, done.purpose, done.model) == (2, 2, "condense", "openai:fake")
    assert done.messages[0].content == "hello" and done.latency_s > 0
    assert (failed.outcome, failed.n_attempts) == ("failed", 1) and "HTTP 500" in failed.error
    for path in cache_dir().iterdir():
        assert b"very-secret" not in path.read_bytes()


def test_stream_when_a_reply_comes_piece_by_piece_then_it_is_logged_whole_and_not_kept() -> None:
    with serve([chat("one two three four")]) as fake:
        one = caller(fake)
        pieces = list(one.stream(ask()))
        assert len(pieces) > 1 and "".join(pieces) == "one two three four"
        assert not one.ask(ask()).is_cached
    asked, streamed = read_calls(cache_dir() / "calls.sqlite")
    assert (streamed.reply, streamed.outcome) == (asked.reply, "ok") == ("one two three four", "ok")
    assert streamed.prompt_tokens > 0 and streamed.completion_tokens > 0


# ---------------------------------------------------------------------- again
@pytest.mark.parametrize(
    "bad",
    [
        error(500, "boom"),
        error(503, "busy"),
        error(429, "slow", headers={"Retry-After": "0"}),
        error(408, "late"),
        error(409, "conflict"),
        Answer(hang_up=True),
        Answer("{not json"),
        Answer('{"id": "1", "choices": []}'),
        Answer("<html>busy</html>", headers={"Content-Type": "text/html"}),
    ],
)
def test_ask_when_the_endpoint_fails_by_its_own_fault_then_tries_again(bad: Answer) -> None:
    with serve([bad, chat("good")]) as fake:
        assert caller(fake, max_retries=2).ask(ask()).text == "good"
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (error(401, "key"), ModelAuthError),
        (error(429, "no credit", code="insufficient_quota"), ModelQuotaError),
    ],
)
def test_ask_when_waiting_cannot_help_then_does_not_try_again(bad: Answer, expected: type[Exception]) -> None:
    with serve([bad]) as fake, pytest.raises(expected):
        caller(fake, max_retries=5).ask(ask())
    assert len(fake.requests) == 1


def test_ask_when_it_fails_each_time_then_raises_the_last_error_after_as_many_attempts() -> None:
    with serve([error(500, "boom")]) as fake, pytest.raises(ModelUnavailableError):
        caller(fake, max_retries=2).ask(ask())
    assert len(fake.requests) == 3


def test_ask_each_when_one_is_refused_then_nobody_asks_before_the_time_is_over() -> None:
    moments: list[float] = []

    def answer(body: dict[str, Any]) -> Answer:
        moments.append(time.monotonic())
        return error(429, "slow", headers={"Retry-After": "0.5"}) if len(moments) == 1 else echo(body)

    with serve(answer) as fake:
        found = list(caller(fake, max_retries=3, max_workers=1).ask_each(ask(str(n)) for n in range(4)))
    assert [reply.text for reply in found] == [f"re: {n}" for n in range(4)]
    assert moments[1] - moments[0] >= 0.5


def test_ask_when_the_endpoint_refuses_a_parameter_then_leaves_it_out_from_then_on() -> None:
    def answer(body: dict[str, Any]) -> Answer:
        refused = next((name for name in ("temperature", "seed", "response_format") if name in body), None)
        return error(400, f"Unsupported parameter: {refused}") if refused else echo(body)

    with serve(answer) as fake:
        one = caller(fake, seed=3)
        assert one.ask(ask(schema=SCHEMA)).text == "re: hello"
        assert one.ask(ask("again", schema=SCHEMA)).text == "re: again"
    assert len(fake.requests) == 5


# ---------------------------------------------------------------------- limits of time and money
def test_ask_each_when_the_deadline_is_over_then_stops_and_keeps_what_is_done() -> None:
    with serve(lambda body: chat(body["messages"][0]["content"], delay_s=0.1)) as fake:
        one = caller(fake, deadline_s=0.6, max_workers=2)
        with pytest.raises(ModelStoppedError, match=r"deadline of 0\.6 s"):
            list(one.ask_each(ask(str(n)) for n in range(100)))
    n_done = len(read_calls(cache_dir() / "calls.sqlite"))
    assert 2 <= n_done < 40 and n_done >= len(fake.requests) - 2


@pytest.mark.usefixtures("prices")
def test_ask_each_when_the_money_is_used_up_then_stops_before_it_is_passed_and_keeps_what_is_done() -> None:
    def answer(body: dict[str, Any]) -> Answer:
        return chat("x", usage=(5, body["max_tokens"]), delay_s=0.01)  # as dear as it may be

    with serve(answer) as fake:
        one = caller(fake, max_cost_usd=1.0, max_tokens=50, max_workers=8)
        with pytest.raises(CostLimitError, match="higher limit"):
            list(one.ask_each(ask(str(n)) for n in range(100)))
        assert 0.8 < one.spent_usd <= 1.0
        n_paid = len(fake.requests)
        again = caller(fake, max_cost_usd=10.0, max_tokens=50, max_workers=8)
        found = list(again.ask_each(ask(str(n)) for n in range(100)))
    assert sum(reply.is_cached for reply in found) == n_paid
    assert len(fake.requests) == 100


@pytest.mark.usefixtures("prices")
def test_ask_when_a_budget_must_hold_then_the_reply_is_limited() -> None:
    with serve([chat("x")]) as fake:
        caller(fake, max_cost_usd=100).ask(ask())
    assert fake.requests[0]["max_tokens"] == 8192


@pytest.mark.usefixtures("prices")
def test_ask_when_priced_then_the_reply_says_what_it_cost_and_from_the_book_nothing() -> None:
    with serve([chat("x", usage=(10, 5))]) as fake:
        one = caller(fake)
        assert one.ask(ask()).cost_usd == pytest.approx(0.015)
        assert one.ask(ask()).cost_usd == 0.0
        assert one.spent_usd == pytest.approx(0.015)


def test_ask_when_calls_are_forbidden_then_nothing_is_sent() -> None:
    with pytest.raises(ConfigError, match="DOCTRANSLATE_OFFLINE"):
        Caller(settings(base_url="http://192.0.2.1/v1")).ask(ask())


# ---------------------------------------------------------------------- many
def test_ask_each_when_there_are_many_then_no_more_than_the_workers_ask_at_once() -> None:
    with serve(lambda body: chat(body["messages"][0]["content"], delay_s=0.02)) as fake:
        found = list(caller(fake, max_workers=6).ask_each(ask(str(n)) for n in range(60)))
    assert [reply.text for reply in found] == [str(n) for n in range(60)]
    assert 3 <= fake.most_at_once <= 6


def test_ask_each_when_one_fails_for_good_then_the_rest_is_not_sent() -> None:
    def answer(body: dict[str, Any]) -> Answer:
        return error(401, "key") if body["messages"][0]["content"] == "5" else echo(body)

    with serve(answer) as fake, pytest.raises(ModelAuthError):
        list(caller(fake, max_workers=2).ask_each(ask(str(n)) for n in range(500)))
    assert len(fake.requests) < 50


def test_ask_each_when_refused_all_the_time_then_gives_up_with_the_refusal() -> None:
    with (
        serve([error(429, "slow", headers={"Retry-After": "0.01"})]) as fake,
        pytest.raises(ModelRateLimitError),
    ):
        list(caller(fake, max_retries=2, max_workers=2).ask_each(ask(str(n)) for n in range(4)))


PROGRAM = """
import sys
from doctranslate.calls.client import Caller
from doctranslate.calls.request import Request
from doctranslate.calls.settings import ModelSettings
from doctranslate.records import Message

one = Caller(ModelSettings(model="openai:fake", base_url=sys.argv[1], max_workers=4))
print("ready", flush=True)
for reply in one.ask_each(Request((Message(role="user", content=str(n)),), "condense") for n in range(200)):
    print(reply.text, flush=True)
"""


def test_ask_each_when_ctrl_c_is_pressed_then_ends_soon_and_keeps_every_reply_that_came() -> None:
    with serve(lambda body: chat(body["messages"][0]["content"], delay_s=0.05)) as fake:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, fake.url],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        while process.stdout.readline().strip() != "7":
            pass
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        n_kept = len(read_calls(cache_dir() / "calls.sqlite"))
        assert n_kept == len(fake.requests) < 200
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, fake.url], capture_output=True, text=True, check=True
        )
    assert done.stdout.split() == ["ready", *map(str, range(200))]
    assert len(fake.requests) == 200


def test_ask_each_when_killed_again_and_again_then_no_reply_that_was_kept_is_paid_for_twice() -> None:
    chance = iter([0.5, 0.9, 0.7, 0.6, 0.8])
    with serve(lambda body: chat(body["messages"][0]["content"], delay_s=0.02)) as fake:
        for wait_s in chance:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, fake.url], stdout=subprocess.PIPE, text=True
            )
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            time.sleep(wait_s / 4)
            n_before = {each.messages[0].content for each in read_calls(cache_dir() / "calls.sqlite")}
            n_asked = len(fake.requests)
            process.kill()
            process.communicate()
            assert n_asked >= len(n_before)
        kept = {each.messages[0].content for each in read_calls(cache_dir() / "calls.sqlite")}
        so_far = len(fake.requests)
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, fake.url], capture_output=True, text=True, check=True
        )
    assert done.stdout.split()[1:] == [str(n) for n in range(200)]
    asked_later = Counter(body["messages"][0]["content"] for body in fake.requests[so_far:])
    assert not set(asked_later) & kept
    assert len(fake.requests) <= 200 + 4 * 5  # at most what was under way at each kill
