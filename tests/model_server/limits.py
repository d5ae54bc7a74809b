"""Limits of a minute, held in the two ways that endpoints hold them."""

from __future__ import annotations

from collections import deque
from typing import Protocol

MINUTE_S = 60.0


class Limit(Protocol):
    """Of requests or of tokens. Moments are seconds of any clock that runs forward."""

    per_minute: float

    def wait_s(self, now: float, n: float) -> float:
        """Seconds until ``n`` would be let in; 0 for now. More than the whole limit waits for an empty minute."""

    def take(self, now: float, n: float) -> None:
        """Count ``n``, whether or not the limit allows it."""

    def remaining(self, now: float) -> float:
        """How much would be let in now."""

    def reset_s(self, now: float) -> float:
        """Seconds until nothing is counted any more."""


class SlidingWindow:
    """Counts what was let in during the last minute.

    Args:
        per_minute: The limit.
        window_s: Length of the minute, for tests.
    """

    def __init__(self, per_minute: float, *, window_s: float = MINUTE_S) -> None:
        self.per_minute = per_minute
        self._window_s = window_s
        self._taken: deque[tuple[float, float]] = deque()
        self._sum = 0.0

    def wait_s(self, now: float, n: float) -> float:
        self._forget(now)
        over = self._sum + min(n, self.per_minute) - self.per_minute
        for moment, size in self._taken:
            if over <= 0:
                break
            over -= size
            wait = moment + self._window_s - now
            if over <= 0:
                return max(wait, 1e-9)
        return 0.0

    def take(self, now: float, n: float) -> None:
        self._taken.append((now, n))
        self._sum += n

    def remaining(self, now: float) -> float:
        self._forget(now)
        return max(0.0, self.per_minute - self._sum)

    def reset_s(self, now: float) -> float:
        self._forget(now)
        return max(0.0, self._taken[-1][0] + self._window_s - now) if self._taken else 0.0

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0][0] <= now - self._window_s:
            self._sum -= self._taken.popleft()[1]
        if not self._taken:
            self._sum = 0.0


class TokenBucket:
    """Fills evenly, up to what it holds.

    Args:
        per_minute: What flows in.
        burst: What it holds, 1 or more; it is full at first.
    """

    def __init__(self, per_minute: float, *, burst: float) -> None:
        self.per_minute = per_minute
        self._burst = max(1.0, burst)
        self._level = self._burst
        self._at: float | None = None

    def wait_s(self, now: float, n: float) -> float:
        self._fill(now)
        missing = min(n, self._burst) - self._level
        return missing * MINUTE_S / self.per_minute if missing > 1e-9 else 0.0

    def take(self, now: float, n: float) -> None:
        self._fill(now)
        self._level -= n

    def remaining(self, now: float) -> float:
        self._fill(now)
        return max(0.0, self._level)

    def reset_s(self, now: float) -> float:
        self._fill(now)
        return (self._burst - self._level) * MINUTE_S / self.per_minute

    def _fill(self, now: float) -> None:
        flown = (now - self._at) * self.per_minute / MINUTE_S if self._at is not None else 0.0
        self._level = min(self._burst, self._level + flown)
        self._at = now
