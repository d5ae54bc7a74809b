from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import openai
import pytest

from . import chat, limited, serve
from .answers import WaitForm, duration
from .conftest import Connect
from .limits import Limit, SlidingWindow, TokenBucket

ASK: dict[str, Any] = {"model": "fake", "messages": [{"role": "user", "content": "Hello?"}]}


def let_in(limit: Limit, moments: Sequence[float], n: float = 1) -> list[float]:
    found = []
    for now in moments:
        if limit.wait_s(now, n) == 0:
            limit.take(now, n)
            found.append(now)
    return found


def test_window_when_it_is_full_then_lets_in_what_the_oldest_leaves_free() -> None:
    limit = SlidingWindow(3)
    assert let_in(limit, [0, 10, 20, 30, 59]) == [0, 10, 20]
    assert limit.wait_s(59, 1) == pytest.approx(1)
    assert limit.wait_s(59, 2) == pytest.approx(11)
    assert limit.remaining(59) == 0
    assert limit.reset_s(59) == pytest.approx(21)
    assert let_in(limit, [60, 61, 70.5, 80.5, 81]) == [60, 70.5, 80.5]


def test_window_when_tens_a_second_come_for_minutes_then_no_minute_has_more_than_the_limit() -> None:
    taken = let_in(SlidingWindow(600), [n / 37 for n in range(37 * 200)])
    assert all(sum(at <= moment < at + 60 for moment in taken) <= 600 for at in taken[::50])
    assert [sum(60 * n <= moment < 60 * (n + 1) for moment in taken) for n in range(3)] == [600, 600, 600]


def test_window_when_one_wants_more_than_the_limit_then_it_waits_for_an_empty_minute() -> None:
    limit = SlidingWindow(100)
    limit.take(0, 1)
    assert limit.wait_s(1, 500) == pytest.approx(59)
    assert limit.wait_s(60, 500) == 0


def test_bucket_when_used_up_then_lets_in_at_an_even_pace() -> None:
    limit = TokenBucket(60, burst=2)
    assert let_in(limit, [0, 0, 0, 0.5, 1, 1.5, 2]) == [0, 0, 1, 2]
    assert limit.wait_s(2, 1) == pytest.approx(1)
    assert limit.reset_s(2) == pytest.approx(2)


def test_bucket_when_nobody_comes_then_it_holds_no_more_than_its_burst() -> None:
    limit = TokenBucket(60, burst=3)
    assert let_in(limit, [0] * 5 + [1_000] * 5) == [0, 0, 0, 1_000, 1_000, 1_000]


def test_bucket_when_a_reply_took_more_than_there_was_then_the_next_one_waits_for_it() -> None:
    limit = TokenBucket(600, burst=10)
    limit.take(0, 30)
    assert limit.wait_s(0, 5) == pytest.approx(2.5)


@pytest.mark.parametrize("limit", ["window", "bucket"])
def test_requests_when_over_the_limit_then_are_refused_and_told_when_to_come(
    connect: Connect, limit: str
) -> None:
    with serve([chat("x")], requests_per_minute=60, limit=limit, burst=60) as fake:
        client = connect(fake)
        replies, started = [], time.monotonic()
        with pytest.raises(openai.RateLimitError, match=r"requests per min\. Limit 60") as caught:
            for _ in range(200):
                replies.append(client.chat.completions.with_raw_response.create(**ASK))
        headers = caught.value.response.headers
        elapsed = time.monotonic() - started
    assert 60 <= len(replies) <= 61 + elapsed  # a bucket fills while it is emptied
    assert replies[0].headers["x-ratelimit-limit-requests"] == "60"
    assert replies[0].headers["x-ratelimit-remaining-requests"] == "59"
    assert replies[0].headers["x-ratelimit-reset-requests"]
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert 1 <= int(headers["retry-after"]) <= 60
    assert caught.value.code == "rate_limit_exceeded"
    assert fake.record.stats()["limited"] == 1


def test_tokens_when_over_the_limit_then_what_was_sent_and_may_be_received_counts(connect: Connect) -> None:
    with serve([chat("x", usage=(1, 30))], tokens_per_minute=100) as fake:
        client = connect(fake)
        client.chat.completions.create(**ASK, max_tokens=60)  # 2 + 60
        with pytest.raises(openai.RateLimitError, match="tokens per min") as caught:
            client.chat.completions.create(**ASK, max_tokens=60)
        client.chat.completions.create(**ASK)  # 2, and 30 that it took
        assert (
            client.chat.completions.with_raw_response.create(**ASK).headers["x-ratelimit-remaining-tokens"]
            == "0"
        )
    assert caught.value.type == "tokens"


def test_requests_when_a_client_waits_as_told_then_it_gets_in(connect: Connect) -> None:
    with serve([chat("x")], requests_per_minute=20, limit="bucket", wait_form="ms") as fake:
        client = connect(fake, max_retries=1)
        for _ in range(2):
            assert client.chat.completions.create(**ASK).choices
    # A reply counts when the server has seen it off, which may be after the client has read it.
    assert fake.record.stats()["by_status"] == {"200": 2, "429": 1}


def seconds_of(headers: Any, form: WaitForm) -> float:
    if form == "seconds":
        return float(headers["retry-after"])
    if form == "date":
        return (parsedate_to_datetime(headers["retry-after"]) - datetime.now(UTC)).total_seconds()
    if form == "ms":
        return float(headers["retry-after-ms"]) / 1000
    return float(headers["x-ratelimit-reset-requests"].removesuffix("s"))


@pytest.mark.parametrize("form", ["seconds", "date", "ms", "reset"])
def test_limited_when_told_how_long_to_wait_then_says_it_in_that_form(
    connect: Connect, form: WaitForm
) -> None:
    with serve([limited(20, form)]) as fake, pytest.raises(openai.RateLimitError) as caught:
        connect(fake).chat.completions.create(**ASK)
    headers = caught.value.response.headers
    assert 15 < seconds_of(headers, form) <= 21
    assert ("retry-after" in headers) == (form in ("seconds", "date"))


@pytest.mark.parametrize("form", ["seconds", "date", "ms"])
def test_limited_when_the_client_retries_then_it_waits_as_long_as_it_is_told(
    connect: Connect, form: WaitForm
) -> None:
    wait = 0.3 if form == "ms" else 2.0
    with serve([limited(wait, form), chat("x")]) as fake:
        started = time.monotonic()
        assert connect(fake, max_retries=1).chat.completions.create(**ASK).choices
        assert time.monotonic() - started >= (0.3 if form == "ms" else 1.0)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.12, "120ms"), (1.5, "1.5s"), (59.9, "59.9s"), (60, "1m0s"), (372.5, "6m12.5s")]
)
def test_duration_when_written_then_is_as_openai_writes_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text
