"""Reads the headings of a text as a tree of sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_ATX = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ANCHOR = re.compile(r"\s*\{#([\w.:-]+)\}$")
_UNDERLINE = re.compile(r"^([=\-~^\"'`#*+.:_<>])\1{2,}\s*$")


@dataclass(slots=True)
class Section:
    """A section; its own text goes from ``start`` to its first child, or its end.

    Attributes:
        level: 0 for the text as a whole, 1 for the outermost headings.
        title: Its heading.
        start: Its first line, from 0.
        text_start: The line after its heading.
        end: The line after its last, children included.
        anchor: What the heading gives as its anchor (``{#name}`` at its end), or "".
        children: Its sub-sections, in order.
    """

    level: int
    title: str
    start: int
    text_start: int
    end: int
    anchor: str = ""
    children: list[Section] = field(default_factory=list)

    @property
    def body_end(self) -> int:
        """The line after its own text."""
        return self.children[0].start if self.children else self.end


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, that spans the lines from ``start`` to before ``end``, over- and underline included."""

    level: int
    title: str
    start: int
    end: int
    anchor: str = ""


def read_sections(lines: Sequence[str], media_type: str, *, code: Sequence[range]) -> Section:
    """The tree of sections of a text.

    Args:
        lines: The text's lines.
        media_type: ``text/markdown`` has ``#``; everywhere, an underlined line is a heading.
        code: The lines that are code, where nothing is a heading.

    Returns:
        The root, that spans all lines.
    """
    root = Section(0, "", 0, 0, len(lines))
    path = [root]
    hidden = {number for block in code for number in block} | _front_matter(lines)
    for heading in _headings(lines, markdown=media_type == "text/markdown", hidden=hidden):
        while path[-1].level >= heading.level:
            path.pop().end = heading.start
        section = Section(
            heading.level, heading.title, heading.start, heading.end, len(lines), heading.anchor
        )
        path[-1].children.append(section)
        path.append(section)
    return root


def _headings(lines: Sequence[str], *, markdown: bool, hidden: set[int]) -> list[Heading]:
    found: list[Heading] = []
    styles: list[tuple[str, bool]] = []
    for number, line in enumerate(lines):
        if number in hidden or not line.strip():
            continue
        marked = _ATX.match(line) if markdown else None
        if marked:
            title, anchor = _anchored(marked[2])
            found.append(Heading(len(marked[1]), title, number, number + 1, anchor))
            continue
        below = lines[number + 1] if number + 1 < len(lines) and number + 1 not in hidden else ""
        underline = _UNDERLINE.match(below)
        before = lines[number - 1] if number else ""
        overlined = underline is not None and before.strip() == below.strip()
        if underline is None or _UNDERLINE.match(line) or (line[:1].isspace() and not overlined):
            continue
        if before.strip() and not overlined:
            continue  # the last line of a paragraph, or of a table
        if markdown:
            level = {"=": 1, "-": 2}.get(underline[1], 0)
        elif len(below.strip()) < min(4, len(line.strip())):
            level = 0
        else:
            style = (underline[1], overlined)
            styles += [] if style in styles else [style]
            level = styles.index(style) + 1
        if level:
            found.append(Heading(level, line.strip(), number - overlined, number + 2))
    return found


def _anchored(title: str) -> tuple[str, str]:
    """A heading's title, and the anchor that it names."""
    named = _ANCHOR.search(title)
    return (title[: named.start()], named[1]) if named else (title, "")


def _front_matter(lines: Sequence[str]) -> set[int]:
    """Lines of the YAML block that a Markdown page may begin with."""
    if not lines or lines[0].rstrip() != "---":
        return set()
    end = next((number for number in range(1, len(lines)) if lines[number].rstrip() == "---"), None)
    return set(range(end + 1)) if end is not None else set()
