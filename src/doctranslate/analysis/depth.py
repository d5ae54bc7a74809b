"""Room for programs that nest deeply: LibCST walks a tree by recursion, some frames for each level."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from doctranslate.errors import SourceCodeError

_T = TypeVar("_T")
_DEEP = 60_000
_STACK_BYTES = 512 * 1024 * 1024  # address space; memory is taken as it is used


def with_room(work: Callable[[], _T]) -> _T:
    """Run a function; where it nests too deeply, once more in a thread with a large stack.

    Args:
        work: Does the same each time it is called.

    Returns:
        What the function returns.

    Raises:
        SourceCodeError: Even that is not enough.
    """
    try:
        return work()
    except RecursionError:
        return _in_thread(work)


def _in_thread(work: Callable[[], _T]) -> _T:
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _DEEP))
        try:
            results.append(work())
        except BaseException as exc:
            errors.append(exc)
        finally:
            sys.setrecursionlimit(limit)

    size = threading.stack_size(_STACK_BYTES)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(size)
    thread.join()
    if errors and isinstance(errors[0], RecursionError):
        raise SourceCodeError("not readable: it is nested too deeply") from errors[0]
    if errors:
        raise errors[0]
    return results[0]
