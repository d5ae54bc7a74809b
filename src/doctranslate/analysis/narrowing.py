"""What a program says of a variable by testing it: ``isinstance``, ``assert``, ``match``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import dotted
from doctranslate.analysis.values import Instance, OwnClass, OwnInstance, Ref, Value

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference

_LEAVES = (cst.Return, cst.Raise, cst.Continue, cst.Break)


class Narrowing:
    """Reads the tests of one program.

    Args:
        inference: What knows the names in them.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def of(self, node: cst.Name | cst.Attribute) -> Value | None:
        """What the tests around a variable say that it is where it is read; None where they say nothing."""
        name = dotted(node)
        if not name or name not in self._tested:
            return None
        tree = self._inference.tree
        spans = tree.span_of
        for test, classes in self._tested[name]:
            if spans[test][0] >= spans[node][0] or tree.scope_of[test].frame is not tree.scope_of[node].frame:
                continue
            if self._holds_at(test, node) and self._is_same(test, node):
                return self._inference.same([self._instance(each) for each in classes])
        return None

    # ------------------------------------------------------------------ where tests stand
    @cached_property
    def _tested(self) -> dict[str, list[tuple[cst.CSTNode, list[cst.BaseExpression]]]]:
        """Variables by name: where they are tested, innermost last test first, and for what classes."""
        found: dict[str, list[tuple[cst.CSTNode, list[cst.BaseExpression]]]] = defaultdict(list)
        for call in self._inference.tree.calls:
            if isinstance(call.func, cst.Name) and call.func.value == "isinstance" and len(call.args) == 2:
                name = dotted(call.args[0].value)
                if name:
                    found[name].append((call, list(_alternatives(call.args[1].value))))
        for match in self._inference.tree.matches:
            for case in match.cases:
                pattern = case.pattern.pattern if isinstance(case.pattern, cst.MatchAs) else case.pattern
                name = dotted(match.subject)
                if name and isinstance(pattern, cst.MatchClass):
                    found[name].append((case, [pattern.cls]))
        for tests in found.values():
            tests.reverse()
        return found

    def _instance(self, node: cst.BaseExpression) -> Value | None:
        value = self._inference.value(node)
        if isinstance(value, Ref):
            return Instance(value.path)
        if isinstance(value, OwnClass):
            return OwnInstance(value.scope)
        return Instance(dotted(node)) if dotted(node) in ("int", "float", "bool", "bytes") else None

    def _is_same(self, test: cst.CSTNode, node: cst.Name | cst.Attribute) -> bool:
        """Whether the variable has not been set again since it was tested."""
        start, end = self._inference.tree.span_of[test][0], self._inference.tree.span_of[node][0]
        return not any(
            binding.at is not None and start < self._inference.tree.span_of[binding.at][1] <= end
            for binding in self._inference.bindings(node)
        )

    def _holds_at(self, test: cst.CSTNode, node: cst.CSTNode) -> bool:
        """Whether a test has come out true wherever a node is run."""
        if isinstance(test, cst.MatchCase):
            return self._is_inside(test.body, node)
        parents = self._inference.tree.parent_of
        condition: cst.CSTNode = test
        truth = True
        around = parents.get(condition)
        while around is not None:
            if isinstance(around, cst.UnaryOperation) and isinstance(around.operator, cst.Not):
                truth = not truth
            elif isinstance(around, cst.BooleanOperation):
                together = isinstance(around.operator, cst.And)
                if together is truth and around.left is condition and self._is_inside(around.right, node):
                    return True
                if together is not truth:
                    return False  # one of several may have decided
            else:
                return self._follows(around, condition, node, truth=truth)
            condition, around = around, parents.get(around)
        return False

    def _follows(self, around: cst.CSTNode, test: cst.CSTNode, node: cst.CSTNode, *, truth: bool) -> bool:
        """Whether a node runs only after a condition came out as it is to: in its branch, or behind it."""
        if isinstance(around, cst.If | cst.IfExp | cst.While) and around.test is test:
            branch = around.body if truth else around.orelse
            if branch is not None and self._is_inside(branch, node):
                return True
            other = around.body if not truth else getattr(around, "orelse", None)
            return isinstance(around, cst.If) and _always_leaves(other) and self._is_behind(around, node)
        if isinstance(around, cst.Assert):
            line = self._inference.tree.parent_of.get(around)
            return truth and line is not None and self._is_behind(line, node)
        if isinstance(around, cst.CompIf):
            loop = self._inference.tree.parent_of.get(around)
            whole = self._inference.tree.parent_of.get(loop) if loop is not None else None
            return truth and whole is not None and self._is_inside(whole, node)
        return False

    def _is_inside(self, around: cst.CSTNode, node: cst.CSTNode) -> bool:
        spans = self._inference.tree.span_of
        return spans[around][0] <= spans[node][0] and spans[node][1] <= spans[around][1]

    def _is_behind(self, statement: cst.CSTNode, node: cst.CSTNode) -> bool:
        """Whether a node comes later in the block that a statement stands in."""
        block = self._inference.tree.parent_of.get(statement)
        spans = self._inference.tree.span_of
        return block is not None and self._is_inside(block, node) and spans[node][0] > spans[statement][1]


def _alternatives(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The classes of ``isinstance(x, (A, B))`` and ``isinstance(x, A | B)``."""
    if isinstance(node, cst.Tuple):
        for element in node.elements:
            yield from _alternatives(element.value)
    elif isinstance(node, cst.BinaryOperation):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    else:
        yield node


def _always_leaves(body: cst.CSTNode | None) -> bool:
    """Whether a block never runs to its end."""
    if not isinstance(body, cst.IndentedBlock | cst.SimpleStatementSuite) or not body.body:
        return False
    last = body.body[-1]
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, _LEAVES)
