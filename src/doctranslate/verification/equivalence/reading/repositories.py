"""Finds the repositories of a world and tells what each one holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .commit_names import Commit, Names, parents_first
from .contents import Entry, broken, describe, is_plumbing, lfs_patterns, smudge, without_books, working_files
from .objects import Objects, git

# Where a program's settings and DVC's remote are; not part of what a program leaves to its user.
SKIPPED = ("home", "storage")
_OWN_SETTINGS = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|symlinks|ignorecase|precomposeunicode|worktree)="
    r"|(remote|branch|lfs|filter|extensions|diff\.lfs|protocol|safe)\."
)
_IN_PROGRESS = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "BISECT_LOG": "bisect",
}


def find_repositories(world: Path) -> Iterator[tuple[Path, bool]]:
    """Every repository of a world, and whether it is bare; outer ones before those inside."""
    for folder, folders, files in os.walk(world):
        here = Path(folder)
        if here == world:
            folders[:] = [name for name in folders if name not in SKIPPED]
        if ".git" in folders or ".git" in files:
            yield here, False
        elif "HEAD" in files and {"objects", "refs"} <= set(folders):
            yield here, True
            folders[:] = []
        folders[:] = sorted(name for name in folders if name not in {".git", ".dvc"})


def _is_book(path: str) -> bool:
    return is_plumbing(path) or path.rpartition("/")[2] in {".gitignore", ".gitattributes"}


@dataclass
class Repository:
    """One repository while it is read.

    Attributes:
        where: Its working tree, or itself when bare.
        refs: Id of what each ref leads to: name, then type, id, and the tag's own id ("" without one).
        commits: Every commit that is there, by id.
    """

    where: Path
    is_bare: bool
    objects: Objects
    refs: dict[str, str] = field(default_factory=dict)
    tags: dict[str, tuple[str, str]] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    lfs: tuple[Path, ...] = ()
    _files: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    _blobs: dict[tuple[str, str, str], Entry] = field(default_factory=dict)

    @classmethod
    def open(cls, where: Path, *, is_bare: bool) -> Repository:
        """Read refs and commits."""
        found = cls(where, is_bare, Objects(where))
        kinds = found.objects.kinds()
        for sha, kind in kinds.items():
            if kind == "commit":
                commit = found.objects.commit(sha)
                if commit is not None:
                    found.commits[sha] = commit
        pattern = "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)%00%(symref)"
        for line in git(where, "for-each-ref", pattern).splitlines():
            name, sha, kind, peeled, symref = line.split("\0")
            if symref:
                continue
            if kind == "tag":
                found.tags[name] = found.objects.tag(sha) or ("", "")
            if (peeled or sha) in found.commits:
                found.refs[name] = peeled or sha
        folder = git(where, "rev-parse", "--git-common-dir").strip()
        found.lfs = ((where / folder / "lfs/objects").resolve(),)
        return found

    def published(self) -> dict[str, str]:
        """Commit of each branch and tag."""
        return {
            name: sha for name, sha in self.refs.items() if name.startswith(("refs/heads/", "refs/tags/"))
        }

    def files(self, sha: str) -> dict[str, tuple[str, str]]:
        """Mode and blob of every file of a commit."""
        if sha not in self._files:
            commit = self.commits.get(sha)
            self._files[sha] = self.objects.files(commit.tree) if commit else {}
        return self._files[sha]

    def tree(self, sha: str, names: Names) -> dict[str, Entry]:
        """The files that git and LFS keep at a commit, without the books of DVC."""
        files = self.files(sha)
        found: dict[str, Entry] = {}
        for path, (mode, blob) in files.items():
            if is_plumbing(path):
                continue
            entry = self._entry(path, mode, blob, names, files)
            if entry is not None:
                found[names.replace(path)] = entry
        return found

    def _entry(
        self, path: str, mode: str, blob: str, names: Names, files: Mapping[str, object]
    ) -> Entry | None:
        if mode == "160000":
            return describe("submodule", blob.encode(), names)
        name = path.rpartition("/")[2]
        if name in {".gitignore", ".gitattributes"}:
            content = without_books(path, self.objects.read(blob) or b"", files)
            return None if content is None else {**describe("git", content, names), "blob": blob}
        key = (blob, mode, "")
        if key not in self._blobs:
            raw = self.objects.read(blob)
            if raw is None:
                self._blobs[key] = broken("git", "the object is missing")
            elif mode == "120000":
                self._blobs[key] = describe("link", raw, names)
            else:
                kind, content = smudge(raw, self.lfs)
                self._blobs[key] = {
                    **describe(kind, content, names, is_executable=mode == "100755"),
                    "blob": blob,
                }
        return self._blobs[key]

    def state(self, names: Names, labels: Mapping[str, str], *, nested: tuple[Path, ...]) -> dict[str, Any]:
        """All but the trees."""
        head = git(self.where, "symbolic-ref", "--quiet", "--short", "HEAD", strict=False).strip()
        at = git(self.where, "rev-parse", "--quiet", "--verify", "HEAD^{commit}", strict=False).strip()
        config = [
            line for line in git(self.where, "config", "--local", "--null", "--list").split("\0") if line
        ]
        pairs = [(key, value) for key, _, value in (line.partition("\n") for line in config)]
        return {
            "bare": self.is_bare,
            "head": names.replace(head),
            "commit": labels.get(at, ""),
            "refs": {names.replace(name): self._ref(name, names, labels) for name in self.refs},
            "logs": {
                names.replace(name): [labels[each] for each in parents_first(self.commits, [sha])]
                for name, sha in self.published().items()
            },
            "commits": {labels[sha]: self._commit(sha, names, labels) for sha in self._told()},
            "remotes": sorted(
                f"{key.removeprefix('remote.').removesuffix('.url')}: {value}"
                for key, value in pairs
                if key.startswith("remote.") and key.endswith(".url")
            ),
            "settings": sorted(
                f"{key}={names.replace(value)}" for key, value in pairs if not _OWN_SETTINGS.match(f"{key}=")
            ),
            "upstreams": self._upstreams(names),
            **(self._checkout(names, nested) if not self.is_bare else {}),
        }

    def _told(self) -> list[str]:
        return parents_first(self.commits, self.published().values())

    def _ref(self, name: str, names: Names, labels: Mapping[str, str]) -> dict[str, Any]:
        ref: dict[str, Any] = {"commit": labels[self.refs[name]]}
        if name in self.tags:
            tagger, message = self.tags[name]
            ref |= {"annotated": True, "tagger": tagger, "message": names.replace(message.strip())}
        return ref

    def _commit(self, sha: str, names: Names, labels: Mapping[str, str]) -> dict[str, Any]:
        commit = self.commits[sha]
        return {
            "message": names.replace(commit.message.strip()),
            "author": commit.author,
            "committer": commit.committer,
            "parents": [labels.get(parent, "a commit that is missing") for parent in commit.parents],
            "changes": self._changes(commit),
        }

    def _changes(self, commit: Commit) -> str:
        """Whether a commit changes files, only the books of DVC and LFS, or nothing."""
        if len(commit.parents) != 1 or commit.parents[0] not in self.commits:
            return "files"
        before, after = self.files(commit.parents[0]), self.files(commit.sha)
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        if not changed:
            return "nothing"
        moved = {path for path in changed if path not in after and f"{path}.dvc" in after}
        return "books" if all(_is_book(path) for path in changed - moved) else "files"

    def _upstreams(self, names: Names) -> dict[str, str]:
        pattern = "--format=%(refname:strip=2)%00%(upstream:short) %(upstream:track)"
        lines = git(self.where, "for-each-ref", pattern, "refs/heads").splitlines()
        return {names.replace(line.split("\0")[0]): line.split("\0")[1].strip() for line in lines}

    def _checkout(self, names: Names, nested: tuple[Path, ...]) -> dict[str, Any]:
        folder = self.where / git(self.where, "rev-parse", "--git-dir").strip()
        attributes = self.where / ".gitattributes"
        stashes = git(self.where, "stash", "list", "--format=%gs", strict=False).splitlines()
        return {
            "worktree": working_files(self.where, names, skip=nested, lfs=self.lfs),
            "staged": self._staged(names),
            "stashes": [names.replace(line) for line in stashes],
            "in_progress": sorted({what for name, what in _IN_PROGRESS.items() if (folder / name).exists()}),
            "lfs_patterns": lfs_patterns(attributes.read_bytes()) if attributes.is_file() else [],
        }

    def _staged(self, names: Names) -> dict[str, str]:
        """What the next commit would hold: code of each path, data under its own name."""
        listing = git(
            self.where, "status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", strict=False
        )
        found: dict[str, str] = {}
        for record in filter(None, listing.split("\0")):
            code, path = record[0], record[3:]
            if code in " ?!" or path.rpartition("/")[2] in {".gitignore", ".gitattributes"}:
                continue
            if "U" in record[:2] or record[:2] in {"AA", "DD"}:
                code = "U"
            if path.endswith(".dvc"):
                path = path.removesuffix(".dvc")
            elif is_plumbing(path):
                continue
            path = names.replace(path)
            # Git's copy out, DVC's pointer in: the data itself has changed.
            found[path] = "M" if {found.get(path), code} == {"A", "D"} else code
        return found
