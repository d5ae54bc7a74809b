"""The files of a folder, or of a zip of one, read with suspicion: neither is ours."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Protocol

from doctranslate.errors import CrawlError

MAX_FILES = 50_000
"""Files in a folder, or entries in a zip, at most."""
MAX_TOTAL_BYTES = 500_000_000
"""Size of what is read, unpacked, at most."""
MAX_FILE_BYTES = 16_000_000
"""Size of one file, unpacked, at most."""

_BESIDE = frozenset(
    ["_sources", "_static", "_images", "_downloads", "_modules", "__MACOSX", "__pycache__", "node_modules"]
)
"""What Sphinx and others lay beside the documentation."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of documentation.

    Attributes:
        path: Relative to the folder, with ``/``.
        content: Its bytes.
    """

    path: str
    content: bytes


class _Tree(Protocol):
    """Files, wherever they are."""

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Relative path and size in bytes of each file, in any order."""
        ...

    def read(self, path: str) -> bytes:
        """One of them."""
        ...


def read_files(root: Path, *, include: Iterable[str], skip: Iterable[str] = ()) -> Iterator[File]:
    """The files of a folder or a zip, sorted by path.

    Hidden files and folders are left out, symbolic links to folders and out of the folder are not followed. A zip
    is read where it is; one whose files are all in one folder stands for that folder.

    Args:
        root: The folder or zip.
        include: Globs of the files to read; ``**`` stands for any number of folders.
        skip: Globs of the files to leave out; also of folders, with all that is in them.

    Raises:
        CrawlError: There is no such folder or zip, it cannot be read, it holds more than is sensible, or the zip is
            one that means harm.
    """
    with _opened(root) as tree:
        chosen = _chosen(tree, root, include=tuple(include), skip=tuple(skip))
        for path in sorted(chosen):
            yield File(path, tree.read(path))


def _chosen(tree: _Tree, root: Path, *, include: tuple[str, ...], skip: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    total = 0
    for number, (path, size) in enumerate(tree.sizes(), start=1):
        if number > MAX_FILES:
            raise CrawlError(
                f"{root} holds more than {MAX_FILES:,} files: name the folder of the documentation"
            )
        parts = path.split("/")
        if any(part.startswith(".") or part in _BESIDE for part in parts):
            continue
        if not any(_matches(path, glob) for glob in include) or any(_is_within(path, glob) for glob in skip):
            continue
        total += size
        if size > MAX_FILE_BYTES or total > MAX_TOTAL_BYTES:
            what = (
                f"{path} has {size:,}"
                if size > MAX_FILE_BYTES
                else f"its files have more than {MAX_TOTAL_BYTES:,}"
            )
            raise CrawlError(f"{root}: {what} bytes, which is no documentation: leave it out with 'skip'")
        found.append(path)
    return found


@contextmanager
def _opened(root: Path) -> Iterator[_Tree]:
    try:
        if root.is_dir():
            yield _Folder(root)
        elif root.is_file():
            with zipfile.ZipFile(root) as archive:
                yield _Zip(archive, root)
        else:
            raise CrawlError(
                f"there is no folder or zip {root}: correct 'path', which is relative to the description"
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as exc:
        raise CrawlError(f"{root} is neither a folder nor a zip that can be read: {exc}") from exc
    except OSError as exc:
        raise CrawlError(f"{root} cannot be read: {exc}") from exc


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def sizes(self) -> Iterator[tuple[str, int]]:
        inside = os.path.realpath(self._root)
        for folder, names, files in os.walk(self._root):
            names[:] = [name for name in names if not name.startswith(".") and name not in _BESIDE]
            for name in files:
                path = Path(folder, name)
                if path.is_symlink() and not os.path.realpath(path).startswith(f"{inside}{os.sep}"):
                    continue
                try:
                    found = path.stat()
                except OSError:
                    continue  # a link that leads nowhere
                if stat.S_ISREG(found.st_mode):
                    yield path.relative_to(self._root).as_posix(), found.st_size

    def read(self, path: str) -> bytes:
        with (self._root / path).open("rb") as file:
            return file.read(MAX_FILE_BYTES)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile, root: Path) -> None:
        self._archive = archive
        self._root = root
        entries = archive.infolist()
        if len(entries) > MAX_FILES:
            raise CrawlError(f"{root} holds more than {MAX_FILES:,} entries: that is no documentation")
        for entry in entries:
            self._check(entry)
        files = [entry for entry in entries if not entry.is_dir()]
        tops = {entry.filename.partition("/")[0] if "/" in entry.filename else "" for entry in files}
        self._top = f"{tops.pop()}/" if len(tops) == 1 and "" not in tops else ""
        self._entries = {entry.filename.removeprefix(self._top): entry for entry in files}

    def sizes(self) -> Iterator[tuple[str, int]]:
        for path, entry in self._entries.items():
            yield path, entry.file_size

    def read(self, path: str) -> bytes:
        entry = self._entries[path]
        # What a zip says of its sizes need not be so.
        with self._archive.open(entry) as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES or len(content) != entry.file_size:
            raise CrawlError(f"{self._root}: {path} is larger than the zip says: it is not read")
        return content

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename
        parts = PurePosixPath(name).parts
        problem = ""
        if name.startswith("/") or ".." in parts or "\\" in name or re.match(r"[A-Za-z]:", name):
            problem = "leads out of the folder"
        elif stat.S_ISLNK(entry.external_attr >> 16):
            problem = "is a symbolic link"
        elif entry.flag_bits & 1:
            problem = "is encrypted"
        if problem:
            raise CrawlError(f"{self._root}: {name!r} {problem}: zips of that kind are not read")


def _is_within(path: str, glob: str) -> bool:
    """Whether a glob matches a file, or one of the folders it is in."""
    parts = path.split("/")
    return any(_matches("/".join(parts[:n]), glob.rstrip("/")) for n in range(1, len(parts) + 1))


def _matches(path: str, glob: str) -> bool:
    return _pattern(glob).fullmatch(path) is not None


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    """Globs as pathlib has them, of which Python 3.11 knows ``**`` only for files that exist."""
    parts: list[str] = []
    for part in re.findall(r"\*\*/|\*\*|\*|\?|\[!?[^\]/]+\]|.", glob):
        if part in ("**/", "**", "*", "?"):
            parts.append({"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}[part])
        elif len(part) > 1:
            inner = part[1:-1].replace("\\", "\\\\").replace("^", "\\^")
            parts.append(f"[{'^' + inner[1:] if inner.startswith('!') else inner}]")
        else:
            parts.append(re.escape(part))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return re.compile(re.escape(glob))
