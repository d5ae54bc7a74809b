"""Variables that the translation left without a reader, such as ``origin = "origin"``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from doctranslate.rules.blocks import GONE, Blocks
from doctranslate.rules.names import names_in

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner


def drop_unread(module: cst.Module, planner: Planner) -> cst.Module:
    """Leave out assignments of a plain name of a branch, tag or remote that nothing reads any more.

    Args:
        module: The edited program.
        planner: What knows which variables held such things.
    """
    candidates = {
        name
        for scope in planner.inference.tree.scope_by_node.values()
        if not isinstance(scope.node, cst.ClassDef)
        for name, bindings in scope.bindings.items()
        if any(b.kind == "value" and b.node is not None and _is_name(planner, b.node) for b in bindings)
    }
    if not candidates:
        return module
    reads = _Reads()
    module.visit(reads)
    unread = candidates - reads.names
    return module.visit(_Drop(unread)) if unread else module


def _is_name(planner: Planner, node: cst.CSTNode) -> bool:
    kept = planner.flow.kept(node)
    return kept is not None and kept.kept_as == "name"


class _Reads(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:
        if not isinstance(node.target, cst.Name):
            self.names.update(names_in(node.target))
        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.names.add(node.value)


class _Drop(Blocks):
    def __init__(self, unread: set[str]) -> None:
        super().__init__()
        self._unread = unread

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> Any:
        target = updated_node.targets[0].target
        if (
            len(updated_node.targets) == 1
            and isinstance(target, cst.Name)
            and target.value in self._unread
            and isinstance(updated_node.value, cst.SimpleString)
        ):
            return GONE
        return updated_node
