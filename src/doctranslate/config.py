"""Where things are kept, and which settings the environment gives."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_dir() -> Path:
    """The user's cache directory for doctranslate: ``$DOCTRANSLATE_CACHE``, else the platform's."""
    given = os.environ.get("DOCTRANSLATE_CACHE")
    return Path(given).expanduser() if given else platformdirs.user_cache_path("doctranslate")


def stores_dir(start: Path | None = None) -> Path:
    """Where document stores are kept.

    ``$DOCTRANSLATE_STORES`` when it is set; else ``vectorstores/`` of the doctranslate checkout that
    ``start`` (default: the working directory) lies in; else a folder of the user's cache directory.
    """
    given = os.environ.get("DOCTRANSLATE_STORES")
    if given:
        return Path(given).expanduser()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "vectorstores" / "rebuild.py").is_file() and (folder / "src" / "doctranslate").is_dir():
            return folder / "vectorstores"
    return cache_dir() / "vectorstores"


def is_offline() -> bool:
    """Whether ``$DOCTRANSLATE_OFFLINE`` is set, which forbids calls to anything but this machine."""
    return os.environ.get("DOCTRANSLATE_OFFLINE", "").strip().lower() not in ("", "0", "false", "no")


def words_to_hide() -> tuple[str, ...]:
    """What ``$DOCTRANSLATE_HIDE`` names, between commas: words of a program that are not to be sent to a model."""
    words = (word.strip() for word in os.environ.get("DOCTRANSLATE_HIDE", "").split(","))
    return tuple(word for word in words if word)
