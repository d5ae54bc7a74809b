"""A folder of documentation files, or a zip of one, as a documentation source."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from doctranslate.component_spec import Folder
from doctranslate.errors import CrawlError
from doctranslate.records import Page
from doctranslate.sources.files import File, read_files
from doctranslate.sources.symbols import symbol_of
from doctranslate.sources.web.media import decoded

_MEDIA_TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".mdx": "text/markdown",
    ".rst": "text/x-rst",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
_HTML_PUBLISHED = frozenset({".html", ".htm", ".xhtml"})
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\n)?---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_ATX = re.compile(r"^ {0,3}#{1,6}\s+(.+)$")
_ATX_END = re.compile(r"(?:\s#+)?(?:\s*\{#[\w.:-]+\})?\s*$")
_UNDERLINE = re.compile(r"^([=\-~^\"'`#*+])\1{2,}\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


class FolderSource:
    """The files of a folder as pages.

    Args:
        folder: Which folder, and what of it.
        base: Folder that a relative path starts at; None for the working directory.

    Raises:
        CrawlError: There is no such folder or zip.
    """

    name = "folder"
    version = ""

    def __init__(self, folder: Folder, *, base: Path | None = None) -> None:
        self.folder = folder
        self.path = (base or Path()) / Path(folder.path).expanduser()
        if not self.path.exists():
            raise CrawlError(f"there is no folder or zip {self.path}: correct 'path' of the folder")

    def pages(self) -> Iterator[Page]:
        """A page for each file, sorted by path.

        Raises:
            CrawlError: The folder cannot be read, holds more than is sensible, or nothing that is to be read.
        """
        for file in self._files():
            yield self._page(file)

    def state(self) -> str:
        """SHA-256 (hex) over the paths and contents of all files that are read.

        Raises:
            CrawlError: See `pages`.
        """
        digest = hashlib.sha256()
        for file in self._files():
            digest.update(f"{file.path}\x00{hashlib.sha256(file.content).hexdigest()}\n".encode())
        return digest.hexdigest()

    def _files(self) -> Iterator[File]:
        found = False
        for file in read_files(self.path, include=self.folder.include, skip=self.folder.skip):
            found = True
            yield file
        if not found:
            raise CrawlError(
                f"{self.path} holds no file that matches {', '.join(self.folder.include)} and is not skipped: correct "
                "'path', 'include' or 'skip' of the folder"
            )

    def _page(self, file: File) -> Page:
        media_type = _media_type(file.path)
        text = decoded(file.content, charset="", is_html=media_type == "text/html").replace("\r\n", "\n")
        front, text = _split(text) if media_type == "text/markdown" else ("", text)
        is_html = media_type == "text/html"
        return Page(
            uri=self._address(file.path),
            # What a page of HTML calls itself is found when it is extracted.
            title="" if is_html else _title(front, text, media_type) or _name(file.path),
            media_type=media_type,
            text=text,
            symbol=symbol_of(f"/{_published(file.path)}", self.folder.symbols),
            selector=self.folder.selector if is_html else "",
        )

    def _address(self, path: str) -> str:
        if not self.folder.url:
            return f"file:{quote(path)}"
        suffix = PurePosixPath(path).suffix.lower()
        published = _published(path)
        if suffix in _HTML_PUBLISHED and published == path.removesuffix(PurePosixPath(path).suffix):
            published = path  # such files are served under their names
        return f"{self.folder.url.rstrip('/')}/{quote(published)}"


def _media_type(path: str) -> str:
    pure = PurePosixPath(path)
    return _MEDIA_TYPES.get(pure.suffix.lower(), "text/plain")


def _published(path: str) -> str:
    """The path a file is published under: without its suffix, and an index as its folder."""
    pure = PurePosixPath(path).with_suffix("")
    if pure.name.lower() in ("index", "readme"):
        pure = pure.parent
    return "" if pure == PurePosixPath() else pure.as_posix()


def _split(text: str) -> tuple[str, str]:
    """Front matter, which is no content, and the rest."""
    found = _FRONT_MATTER.match(text)
    return (found[1] or "", text[found.end() :].lstrip("\n")) if found else ("", text)


def _title(front: str, text: str, media_type: str) -> str:
    given = _TITLE.search(front)
    if given and given[1].strip("'\"|>"):
        return given[1].strip("'\"").replace("\\'", "'")
    if media_type not in ("text/markdown", "text/x-rst"):
        return ""
    return next(_headings(text.split("\n"), is_markdown=media_type == "text/markdown"), "")


def _headings(lines: list[str], *, is_markdown: bool) -> Iterator[str]:
    fence = ""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        opened = _FENCE.match(line) if is_markdown else None
        if fence:
            fence = "" if opened and opened[1].startswith(fence) else fence
        elif opened:
            fence = opened[1]
        elif is_markdown and (marked := _ATX.match(line)):
            yield _ATX_END.sub("", marked[1].rstrip()).replace("`", "").strip()
        elif line.strip() and _UNDERLINE.match(below) and not (line[0].isspace() or _UNDERLINE.match(line)):
            yield line.replace("`", "").strip() if is_markdown else line.strip()


def _name(path: str) -> str:
    pure = PurePosixPath(path)
    name = pure.parent.name if pure.stem.lower() in ("index", "readme") and pure.parent.name else pure.stem
    return name.replace("-", " ").replace("_", " ").strip() or pure.name
