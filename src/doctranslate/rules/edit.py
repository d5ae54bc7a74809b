"""Writes plans into the syntax tree; every other line stays byte for byte."""

from __future__ import annotations

import re
from typing import Any

import libcst as cst

from doctranslate.records import Bridged
from doctranslate.rules.blocks import GONE, comment_line, statements, with_trailing
from doctranslate.rules.plan import Sink
from doctranslate.rules.planner import Planner
from doctranslate.rules.substitute import Substitute
from doctranslate.rules.unchain import is_unchained

MARK = "doctranslate:"
_NOTHING = Sink()
_OPENS_SINK = (cst.BaseSmallStatement, cst.BaseCompoundStatement)


class Edit(Substitute):
    """Rewrites a whole module: expressions, the statements around them, and comments for what stays.

    Attributes:
        total: What all statements brought along.
    """

    def __init__(self, planner: Planner) -> None:
        super().__init__(planner)
        self.total = Sink()
        self._touched = self._plan_all()
        self._outer: list[Sink] = []
        self._of_small: dict[cst.CSTNode, Sink] = {}

    def _plan_all(self) -> set[cst.CSTNode]:
        """Plan every use; what holds none is not looked at again."""
        tree = self.planner.inference.tree
        touched: set[cst.CSTNode] = set()
        end = 0
        for node in tree.scope_of:
            if tree.span_of[node][0] < end:
                continue  # inside a use, which is planned as a whole
            if isinstance(node, cst.BaseExpression):
                if self.planner.plan(node) is None:
                    continue
                end = tree.span_of[node][1]
            elif not (isinstance(node, cst.Assign) and self._changes_names(node)):
                continue
            around: cst.CSTNode | None = node
            while around is not None and around not in touched:
                touched.add(around)
                around = tree.parent_of.get(around)
        return touched

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Open a sink for each statement."""
        if node not in self._touched:
            return False
        if isinstance(node, _OPENS_SINK):
            self._outer.append(self.planner.sink)
            self.planner.sink = Sink()
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """Close the sink of a statement and write what it collected in front."""
        if original_node not in self._touched:
            return updated_node
        updated_node = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.Try):
            handlers = self.planner.handlers.in_order(original_node, updated_node.handlers)
            updated_node = updated_node.with_changes(handlers=handlers)
        if isinstance(original_node, _OPENS_SINK):
            sink, self.planner.sink = self.planner.sink, self._outer.pop()
            self.total.merge(sink)
            if isinstance(original_node, cst.BaseCompoundStatement):
                return self._finish_compound(original_node, updated_node, sink)
            self._of_small[original_node] = sink
        elif isinstance(original_node, cst.SimpleStatementLine):
            return self._finish_line(original_node, updated_node)
        elif isinstance(original_node, cst.SimpleStatementSuite):
            return self._finish_suite(original_node, updated_node)
        return updated_node

    # ------------------------------------------------------------------ compound statements
    def _finish_compound(self, original: cst.BaseCompoundStatement, updated: Any, sink: Sink) -> Any:
        lines = self._lines(sink)
        above = self._comments(sink)
        if not lines and not above:
            return updated
        if not lines:
            return updated.with_changes(leading_lines=[*updated.leading_lines, *above])
        lines[0] = lines[0].with_changes(leading_lines=[*updated.leading_lines, *above])
        return cst.FlattenSentinel([*lines, updated.with_changes(leading_lines=[])])

    # ------------------------------------------------------------------ simple statements
    def _finish_line(self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine) -> Any:
        if not self._is_touched(original):
            return updated
        new = self._spread(original, updated)
        if not new:
            return updated.with_changes(body=[GONE])
        new[0] = new[0].with_changes(leading_lines=[*updated.leading_lines, *new[0].leading_lines])
        new[-1] = with_trailing(new[-1], updated.trailing_whitespace)
        return cst.FlattenSentinel(new)

    def _finish_suite(self, original: cst.SimpleStatementSuite, updated: cst.SimpleStatementSuite) -> Any:
        """Statements behind a colon get lines of their own where what they become takes any."""
        if not self._is_touched(original):
            return updated
        new = self._spread(original, updated)
        if not new:
            return updated.with_changes(body=[cst.Pass()])
        new[-1] = with_trailing(new[-1], updated.trailing_whitespace)
        return cst.IndentedBlock(body=new)

    def _is_touched(self, original: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> bool:
        return is_unchained(original) or any(
            (sink := self._of_small.get(small, _NOTHING)).lines
            or sink.left
            or sink.comments
            or self._is_dropped(small)
            for small in original.body
        )

    def _spread(self, original: Any, updated: Any) -> list[Any]:
        """The statements of one line, each with what has to run before it; untouched neighbours stay together."""
        new: list[Any] = []
        together: list[Any] = []
        apart = is_unchained(original)
        for before, after in zip(original.body, updated.body, strict=True):
            sink = self._of_small.get(before, _NOTHING)
            lines, above = self._lines(sink), self._comments(sink)
            if (lines or above) and together:
                new.append(self._line(together))
                together = []
            if lines:
                lines[0] = lines[0].with_changes(leading_lines=above)
                new += lines
                above = []
            if self._is_dropped(before):
                if above:
                    new.append(cst.SimpleStatementLine([GONE], leading_lines=above))
                continue
            if apart and together:
                new.append(self._line(together))
                together = []
            together.append(after)
            if above:
                new.append(self._line(together).with_changes(leading_lines=above))
                together = []
        return [*new, self._line(together)] if together else new

    @staticmethod
    def _line(body: list[Any]) -> cst.SimpleStatementLine:
        last = body[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
        return cst.SimpleStatementLine([*body[:-1], last])

    def _is_dropped(self, before: cst.BaseSmallStatement) -> bool:
        if isinstance(before, cst.Expr):
            plan = self.planner.plan(before.value)
            return plan is not None and plan.effect
        return isinstance(before, cst.Assign) and self._is_alias(before)

    def _changes_names(self, node: cst.Assign) -> bool:
        pairs = self.planner.definitions.pairs(node)
        return any(self._is_gone_in(node, value) for _, value in pairs) or self._is_alias(node)

    def _is_alias(self, node: cst.Assign) -> bool:
        """Whether an assignment gives a name to a facet that is read through its definition everywhere."""
        definitions = self.planner.definitions
        pairs = definitions.pairs(node)
        if pairs:
            return all(self._is_gone_in(node, value) for _, value in pairs)
        return definitions.is_alias(node.value) and definitions.vanishes(node)

    def _is_gone_in(self, node: cst.Assign, value: cst.BaseExpression) -> bool:
        definitions = self.planner.definitions
        return definitions.is_alias(value) and definitions.vanishes_in(node, value)

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        """``g, origin = repo.git, repo.remotes.origin`` keeps what is more than another name for a facet."""
        pairs = self.planner.definitions.pairs(original_node)
        gone = [self._is_gone_in(original_node, value) for _, value in pairs]
        target, value = updated_node.targets[0].target, updated_node.value
        if not any(gone) or all(gone) or not (_elements(target) and _elements(value)):
            return updated_node
        targets, values = (
            [e for e, out in zip(_elements(each), gone, strict=True) if not out] for each in (target, value)
        )
        if len(targets) == 1:
            new_target, new_value = targets[0].value, values[0].value
        else:
            new_target, new_value = _fewer(target, targets), _fewer(value, values)
        return updated_node.with_changes(
            targets=[updated_node.targets[0].with_changes(target=new_target)], value=new_value
        )

    # ------------------------------------------------------------------ what comes in front
    def _lines(self, sink: Sink) -> list[Any]:
        return [new for line in sink.lines for new in statements(line, self.planner.module)]

    @staticmethod
    def _comments(sink: Sink) -> list[cst.EmptyLine]:
        """Comments for above a statement: its own that lost their place, and one for what was not translated."""
        above = [comment_line(text) for text in sink.comments]
        if not sink.left:
            return above
        reasons = list(dict.fromkeys(each.reason for each in sink.left))
        bridged = all(isinstance(each, Bridged) for each in sink.left)
        how = "kept on the source library" if bridged else "not translated"
        text = re.sub(r"\s+", " ", f"# {MARK} {how}: {'; '.join(reasons)}")
        return [*above, comment_line(text)]


def _elements(node: cst.CSTNode) -> list[Any]:
    """The elements of a tuple or list; none of anything else."""
    return list(node.elements) if isinstance(node, cst.Tuple | cst.List) else []


def _fewer(whole: Any, elements: list[Any]) -> Any:
    """A tuple with some of its elements."""
    last = elements[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return whole.with_changes(elements=[*elements[:-1], last])
