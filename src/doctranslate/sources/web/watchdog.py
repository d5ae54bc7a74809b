"""A time limit over a whole exchange with a server.

A socket's own time-out starts anew with every byte, so that a server may drip for hours. Here a thread looks at the
clock and shuts the line down, which wakes whoever reads from it, in a TLS handshake too.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator


class Guard:
    """The time limit of one exchange.

    Args:
        deadline: When it is to end, on the monotonic clock.
        lock: The watchdog's.

    Attributes:
        expired: Whether the time was up, or the watchdog closed, before the exchange ended.
    """

    def __init__(self, *, deadline: float, lock: threading.Condition) -> None:
        self.expired = False
        self.deadline = deadline
        self._lock = lock
        self._line: socket.socket | None = None

    def watch(self, line: socket.socket) -> None:
        """Take the line that the exchange goes over; one that comes too late is shut down at once.

        Args:
            line: A socket, before or after TLS took it over.

        Raises:
            OSError: It is closed.
        """
        with self._lock:
            self.drop()
            # A duplicate, since others close theirs early: http.client as soon as it knows that no request will
            # follow, TLS when it begins to shake hands. Shutting down any of them shuts down the line.
            self._line = socket.fromfd(line.fileno(), line.family, line.type)
            if self.expired:
                self._shut()

    def expire(self) -> None:
        """End the exchange. The caller holds the lock."""
        self.expired = True
        self._shut()

    def drop(self) -> None:
        """Let go of the line, as it is. The caller holds the lock."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _shut(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):  # the other side was quicker
                self._line.shutdown(socket.SHUT_RDWR)


class Watchdog:
    """Ends exchanges that take too long. Its thread is a daemon and runs from the first guard to `close`."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._guards: set[Guard] = set()
        self._thread: threading.Thread | None = None
        self._wakes_at = 0.0
        self._closed = False

    @contextlib.contextmanager
    def guard(self, seconds: float) -> Iterator[Guard]:
        """Limit what is done in the ``with`` block. After the block no line is touched any more.

        Args:
            seconds: For all of it.
        """
        guard = Guard(deadline=time.monotonic() + seconds, lock=self._changed)
        with self._changed:
            guard.expired = self._closed
            self._guards.add(guard)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="doctranslate-watchdog", daemon=True)
                self._thread.start()
            elif guard.deadline < self._wakes_at:
                self._changed.notify()
        try:
            yield guard
        finally:
            with self._changed:
                self._guards.discard(guard)
                guard.drop()

    def close(self) -> None:
        """End all exchanges, those to come included."""
        with self._changed:
            self._closed = True
            for guard in self._guards:
                guard.expire()
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for guard in self._guards:
                    if guard.deadline <= now and not guard.expired:
                        guard.expire()
                waiting = [guard.deadline for guard in self._guards if not guard.expired]
                # Without any, a while: the next guard brings its own deadline, and wakes us if that is sooner.
                self._wakes_at = min(waiting, default=now + 60.0)
                self._changed.wait(max(0.0, self._wakes_at - now))
