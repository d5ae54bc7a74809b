"""What a scenario left: the repository that the program works on, and its remote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from doctranslate.verification.equivalence import Files, RepoState, read_world
from doctranslate.verification.sandbox import Sandbox


@dataclass(frozen=True)
class Seen:
    """The repository of a scenario as its next user would find it, and its remote, None when there is none."""

    repository: RepoState
    origin: RepoState | None


@cache
def _open() -> Sandbox:
    # The examples are trusted: no isolation, so that the demonstration runs on every machine.
    return Sandbox("none")


def see(root: Path, *, repository: str = "work") -> Seen:
    """Read the world at ``root``; the remote's data is read through a fresh clone with an empty DVC cache."""
    world = read_world(root, sandbox=_open())
    return Seen(world.repositories[repository], world.repositories.get("origin.git"))


def branches(repo: RepoState) -> Mapping[str, tuple[str, ...]]:
    """Messages of each branch's commits, oldest first."""
    return {
        name.removeprefix("refs/heads/"): tuple(repo.commits[commit].message for commit in log)
        for name, log in repo.logs.items()
        if name.startswith("refs/heads/")
    }


def tags(repo: RepoState) -> Mapping[str, str | None]:
    """Message of each tag, None for a lightweight one."""
    return {
        name.removeprefix("refs/tags/"): ref.message if ref.annotated else None
        for name, ref in repo.refs.items()
        if name.startswith("refs/tags/")
    }


def files_at(repo: RepoState, ref: str) -> Files | None:
    """Files of a branch or tag, None when there is no such one."""
    for kind in ("heads", "tags"):
        found = repo.refs.get(f"refs/{kind}/{ref}")
        if found is not None:
            return repo.trees[found.commit]
    return None
