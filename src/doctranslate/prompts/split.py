"""Splits a program that does not fit into one prompt by its top-level statements, and joins the parts again."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from doctranslate.errors import ContextLengthError, MalformedReplyError

_LONGEST_CONSTANT = 200
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


def join_parts(parts: Sequence[Part], replies: Sequence[str], source_roots: Collection[str]) -> str:
    """Join the rewritten parts.

    Imports that parts bring move to those of the program, each once; imports of the source library that nothing uses
    any more go.

    Args:
        parts: As they were split.
        replies: What became of each, in order.
        source_roots: Import names of the source library.

    Returns:
        The program.

    Raises:
        MalformedReplyError: A part is no Python, or two parts define the same thing in different ways.
    """
    texts: list[str] = []
    brought: dict[str, None] = {}
    defined: dict[str, tuple[int, str]] = {}
    for number, (part, reply) in enumerate(zip(parts, replies, strict=True)):
        tree = _parsed(reply, number)
        had = {ast.unparse(node) for node in _parsed(part.code, number).body}
        new = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        new = [node for node in new if ast.unparse(node) not in had]
        brought.update((ast.unparse(node), None) for node in new)
        repeated = []
        for node in tree.body:
            if isinstance(node, Definition):
                before, text = defined.setdefault(node.name, (number, ast.unparse(node)))
                if before != number and text == ast.unparse(node):
                    repeated.append(node)
                elif before != number:
                    raise MalformedReplyError(
                        f"parts {before + 1} and {number + 1} of the program define {node.name} in different ways",
                        reply=reply,
                    )
        text = _without(reply, [*new, *repeated])
        texts.append(text if text.endswith("\n") or number == len(parts) - 1 else text + "\n")
    return _with_imports("".join(texts), brought, source_roots)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One top-level statement, or several on one line."""

    text: str
    line: int
    name: str
    names: frozenset[str]
    outline: tuple[str, ...]


def _pieces(code: str) -> Iterator[_Piece]:
    lines = code.splitlines(keepends=True)
    tree = ast.parse(code)
    begin = 0
    for number, node in enumerate(tree.body):
        is_last = number == len(tree.body) - 1
        end = len(lines) if is_last else node.end_lineno or node.lineno
        if not is_last and _first_line(tree.body[number + 1]) <= end:
            continue  # the next one begins on the line where this one ends
        yield _Piece(
            "".join(lines[begin:end]),
            _first_line(node),
            getattr(node, "name", ""),
            frozenset(_names(node)),
            tuple(_outline(node)),
        )
        begin = end


def _names(node: ast.stmt) -> Iterator[str]:
    """What a statement binds, at the top level."""
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    else:
        targets = (n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        yield from (target.id for target in targets)


def _first_line(node: ast.stmt) -> int:
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


def _parsed(code: str, number: int) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError as exc:
        raise MalformedReplyError(
            f"part {number + 1} of the program is not Python: {exc.msg}", reply=code
        ) from exc


def _without(code: str, nodes: Sequence[ast.stmt]) -> str:
    """The text without some of its statements, which have their lines to themselves or share them with each other."""
    gone = {line for node in nodes for line in range(_first_line(node), (node.end_lineno or node.lineno) + 1)}
    lines = code.splitlines(keepends=True)
    return "".join(line for number, line in enumerate(lines, start=1) if number not in gone)


def _with_imports(code: str, brought: Collection[str], source_roots: Collection[str]) -> str:
    tree = ast.parse(code)
    there = {ast.unparse(node) for node in tree.body}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    idle = [node for node in tree.body if _is_idle_import(node, used, source_roots)]
    more = [text for text in brought if text not in there]
    future = [text for text in more if text.startswith("from __future__")]
    plain = [text for text in more if text not in future and not _is_idle_text(text, used, source_roots)]
    lines = code.splitlines(keepends=True)
    gone = {line for node in idle for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    at_docstring, at_imports = _places(tree)
    written: list[str] = []
    for number in range(len(lines) + 1):
        if number == at_docstring:
            written += [f"{text}\n" for text in future]
        if number == at_imports:
            written += [f"{text}\n" for text in plain]
        if number < len(lines) and number + 1 not in gone:
            written.append(lines[number])
    return "".join(written)


def _places(tree: ast.Module) -> tuple[int, int]:
    """After how many lines ``__future__`` imports go, and all others: after the first block of imports."""
    at_docstring = at_imports = 0
    for number, node in enumerate(tree.body):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and number == 0
        if is_text:
            at_docstring = at_imports = node.end_lineno or 0
        elif isinstance(node, ast.Import | ast.ImportFrom):
            at_imports = node.end_lineno or 0
        else:
            break
    return at_docstring, at_imports


def _is_idle_import(node: ast.stmt, used: Collection[str], roots: Collection[str]) -> bool:
    """Whether it imports from the source library, and nothing that is used."""
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
        names = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        modules, names = [node.module or ""], [alias.asname or alias.name for alias in node.names]
    else:
        return False
    return all(module.partition(".")[0] in roots for module in modules) and not set(names) & set(used)


def _is_idle_text(text: str, used: Collection[str], roots: Collection[str]) -> bool:
    return _is_idle_import(ast.parse(text).body[0], used, roots)
