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
from dvc.repo import Repo

Answer = dict[str, dict[str, dict[str, str]]]


def read_data(repository: str, commits: Mapping[str, str], *, pull: bool) -> Answer:
    """Per name and path, the data in base 64 as ``data``, or why there is none as ``error``.

    With ``pull`` the checkout is completed first, as ``dvc pull`` does after ``git clone``.
    """
    if pull:
        try:
            with Repo(repository, uninitialized=True) as repo:
                repo.pull()
        except Exception as error:  # a file that did not come is found missing later
            print(f"dvc pull in a fresh clone: {error!r}", file=sys.stderr)
    return {name: dict(_files(repository, sha)) for name, sha in commits.items()}


def _files(repository: str, sha: str) -> Iterator[tuple[str, dict[str, str]]]:
    # Whatever DVC raises is the answer.
    try:
        data: Any = DVCFileSystem(repository, rev=sha)
        paths = data.find("/", dvc_only=True)
    except Exception as error:
        yield "its data", {"error": repr(error)}
        return
    for path in paths:
        try:
            content = data.cat_file(path)
        except Exception as error:
            yield path.lstrip("/"), {"error": repr(error)}
        else:
            yield path.lstrip("/"), {"data": base64.b64encode(content).decode()}


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    found = {path: read_data(path, ask["commits"], pull=ask["pull"]) for path, ask in wanted.items()}
    print(json.dumps(found))
