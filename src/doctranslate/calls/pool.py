"""Work in several threads, with the results in the order of what was given."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

GRACE_S = 5.0
"""How long what is under way may take to end, after the work was given up."""


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    n_workers: int,
    stop: threading.Event,
) -> Iterator[Result]:
    """Do something with each item, several at the same time, and give the results in the items' order.

    Items are taken as they are needed, a few ahead of the workers, so that a long list takes no more memory than a
    short one. When the caller stops reading, or is stopped by Ctrl-C or an error, nothing new is begun; what is under
    way gets `GRACE_S` to end.

    Args:
        work: Called in a thread; what it raises is raised here, at its turn.
        items: What to work on.
        n_workers: Threads at the same time.
        stop: Is set when the work is given up, for workers that wait.

    Yields:
        A result for each item.
    """
    tasks: queue.SimpleQueue[tuple[Future[Result], Item] | None] = queue.SimpleQueue()
    pending: deque[Future[Result]] = deque()
    threads: list[threading.Thread] = []

    def run() -> None:
        while (task := tasks.get()) is not None:
            future, item = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work(item))
            except BaseException as exc:  # is raised where the result is read
                future.set_exception(exc)

    is_whole = False
    try:
        for item in items:
            future: Future[Result] = Future()
            pending.append(future)
            tasks.put((future, item))
            if len(threads) < n_workers:
                # Daemons: an answer that never comes does not hold up the end of the program.
                threads.append(threading.Thread(target=run, name=f"call-{len(threads)}", daemon=True))
                threads[-1].start()
            if len(pending) >= 4 * n_workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
        is_whole = True
    finally:
        for _ in threads:
            tasks.put(None)
        if not is_whole:
            stop.set()
            running = [future for future in pending if not future.cancel()]
            wait(running, timeout=GRACE_S)
