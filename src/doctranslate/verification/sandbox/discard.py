"""Removing what a program left, which may have been made to be hard to remove."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from pathlib import Path


def discard(folder: Path) -> None:
    """Remove a folder and all below it; links are removed, not followed.

    ``shutil.rmtree`` gives up on folders that are nested deeper than Python recurses, and on those that their owner
    may not list. Then ``chmod`` and ``rm`` do it, which know both.

    Args:
        folder: The folder; nothing happens when there is none.
    """
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    if folder.exists():
        place = str(folder.absolute())
        for command in (["chmod", "-R", "u+rwX", place], ["rm", "-rf", place]):
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
