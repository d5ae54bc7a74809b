"""What DVC delivers at a commit. DVC itself is asked: whether a user gets the data is the question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .commit_names import Names
from .contents import Entry, broken, describe

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def files_at(repository: Path, sha: str, names: Names) -> dict[str, Entry]:
    """Path and content of all data that DVC knows at a commit, or its complaint."""
    from dvc.api import DVCFileSystem

    # Whatever DVC raises is the answer.
    try:
        data: Any = DVCFileSystem(str(repository), rev=sha)
        paths = data.find("/", dvc_only=True)
    except Exception as error:
        return {"": broken("dvc", complaint(error))}
    found: dict[str, Entry] = {}
    for path in paths:
        name = path.lstrip("/")
        try:
            found[names.replace(name)] = describe("dvc", data.cat_file(path), names)
        except Exception as error:
            found[names.replace(name)] = broken("dvc", complaint(error))
    return found


def complaint(error: Exception) -> str:
    """What DVC says, in one line and without colours."""
    text = _COLOUR.sub("", str(error)).partition("Is your cache up to date?")[0]
    return f"{type(error).__name__}: {' '.join(text.split())}"


def pull(clone: Path) -> str:
    """Complete a clone as ``dvc pull`` does; returns DVC's complaint, "" when there is none."""
    from dvc.repo import Repo

    try:
        with Repo(str(clone), uninitialized=True) as repo:
            repo.pull()
    except Exception as error:
        return complaint(error).replace(f"{clone.parent.name}/{clone.name}/", "")
    return ""


def pointers(files: Mapping[str, tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """What decides which data belongs to a commit: the same pointers, the same data."""
    books = {
        (path, sha)
        for path, (_, sha) in files.items()
        if path.endswith((".dvc", "dvc.lock", "dvc.yaml")) or path.startswith(".dvc/")
    }
    return frozenset(books) if any(path.endswith((".dvc", "dvc.lock")) for path, _ in books) else frozenset()
