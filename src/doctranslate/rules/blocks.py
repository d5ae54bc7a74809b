"""Statements and blocks of a syntax tree: making them, leaving some out, keeping the comments of those that go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import libcst as cst

from doctranslate.rules.substitute import REMOVED, comments_in

_DIRECTIVE = re.compile(r"#\s*(?:noqa|type:|pylint:|pyright:|isort:|fmt:|pragma\b|nosec|ruff:|mypy:)")
GONE = cst.Expr(cst.Name(REMOVED))


class _DefaultIndent(cst.CSTTransformer):
    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        return updated_node.with_changes(indent=None)


def statements(code: str, module: cst.Module) -> list[Any]:
    """Code as statements that fit into a module: with its newlines and its indentation."""
    text = code.replace("\n", module.default_newline)
    parsed = cst.parse_module(text, config=cst.PartialParserConfig(default_newline=module.default_newline))
    body: list[Any] = list(parsed.body)
    if module.default_indent != parsed.default_indent:
        body = [statement.visit(_DefaultIndent()) for statement in body]
    if body:
        body[0] = body[0].with_changes(leading_lines=[*parsed.header, *body[0].leading_lines])
    return body


def comment_line(text: str) -> cst.EmptyLine:
    """A line with nothing but a comment."""
    return cst.EmptyLine(comment=cst.Comment(text))


def with_trailing(statement: Any, trailing: cst.TrailingWhitespace) -> Any:
    """A statement with what stood behind another one on its line."""
    if isinstance(statement, cst.SimpleStatementLine):
        return statement.with_changes(trailing_whitespace=trailing)
    body = list(statement.body.body)
    body[-1] = with_trailing(body[-1], trailing)
    return statement.with_changes(body=statement.body.with_changes(body=body))


def is_gone(statement: cst.CSTNode) -> bool:
    """Whether a statement is the place of one that was left out."""
    return isinstance(statement, cst.SimpleStatementLine) and all(map(is_gap, statement.body))


def is_gap(small: cst.CSTNode) -> bool:
    """Whether a small statement is the place of one that was left out."""
    return isinstance(small, cst.Expr) and isinstance(small.value, cst.Name) and small.value.value == REMOVED


def left_behind(statement: cst.SimpleStatementLine) -> list[cst.EmptyLine]:
    """The comments of a statement that is left out, but for those that speak to tools about it."""
    lines = [line for line in statement.leading_lines if line.comment]
    beside = statement.trailing_whitespace.comment
    if beside is not None and not _DIRECTIVE.match(beside.value):
        lines.append(comment_line(beside.value))
    return lines


class Blocks(cst.CSTTransformer):
    """Closes the gaps that left-out statements leave in blocks; an empty block gets a ``pass``."""

    def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> Any:
        """A block of statements."""
        if not any(is_gone(statement) for statement in updated_node.body):
            return updated_node
        body, rest = settle(updated_node.body)
        if not body:
            nothing = cst.SimpleStatementLine([cst.Pass()], leading_lines=rest)
            return updated_node.with_changes(body=[nothing])
        return updated_node.with_changes(body=body, footer=[*rest, *updated_node.footer])

    def leave_SimpleStatementSuite(
        self, original_node: cst.SimpleStatementSuite, updated_node: cst.SimpleStatementSuite
    ) -> Any:
        """Statements behind the colon."""
        body = [small for small in updated_node.body if not is_gap(small)]
        if len(body) == len(updated_node.body):
            return updated_node
        body = body or [cst.Pass()]
        last = body[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
        return updated_node.with_changes(body=[*body[:-1], last])

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> Any:
        """Several statements on a line, of which some go."""
        body = [small for small in updated_node.body if not is_gap(small)]
        if not body:
            return _with_inner_comments(original_node, updated_node)
        if len(body) == len(updated_node.body):
            return updated_node
        last = body[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
        return updated_node.with_changes(body=[*body[:-1], last])


def _with_inner_comments(
    original: cst.SimpleStatementLine, gone: cst.SimpleStatementLine
) -> cst.SimpleStatementLine:
    """The comments between the brackets of a statement that goes, above it."""
    inner = [comment for small in original.body for comment in comments_in(small)]
    lines = [comment_line(comment) for comment in inner if not _DIRECTIVE.match(comment)]
    return gone.with_changes(leading_lines=[*gone.leading_lines, *lines]) if lines else gone


def settle(body: Sequence[Any]) -> tuple[list[Any], list[cst.EmptyLine]]:
    """Statements without those that are gone, whose comments go to the next one; and comments that find none."""
    kept: list[Any] = []
    waiting: list[cst.EmptyLine] = []
    for statement in body:
        if is_gone(statement):
            waiting += left_behind(statement)
            continue
        if waiting:
            statement = statement.with_changes(leading_lines=[*waiting, *statement.leading_lines])  # noqa: PLW2901
            waiting = []
        kept.append(statement)
    return kept, waiting
