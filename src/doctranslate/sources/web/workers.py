"""Threads that read pages, watched from the thread that started them: so Ctrl-C and time limits work at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

from doctranslate.sources.web.frontier import Address
from doctranslate.sources.web.halt import Halt, Stopped

RunAll: TypeAlias = Callable[[Callable[[Address], None], Sequence[Address]], None]
"""Runs a function on addresses, in several threads."""

_LOOK_S = 0.2


class Workers:
    """Runs work on addresses.

    Args:
        n: Threads, at most.
        halt: Ends the work; is told when it fails.
        look: Called several times a second while work is done.
        abort: Called when the work is interrupted, to end what threads wait for.
    """

    def __init__(self, n: int, *, halt: Halt, look: Callable[[], None], abort: Callable[[], None]) -> None:
        self._n = n
        self._halt = halt
        self._look = look
        self._abort = abort

    def run_all(self, work: Callable[[Address], None], addresses: Sequence[Address]) -> None:
        """Do the work for each address; returns when all of it is done, or when it is stopped.

        Args:
            work: Called in some thread. `Stopped` ends it quietly.
            addresses: In the order in which they are begun.

        Raises:
            Exception: The first one that the work raised, after all threads have ended.
        """
        todo = iter(addresses)
        lock = threading.Lock()
        problems: list[Exception] = []

        def run() -> None:
            while not self._halt.is_set():
                with lock:
                    address = next(todo, None)
                if address is None:
                    return
                try:
                    work(address)
                except Stopped:
                    return
                except Exception as exc:  # raised again by the thread that waits
                    problems.append(exc)
                    self._halt.now()

        threads = [threading.Thread(target=run, daemon=True) for _ in range(min(self._n, len(addresses)))]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(_LOOK_S)
                    self._look()
        except BaseException:
            self._halt.now()
            self._abort()
            for thread in threads:
                if thread.ident is not None:  # else it was not begun
                    thread.join()
            raise
        if problems:
            raise problems[0]
