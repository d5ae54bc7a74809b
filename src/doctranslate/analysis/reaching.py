"""Which of a name's bindings reach the place where it is read.

Good enough for straight-line code, branches and loops: a binding counts when it comes before the use and no later
one is sure to run in between, or when a loop leads back from it. Across functions every binding counts.
"""

from __future__ import annotations

from bisect import bisect_right

import libcst as cst

from doctranslate.analysis.scopes import Binding, Scope
from doctranslate.analysis.tree import ScopeTree

_LOOPS = (cst.For, cst.While)


class Reaching:
    """Answers which bindings reach a use.

    Args:
        tree: The scopes of the program.
    """

    def __init__(self, tree: ScopeTree) -> None:
        self._tree = tree
        self._sorted: dict[int, tuple[list[int], list[Binding]]] = {}

    def bindings(self, node: cst.Name) -> tuple[Scope, list[Binding]] | None:
        """The scope that binds a name that is read, and those of its bindings that reach it."""
        here = self._tree.scope_of.get(node)
        found = here.lookup(node.value) if here is not None else None
        if here is None or found is None:
            return None
        scope, every = found
        if len(every) == 1 or here.frame is not scope.frame:
            return found
        return scope, self._reach(node, every) or every

    def _reach(self, node: cst.Name, every: list[Binding]) -> list[Binding]:
        times, bindings = self._in_order(every)
        now = self._tree.span_of[node][0]
        at = bisect_right(times, now)
        found = self._back(bindings, at, now, until=-1)
        loop = self._outermost_loop(node)
        if loop is not None:
            start, end = self._tree.span_of[loop]
            later = bindings[at : bisect_right(times, end)]
            sure = any(
                self._surely_runs_before(b, now) and time > start
                for time, b in zip(times[:at], bindings[:at], strict=True)
            )
            if later and not sure:
                found += self._back(bindings, at + len(later), end, until=at - 1)
        return found

    def _back(self, bindings: list[Binding], stop: int, now: int, *, until: int) -> list[Binding]:
        found: list[Binding] = []
        for index in range(stop - 1, until, -1):
            found.append(bindings[index])
            if self._surely_runs_before(bindings[index], now):
                break
        return found[::-1]

    def _in_order(self, every: list[Binding]) -> tuple[list[int], list[Binding]]:
        key = id(every)
        if key not in self._sorted:
            bindings = sorted(every, key=self._time)
            self._sorted[key] = ([self._time(b) for b in bindings], bindings)
        return self._sorted[key]

    def _time(self, binding: Binding) -> int:
        return self._tree.span_of[binding.at][1] if binding.at is not None else 0

    def _surely_runs_before(self, binding: Binding, now: int) -> bool:
        """Whether whoever gets to a time in the program has come through a binding: it stands in a block around it."""
        if binding.at is None:
            return True
        if binding.kind == "in place":
            return False  # what the name was before is not gone
        parents = self._tree.parent_of
        block: cst.CSTNode | None = parents.get(binding.at)
        while block is not None and not isinstance(block, cst.BaseSuite | cst.Module):
            if isinstance(block, cst.For) and binding.at is block.iter:
                block = block.body  # an empty loop binds nothing
                break
            if isinstance(block, cst.ExceptHandler):
                block = block.body
                break
            if isinstance(block, cst.BaseExpression):
                return False  # an assignment expression may be skipped
            block = parents.get(block)
        start, end = self._tree.span_of[block] if block is not None else (0, 0)
        return start < now <= end

    def _outermost_loop(self, node: cst.CSTNode) -> cst.CSTNode | None:
        loop = None
        parent = self._tree.parent_of.get(node)
        while parent is not None and not isinstance(parent, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            if isinstance(parent, _LOOPS):
                loop = parent
            parent = self._tree.parent_of.get(parent)
        return loop
