"""What a program left, as the reader told it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

Keeper = Literal["git", "lfs", "dvc", "file", "link", "submodule", "special"]


@dataclass(frozen=True)
class Entry:
    """A file as a user gets it.

    Attributes:
        kind: Where it comes from: ``git``, ``lfs`` or ``dvc`` at a commit, ``file`` in a working tree; or what it
            is: ``link``, ``submodule``, ``special``.
        hash: SHA-256 of what it holds, ids of commits replaced by their names; "" when it cannot be had.
        size: Bytes.
        start: Its beginning, for people.
        error: Why it cannot be had.
        executable: Whether it may be run.
        old: Whether it was kept in this way before the program ran, and is unchanged.
    """

    kind: Keeper
    hash: str
    size: int
    start: str
    error: str = ""
    executable: bool = False
    old: bool = False

    @property
    def content(self) -> tuple[str, str]:
        """What is compared of it wherever it is kept."""
        return (self.hash, "broken" if self.error else "link" if self.kind == "link" else "")

    @property
    def identity(self) -> tuple[str, str, bool]:
        """What is compared of it where git keeps it."""
        return (*self.content, self.executable)


@dataclass(frozen=True)
class Ref:
    """A branch or tag: the name of its commit, and for an annotated tag tagger and message."""

    commit: str
    annotated: bool = False
    tagger: str = ""
    message: str = ""


@dataclass(frozen=True)
class Commit:
    """A commit by what people see of it.

    Attributes:
        message: The whole of it.
        author: Name and address.
        committer: Name and address.
        parents: Names of the commits before it.
        changes: Whether it changes ``files``, only the ``books`` of DVC and LFS, or ``nothing``.
    """

    message: str
    author: str
    committer: str
    parents: tuple[str, ...]
    changes: str = "files"


Files = Mapping[str, Entry]


@dataclass(frozen=True)
class RepoState:
    """A repository.

    Attributes:
        bare: Whether it has no working tree.
        head: Branch that is checked out, "" when none is.
        commit: Name of the commit that is checked out, "" when there is none.
        refs: By full name.
        logs: Names of the commits of each branch and tag, parents first.
        commits: By name.
        trees: Files of each commit that the program made, and of each branch and tag.
        new: Names of the commits that the program made.
        worktree: Files of the working tree, without the books of DVC and LFS.
        staged: Code of ``git status`` for what the next commit would hold, data under its own name.
        stashes: Their messages.
        in_progress: A merge, rebase… that waits.
        remotes: ``name: address``.
        upstreams: Per branch, what it follows and how far it is ahead or behind.
        settings: Those that programs make for people, such as ``user.name``.
        lfs_patterns: What LFS tracks in the working tree.
        clone: What a fresh clone of a bare repository brings, after ``dvc pull``.
        clone_complaint: What ``dvc pull`` complained of.
    """

    bare: bool
    head: str
    commit: str
    refs: Mapping[str, Ref]
    logs: Mapping[str, tuple[str, ...]]
    commits: Mapping[str, Commit]
    trees: Mapping[str, Files]
    new: tuple[str, ...] = ()
    worktree: Files = field(default_factory=dict)
    staged: Mapping[str, str] = field(default_factory=dict)
    stashes: tuple[str, ...] = ()
    in_progress: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()
    upstreams: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    lfs_patterns: tuple[str, ...] = ()
    clone: Files | None = None
    clone_complaint: str = ""

    @property
    def head_files(self) -> Files:
        """Files of the commit that is checked out."""
        return self.trees.get(self.commit, {})


@dataclass(frozen=True)
class WorldState:
    """All repositories of a world by place, files outside of them, and what stands for ids and dates in texts."""

    repositories: Mapping[str, RepoState]
    loose: Files
    settings: tuple[str, ...]
    ids: Mapping[str, str]
    dates: Mapping[str, str]


def parse_state(answer: Mapping[str, Any]) -> WorldState:
    """The state that the reader's JSON describes.

    Raises:
        ValueError: It is not what the reader writes; a hostile program may have seen to that.
    """
    try:
        return WorldState(
            repositories={place: _repo(each) for place, each in answer["repositories"].items()},
            loose=_files(answer["loose"]),
            settings=tuple(answer["settings"]),
            ids=dict(answer["ids"]),
            dates=dict(answer["dates"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a description of a state: {error!r}") from error


def _repo(raw: Mapping[str, Any]) -> RepoState:
    clone = raw.get("clone")
    return RepoState(
        bare=raw["bare"],
        head=raw["head"],
        commit=raw["commit"],
        refs={name: Ref(**ref) for name, ref in raw["refs"].items()},
        logs={name: tuple(log) for name, log in raw["logs"].items()},
        commits={
            name: Commit(**{**commit, "parents": tuple(commit["parents"])})
            for name, commit in raw["commits"].items()
        },
        trees={name: _files(files) for name, files in raw["trees"].items()},
        new=tuple(raw["new"]),
        worktree=_files(raw.get("worktree", {})),
        staged=dict(raw.get("staged", {})),
        stashes=tuple(raw.get("stashes", ())),
        in_progress=tuple(raw.get("in_progress", ())),
        remotes=tuple(raw["remotes"]),
        upstreams=dict(raw["upstreams"]),
        settings=tuple(raw["settings"]),
        lfs_patterns=tuple(raw.get("lfs_patterns", ())),
        clone=_files(clone["files"]) if clone else None,
        clone_complaint=clone["complaint"] if clone else "",
    )


def _files(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, Entry]:
    return {
        path: Entry(
            kind=cast("Keeper", entry["kind"]),
            hash=entry["hash"],
            size=entry["size"],
            start=entry["start"],
            error=entry.get("error", ""),
            executable=entry.get("executable", False),
            old=entry.get("old", False),
        )
        for path, entry in raw.items()
    }
