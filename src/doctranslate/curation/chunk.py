"""Splits pages into chunks: one per object, one per example, and guides by their headings.

No text is lost: the chunks of a page that are not examples hold its text, in order. Examples come on top.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from doctranslate.curation.code_blocks import CodeBlock, find_code_blocks
from doctranslate.curation.headings import Section, read_sections
from doctranslate.errors import UsageError
from doctranslate.records import Chunk, ChunkKind, Page

CHUNKER = "objects-and-headings/2"
"""Written into manifests; raised when the same page would be split otherwise."""

TokenCounter: TypeAlias = Callable[[str], int]
"""How many tokens a text has."""


def approximate_tokens(text: str) -> int:
    """Number of tokens, estimated: rather too many than too few for English and for code.

    Args:
        text: Any text.

    Returns:
        The larger of 1.3 per word and one per 3.3 bytes of UTF-8, rounded up.
    """
    return math.ceil(max(len(text.encode("utf-8", "replace")) / 3.3, len(text.split()) * 1.3))


def chunk_page(page: Page, *, max_tokens: int = 400, count: TokenCounter = approximate_tokens) -> list[Chunk]:
    """Split a page.

    Args:
        page: The page. One of kind ``api`` or ``cli`` documents one object and stays whole.
        max_tokens: Length of a guide's or an example's chunk, at most.
        count: Counts tokens.

    Returns:
        The chunks in the order of the text; each example follows the chunk that holds it. Ids depend on
        nothing but the page.

    Raises:
        UsageError: ``max_tokens`` is below 1.
    """
    if max_tokens < 1:
        raise UsageError(f"a chunk holds at least one token, got max_tokens={max_tokens}")
    lines = page.text.split("\n")
    blocks = find_code_blocks(lines, page.media_type)
    splitter = _Splitter(lines, blocks, anchors=page.anchors, max_tokens=max_tokens, count=count)
    title = () if page.title in ("", page.symbol) else (page.title,)
    if page.kind in ("api", "cli"):
        text = page.text if page.text.strip() else "\n".join(page.signatures)
        pieces = [_Piece(text, title, 0, len(lines))]
    else:
        root = read_sections(lines, page.media_type, code=[range(b.start, b.end) for b in blocks])
        pieces = [piece for piece in splitter.split(root, title) if piece.text.strip()]
    return list(_chunks(page, pieces, blocks, splitter=splitter))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the page; ``start`` and ``end`` are the lines it lies in."""

    text: str
    headings: tuple[str, ...]
    start: int
    end: int
    anchor: str = ""


class _Splitter:
    def __init__(
        self,
        lines: Sequence[str],
        blocks: Sequence[CodeBlock],
        *,
        anchors: Mapping[int, str],
        max_tokens: int,
        count: TokenCounter,
    ) -> None:
        self.lines = lines
        self.anchors = anchors
        self.max_tokens = max_tokens
        self.count = count
        self.starts = {block.start for block in blocks}
        self.inside = {number for block in blocks for number in range(block.start, block.end - 1)}

    def fits(self, text: str) -> bool:
        return self.count(text) <= self.max_tokens

    def split(self, section: Section, path: tuple[str, ...]) -> list[_Piece]:
        """The section whole when it fits; else its own text, then each of its children."""
        headings = path if not section.title or path[-1:] == (section.title,) else (*path, section.title)
        anchor = self.anchors.get(section.start) or section.anchor or _slug(section.title)
        whole = "\n".join(self.lines[section.start : section.end])
        if self.fits(whole):
            return [_Piece(whole, headings, section.start, section.end, anchor)]
        pieces = self.pack(section.start, section.body_end, headings=headings, anchor=anchor)
        later = [piece for child in section.children for piece in self.split(child, headings)]
        if later and len(pieces) == 1 and not self._has_text(section):
            # A heading alone would be found and say nothing: it goes with what follows.
            text = f"{pieces[0].text}\n{later[0].text}"
            if self.fits(text):
                return [replace(later[0], text=text), *later[1:]]
        return pieces + later

    def _has_text(self, section: Section) -> bool:
        return any(line.strip() for line in self.lines[section.text_start : section.body_end])

    def pack(self, start: int, end: int, *, headings: tuple[str, ...], anchor: str) -> list[_Piece]:
        """Paragraphs and code blocks, as many together as fit."""
        pieces: list[_Piece] = []
        for unit in self._units(start, end):
            text = "\n".join(self.lines[unit.start : unit.stop])
            joined = f"{pieces[-1].text}\n{text}" if pieces else text
            if pieces and self.fits(joined):
                pieces[-1] = replace(pieces[-1], text=joined, end=unit.stop)
                continue
            texts = [text] if self.fits(text) else self.cut(text)
            pieces += [_Piece(one, headings, unit.start, unit.stop, anchor) for one in texts]
        return pieces

    def _units(self, start: int, end: int) -> Iterator[range]:
        first = start
        for number in range(start, end - 1):
            ends = not self.lines[number].strip() or number + 1 in self.starts
            if ends and number not in self.inside:
                yield range(first, number + 1)
                first = number + 1
        if first < end:
            yield range(first, end)

    def cut(self, text: str) -> list[str]:
        """A text that does not fit, by lines; a line that does not fit, at spaces; a word, anywhere."""
        parts: list[str] = []
        for line in text.split("\n"):
            if parts and self.fits(f"{parts[-1]}\n{line}"):
                parts[-1] = f"{parts[-1]}\n{line}"
            else:
                parts += [line] if self.fits(line) else self._cut_line(line)
        return parts

    def _cut_line(self, line: str) -> Iterator[str]:
        while line and not self.fits(line):
            low, high = 1, min(len(line), self.max_tokens * 8)
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if self.fits(line[:middle]) else (low, middle - 1)
            space = line.rfind(" ", low // 2, low)
            at = space + 1 if space > 0 else low
            yield line[:at]
            line = line[at:]
        if line:
            yield line


def _chunks(
    page: Page, pieces: Sequence[_Piece], blocks: Sequence[CodeBlock], *, splitter: _Splitter
) -> Iterator[Chunk]:
    taken: set[str] = set()
    blocks = () if page.kind == "example" else blocks
    placed: set[int] = set()
    for piece in pieces:
        yield _chunk(page, piece, page.kind, splitter=splitter, taken=taken)
        for block in blocks:
            if block.start not in placed and piece.start <= block.start < piece.end:
                placed.add(block.start)
                texts = [block.code] if splitter.fits(block.code) else splitter.cut(block.code)
                for text in texts:
                    if text.strip():
                        example = replace(piece, text=text)
                        yield _chunk(page, example, "example", splitter=splitter, taken=taken)


def _chunk(page: Page, piece: _Piece, kind: ChunkKind, *, splitter: _Splitter, taken: set[str]) -> Chunk:
    text = piece.text.strip("\n").rstrip()
    uri = f"{page.uri}#{piece.anchor}" if piece.anchor and "#" not in page.uri else page.uri
    headings, n = piece.headings, 1
    while (name := Chunk.make_id(uri, page.symbol, headings, text)) in taken:
        n += 1  # the same words twice under one heading, or a page that is nothing but its example
        headings = (*piece.headings, f"({n})")
    taken.add(name)
    return Chunk(
        id=name,
        uri=uri,
        headings=headings,
        symbol=page.symbol,
        kind=kind,
        text=text,
        signatures=() if kind == "example" else page.signatures,
        links=page.links,
        n_tokens=splitter.count(text),
    )


def _slug(title: str) -> str:
    """The anchor that GitHub, Docusaurus and Gatsby make of a heading."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())
