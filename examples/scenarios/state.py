"""Read the state of a repository as its next user would: plain git for the files, DVC for the data."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .world import environment, execute, git

CLONE = "fresh-clone"
# Files by which DVC and LFS keep their books; a user of the data never asks for them.
PLUMBING = {".gitignore", ".gitattributes", ".dvcignore", "dvc.lock"}


@dataclass(frozen=True)
class Tree:
    """The files of one ref as a user gets them, and which of git and DVC each one comes from.

    ``broken`` names the data that DVC knows at this ref and cannot deliver, with its complaint.
    """

    files: Mapping[str, bytes]
    in_git: frozenset[str]
    in_dvc: frozenset[str]
    broken: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RepoState:
    """What there is to see of a repository.

    Attributes:
        head: Branch that is checked out, "" when none is.
        branches: Messages of each branch's commits, oldest first.
        tags: Message of each tag, None for a lightweight one.
        trees: Files of each branch and tag.
        worktree: Files of the working tree, without the books of DVC and LFS.
        uncommitted: Lines of ``git status --porcelain`` about tracked files.
        upstreams: Per branch, what it follows and how far it is ahead or behind; "" where it follows none.
        origin: The remote, by a fresh clone and ``dvc pull``; None when there is none.
    """

    head: str
    branches: Mapping[str, tuple[str, ...]]
    tags: Mapping[str, str | None]
    trees: Mapping[str, Tree]
    worktree: Mapping[str, bytes] = field(default_factory=dict)
    uncommitted: tuple[str, ...] = ()
    upstreams: Mapping[str, str] = field(default_factory=dict)
    origin: RepoState | None = None


def state(root: Path, *, repository: str = "work") -> RepoState:
    """Read the repository ``root/repository`` and, where there is one, its remote ``root/origin.git``.

    The remote's data is read through a fresh clone with an empty DVC cache: it comes from ``storage/`` or not
    at all.
    """
    work, bare, clone = root / repository, root / "origin.git", root / CLONE
    refs = {work: _refs(root, work)}
    if bare.is_dir():
        shutil.rmtree(clone, ignore_errors=True)
        git(root, root, "clone", "--quiet", str(bare), str(clone))
        refs[clone] = _refs(root, bare)
    data = _read_data(root, refs)
    origin = None
    if bare.is_dir():
        origin = _state(root, clone, refs[clone], data=data[clone], bare=bare)
    return _state(root, work, refs[work], data=data[work], origin=origin)


def _state(
    root: Path,
    repository: Path,
    refs: Mapping[str, str],
    *,
    data: Mapping[str, Mapping[str, bytes | str]],
    bare: Path | None = None,
    origin: RepoState | None = None,
) -> RepoState:
    where = bare or repository
    branches = {
        name.removeprefix("refs/heads/"): tuple(
            message.strip()
            for message in git(root, where, "log", "--reverse", "--format=%B%x1e", name).split("\x1e")[:-1]
        )
        for name in refs
        if name.startswith("refs/heads/")
    }
    pattern = "--format=%(refname:strip=2)%1f%(objecttype)%1f%(contents)%1e"
    tags: dict[str, str | None] = {}
    for record in git(root, where, "for-each-ref", pattern, "refs/tags").split("\x1e")[:-1]:
        name, kind, message = record.lstrip("\n").split("\x1f")
        tags[name] = message.strip() if kind == "tag" else None
    trees = {
        name.split("/", 2)[2]: _tree(git_files=_git_files(root, where, name), data=data.get(name, {}))
        for name in refs
    }
    head = execute(["git", "symbolic-ref", "--short", "HEAD"], root=root, cwd=repository).stdout.strip()
    status = git(root, repository, "status", "--porcelain", "--untracked-files=no")
    pattern = "--format=%(refname:strip=2)%1f%(upstream:short) %(upstream:track)"
    upstreams = git(root, repository, "for-each-ref", pattern, "refs/heads").splitlines()
    return RepoState(
        head=head,
        branches=branches,
        tags=tags,
        trees=trees,
        worktree=_worktree(repository),
        uncommitted=tuple(status.splitlines()),
        upstreams={line.split("\x1f")[0]: line.split("\x1f")[1].strip() for line in upstreams},
        origin=origin,
    )


def _refs(root: Path, repository: Path) -> dict[str, str]:
    """Full name of each branch and tag, and the commit it leads to."""
    pattern = "--format=%(refname) %(objectname) %(*objectname)"
    lines = git(root, repository, "for-each-ref", pattern, "refs/heads", "refs/tags").splitlines()
    return {line.split()[0]: line.split()[-1] for line in lines}


def _git_files(root: Path, repository: Path, ref: str) -> dict[str, bytes]:
    """Path and content of every file that git keeps at ``ref``, in two processes."""
    listing = git(root, repository, "ls-tree", "-r", "-z", ref).split("\0")[:-1]
    entries = {path: about.split()[2] for about, path in (line.split("\t", 1) for line in listing)}
    done = subprocess.run(
        ["git", "cat-file", "--batch"],
        cwd=repository,
        env=environment(root),
        input="".join(f"{sha}\n" for sha in entries.values()).encode(),
        capture_output=True,
        check=True,
    )
    files, rest = {}, done.stdout
    for path in entries:
        head, rest = rest.split(b"\n", 1)
        size = int(head.split()[2])
        files[path], rest = rest[:size], rest[size + 1 :]
    return files


def is_plumbing(path: str) -> bool:
    """Whether a path of a repository serves DVC or LFS, not a user."""
    return path.endswith(".dvc") or path.startswith((".dvc/", ".git/")) or Path(path).name in PLUMBING


def _tree(*, git_files: Mapping[str, bytes], data: Mapping[str, bytes | str]) -> Tree:
    mine = {path: content for path, content in git_files.items() if not is_plumbing(path)}
    good = {path: content for path, content in data.items() if isinstance(content, bytes)}
    broken = {path: reason for path, reason in data.items() if isinstance(reason, str)}
    return Tree({**mine, **good}, frozenset(mine), frozenset(data), broken)


def _worktree(repository: Path) -> dict[str, bytes]:
    files = (path for path in sorted(repository.rglob("*")) if path.is_file())
    named = {path.relative_to(repository).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if not is_plumbing(name)}


def _read_data(
    root: Path, refs: Mapping[Path, Mapping[str, str]]
) -> dict[Path, dict[str, dict[str, bytes | str]]]:
    """What DVC delivers, per repository and ref: bytes, or its complaint as text. One process for all."""
    wanted = {
        str(repository): {
            "commits": {name: sha for name, sha in names.items() if _has_pointers(root, repository, sha)},
            "pull": repository.name == CLONE,
        }
        for repository, names in refs.items()
    }
    found: dict[Path, dict[str, dict[str, bytes | str]]] = {repository: {} for repository in refs}
    if not any(ask["commits"] for ask in wanted.values()):
        return found
    reader = Path(__file__).with_name("read_data.py")
    done = execute([sys.executable, "-P", str(reader), json.dumps(wanted)], root=root, cwd=root)
    if done.returncode:
        raise RuntimeError(f"DVC could not be asked: {done.stderr.strip()}")
    for repository, names in json.loads(done.stdout).items():
        for name, files in names.items():
            found[Path(repository)][name] = {
                path: base64.b64decode(item["data"]) if "data" in item else item["error"]
                for path, item in files.items()
            }
    return found


def _has_pointers(root: Path, repository: Path, sha: str) -> bool:
    listing = git(root, repository, "ls-tree", "-r", "--name-only", "-z", sha).split("\0")
    return any(name.endswith(".dvc") for name in listing)
