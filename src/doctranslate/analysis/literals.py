"""Constants that stand in the program text."""

from __future__ import annotations

import ast

import libcst as cst


def literal(node: cst.CSTNode) -> object:
    """The constant that an expression is by itself, or None; lists of constants included."""
    if isinstance(node, cst.Name) and node.value in ("True", "False"):
        return node.value == "True"
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        number = literal(node.expression)
        return -number if isinstance(number, int) and not isinstance(number, bool) else None
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.Integer | cst.List | cst.Tuple):
        try:
            return ast.literal_eval(cst.Module([]).code_for_node(node))
        except (ValueError, SyntaxError):
            return None
    return None


def is_none(node: cst.CSTNode) -> bool:
    """Whether an expression is ``None``."""
    return isinstance(node, cst.Name) and node.value == "None"
