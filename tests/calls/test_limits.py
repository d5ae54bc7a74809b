from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from doctranslate.calls.limits import Limiter

STOP = threading.Event()


def moments(limiter: Limiter, n: int, *, n_threads: int = 8, n_tokens: int = 0) -> list[float]:
    def one(_: int) -> float:
        assert limiter.wait(n_tokens, STOP)
        return time.monotonic()

    with ThreadPoolExecutor(n_threads) as pool:
        return sorted(pool.map(one, range(n)))


def test_limiter_when_there_is_no_limit_then_nobody_waits_for_a_turn() -> None:
    limiter = Limiter()
    assert [limiter._reserve(10) <= time.monotonic() for _ in range(100)] == [True] * 100


def test_limiter_when_requests_are_limited_then_turns_are_evenly_spaced() -> None:
    limiter = Limiter(requests_per_minute=6000)
    turns = [limiter._reserve(0) for _ in range(50)]
    gaps = [b - a for a, b in pairwise(turns)]
    assert min(gaps) >= 60 / 6000 - 1e-6


def test_limiter_when_threads_wait_then_none_goes_before_its_turn() -> None:
    found = moments(Limiter(requests_per_minute=3000), 20)
    assert found[-1] - found[0] >= 19 * 60 / 3000 * 0.95


def test_limiter_when_tokens_are_limited_then_long_requests_wait_longer() -> None:
    limiter = Limiter(tokens_per_minute=60_000)  # 1,000 a second
    first, second, third = (limiter._reserve(n) for n in (500, 100, 1))
    assert 0.49 < second - first < 0.52
    assert 0.09 < third - second < 0.12


def test_limiter_when_a_reply_took_less_than_reserved_then_the_next_need_not_wait_for_it() -> None:
    limiter = Limiter(tokens_per_minute=60_000)
    first = limiter._reserve(10_000)
    limiter.settle(10_000, 100)
    assert limiter._reserve(1) - first < 0.2


def test_limiter_when_refused_then_all_wait_as_long_as_asked_and_come_one_by_one() -> None:
    limiter = Limiter()
    limiter.refused(0.3, {})
    started = time.monotonic()
    found = moments(limiter, 4)
    assert found[0] - started >= 0.29
    assert found[-1] - found[0] >= 3 * 0.05 * 0.9  # where nothing is known, it feels its way


def test_limiter_when_refused_with_its_limit_told_then_keeps_to_it() -> None:
    limiter = Limiter()
    limiter.refused(0, {"x-ratelimit-limit-requests": "600"})
    turns = [limiter._reserve(0) for _ in range(3)]
    assert turns[2] - turns[1] >= 0.1


def test_limiter_when_limits_are_given_then_the_endpoints_word_does_not_change_them() -> None:
    limiter = Limiter(requests_per_minute=60_000)
    limiter.refused(0, {"x-ratelimit-limit-requests": "1"})
    assert limiter._reserve(0) - limiter._reserve(0) < 0.1


def test_limiter_when_answers_come_then_an_unknown_limit_is_felt_for_again() -> None:
    limiter = Limiter()
    limiter.refused(0, {})
    before = limiter._interval
    for _ in range(100):
        limiter.answered()
    assert limiter._interval < before / 2


def test_limiter_when_stopped_then_waiting_ends() -> None:
    limiter, stop = Limiter(requests_per_minute=0.01), threading.Event()
    assert limiter.wait(0, stop)
    threading.Timer(0.1, stop.set).start()
    assert not limiter.wait(0, stop)


def test_limiter_when_the_turn_is_after_the_deadline_then_says_so_at_once() -> None:
    limiter = Limiter(requests_per_minute=1)
    assert limiter.wait(0, STOP)
    started = time.monotonic()
    assert not limiter.wait(0, STOP, until=started + 5)
    assert time.monotonic() - started < 5
