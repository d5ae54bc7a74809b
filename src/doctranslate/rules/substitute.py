"""Puts planned expressions in place of their originals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import libcst as cst

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

REMOVED = "__doctranslate_removed__"
"""Stands for an expression whose statement goes."""

_ATOMS = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.SimpleString, cst.FormattedString, cst.Integer, cst.List,
    cst.Dict, cst.Set, cst.ListComp, cst.SetComp, cst.DictComp,
)  # fmt: skip
_ROOMY = (
    cst.Arg, cst.Assign, cst.AnnAssign, cst.Expr, cst.Return, cst.Element, cst.For, cst.CompFor, cst.Index, cst.Param,
    cst.Annotation, cst.FormattedStringExpression, cst.ExceptHandler, cst.WithItem, cst.DictElement, cst.If, cst.While,
)  # fmt: skip


class Substitute(cst.CSTTransformer):
    """Puts planned expressions in place of their originals, and collects what they bring along in the sink."""

    def __init__(self, planner: Planner) -> None:
        super().__init__()
        self.planner = planner

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Stop at a planned expression: its plan has everything inside it."""
        if isinstance(node, cst.BaseExpression) and self.planner.plan(node) is not None:
            return False
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """Replace a planned expression."""
        plan = self.planner.plan(original_node) if isinstance(original_node, cst.BaseExpression) else None
        if plan is None:
            return super().on_leave(original_node, updated_node)
        self.planner.sink.take(plan)
        text = "\n".join([plan.value or "", *plan.lines])
        self.planner.sink.comments += [c for c in comments_in(original_node) if c not in text]
        if plan.value is None:
            return cst.Name(REMOVED)
        new = cst.parse_expression(plan.value, config=self.planner.module.config_for_parsing)
        parent = self.planner.place.parent(original_node)
        if isinstance(new, _ATOMS) or isinstance(parent, _ROOMY) or new.lpar:
            return new
        return new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def comments_in(node: cst.CSTNode) -> list[str]:
    """Every comment inside a piece of syntax."""
    return [found.value for found in _walk(node) if isinstance(found, cst.Comment)]


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _walk(child)
