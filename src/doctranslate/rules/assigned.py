"""Local variables that a function assigns and never reads."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst

from doctranslate.rules.literals import constant, is_pure

_ENDS = (cst.Return, cst.Raise, cst.Continue, cst.Break)


def parsed(node: cst.CSTNode) -> ast.Module:
    """A statement as Python's own parser reads it."""
    return ast.parse(cst.Module([]).code_for_node(node))


def unread(function: cst.FunctionDef) -> set[str]:
    """Local variables that are only assigned, without any effect."""
    tree = parsed(function)
    assigned: set[str] = set()
    other: set[str] = set()
    plain: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            plain.update(t for t in node.targets if isinstance(t, ast.Name))
            pairs = node.targets[0] if len(node.targets) == 1 else None
            if isinstance(pairs, ast.Tuple) and isinstance(node.value, ast.Tuple):
                plain.update(t for t in pairs.elts if isinstance(t, ast.Name))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            plain.add(node.target)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            other.update(node.names)
        elif isinstance(node, ast.arg):
            other.add(node.arg)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (assigned if node in plain else other).add(node.id)
    found = assigned - other
    effects = _Effects(found)
    function.visit(effects)
    return found - effects.names


def settled(function: cst.FunctionDef) -> dict[str, cst.BaseExpression]:
    """Local variables that are given nothing but None, a truth value or an empty tuple, once and always."""
    tree = parsed(function)
    bound = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]
    bound += [n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)]
    bound += [name for n in ast.walk(tree) if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names]
    lines = [line for line in function.body.body if isinstance(line, cst.SimpleStatementLine)]
    found: dict[str, cst.BaseExpression] = {}
    for node in (small for line in lines for small in line.body if isinstance(small, cst.Assign)):
        target, value = node.targets[0].target, constant(node.value)
        plain = value is None or isinstance(value, bool) or value == ()
        if (
            isinstance(target, cst.Name)
            and len(node.targets) == 1
            and plain
            and bound.count(target.value) == 1
        ):
            found[target.value] = node.value
    return found


class _Effects(cst.CSTVisitor):
    """Variables among some whose assignments do more than assigning."""

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._wanted = names
        self.names: set[str] = set()

    def visit_Assign(self, node: cst.Assign) -> None:
        for target, value in _pairs(node) or [(t.target, None) for t in node.targets]:
            if value is None or not is_pure(value):
                self._note(target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        if not is_pure(node.value):
            self._note(node.target)

    def _note(self, target: cst.BaseExpression) -> None:
        if isinstance(target, cst.Name) and target.value in self._wanted:
            self.names.add(target.value)


def _pairs(node: cst.Assign) -> list[tuple[Any, Any]]:
    """Targets and values of an assignment, one by one; none where it cannot be told."""
    if len(node.targets) != 1:
        return []
    target, value = node.targets[0].target, node.value
    if isinstance(target, cst.Name):
        return [(target, value)]
    if isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple):
        both = [*target.elements, *value.elements]
        if len(target.elements) == len(value.elements) and all(isinstance(e, cst.Element) for e in both):
            return [(t.value, v.value) for t, v in zip(target.elements, value.elements, strict=True)]
    return []


class Statements(cst.CSTTransformer):
    """Closes what is left of lines and blocks."""

    def leave_SimpleStatementLine(self, original_node: Any, updated_node: Any) -> Any:
        """A line goes with its last statement."""
        return updated_node if updated_node.body else cst.RemoveFromParent()

    def leave_IndentedBlock(self, original_node: Any, updated_node: Any) -> Any:
        """What follows a ``return`` is never reached."""
        body = list(updated_node.body)
        for index, statement in enumerate(body[:-1]):
            if isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[-1], _ENDS):
                body = body[: index + 1]
                break
        return updated_node if len(body) == len(updated_node.body) else updated_node.with_changes(body=body)


class DropUnread(Statements):
    """Leaves out the assignments of some variables.

    Args:
        names: Variables that nothing reads.
    """

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._names = names

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> Any:
        """``a, b = 1, 2`` keeps the one that is read."""
        pairs = _pairs(updated_node)
        kept = [(t, v) for t, v in pairs if not self._is_unread(t)]
        if len(kept) == len(pairs):
            return updated_node
        if not kept:
            return cst.RemoveFromParent()
        target: Any = kept[0][0] if len(kept) == 1 else cst.Tuple([cst.Element(t) for t, _ in kept], [], [])
        value: Any = kept[0][1] if len(kept) == 1 else cst.Tuple([cst.Element(v) for _, v in kept], [], [])
        return updated_node.with_changes(targets=[cst.AssignTarget(target)], value=value)

    def leave_AugAssign(self, original_node: cst.AugAssign, updated_node: cst.AugAssign) -> Any:
        """``a += 1``."""
        return cst.RemoveFromParent() if self._is_unread(updated_node.target) else updated_node

    def _is_unread(self, node: cst.CSTNode) -> bool:
        return isinstance(node, cst.Name) and node.value in self._names
