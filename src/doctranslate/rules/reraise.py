"""Leaves out of copied functions what only gives an error another class, where a program tells no classes apart."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Any

import libcst as cst


def drop_reraising(copied: cst.Module, program: ast.Module, errors: Collection[str]) -> cst.Module:
    """Leave out the ``try`` around statements whose errors are only raised again as another error.

    Args:
        copied: Functions that a program uses.
        program: The program; when it names one of the errors, everything stays.
        errors: Names of the errors that a program could tell apart.
    """
    if identifiers(program) & set(errors):
        return copied
    finder = _Handled()
    copied.visit(finder)
    if not finder.reraising or finder.others & set(errors):
        return copied
    return copied.visit(_Unwrap())


def identifiers(tree: ast.AST) -> set[str]:
    """Names in a piece of code, those behind a dot as well."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def _only_raises(block: cst.BaseSuite) -> bool:
    """Whether all that a block does is raising something else."""
    if not isinstance(block, cst.IndentedBlock) or not block.body:
        return False
    *checks, last = block.body
    return _is_new_error(last) and all(
        isinstance(check, cst.If) and check.orelse is None and _only_raises(check.body) for check in checks
    )


def _is_new_error(statement: cst.CSTNode) -> bool:
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and len(statement.body) == 1
        and isinstance(statement.body[0], cst.Raise)
        and statement.body[0].exc is not None
    )


def _is_reraising(node: cst.Try) -> bool:
    """Whether all clauses of a ``try`` only raise again."""
    named = all(handler.type is not None and _only_raises(handler.body) for handler in node.handlers)
    return bool(node.handlers) and named and node.orelse is None and node.finalbody is None


class _Handled(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.reraising = False
        self.others: set[str] = set()

    def visit_Try(self, node: cst.Try) -> None:
        if _is_reraising(node):
            self.reraising = True
            return
        for handler in node.handlers:
            if handler.type is not None:
                self.others.update(identifiers(ast.parse(cst.Module([]).code_for_node(handler.type))))


class _Unwrap(cst.CSTTransformer):
    def leave_Try(self, original_node: cst.Try, updated_node: cst.Try) -> Any:
        if not _is_reraising(original_node):
            return updated_node
        body: list[Any] = list(updated_node.body.body)
        body[0] = body[0].with_changes(leading_lines=[*updated_node.leading_lines, *body[0].leading_lines])
        return cst.FlattenSentinel(body)
