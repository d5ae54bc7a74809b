"""Prose and code of a documentation text: Markdown, reStructuredText, docstrings and help texts alike.

Reads line by line and keeps every code line as it stands. It is no parser: what it does not know is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*\{?([\w.+-]*)")
_DIRECTIVE = re.compile(r"^([ \t]*)\.\.\s+([\w-]+)::")
_UNDERLINE = re.compile(r"^\s*([=\-~^\"'`#*+.])\1{2,}\s*$")
_CODE_DIRECTIVES = frozenset({"code-block", "code", "sourcecode", "testcode", "ipython"})
_NO_EXAMPLE = frozenset(
    {"usage", "yaml", "yml", "json", "toml", "ini", "mermaid", "mdx", "diff", "text", "output"}
)
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r":[\w:.+-]+:`~?([^`<]+?)\s*(?:<[^`]*>)?`(?:\\(?=\w))?"), r"\1"),  # RST role
    (re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{1,2}"), r"\1"),  # RST link
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),  # Markdown image
    (re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])?"), r"\1"),  # Markdown link
    (re.compile(r"</?[A-Za-z][^<>]*>"), ""),  # HTML
    (re.compile(r"`{1,2}|\*\*|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)"), ""),
    (re.compile(r"\|[\w ]+\|_{0,2}"), ""),  # RST substitution
)


def plain(text: str) -> str:
    """One line of text without roles, links, emphasis and tags."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    text = re.sub(r"\s+([.,;:])(?=\s|$)", r"\1", " ".join(text.split()))
    return re.sub(r"^(?:[-*•]\s+)+", "", text)


def prose_lines(text: str) -> Iterator[str]:
    """The lines of a text that are neither code nor headings nor directives; a blank in place of each."""
    lines = text.splitlines()
    at, n = 0, len(lines)
    if lines[:1] == ["---"]:  # front matter
        at = next((i + 1 for i in range(1, n) if lines[i] == "---"), 0)
    while at < n:
        line = lines[at]
        if _FENCE.match(line):
            at = _fence_end(lines, at) + 1
            yield ""
        elif line.lstrip().lower().startswith((">>>", "usage:")):
            at = _blank_after(lines, at)
        elif line.lstrip().startswith(".. "):
            at = _indented_end(lines, at)
            yield ""
        elif line.lstrip().startswith(("#", "|", "<!--", "import ", "@", "+--")) or _UNDERLINE.match(line):
            at += 1
            yield ""
        elif at + 1 < n and line.strip() and _UNDERLINE.match(lines[at + 1]):
            at += 2  # a heading with its underline
            yield ""
        elif line.rstrip().endswith("::"):
            yield line.rstrip().removesuffix("::") + ":"
            at = _indented_end(lines, at)
        else:
            yield re.sub(r"^\s*(?:>\s*)+(?:\[!\w+\])?", "", line)
            at += 1


def code_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Language and code of each example: fences, doctests, RST code blocks; verbatim, in order.

    Blocks of output, settings and synopses are left out. A block that names no language is ``python``.
    """
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        fence, directive = _FENCE.match(lines[at]), _DIRECTIVE.match(lines[at])
        start, language = at, ""
        if fence:
            end = _fence_end(lines, at)
            language, start, at = fence[2].lower(), at + 1, end + 1
        elif lines[at].lstrip().startswith(">>>"):
            at = end = _blank_after(lines, at)
            language = "python"
        elif (directive and directive[2] in _CODE_DIRECTIVES) or _opens_literal(lines[at]):
            words = lines[at].split("::", 1)[1].split()
            at = end = _indented_end(lines, at)
            start, language = _body_start(lines, start + 1, end), (words or ["python"])[0].lower()
        else:
            at += 1
            continue
        code = "\n".join(lines[start:end]).strip("\n")
        if code.strip() and language not in _NO_EXAMPLE:
            yield ("python" if language in ("py", "python3", "pycon") or not language else language), code


def _opens_literal(line: str) -> bool:
    return line.rstrip().endswith("::") and not line.lstrip().startswith("..")


def _fence_end(lines: list[str], start: int) -> int:
    """Where the fence that opens at a line closes; the end of the text for one that never does."""
    opening = lines[start].strip()
    mark = opening[: len(opening) - len(opening.lstrip(opening[0]))]
    closings = (i for i in range(start + 1, len(lines)) if lines[i].strip().startswith(mark))
    return next((i for i in closings if not lines[i].strip().strip(mark[0])), len(lines))


def _blank_after(lines: list[str], start: int) -> int:
    return next((i for i in range(start, len(lines)) if not lines[i].strip()), len(lines))


def _indented_end(lines: list[str], start: int) -> int:
    """The first line after ``start`` that is not blank and not deeper; blank lines before it are left out."""
    depth = len(lines[start]) - len(lines[start].lstrip())
    end = start + 1
    for at in range(start + 1, len(lines)):
        if lines[at].strip():
            if len(lines[at]) - len(lines[at].lstrip()) <= depth:
                break
            end = at + 1
    return end


def _body_start(lines: list[str], start: int, end: int) -> int:
    """Past a directive's options (``:linenos:``) and blank lines."""
    while start < end and (not lines[start].strip() or re.match(r"\s*:[\w-]+:", lines[start])):
        start += 1
    return start
