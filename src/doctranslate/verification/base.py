"""What the checks share: parsing, and putting findings together."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator

from doctranslate.records import Check, Finding


class UnreadableError(Exception):
    """A text that is not Python; never leaves the verification.

    Attributes:
        line: 1-based line of the problem, 0 when it has none.
    """

    def __init__(self, message: str, *, line: int = 0) -> None:
        self.line = line
        super().__init__(message)


def parse(code: str) -> ast.Module:
    """The syntax tree of a program.

    Raises:
        UnreadableError: It is not Python, or nested deeper than Python can read.
    """
    try:
        with warnings.catch_warnings():
            # "\d" in a string is the program's affair, and only a warning.
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except SyntaxError as exc:
        raise UnreadableError(exc.msg or "invalid syntax", line=exc.lineno or 0) from exc
    except (RecursionError, MemoryError) as exc:
        raise UnreadableError("the code is nested too deeply to be parsed") from exc
    except ValueError as exc:
        raise UnreadableError(str(exc)) from exc


def finding(node: ast.AST, message: str) -> Finding:
    """A finding at a node."""
    return Finding(line=getattr(node, "lineno", 0), message=message)


def result(name: str, findings: Iterable[Finding], *, reason: str = "") -> Check:
    """A check that failed when it found something, its findings by line, each once."""
    ordered = sorted({(f.line, f.message): f for f in findings}.values(), key=lambda f: (f.line, f.message))
    return Check(name=name, outcome="fail" if ordered else "pass", reason=reason, findings=tuple(ordered))


def skipped(name: str, reason: str) -> Check:
    """A check that was not made."""
    return Check(name=name, outcome="skipped", reason=reason)


def statement_lines(node: ast.Try) -> Iterator[ast.AST]:
    """The statements directly in a ``try`` and in its handlers."""
    yield from node.body
    for handler in node.handlers:
        yield from handler.body
    yield from node.orelse


def source_text(node: ast.AST) -> str:
    """The node as Python text; "" for one that is nested too deeply to be written."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return ""
