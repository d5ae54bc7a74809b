"""How often a host may be asked."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from doctranslate.sources.web.base import Wait
from doctranslate.sources.web.gate import is_loopback
from doctranslate.sources.web.urls import host_of

DEFAULT_RATE = 3.0
"""Requests per second where a site's description does not say. Read the Docs asks for less than 4."""

_EARLY_S = 0.02  # what a wait may be short of its time without having been cut off


@dataclass(slots=True)
class _Host:
    interval_s: float
    next_slot: float = 0.0
    closed_until: float = 0.0


class HostLimits:
    """Spaces the requests to each host; safe to use from several threads, which are served in turn.

    Ports and schemes of a host count as one: it is the machine that is spared.

    Args:
        rate: Requests per second; None for `DEFAULT_RATE`, or no limit for this machine itself.
        wait: Waits so many seconds, or less when the crawl is stopped.
    """

    def __init__(self, *, rate: float | None, wait: Wait) -> None:
        self._rate = rate
        self._wait = wait
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def acquire(self, url: str) -> bool:
        """Block until the host of an address may be asked once.

        Args:
            url: The address that is about to be asked.

        Returns:
            Whether the moment has come; False when the crawl was stopped before.
        """
        while True:
            with self._lock:
                host = self._host(url)
                slot = max(time.monotonic(), host.next_slot)
                host.next_slot = slot + host.interval_s
            if not self._wait_until(slot):
                return False
            with self._lock:
                if host.closed_until <= slot:
                    return True
            # The host asked for a rest while we waited: queue again, so that not all start at once after it.

    def set_delay(self, url: str, seconds: float) -> None:
        """Ask a host less often than the rate says; a shorter delay than that changes nothing.

        Args:
            url: Any address of the host.
            seconds: Between two requests, as the host's robots.txt says.
        """
        with self._lock:
            host = self._host(url)
            if seconds > host.interval_s:
                # The turn after the request that brought the delay was still given by the old interval.
                host.next_slot += seconds - host.interval_s if host.next_slot else 0.0
                host.interval_s = seconds

    def back_off(self, url: str, seconds: float) -> None:
        """Leave a host alone for a while, whoever was about to ask it.

        Args:
            url: Any address of the host.
            seconds: From now on, as its Retry-After says.
        """
        with self._lock:
            host = self._host(url)
            host.closed_until = max(host.closed_until, time.monotonic() + seconds)
            host.next_slot = max(host.next_slot, host.closed_until)

    def _host(self, url: str) -> _Host:
        name = host_of(url)
        if name not in self._hosts:
            rate = self._rate or (None if is_loopback(name) else DEFAULT_RATE)
            self._hosts[name] = _Host(1 / rate if rate else 0.0)
        return self._hosts[name]

    def _wait_until(self, moment: float) -> bool:
        left = moment - time.monotonic()
        if left > 0:
            self._wait(left)
        return time.monotonic() >= moment - _EARLY_S
