"""Imports and copied functions of a translated program: what goes, what comes, and where."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import libcst as cst

from doctranslate.analysis.scopes import dotted
from doctranslate.rules.blocks import GONE, Blocks, is_gone, left_behind, settle, statements

_BLANK = cst.EmptyLine(indent=False)


class DropImports(Blocks):
    """Drops imports of the source library that nothing names any more.

    Args:
        roots: Import names of the source library.
        kept: Names that must go on naming it.
        keep_stars: Whether ``from library import *`` stays.
    """

    def __init__(self, roots: tuple[str, ...], kept: set[str], *, keep_stars: bool) -> None:
        super().__init__()
        self._roots = roots
        self._kept = kept
        self._keep_stars = keep_stars

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Look at blocks and imports only."""
        if isinstance(node, cst.SimpleStatementLine | cst.SimpleStatementSuite):
            return any(isinstance(small, cst.Import | cst.ImportFrom) for small in node.body)
        return not isinstance(node, cst.BaseExpression) and super().on_visit(node)

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> Any:
        """``import git, os``."""
        return self._filter(
            updated_node, updated_node.names, lambda alias: self._is_source(alias.evaluated_name)
        )

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> Any:
        """``from git import Repo``."""
        if (
            updated_node.relative
            or updated_node.module is None
            or not self._is_source(dotted(updated_node.module))
        ):
            return updated_node
        if isinstance(updated_node.names, cst.ImportStar):
            return updated_node if self._keep_stars else GONE
        return self._filter(updated_node, updated_node.names, lambda _: True)

    def _is_source(self, path: str) -> bool:
        return path.partition(".")[0] in self._roots

    def _filter(self, node: Any, names: Sequence[cst.ImportAlias], is_source: Any) -> Any:
        def stays(alias: cst.ImportAlias) -> bool:
            local = alias.evaluated_alias or alias.evaluated_name
            if isinstance(node, cst.Import) and not alias.evaluated_alias:
                local = local.partition(".")[0]
            return not is_source(alias) or local in self._kept

        left = [alias for alias in names if stays(alias)]
        if len(left) == len(names):
            return node
        if not left:
            return GONE
        left[-1] = left[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return node.with_changes(names=left)


def assemble(module: cst.Module, imports: list[str], prelude: str) -> cst.Module:
    """Put imports where the source library was imported, and copied functions below the imports.

    Args:
        module: The program, with gaps where imports were dropped.
        imports: Import statements, the standard library's plain ones among them.
        prelude: Code of the copied functions.
    """
    body: list[Any] = list(module.body)
    above: list[cst.EmptyLine] = []
    place = next((i for i, s in enumerate(body) if is_gone(s)), None)
    before = body[place - 1] if place else None
    needs_gap = before is not None and not _is_import(before) and _starts_blank(body[place or 0])
    if place is None:
        place = _end_of_imports(body)
    else:
        gap = body.pop(place)
        above = left_behind(gap)
        while place < len(body) and (is_gone(body[place]) or _is_standard_import(body[place], module)):
            if is_gone(body[place]):
                above += left_behind(body.pop(place))
            else:
                place += 1
    third_party = [line for line in imports if not _is_standard(line)]
    new = _spaced(body, place, third_party, module) or [cst.SimpleStatementLine([GONE])]
    new[0] = new[0].with_changes(leading_lines=[*new[0].leading_lines, *above])
    body[place:place] = new
    end = place + len(new)
    standard = [line for line in imports if _is_standard(line)]
    body = _with_standard(body, place, standard, module)
    end += len(standard)
    if prelude:
        body = _with_prelude(body, prelude, module, end=max(end, _end_of_imports(body)))
    body, rest = settle(body)
    if needs_gap:
        first = next(i for i, s in enumerate(body) if s is before) + 1
        if first < len(body) and not _starts_blank(body[first]):
            body[first] = body[first].with_changes(leading_lines=[_BLANK, *body[first].leading_lines])
    return module.with_changes(body=body, footer=[*rest, *module.footer])


def _spaced(body: list[Any], place: int, lines: list[str], module: cst.Module) -> list[Any]:
    """Import statements, with an empty line towards what is above and below and no import of its kind."""
    new = [statement for line in lines for statement in statements(line, module)]
    if not new:
        return new
    above = body[place - 1] if place else None
    if isinstance(above, cst.SimpleStatementLine) and not _is_import(above):
        new[0] = new[0].with_changes(leading_lines=[_BLANK])
    if (
        isinstance(above, cst.SimpleStatementLine)
        and _is_import(above)
        and _is_standard(_code(above, module))
    ):
        new[0] = new[0].with_changes(leading_lines=[_BLANK])
    below = body[place] if place < len(body) else None
    if below is not None and not _is_import(below) and not is_gone(below) and not _starts_blank(below):
        body[place] = below.with_changes(leading_lines=[_BLANK, *below.leading_lines])
    return new


def _with_standard(body: list[Any], place: int, lines: list[str], module: cst.Module) -> list[Any]:
    """Sort plain imports of the standard library in among its plain ones, in front of its others."""
    for line in lines:
        imports = [
            i for i, s in enumerate(body[:place]) if _is_import(s) and "__future__" not in _code(s, module)
        ]
        standard = [i for i in imports if _is_standard(_code(body[i], module))]
        plain = [i for i in standard if isinstance(body[i].body[0], cst.Import)]
        smaller = [i for i in plain if _code(body[i], module) < line]
        new = statements(line, module)[0]
        if smaller:
            at = smaller[-1] + 1
        elif standard or imports:
            at = (plain or standard or imports)[0]
            new = new.with_changes(leading_lines=body[at].leading_lines)
            body[at] = body[at].with_changes(leading_lines=[] if standard else [_BLANK])
        else:
            at = place
            if at and not is_gone(body[at - 1]):
                new = new.with_changes(leading_lines=[_BLANK])
            if at < len(body) and not _starts_blank(body[at]):
                body[at] = body[at].with_changes(leading_lines=[_BLANK, *body[at].leading_lines])
        body.insert(at, new)
        place += 1
    return body


def _with_prelude(body: list[Any], prelude: str, module: cst.Module, *, end: int) -> list[Any]:
    new = statements(prelude, module)
    if end:
        new[0] = new[0].with_changes(leading_lines=[_BLANK, _BLANK, *new[0].leading_lines])
    rest = body[end:]
    if rest:
        lines = list(rest[0].leading_lines)
        while lines and lines[0].comment is None:
            lines.pop(0)
        rest[0] = rest[0].with_changes(leading_lines=[_BLANK, _BLANK, *lines])
    return [*body[:end], *new, *rest]


def _end_of_imports(body: Sequence[cst.CSTNode]) -> int:
    """Index of the first statement below the docstring and the top-level imports."""
    end = 0
    for index, statement in enumerate(body):
        if _is_import(statement) or _guards_import(statement) or (index == 0 and _is_docstring(statement)):
            end = index + 1
        elif not is_gone(statement) and index >= end:
            if end:
                break
            return index
    return end


def _is_import(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and any(
        isinstance(small, cst.Import | cst.ImportFrom) for small in node.body
    )


def _is_standard_import(node: cst.CSTNode, module: cst.Module) -> bool:
    return _is_import(node) and _is_standard(_code(node, module))


def _guards_import(node: cst.CSTNode) -> bool:
    """``try: import x`` and ``if TYPE_CHECKING: import x``."""
    return isinstance(node, cst.Try | cst.If) and any(_is_import(inner) for inner in node.body.body)


def _is_docstring(node: cst.CSTNode) -> bool:
    return (
        isinstance(node, cst.SimpleStatementLine)
        and isinstance(node.body[0], cst.Expr)
        and isinstance(node.body[0].value, cst.SimpleString | cst.ConcatenatedString)
    )


def _starts_blank(node: Any) -> bool:
    return bool(node.leading_lines) and node.leading_lines[0].comment is None


def _code(node: cst.CSTNode, module: cst.Module) -> str:
    return module.code_for_node(node.with_changes(leading_lines=[]))


def _is_standard(line: str) -> bool:
    words = line.split()
    return (
        words[0] in ("import", "from") and words[1].partition(".")[0].rstrip(",;") in sys.stdlib_module_names
    )
