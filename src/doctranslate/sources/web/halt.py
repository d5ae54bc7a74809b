"""The end of a crawl before all is read: said once, seen by every thread, and the reason kept."""

from __future__ import annotations

import threading


class Stopped(Exception):
    """The crawl is to end: what an address would have come to is not known."""


class Halt:
    """Ends a crawl as soon as what is under way can be let go. It goes on at the next call.

    Attributes:
        reason: Why, for the report; "" while it goes on, or when an error ends it.
    """

    def __init__(self) -> None:
        self.reason = ""
        self._event = threading.Event()
        self._lock = threading.Lock()

    def now(self, reason: str = "") -> None:
        """End the crawl; the first reason counts."""
        with self._lock:
            self.reason = self.reason or reason
        self._event.set()

    def is_set(self) -> bool:
        """Whether the crawl is to end."""
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
        self._event.wait(seconds)
