"""A note beside a store whose sites were read, and that is not built yet: the next build goes on with those pages."""

from __future__ import annotations

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

    @property
    def is_there(self) -> bool:
        """Whether a build that was stopped has left the note, not long ago."""
        try:
            return time.time() - self._path.stat().st_mtime < GOES_ON_S
        except OSError:
            return False

    def leave(self) -> None:
        """Leave the note; one that is there stays as old as it is.

        Raises:
            StoreError: It cannot be written.
        """
        if self.is_there:
            return
        try:
            self._path.touch()
        except OSError as exc:
            raise StoreError(f"cannot write beside the store: {self._path}: {exc}") from exc

    def take_away(self) -> None:
        """Take the note away, if there is one."""
        self._path.unlink(missing_ok=True)
