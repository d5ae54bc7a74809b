"""Literals in a syntax tree, and expressions that have no effect."""

from __future__ import annotations

from typing import Any

import libcst as cst

_NAMED = {"None": None, "True": True, "False": False}
UNKNOWN = object()


def constant(node: cst.CSTNode) -> Any:
    """The value of a literal; `UNKNOWN` for everything else."""
    if isinstance(node, cst.Name):
        return _NAMED.get(node.value, UNKNOWN)
    if isinstance(node, cst.Integer | cst.SimpleString):
        return node.evaluated_value
    if isinstance(node, cst.Tuple):
        values = [UNKNOWN if isinstance(e, cst.StarredElement) else constant(e.value) for e in node.elements]
        return UNKNOWN if UNKNOWN in values else tuple(values)
    return UNKNOWN


def is_empty(node: cst.CSTNode) -> bool:
    """Whether a tuple, list or dictionary is written without anything in it."""
    return isinstance(node, cst.Tuple | cst.List | cst.Dict) and not node.elements


def truth(node: cst.CSTNode) -> bool | None:
    """Whether a literal counts as true; None for what is no literal."""
    if is_empty(node):
        return False
    value = constant(node)
    return None if value is UNKNOWN else bool(value)


def is_pure(node: cst.BaseExpression) -> bool:
    """Whether an expression can be left out: names, literals, and what joins or compares them by identity."""
    if isinstance(node, cst.Name | cst.BaseNumber | cst.SimpleString):
        return True
    if isinstance(node, cst.Tuple | cst.List):
        return all(isinstance(e, cst.Element) and is_pure(e.value) for e in node.elements)
    if isinstance(node, cst.Dict):
        return not node.elements
    if isinstance(node, cst.BooleanOperation):
        return is_pure(node.left) and is_pure(node.right)
    if isinstance(node, cst.UnaryOperation):
        return isinstance(node.operator, cst.Not) and is_pure(node.expression)
    if isinstance(node, cst.Comparison):
        parts = [node.left, *(target.comparator for target in node.comparisons)]
        same = all(isinstance(target.operator, cst.Is | cst.IsNot) for target in node.comparisons)
        return same and all(map(is_pure, parts))
    return isinstance(node, cst.IfExp) and all(map(is_pure, (node.test, node.body, node.orelse)))
