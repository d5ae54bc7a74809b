"""Putting a store in its place: a reader sees the old one or the new one, whole, whatever is killed when."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from doctranslate.errors import StoreError
from doctranslate.locks import file_lock

_POLL_S = 0.05
SWAP_S = 10.0
"""How long to wait for two renames; it takes this long only when the machine stands still."""


@dataclass(frozen=True, slots=True)
class BuildLock:
    """Says that its holder alone may write the store at ``folder``."""

    folder: Path


@contextmanager
def build_lock(folder: Path, *, wait_s: float = 0.0) -> Iterator[BuildLock]:
    """Hold the right to write a store. The system lets go of it when a process ends, however it ends.

    Args:
        folder: The store, which need not exist.
        wait_s: How long to wait for another process to finish.

    Yields:
        A token that `doctranslate.stores.write.write_store` takes, for who holds the lock over a whole build.

    Raises:
        StoreError: Another process, or thread, is building this store, or the place cannot be written.
    """
    with ExitStack() as stack:
        try:
            held = stack.enter_context(file_lock(_beside(folder, "lock"), wait_s=wait_s))
        except OSError as exc:
            raise StoreError(
                f"cannot write a store at {folder}: {exc}. Name another place in DOCTRANSLATE_STORES."
            ) from exc
        if not held:
            raise StoreError(
                f"another process is building the store {folder}: wait until it is done, then try again."
            )
        _bring_back(folder)
        yield BuildLock(folder)


@contextmanager
def staged(lock: BuildLock) -> Iterator[Path]:
    """A new folder beside the store, that takes its place when the block ends without an error.

    Args:
        lock: Of the store.

    Yields:
        The folder to write into.

    Raises:
        StoreError: The files cannot be written or put in place.
    """
    target = lock.folder
    for leftover in target.parent.glob(f".{target.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)  # of a build that was killed
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
        folder.chmod(0o755)  # mkdtemp gives 0o700; a store may be shared
        try:
            yield folder
            _replace(target, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as exc:
        raise StoreError(f"cannot write the store {target}: {exc}") from exc


def _replace(target: Path, new: Path) -> None:
    # No file system renames a folder over a full one. Between the two renames `target` is missing: whoever
    # finds it so (see `recover`) puts the old one back, or waits for the one who holds the lock.
    old = _beside(target, "old")
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def recover(target: Path) -> None:
    """Bring back a store whose replacement was killed half-way; costs one look when there is nothing to do.

    Args:
        target: The store.

    Raises:
        StoreError: Somebody has been at it for too long.
    """
    if not is_between(target):
        return
    deadline = time.monotonic() + SWAP_S
    while not target.exists():
        try:
            with build_lock(target):
                return  # whoever gets the lock has brought it back
        except StoreError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_POLL_S)


def is_between(target: Path) -> bool:
    """Whether a replacement is half-way, or was killed there: the old store aside, the new one not in place.

    Args:
        target: The store.
    """
    return not target.exists() and _beside(target, "old").exists()


def _bring_back(target: Path) -> None:
    old = _beside(target, "old")
    if not old.exists():
        return
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.rename(target)


def _beside(target: Path, suffix: str) -> Path:
    return target.parent / f".{target.name}.{suffix}"
