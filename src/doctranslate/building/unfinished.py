"""A note beside a store that is being built from sites: a build that was stopped goes on with the pages it has read."""

from __future__ import annotations

import os
import time
from pathlib import Path

from doctranslate.errors import StoreError

GOES_ON_S = 24 * 3600.0
"""How long pages of a build that was stopped are taken as they are; later ones look at the site again."""


class Unfinished:
    """The note. Without it, the next build would look over a crawl that is finished again, page by page.

    A crawl that is not finished needs no note: it goes on by itself.

    Args:
        store: Folder of the store.
    """

    def __init__(self, store: Path) -> None:
        self._path = store.parent / f".{store.name}.unfinished"

    def leave(self) -> float:
        """Leave the note; one that is there, and not a day old, stays as old as it is.

        Returns:
            When the build was begun for the first time, in seconds since 1970: sites that were read since then need
            not be looked at again.

        Raises:
            StoreError: It cannot be written.
        """
        now = time.time()
        try:
            if now - GOES_ON_S < self._path.stat().st_mtime <= now:
                return self._path.stat().st_mtime
        except OSError:
            pass
        try:
            self._path.touch()
            os.utime(self._path, (now, now))  # another machine, which keeps the folder, may have another time
        except OSError as exc:
            raise StoreError(f"cannot write beside the store: {self._path}: {exc}") from exc
        return now

    def take_away(self) -> None:
        """Take the note away, if there is one."""
        self._path.unlink(missing_ok=True)
