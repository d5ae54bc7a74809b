"""Cuts statements out of a source's text, and puts them in place of marks."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from doctranslate.engines.replies.alignment import Definition
from doctranslate.engines.replies.omissions import GONE


@dataclass(frozen=True, slots=True)
class Body:
    """The statements of one body of a source.

    Attributes:
        nodes: The statements.
        begin: First line (0-based) that belongs to it, comments included.
        end: Line after the last one.
        indent: What its lines begin with.
        is_inline: Whether it stands behind the colon.
    """

    nodes: list[ast.stmt]
    begin: int
    end: int
    indent: str
    is_inline: bool


def start_of(node: ast.AST) -> int:
    """First line of a statement (0-based), its decorators included.

    Args:
        node: The statement.
    """
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([getattr(node, "lineno", 1), *(each.lineno for each in decorators)]) - 1


def end_of(node: ast.stmt) -> int:
    """Line after a statement, 0-based.

    Args:
        node: The statement.
    """
    return node.end_lineno or node.lineno


def body_of(owner: ast.AST, nodes: list[ast.stmt], lines: Sequence[str]) -> Body:
    """A body with the comments at its beginning and end.

    Args:
        owner: What it is the body of.
        nodes: Its statements.
        lines: The source's.
    """
    if isinstance(owner, ast.Module):
        return Body(nodes, 0, len(lines), "", is_inline=False)
    first = start_of(nodes[0])
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    is_inline = len(indent.encode()) < nodes[0].col_offset and not isinstance(nodes[0], Definition)
    begin, end = first, end_of(nodes[-1])
    while begin and _is_idle(lines[begin - 1]):
        begin -= 1
    at = end
    while at < len(lines) and _is_idle(lines[at]):
        at += 1
        if lines[at - 1].strip():
            if not lines[at - 1].startswith(indent):
                break
            end = at
    return Body(nodes, begin, end, indent, is_inline)


class Edits:
    """Changes to a reply's text, made from its end to its beginning.

    Args:
        lines: The reply's.
        source_lines: The source's.
    """

    def __init__(self, lines: Sequence[str], source_lines: Sequence[str]) -> None:
        self._lines = list(lines)
        self._source = source_lines
        self._changes: list[tuple[int, int, int, list[str], bool]] = []

    def restore(self, mark: ast.stmt, body: Body, begin: int, end: int, gone: Collection[int]) -> None:
        """Put statements in place of a mark.

        Args:
            mark: The statement that stands in their place.
            body: The body of the source that they are in.
            begin: Index of the first.
            end: Index after the last.
            gone: Indices of those that are not to come back.
        """
        line = self._lines[mark.lineno - 1]
        head = line.encode()[: mark.col_offset].decode()
        is_behind = bool(head.strip())  # the colon
        indent = line[: len(line) - len(line.lstrip())] + "    " if is_behind else head
        cut = self._cut(body, begin, end, gone)
        self._changes.append(
            (
                mark.lineno - 1,
                end_of(mark),
                mark.col_offset,
                _moved(cut, body, indent, self._strings(body)),
                bool(head.strip()),
            )
        )

    def remove(self, mark: ast.stmt) -> None:
        """Put nothing in place of a mark.

        Args:
            mark: The statement in its place.
        """
        self._changes.append((mark.lineno - 1, end_of(mark), 0, [], False))

    def decorate(self, line: int, ours: Definition, theirs: Definition) -> None:
        """Put a definition's decorators in place of a mark.

        Args:
            line: The mark's, 1-based.
            ours: The reply's definition.
            theirs: The source's.
        """
        there = {ast.dump(each) for each in ours.decorator_list}
        indent = " " * ours.col_offset
        lines = []
        for each in theirs.decorator_list:
            if ast.dump(each) not in there:
                cut = self._source[each.lineno - 1 : each.end_lineno]
                lines += [indent + text[theirs.col_offset :] for text in cut]
        self._changes.append((line - 1, line, 0, lines, False))

    def text(self) -> str:
        """The program."""
        lines = list(self._lines)
        for first, last, column, cut, is_behind in sorted(
            self._changes, key=lambda each: each[:3], reverse=True
        ):
            if is_behind:
                head = lines[first].encode()[:column].decode().rstrip()
                rest = lines[last - 1].partition("  #")
                note = f"  #{rest[2]}" if rest[1] and first == last - 1 else ""
                lines[first:last] = [head + note, *cut[_edge(cut, ()) : len(cut) - _edge(cut[::-1], ())]]
                continue
            above, below = lines[:first], lines[last:]
            lines = (
                [*above, *_fitted(above, cut, below), *below]
                if any(map(str.strip, cut))
                else _closed(above, below)
            )
        return "\n".join(line for line in lines if line != GONE).rstrip() + "\n"

    def _cut(self, body: Body, begin: int, end: int, gone: Collection[int]) -> list[tuple[int, str]]:
        """Lines of the source with their numbers (0-based)."""
        nodes = body.nodes
        if body.is_inline:
            kept = [node for at, node in enumerate(nodes[begin:end], start=begin) if at not in gone]
            text = "\n".join(self._source)
            return [(-1, body.indent + (ast.get_source_segment(text, node) or "")) for node in kept]
        first = end_of(nodes[begin - 1]) if begin else body.begin
        last = start_of(nodes[end]) if end < len(nodes) else body.end
        taken: set[int] = set()
        for at in gone:
            taken.update(range(start_of(nodes[at]), end_of(nodes[at])))
        return [(number, self._source[number]) for number in range(first, last) if number not in taken]

    def _strings(self, body: Body) -> set[int]:
        """Lines that begin inside of a string: they are not indented anew."""
        inside: set[int] = set()
        for node in body.nodes:
            for each in ast.walk(node):
                if isinstance(each, ast.Constant | ast.JoinedStr):
                    inside.update(range(each.lineno, each.end_lineno or each.lineno))
        return inside


def _moved(cut: Sequence[tuple[int, str]], body: Body, indent: str, inside: Collection[int]) -> list[str]:
    if indent == body.indent:
        return [line for _, line in cut]
    return [
        indent + line.removeprefix(body.indent) if line.strip() and number not in inside else line
        for number, line in cut
    ]


def _fitted(above: Sequence[str], cut: list[str], below: Sequence[str]) -> list[str]:
    """What is put in, without the comments and blank lines that the reply has around it."""
    beside = _comments(above[::-1]) | _comments(below)
    first, last = _edge(cut, beside), len(cut) - _edge(cut[::-1], beside)
    lines = cut[first:last]
    n_before, n_after = _n_blank(cut[:first][::-1]), _n_blank(cut[last:])
    if not lines:
        return []
    has_next = any(map(str.strip, below))
    pad_before = max(0, n_before - _n_blank(above[::-1])) if any(map(str.strip, above)) else 0
    pad_after = max(0, n_after - _n_blank(below)) if has_next else 0
    return [*[""] * pad_before, *lines, *[""] * pad_after]


def _edge(lines: Sequence[str], beside: Collection[str]) -> int:
    """How many lines at the beginning are blank, or comments that are there already."""
    return next(
        (at for at, line in enumerate(lines) if line.strip() and line.strip() not in beside), len(lines)
    )


def _closed(above: list[str], below: list[str]) -> list[str]:
    """The text with nothing put in: of the blank lines on both sides the larger number."""
    n_above, n_below = _n_blank(above[::-1]), _n_blank(below)
    return [*above, *below[min(n_above, n_below) :]]


def _comments(lines: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for line in lines:
        if not _is_idle(line):
            break
        found.add(line.strip())
    return found - {""}


def _n_blank(lines: Sequence[str]) -> int:
    return next((at for at, line in enumerate(lines) if line.strip()), len(lines))


def _is_idle(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
