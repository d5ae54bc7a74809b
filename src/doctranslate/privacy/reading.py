"""The strings and comments of a program, and what is neither."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

T = TypeVar("T")

HOLE = "\x00"
"""Stands in the text of an f-string where a value is put in."""

_LITERAL = re.compile(
    r"(?P<prefix>[A-Za-z]{0,3})(?P<quote>'''|\"\"\"|'|\")(?P<content>(?:\\.|(?!(?P=quote)).)*)(?P=quote)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Text:
    """One string or comment.

    Attributes:
        text: A string as it is when the program runs (with `HOLE` for what an f-string puts in); a comment as written.
        line: 1-based line where it starts.
        role: ``prose`` for comments, docstrings and other strings of several lines.
        source: As the program writes it.
    """

    text: str = field(repr=False)
    line: int
    role: Literal["string", "prose"]
    source: str = field(repr=False)

    def spelled(self, start: int, end: int) -> tuple[str, ...]:
        """How the program writes a part of the text: in one piece, unless the string is put together from several.

        Args:
            start: First character of the part.
            end: One past its last character.
        """
        value = self.text[start:end]
        for written in _writings(value):
            if written in self.source:
                return (written,)
        return tuple(self._pieces(start, end))

    def _pieces(self, start: int, end: int) -> Iterator[str]:
        """The literals side by side that the part goes through: of each what can be told apart, else all of it."""
        at = 0
        for match in _LITERAL.finditer(self.source):
            content, is_formatted = match["content"], "f" in match["prefix"].lower()
            text = content if is_formatted else str(_evaluated(match.group()) or content)
            low, high = max(start, at) - at, min(end, at + len(text)) - at
            at += len(text)
            if low < high and text:
                yield next((each for each in _writings(text[low:high]) if each in content), content)


@dataclass(frozen=True, slots=True)
class Program:
    """A program, read for what it may give away.

    Attributes:
        code: As written.
        tree: None when it is no Python.
        texts: Its strings and comments, in order; the whole lines of a program that is no Python.
        outside: What is neither: names, numbers, operators; "" when it is no Python.
    """

    code: str = field(repr=False)
    tree: ast.Module | None = field(repr=False)
    texts: tuple[Text, ...] = field(repr=False)
    outside: str = field(repr=False)


def read(code: str) -> Program:
    """Read a program, or whatever was given as one.

    Args:
        code: The program.
    """
    try:
        tree = quiet(ast.parse, code)
        comments = tuple(_comments(code))
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        lines = code.splitlines()
        return Program(code, None, tuple(Text(line, i, "prose", line) for i, line in enumerate(lines, 1)), "")
    strings, inside = _strings(tree, code)
    texts = sorted((*strings, *comments), key=lambda each: each.line)
    return Program(code, tree, tuple(texts), f"{_outside(code)}\n{inside}")


def quiet(read_python: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Read Python of somebody else's, whose escapes are not ours to warn of.

    Args:
        read_python: Reads it.
        *args: What it takes.
        **kwargs: The same.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_python(*args, **kwargs)


def text_of(node: ast.expr) -> str | None:
    """The text of a string, bytes, an f-string or such joined by ``+``, with `HOLE`; None for anything else."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.Constant(value=bytes() as value):
            return value.decode("latin-1")
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) or HOLE for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            texts = (text_of(left), text_of(right))
            return (
                None if texts == (None, None) else "".join(HOLE if each is None else each for each in texts)
            )
        case _:
            return None


def _strings(tree: ast.Module, code: str) -> tuple[list[Text], str]:
    lines = _Lines(code)
    found: list[Text] = []
    inside: list[str] = []

    def visit(node: ast.AST) -> None:
        text = text_of(node) if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) else None
        if text is not None and isinstance(node, ast.expr):
            source = lines.between(node)
            found.append(Text(text, node.lineno, "prose" if "\n" in source else "string", source))
        if isinstance(node, ast.JoinedStr):
            # Positions inside f-strings are wrong before Python 3.12: what is in there is taken without them.
            for part in ast.walk(node):
                if isinstance(part, ast.Name | ast.Attribute) and not any(
                    isinstance(each, ast.Constant) for each in ast.walk(part)
                ):
                    inside.append(ast.unparse(part))
                elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.append(Text(part.value, node.lineno, "string", lines.between(node)))
            return
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return found, "\n".join(inside)


def _comments(code: str) -> Iterator[Text]:
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield Text(token.string, token.start[0], "prose", token.string)


def _outside(code: str) -> str:
    names: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in (tokenize.NAME, tokenize.NUMBER, tokenize.OP):
            names.append(token.string)
            last = token.end[0]
        elif names and (token.type == tokenize.STRING or token.start[0] != last):
            names.append("\n")
    return "".join(names)


class _Lines:
    """Cuts out what a node covers; `ast.get_source_segment` splits the program anew for each."""

    def __init__(self, code: str) -> None:
        self._lines = [line.encode() for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", code)]

    def between(self, node: ast.expr) -> str:
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        start, end = node.col_offset, node.end_col_offset
        if first == last:
            return self._lines[first][start:end].decode(errors="replace")
        parts = [self._lines[first][start:], *self._lines[first + 1 : last], self._lines[last][:end]]
        return b"".join(parts).decode(errors="replace")


def _writings(value: str) -> Iterator[str]:
    """How a literal may write a value, the likelier first: a backslash by itself is one of a raw string."""
    escaped = value.replace("\\", "\\\\")
    if escaped == value:
        yield value
    yield repr(value)[1:-1]
    yield escaped.replace("'", "\\'")
    yield escaped.replace('"', '\\"')
    yield escaped.replace('"', '\\"').replace("'", "\\'")
    yield escaped
    yield value
    yield value.replace("{", "{{").replace("}", "}}")
    yield json.dumps(value)[1:-1]


def _evaluated(literal: str) -> str | None:
    try:
        value = quiet(ast.literal_eval, literal)
    except (SyntaxError, ValueError):
        return None
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
