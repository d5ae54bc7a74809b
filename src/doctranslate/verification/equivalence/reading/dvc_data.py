"""What DVC delivers at a commit. DVC itself is asked: whether a user gets the data is the question."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .commit_names import Names
from .contents import Entry, broken, describe


def files_at(repository: Path, sha: str, names: Names) -> dict[str, Entry]:
    """Path and content of all data that DVC knows at a commit, or its complaint."""
    from dvc.api import DVCFileSystem

    # Whatever DVC raises is the answer.
    try:
        data: Any = DVCFileSystem(str(repository), rev=sha)
        paths = data.find("/", dvc_only=True)
    except Exception as error:
        return {"": broken("dvc", f"{type(error).__name__}: {error}")}
    found: dict[str, Entry] = {}
    for path in paths:
        name = path.lstrip("/")
        try:
            found[names.replace(name)] = describe("dvc", data.cat_file(path), names)
        except Exception as error:
            found[names.replace(name)] = broken("dvc", f"{type(error).__name__}: {error}")
    return found


def pull(clone: Path) -> str:
    """Complete a clone as ``dvc pull`` does; returns DVC's complaint, "" when there is none."""
    from dvc.repo import Repo

    try:
        with Repo(str(clone), uninitialized=True) as repo:
            repo.pull()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def pointers(files: Mapping[str, tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """What decides which data belongs to a commit: the same pointers, the same data."""
    books = {
        (path, sha)
        for path, (_, sha) in files.items()
        if path.endswith((".dvc", "dvc.lock", "dvc.yaml")) or path.startswith(".dvc/")
    }
    return frozenset(books) if any(path.endswith((".dvc", "dvc.lock")) for path, _ in books) else frozenset()
