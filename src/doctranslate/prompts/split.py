"""Splits a program that does not fit into one prompt by its top-level statements (`join.py` joins them)."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from doctranslate.errors import ContextLengthError

_LONGEST_CONSTANT = 200
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_WORD = re.compile(r"[^\W\d]\w*")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a program's top-level statements.

    Attributes:
        code: Their text, with the comments and blank lines before them, exactly as it stands.
        context: What they use of the rest: imports, constants, signatures.
    """

    code: str
    context: str


def split_program(code: str, *, fits: Callable[[Part], bool]) -> tuple[Part, ...]:
    """Split a program, as few parts as will do.

    Args:
        code: The program.
        fits: Whether a part fits into a prompt, with its context.

    Returns:
        The parts in order; their texts together are the program.

    Raises:
        ContextLengthError: One definition alone does not fit.
    """
    every = list(_pieces(code))
    parts: list[Part] = []
    begin = 0
    for end, piece in enumerate(every, start=1):
        grown = _part(every, begin, end)
        if fits(grown):
            parts[len(parts) - (begin < end - 1) :] = [grown]
            continue
        begin = end - 1
        alone = _part(every, begin, end)
        if not fits(alone):
            raise ContextLengthError(
                f"line {piece.line}: {piece.name or 'this statement'} alone does not fit into a prompt: raise "
                "max_prompt_tokens, or translate the file in parts"
            )
        parts.append(alone)
    return tuple(parts)


def _part(every: Sequence[_Piece], begin: int, end: int) -> Part:
    text = "".join(piece.text for piece in every[begin:end])
    words = set(_WORD.findall(text))
    around = [piece for piece in (*every[:begin], *every[end:]) if piece.names & words]
    return Part(text, "\n".join(line for piece in around for line in piece.outline))


@dataclass(frozen=True, slots=True)
class _Piece:
    """One top-level statement, or several on one line."""

    text: str
    line: int
    name: str
    names: frozenset[str]
    outline: tuple[str, ...]


def _pieces(code: str) -> Iterator[_Piece]:
    lines = lines_of(code)
    tree = ast.parse(code)
    begin = 0
    if not tree.body and code:
        yield _Piece(code, 1, "", frozenset(), ())
    together: list[ast.stmt] = []
    for number, node in enumerate(tree.body):
        together.append(node)
        is_last = number == len(tree.body) - 1
        end = len(lines) if is_last else node.end_lineno or node.lineno
        if not is_last and first_line(tree.body[number + 1]) <= end:
            continue  # the next one begins on the line where this one ends
        yield _Piece(
            "".join(lines[begin:end]),
            first_line(together[0]),
            getattr(node, "name", ""),
            frozenset(name for each in together for name in bound_at_top(each)),
            tuple(line for each in together for line in _outline(each)),
        )
        together = []
        begin = end


def bound_at_top(node: ast.stmt) -> Iterator[str]:
    """What a statement binds, at the top level.

    Args:
        node: The statement.
    """
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    else:
        targets = (n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        yield from (target.id for target in targets)


def lines_of(code: str) -> list[str]:
    """The lines of a program as Python counts them: form feeds and signs of Unicode end none.

    Args:
        code: The program.
    """
    return _LINE.findall(code)


def first_line(node: ast.stmt) -> int:
    """First line of a statement (1-based), its decorators included.

    Args:
        node: The statement.
    """
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _outline(node: ast.stmt, indent: str = "") -> Iterator[str]:
    """A statement as those see it who use what it defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        yield f"{indent}{word} {node.name}({ast.unparse(node.args)}){result}: ..."
    elif isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(each) for each in [*node.bases, *(k.value for k in node.keywords)])
        inner = [line for each in node.body for line in _outline(each, indent + "    ")]
        yield f"{indent}class {node.name}{f'({bases})' if bases else ''}:"
        yield from inner or [f"{indent}    ..."]
    elif isinstance(node, ast.Import | ast.ImportFrom) and not indent:
        yield ast.unparse(node)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        text = ast.unparse(node)
        if len(text) <= _LONGEST_CONSTANT:
            yield indent + text
