"""Finds the lines by which a model says that it leaves code out, and makes a program of a reply that has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from doctranslate.engines.replies.parsing import parsed
from doctranslate.engines.replies.phrases import DOTS, says_left_out

NAME = "__elided_{}__"
"""The statement that stands in place of a mark; the number is that of its line."""
GONE = "#__elided__"
"""The comment that stands in place of a line that goes with a mark."""
_MAX_MARKS = 300
"""A reply with more is no program; to read it would take long."""
_NAMED = re.compile(r"__elided_(\d+)__")
_PLACEHOLDER = re.compile(
    r"^(?P<head>.*?)\b(?:pass|raise NotImplementedError(?:\([^()]*\))?)\s*(?P<comment>\#.*)$|"
    r"^(?P<dots>.*?(?<!\.))\.{3}\s*(?P<after>\#.*)$"
)
_IDLE = re.compile(r"^\s*(?:pass|\.{3}|raise NotImplementedError(?:\([^()]*\))?)\s*$")
_OPENS_DEFINITION = re.compile(r"^\s*(?:@|(?:async\s+)?def\s|class\s)")


@dataclass(frozen=True, slots=True)
class Marked:
    """A reply with a statement in place of each mark.

    Attributes:
        text: That may be Python now.
        marks: The number of each statement (the line of the mark, 1-based) to the mark's text.
    """

    text: str
    marks: dict[int, str]


def mark_number(name: str) -> int | None:
    """The line of the mark that a name stands for; None for all other names."""
    found = _NAMED.fullmatch(name)
    return int(found[1]) if found else None


def mark_lines(code: str, source: str) -> dict[int, str]:
    """The lines (1-based) of a reply that say that code is left out, with their text; bare ``...`` are not among them.

    Args:
        code: What a model wrote.
        source: The program it was to rewrite; a line that this has as often leaves nothing out.
    """
    own = Counter(line.strip() for line in source.splitlines())
    names = re.findall(r"^\s*(?:async\s+)?(?:def|class)\s+(\w+)", source, re.MULTILINE)
    found = {
        number: line.strip() for number, line in enumerate(code.split("\n"), start=1) if _is_mark(line, names)
    }
    there = Counter(found.values())
    return {number: text for number, text in found.items() if there[text] > own[text]}


def with_statements(code: str, source: str) -> Marked:
    """Put a statement in place of each mark.

    Args:
        code: What a model wrote.
        source: The program it was to rewrite.
    """
    marks = mark_lines(code, source)
    if len(marks) > _MAX_MARKS:
        return Marked(code, marks)
    # A comment that is not deeper than the line with the colon above it is the body all the same.
    first, second = (_with_statements(code, marks, is_deeper=is_deeper) for is_deeper in (False, True))
    return Marked(first if parsed(first) or not parsed(second) else second, marks)


def _with_statements(code: str, marks: Collection[int], *, is_deeper: bool) -> str:
    lines = code.split("\n")
    for number in marks:
        lines[number - 1] = _statement(lines, number, is_deeper=is_deeper)
    for number in marks:
        for beside in (_next(lines, number, 1), _next(lines, number, -1)):
            # "# existing code" and "pass" below it are one mark.
            if (
                beside is not None
                and _IDLE.match(lines[beside])
                and _indent(lines[beside]) == _indent(lines[number - 1])
            ):
                lines[beside] = GONE
    return "\n".join(lines)


def _is_mark(line: str, names: Collection[str]) -> bool:
    text = line.strip()
    if not text or DOTS.fullmatch(text):
        return text == "…"
    if text.startswith("#"):
        return says_left_out(text, names)
    placed = _PLACEHOLDER.match(line)
    if placed:
        head = placed["head"] if placed["comment"] else placed["dots"]
        is_alone = not head.strip() or head.rstrip().endswith(":")
        return is_alone and says_left_out(placed["comment"] or placed["after"], names)
    if text[0] in "[({" and DOTS.fullmatch(text.strip("[](){} ")):
        return True
    if text[0] not in "/<[({-*.…" and not text[0].isalpha():
        return False
    return "=" not in text and says_left_out(text, names) and parsed(text) is None


def _statement(lines: list[str], number: int, *, is_deeper: bool) -> str:
    line = lines[number - 1]
    placed = _PLACEHOLDER.match(line) if not line.strip().startswith("#") else None
    head = ((placed["head"] if placed["comment"] else placed["dots"]) if placed else "").rstrip()
    if head:
        return f"{head} {NAME.format(number)}"
    indent = _indent(line)
    after, before = _next(lines, number, 1), _next(lines, number, -1)
    if after is not None and len(_indent(lines[after])) > len(indent):
        indent = _indent(lines[after])  # a comment may stand anywhere, a statement may not
    elif (
        is_deeper
        and before is not None
        and _opens(lines[before])
        and len(_indent(lines[before])) >= len(indent)
    ):
        indent = _indent(lines[before]) + "    "
    is_above = after is not None and _OPENS_DEFINITION.match(lines[after]) and _indent(lines[after]) == indent
    is_below = before is not None and lines[before].startswith(f"{indent}@")
    if is_above and (is_below or "decorator" in line.lower()):
        return f"{indent}@{NAME.format(number)}"
    return indent + NAME.format(number)


def _opens(line: str) -> bool:
    return line.partition("  #")[0].rstrip().endswith(":")


def _next(lines: list[str], number: int, step: int) -> int | None:
    """The index of the next line of code, down or up."""
    at = number - 1 + step
    while 0 <= at < len(lines):
        text = lines[at].strip()
        if text and not text.startswith("#"):
            return at
        at += step
    return None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
