"""Finds the code in documentation: fenced, indented, doctest, and reStructuredText's literal blocks."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})([^`]*)$")
_DOCTEST = re.compile(r"^\s*>>> ?")
_DIRECTIVE = re.compile(r"^\s*\.\. [\w:-]+::")
_CODE_DIRECTIVE = re.compile(
    r"^\s*\.\. (code|code-block|sourcecode|ipython|testcode|doctest|prompt|parsed-literal)::"
)
_OPTION = re.compile(r"^\s*:[\w-]+:")
_LIST_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s")
_EXAMPLE_HEADER = re.compile(r"^\s*(Examples?|Usage)( usage)?:\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Code within a text.

    Attributes:
        start: Its first line, from 0, fences and directives included.
        end: The line after its last.
        code: The code alone, without common indentation.
    """

    start: int
    end: int
    code: str


def find_code_blocks(lines: Sequence[str], media_type: str) -> list[CodeBlock]:
    """All code blocks of a text, in order; none overlaps another.

    Args:
        lines: The text's lines.
        media_type: Of the text. Indentation alone means code in Markdown only; a double colon does so
            everywhere else.

    Returns:
        The blocks that hold more than blank lines.
    """
    markdown = media_type == "text/markdown"
    blocks: list[CodeBlock] = []
    at = 0
    while at < len(lines):
        found = (
            _fenced(lines, at)
            or _doctest(lines, at)
            or (_indented(lines, at) if markdown else _directive(lines, at) or _announced(lines, at))
        )
        if found is not None and found.code.strip():
            blocks.append(found)
        at = max(at + 1, found.end) if found is not None else at + 1
    return blocks


def _fenced(lines: Sequence[str], at: int) -> CodeBlock | None:
    opened = _FENCE.match(lines[at])
    if opened is None:
        return None
    fence = opened[1]
    closing = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    for end in range(at + 1, len(lines)):
        if closing.match(lines[end]):
            return CodeBlock(at, end + 1, _dedented(lines[at + 1 : end]))
    return None  # never closed: taken for text, so that one stray fence does not swallow a page


def _doctest(lines: Sequence[str], at: int) -> CodeBlock | None:
    if not _DOCTEST.match(lines[at]):
        return None
    indent, end = _indent(lines[at]), at + 1
    while end < len(lines):
        after = _next_text(lines, end)
        if after == end and _indent(lines[end]) < indent:
            break
        if after != end and not (
            after < len(lines) and _DOCTEST.match(lines[after]) and _indent(lines[after]) == indent
        ):
            break
        end = after + 1
    return CodeBlock(at, end, _dedented(lines[at:end]))


def _directive(lines: Sequence[str], at: int) -> CodeBlock | None:
    if not _CODE_DIRECTIVE.match(lines[at]):
        return None
    start = at + 1
    while start < len(lines) and _OPTION.match(lines[start]):
        start += 1
    end = _end_of_indented(lines, start, above=_indent(lines[at]))
    return CodeBlock(at, end, _dedented(lines[start:end])) if end > start else None


def _announced(lines: Sequence[str], at: int) -> CodeBlock | None:
    """Code under a line that ends in ``::``, or under the "Example:" of a docstring."""
    line = lines[at].rstrip()
    literal = line.endswith("::") and not _DIRECTIVE.match(line)
    if not literal and not _EXAMPLE_HEADER.match(line):
        return None
    start = _next_text(lines, at + 1)
    if literal and start == at + 1 and line.strip() != "::":
        return None  # reStructuredText wants a blank line between
    end = _end_of_indented(lines, start, above=_indent(lines[at]))
    if end <= start:
        return None
    code = _dedented(lines[start:end])
    return CodeBlock(start, end, code) if literal or _is_python(code) else None


def _indented(lines: Sequence[str], at: int) -> CodeBlock | None:
    if _indent(lines[at]) < 4 or not lines[at].strip() or (at and lines[at - 1].strip()):
        return None
    above = next((line for line in reversed(lines[:at]) if line.strip() and _indent(line) < 4), "")
    if _LIST_ITEM.match(above) or any(_LIST_ITEM.match(line) for line in lines[at : at + 1]):
        return None  # the second paragraph of a list item
    end = _end_of_indented(lines, at, above=3)
    return CodeBlock(at, end, _dedented(lines[at:end]))


def _end_of_indented(lines: Sequence[str], start: int, *, above: int) -> int:
    """The line after the last of those from ``start`` that are indented by more than ``above``."""
    end = start
    for number in range(start, len(lines)):
        if lines[number].strip():
            if _indent(lines[number]) <= above:
                break
            end = number + 1
    return end


def _next_text(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _dedented(lines: Sequence[str]) -> str:
    return textwrap.dedent("\n".join(lines)).strip("\n").rstrip()


def _is_python(code: str) -> bool:
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    # A sentence of one word parses, too.
    return any(not isinstance(one, ast.Expr) or isinstance(one.value, ast.Call | ast.Await) for one in body)
