"""The end of a crawl before all is read: said once, seen by every thread, and the reason kept."""

from __future__ import annotations

import math
import threading
import time

_PIECE_S = 0.5
_LATE_S = 0.001  # so that the moment is over when the wait is


class Stopped(Exception):
    """The crawl is to end: what an address would have come to is not known."""


class Halt:
    """Ends a crawl as soon as what is under way can be let go. It goes on at the next call.

    Args:
        after_s: Seconds from now after which it ends by itself.
        limit: The reason to give then.

    Attributes:
        reason: Why, for the report; "" while it goes on, or when an error ends it.
    """

    def __init__(self, *, after_s: float = math.inf, limit: str = "") -> None:
        self.reason = ""
        self._deadline = time.monotonic() + after_s
        self._limit = limit
        self._event = threading.Event()
        self._lock = threading.Lock()

    def now(self, reason: str = "") -> None:
        """End the crawl; the first reason counts."""
        with self._lock:
            self.reason = self.reason or reason
        self._event.set()

    def is_set(self) -> bool:
        """Whether the crawl is to end."""
        if time.monotonic() > self._deadline and not self._event.is_set():
            self.now(self._limit)
        return self._event.is_set()

    def check(self) -> None:
        """Go on only while the crawl does.

        Raises:
            Stopped: It is to end.
        """
        if self.is_set():
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Wait, or less when the crawl is to end."""
        until = time.monotonic() + seconds
        # In pieces: a site may ask for more than a lock can wait, and on Windows Ctrl-C does not end a wait.
        while not self.is_set() and (left := until - time.monotonic()) > 0:
            self._event.wait(min(left, _PIECE_S, max(0.0, self._deadline - time.monotonic()) + _LATE_S))
