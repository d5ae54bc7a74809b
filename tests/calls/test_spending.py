from __future__ import annotations

import threading

import pytest

from doctranslate.calls.prices import Price
from doctranslate.calls.spending import Budget
from doctranslate.errors import ConfigError, CostLimitError

PRICE = Price(1.0, 2.0, "2026-01", "a test")  # USD for a million
STOP = threading.Event()
M = 1_000_000


def test_budget_when_calls_are_made_then_adds_up_what_they_cost() -> None:
    budget = Budget(None, PRICE, model="m")
    assert budget.cost_of(M, M) == 3.0
    budget.settle(budget.set_aside(M, M, STOP), 1.5)
    assert budget.spent_usd == 1.5


def test_budget_when_a_call_could_go_over_then_it_is_not_made() -> None:
    budget = Budget(5.0, PRICE, model="m")
    budget.settle(budget.set_aside(M, M, STOP), 2.5)
    with pytest.raises(CostLimitError, match=r"stopped at 2\.5000 USD.*max_cost_usd is 5"):
        budget.set_aside(M, M, STOP)


def test_budget_when_others_may_give_back_then_waits_for_them() -> None:
    budget = Budget(5.0, PRICE, model="m")
    first = budget.set_aside(M, M, STOP)
    threading.Timer(0.1, budget.settle, (first, 0.5)).start()
    assert budget.set_aside(M, M, STOP) == 3.0


def test_budget_when_many_call_at_the_same_time_then_never_more_is_set_aside_than_there_is() -> None:
    budget = Budget(10.0, PRICE, model="m")
    most, refused = 0.0, 0
    lock = threading.Lock()

    def call() -> None:
        nonlocal most, refused
        try:
            aside = budget.set_aside(M, 0, STOP)
        except CostLimitError:
            with lock:
                refused += 1
            return
        with lock:
            most = max(most, budget._spent + budget._set_aside)
        budget.settle(aside, 1.0)

    threads = [threading.Thread(target=call) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 10.0 and budget.spent_usd == 10.0 and refused == 20


def test_budget_when_no_price_is_known_then_a_limit_cannot_be_held() -> None:
    with pytest.raises(ConfigError, match="DOCTRANSLATE_PRICES"):
        Budget(1.0, None, model="m")
    assert Budget(None, None, model="m").cost_of(1, 1) is None
