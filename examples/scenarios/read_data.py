"""Read all DVC data of some commits: a program of its own, so that DVC starts with the settings of its world.

Its argument is JSON: per repository, names and commits, and whether to pull first. Its output is JSON too.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from dvc.api import DVCFileSystem
from dvc.exceptions import DvcException
from dvc.repo import Repo

Answer = dict[str, dict[str, dict[str, str]]]


def read_data(repository: str, commits: Mapping[str, str], *, pull: bool) -> Answer:
    """Per name and path, the data in base 64 as ``data``, or why there is none as ``error``.

    With ``pull`` the checkout is completed first, as ``dvc pull`` does after ``git clone``.
    """
    if pull:
        with Repo(repository, uninitialized=True) as repo:
            try:
                repo.pull()
            except DvcException as error:
                print(f"dvc pull in a fresh clone: {error}", file=sys.stderr)
    return {name: dict(_files(DVCFileSystem(repository, rev=sha))) for name, sha in commits.items()}


def _files(data: Any) -> Iterator[tuple[str, dict[str, str]]]:
    for path in data.find("/", dvc_only=True):
        try:
            content = data.cat_file(path)
        except Exception as error:  # whatever DVC says is the answer
            yield path.lstrip("/"), {"error": f"{type(error).__name__}: {error}"}
        else:
            yield path.lstrip("/"), {"data": base64.b64encode(content).decode()}


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    found = {path: read_data(path, ask["commits"], pull=ask["pull"]) for path, ask in wanted.items()}
    print(json.dumps(found))
