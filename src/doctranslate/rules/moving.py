"""Whether what a variable is made of may be another value by the time it is read: HEAD's commit after a commit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.rules.failing import Failing

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

_LOOPS = (cst.For, cst.While, cst.BaseComp)
_FUNCTIONS = (cst.FunctionDef, cst.Lambda)


class Moving:
    """Follows what moves in one program.

    Args:
        planner: What knows the program.
    """

    def __init__(self, planner: Planner) -> None:
        self._inference = planner.inference
        self._tree = planner.inference.tree
        self._movers = planner.rules.movers
        self._failing = Failing(planner.inference)

    def between(self, expression: cst.BaseExpression, use: cst.CSTNode) -> bool:
        """Whether anything that runs between an expression and a use of its value moves HEAD."""
        return any(map(self._moves, self._tree.calls_between(*self._span(expression, use))))

    def _span(self, expression: cst.BaseExpression, use: cst.CSTNode) -> tuple[int, int]:
        """The part of the program that can run in between; all of it where they are not read in turn."""
        spans, scopes = self._tree.span_of, self._tree.scope_of
        start, end = spans[expression][1], spans[use][0]
        frame = scopes[use].frame
        if end < start or frame is not scopes[expression].frame or frame.yields:
            return 0, spans[self._inference.module][1]
        block = self._block(expression)
        parent = self._tree.parent_of.get(use)
        while parent is not None and parent is not block and not isinstance(parent, _FUNCTIONS):
            if isinstance(parent, _LOOPS):  # round which the use comes again, and the expression need not
                start, end = min(start, spans[parent][0]), max(end, spans[parent][1])
            parent = self._tree.parent_of.get(parent)
        return start, end

    def _block(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The block whose statement an expression is: what runs in it behind that comes after it each time."""
        parent = self._tree.parent_of.get(node)
        while parent is not None and not isinstance(parent, cst.BaseSuite | cst.Module):
            parent = self._tree.parent_of.get(parent)
        return parent

    def _moves(self, call: cst.Call) -> bool:
        symbol = self._inference.symbol(call.func)
        if symbol in self._movers:
            return True
        called = self._failing.called_by(call) if symbol is None else []
        return any(function in self._functions for function in [*called, *self._failing.given_to(call)])

    @cached_property
    def _functions(self) -> frozenset[cst.CSTNode]:
        """Functions of the program that move HEAD, themselves or by what they call."""
        functions = [node for node in self._tree.scope_by_node if isinstance(node, _FUNCTIONS)]
        calls = {node: self._tree.calls_between(*self._tree.span_of[node]) for node in functions}
        called_by: dict[cst.CSTNode, list[cst.CSTNode]] = {}
        todo: list[cst.CSTNode] = []
        for node, inside in calls.items():
            for call in inside:
                symbol = self._inference.symbol(call.func)
                if symbol in self._movers:
                    todo.append(node)
                others = self._failing.called_by(call) if symbol is None else []
                for other in [*others, *self._failing.given_to(call)]:
                    called_by.setdefault(other, []).append(node)
        found: set[cst.CSTNode] = set()
        while todo:
            mover = todo.pop()
            if mover not in found:
                found.add(mover)
                todo += called_by.get(mover, ())
        return frozenset(found)
