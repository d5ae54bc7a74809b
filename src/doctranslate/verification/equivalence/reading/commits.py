"""Tell the ids of all commits of a world, and DVC's settings for this machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .objects import Objects
from .repositories import find_repositories


def main() -> None:
    """Answer the request."""
    world = Path(json.load(sys.stdin)["world"])
    found: set[str] = set()
    for where, _ in find_repositories(world):
        found |= {sha for sha, kind in Objects(where).kinds().items() if kind == "commit"}
    sys.stdout.write(json.dumps({"known": sorted(found), "local_config": _local_config(world)}))


def _local_config(world: Path) -> str:
    """What a clone does not bring; "" when there is none, or none that can be read."""
    try:
        return (world / "work/.dvc/config.local").read_bytes().decode(errors="surrogateescape")
    except OSError:
        return ""
