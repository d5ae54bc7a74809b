"""Sees to it that a job costs no more than it may."""

from __future__ import annotations

import threading

from doctranslate.calls.prices import Price
from doctranslate.errors import ConfigError, CostLimitError


class Budget:
    """Money for the calls of one engine. What a call could cost is set aside before it is made.

    So the limit holds with many calls at the same time: each knows what the others may still take.

    Args:
        limit_usd: What all calls together may cost; None for no limit.
        price: Of the model, or None when it is not known.
        model: Name of the model, for messages.

    Raises:
        ConfigError: There is a limit, and no price is known to hold it by.
    """

    def __init__(self, limit_usd: float | None, price: Price | None, *, model: str) -> None:
        if limit_usd is not None and price is None:
            raise ConfigError(
                f"max_cost_usd cannot be held: the price of {model} is not known. Name a price table in "
                "DOCTRANSLATE_PRICES"
            )
        self._limit = limit_usd
        self._price = price
        self._model = model
        self._spent = 0.0
        self._set_aside = 0.0
        self._changed = threading.Condition()

    @property
    def spent_usd(self) -> float:
        """What the calls so far cost."""
        return self._spent

    def cost_of(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """What a call costs, or None when no price is known.

        Args:
            prompt_tokens: That were sent.
            completion_tokens: That came back.
        """
        if self._price is None:
            return None
        return self._price.of(input_tokens=prompt_tokens, output_tokens=completion_tokens)

    def set_aside(self, prompt_tokens: int, completion_tokens: int, stop: threading.Event) -> float:
        """Take what a call may cost at most; waits while other calls may still give some back.

        Args:
            prompt_tokens: That will be sent.
            completion_tokens: That may come back.
            stop: Ends the waiting when it is set.

        Returns:
            USD that are set aside, to be given to `settle`.

        Raises:
            CostLimitError: It could go over the limit.
        """
        cost = self.cost_of(prompt_tokens, completion_tokens)
        if self._limit is None or cost is None:
            return 0.0
        with self._changed:
            while self._spent + self._set_aside + cost > self._limit:
                if self._spent + cost > self._limit or not self._set_aside or stop.is_set():
                    raise CostLimitError(
                        f"{self._model}: stopped at {self._spent:.4f} USD: the next call could cost {cost:.4f}, and "
                        f"max_cost_usd is {self._limit:g}. What was answered is kept: run it again with a higher limit",
                        model=self._model,
                    )
                self._changed.wait(0.2)
            self._set_aside += cost
            return cost

    def settle(self, set_aside: float, cost_usd: float | None) -> None:
        """Put down what a call cost in the end.

        Args:
            set_aside: What `set_aside` gave for it.
            cost_usd: What it cost; None where no price is known, 0.0 when it was not made.
        """
        with self._changed:
            self._set_aside -= set_aside
            self._spent += cost_usd or 0.0
            self._changed.notify_all()
