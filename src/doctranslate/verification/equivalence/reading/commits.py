"""Tell the ids of all commits of a world."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .objects import Objects
from .repositories import find_repositories


def main() -> None:
    """Answer the request with a list."""
    world = Path(json.load(sys.stdin)["world"])
    found: set[str] = set()
    for where, _ in find_repositories(world):
        found |= {sha for sha, kind in Objects(where).kinds().items() if kind == "commit"}
    sys.stdout.write(json.dumps(sorted(found)))
