"""A note beside a store whose build has begun to read a site, so that the next one goes on with what was read."""

from __future__ import annotations

import time
from pathlib import Path

from doctranslate.errors import StoreError

GOES_ON_S = 24 * 3600.0
"""How long pages of a build that was stopped are taken as they are; later ones look at the site again."""


class Unfinished:
    """The note. A crawl that is finished would else be looked over again, page by page, by the next build.

    Args:
        store: Folder of the store.
    """

    def __init__(self, store: Path) -> None:
        self._path = store.parent / f".{store.name}.unfinished"

    def begin(self) -> bool:
        """Leave the note.

        Returns:
            Whether a build that was stopped not long ago had left it.

        Raises:
            StoreError: It cannot be written.
        """
        try:
            age_s = time.time() - self._path.stat().st_mtime
        except OSError:
            age_s = GOES_ON_S
        if age_s < GOES_ON_S:
            return True
        try:
            self._path.touch()
        except OSError as exc:
            raise StoreError(f"cannot write beside the store {self._path}: {exc}") from exc
        return False

    def end(self) -> None:
        """Take the note away, if there is one."""
        self._path.unlink(missing_ok=True)
