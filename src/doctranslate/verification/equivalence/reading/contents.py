"""What is told of a file: a hash of what it holds, its size, and its beginning; never the whole."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from .commit_names import Names

Entry = dict[str, Any]
LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
# Files by which DVC and LFS keep their books; a user of the data never asks for them.
_BOOKS = {".dvcignore", "dvc.lock"}
_SHOWN = 160
_TEXT_LIMIT = 1 << 20


def is_plumbing(path: str) -> bool:
    """Whether a path of a repository serves DVC alone, not a user."""
    return (
        path.endswith(".dvc")
        or path.startswith((".dvc/", ".git/"))
        or "/.dvc/" in path
        or path.rpartition("/")[2] in _BOOKS
    )


def describe(kind: str, content: bytes, names: Names, *, is_executable: bool = False) -> Entry:
    """A file that can be read.

    Args:
        kind: Where it comes from: ``git``, ``lfs``, ``dvc``, ``file`` (of a working tree) or ``link``.
        content: What it holds.
        names: Names of commits, which stand for their ids in texts.
        is_executable: Whether it may be run.
    """
    size = len(content)
    if size <= _TEXT_LIMIT:
        with suppress(UnicodeDecodeError):
            content = names.replace(content.decode()).encode()
    shown = content[:_SHOWN].decode(errors="backslashreplace")
    entry: Entry = {"kind": kind, "hash": hashlib.sha256(content).hexdigest(), "size": size, "start": shown}
    return {**entry, "executable": True} if is_executable else entry


def broken(kind: str, complaint: str) -> Entry:
    """A file that is known and cannot be had."""
    return {"kind": kind, "hash": "", "size": 0, "start": "", "error": complaint[:500]}


def without_books(path: str, content: bytes, siblings: Iterable[str]) -> bytes | None:
    """A user's part of ``.gitignore`` and ``.gitattributes``; None when nothing is left.

    Args:
        path: Of the file.
        content: What it holds.
        siblings: All paths beside it; the data that DVC keeps is known by its pointers.
    """
    name = path.rpartition("/")[2]
    lines = content.decode(errors="surrogateescape").splitlines()
    if name == ".gitignore":
        folder = path[: -len(name)]
        pointers = {
            each[len(folder) : -4] for each in siblings if each.startswith(folder) and each.endswith(".dvc")
        }
        # DVC escapes what has a meaning in a pattern.
        lines = [line for line in lines if line.replace("\\", "").removeprefix("/") not in pointers]
    elif name == ".gitattributes":
        lines = [line for line in lines if not re.search(r"\bfilter=lfs\b", line)]
    else:
        return content
    kept = "\n".join(line for line in lines if line.strip())
    return (kept + "\n").encode(errors="surrogateescape") if kept else None


def lfs_patterns(content: bytes) -> list[str]:
    """Patterns that a ``.gitattributes`` gives to LFS."""
    lines = content.decode(errors="replace").splitlines()
    return [line.split()[0] for line in lines if re.search(r"\bfilter=lfs\b", line)]


def smudge(content: bytes, stores: Iterable[Path]) -> tuple[str, bytes]:
    """Kind and content of a blob as a user gets it: for an LFS pointer, the object it stands for."""
    if not content.startswith(LFS_POINTER):
        return "git", content
    found = re.search(rb"^oid sha256:([0-9a-f]{64})$", content, re.MULTILINE)
    if found is None:
        return "git", content
    oid = found[1].decode()
    for store in stores:
        place = store / oid[:2] / oid[2:4] / oid
        if place.is_file():
            return "lfs", place.read_bytes()
    return "lfs", content


def walk(top: Path, *, skip: Iterable[Path] = ()) -> Iterator[Path]:
    """Files and links below a folder; links are not followed, nested repositories and books are left out."""
    left_out = set(skip)
    for folder, folders, files in os.walk(top):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if name not in {".git", ".dvc", "__pycache__"} and here / name not in left_out
        )
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*files, *linked]):
            if name != ".git" and here / name not in left_out:
                yield here / name


def working_files(
    top: Path, names: Names, *, skip: Iterable[Path] = (), lfs: Iterable[Path] = ()
) -> dict[str, Entry]:
    """The files of a working tree as a user sees them."""
    paths = {path.relative_to(top).as_posix(): path for path in walk(top, skip=skip)}
    found: dict[str, Entry] = {}
    for name, path in paths.items():
        if not is_plumbing(name):
            entry = _working_file(name, path, names, siblings=paths, lfs=lfs)
            if entry is not None:
                found[names.replace(name)] = entry
    return found


def _working_file(
    name: str, path: Path, names: Names, *, siblings: Iterable[str], lfs: Iterable[Path]
) -> Entry | None:
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            return describe("link", os.fsencode(path.readlink()), names)
        if not stat.S_ISREG(about.st_mode):
            return broken("special", "neither a file nor a folder nor a link")
        content = without_books(name, path.read_bytes(), siblings)
    except OSError as error:
        return broken("file", str(error))
    if content is None:
        return None
    # A pointer that was checked out without LFS is one that a user would have smudged.
    _, content = smudge(content, lfs)
    return describe("file", content, names, is_executable=bool(about.st_mode & stat.S_IXUSR))
