from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from doctranslate.calls.pool import in_order


def test_in_order_when_some_take_longer_then_the_order_is_kept() -> None:
    def work(n: int) -> int:
        time.sleep(0.02 if n % 3 == 0 else 0)
        return n * n

    found = list(in_order(work, range(100), n_workers=8, stop=threading.Event()))
    assert found == [n * n for n in range(100)]


def test_in_order_when_the_list_is_long_then_only_a_few_are_taken_ahead() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for n in range(10_000):
            taken += 1
            yield n

    results = in_order(lambda n: n, items(), n_workers=4, stop=threading.Event())
    for _ in range(10):
        next(results)
    assert taken <= 10 + 4 * 4
    results.close()  # type: ignore[attr-defined] # it is a generator


def test_in_order_when_one_fails_then_raises_and_begins_nothing_new() -> None:
    begun: list[int] = []
    stop = threading.Event()

    def work(n: int) -> int:
        begun.append(n)
        time.sleep(0.01)
        if n == 5:
            raise ValueError("five")
        return n

    with pytest.raises(ValueError, match="five"):
        list(in_order(work, range(1000), n_workers=2, stop=stop))
    assert stop.is_set()
    n_begun = len(begun)
    time.sleep(0.1)
    assert len(begun) == n_begun < 50


def test_in_order_when_given_up_then_what_is_under_way_may_end() -> None:
    ended: list[int] = []

    def work(n: int) -> int:
        time.sleep(0.05 if n else 0)
        ended.append(n)
        return n

    results = in_order(work, range(100), n_workers=4, stop=threading.Event())
    next(results)
    results.close()  # type: ignore[attr-defined] # it is a generator
    n_ended = len(ended)
    assert n_ended >= 1
    time.sleep(0.2)
    assert len(ended) == n_ended
