"""Keeps to what an endpoint allows in a minute, for all threads of a job together."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

SHARE = 0.99
"""How much of a limit is used: clocks differ, and a request may arrive sooner than the one before it."""

_SLOWER, _FASTER = 1.5, 0.99
_FIRST_INTERVAL_S = 0.05


class Limiter:
    """Hands out moments to send at, evenly spaced: a limit for a minute is often held as one for each second.

    Without a limit it does not wait, until the endpoint refuses: then it takes over the limit that the endpoint
    names, or feels its way: slower by half with each refusal, faster by a hundredth with each answer.

    Args:
        requests_per_minute: The endpoint's limit, or None.
        tokens_per_minute: The same, for tokens.
    """

    def __init__(
        self, requests_per_minute: float | None = None, tokens_per_minute: float | None = None
    ) -> None:
        self._lock = threading.Lock()
        self._interval = _interval(requests_per_minute)
        self._token_interval = _interval(tokens_per_minute)
        self._is_given = requests_per_minute is not None or tokens_per_minute is not None
        self._is_told = self._is_given
        self._next = 0.0
        self._next_tokens = 0.0
        self._paused_until = 0.0

    def wait(self, n_tokens: int, stop: threading.Event, *, until: float | None = None) -> bool:
        """Wait for the moment of one request.

        Args:
            n_tokens: What it will send and receive, at most.
            stop: Ends the waiting when it is set.
            until: Moment of `time.monotonic` at which waiting ends.

        Returns:
            Whether the request may be sent now; False when it was stopped or the time is over.
        """
        while True:
            moment = self._reserve(n_tokens)
            if until is not None and moment > until:
                return False
            rest = moment - time.monotonic()
            if (rest > 0 and stop.wait(rest)) or stop.is_set():
                return False
            # A refusal in the meantime holds for all who wait; each then needs a new place in the row.
            if moment >= self._paused_until:
                return True

    def settle(self, reserved: int, used: int) -> None:
        """Give back tokens that a reply did not need.

        Args:
            reserved: What was reserved for the request.
            used: What it took.
        """
        if self._token_interval:
            with self._lock:
                self._next_tokens -= (reserved - used) * self._token_interval

    def answered(self) -> None:
        """An answer came: where no limit is known, a little faster."""
        if not self._is_told and self._interval:
            with self._lock:
                self._interval *= _FASTER

    def refused(self, retry_after_s: float, headers: Mapping[str, str]) -> None:
        """The endpoint refused a request: nobody sends before it allows it again.

        Args:
            retry_after_s: How long to wait.
            headers: Of the refusal; ``x-ratelimit-limit-requests`` and ``-tokens`` name the limits of a minute.
        """
        with self._lock:
            now = time.monotonic()
            is_first = now >= self._paused_until  # of the many that are refused at the same time
            self._paused_until = max(self._paused_until, now + retry_after_s)
            if self._is_given or not is_first:
                return
            requests = _positive(headers.get("x-ratelimit-limit-requests"))
            tokens = _positive(headers.get("x-ratelimit-limit-tokens"))
            if requests or tokens:
                self._interval, self._token_interval = _interval(requests), _interval(tokens)
                self._is_told = True
            elif not self._is_told:
                self._interval = max(self._interval * _SLOWER, _FIRST_INTERVAL_S)

    def _reserve(self, n_tokens: int) -> float:
        with self._lock:
            moment = max(time.monotonic(), self._next, self._next_tokens, self._paused_until)
            self._next = moment + self._interval
            if self._token_interval:
                self._next_tokens = max(self._next_tokens, moment) + n_tokens * self._token_interval
            return moment


def _interval(per_minute: float | None) -> float:
    """Seconds between two; 0 without a limit."""
    return 60.0 / (per_minute * SHARE) if per_minute else 0.0


def _positive(text: str | None) -> float | None:
    try:
        return float(text) if text and float(text) > 0 else None
    except ValueError:
        return None
