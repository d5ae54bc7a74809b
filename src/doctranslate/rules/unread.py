"""Variables that the translation left without a reader, such as ``origin = "origin"``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from doctranslate.rules.blocks import GONE, Blocks
from doctranslate.rules.names import names_in

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner


def drop_unread(module: cst.Module, planner: Planner) -> cst.Module:
    """Leave out assignments of a plain name of a branch, tag or remote, or of a file, that nothing reads any more.

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
    pure = {planner.names.copied[name] for name in planner.rules.pure if name in planner.names.copied}
    return module.visit(_Drop(unread, pure)) if unread else module


def _is_name(planner: Planner, node: cst.CSTNode) -> bool:
    kept = planner.flow.kept(node)
    if kept is None or planner.handlers.expects(node, "KeyError"):
        return False  # looking it up is what the program tries
    return kept.kept_as == "name" or kept.target.startswith("prelude.")


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
    def __init__(self, unread: set[str], pure: set[str]) -> None:
        super().__init__()
        self._unread = unread
        self._pure = pure

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> Any:
        target = updated_node.targets[0].target
        if (
            len(updated_node.targets) == 1
            and isinstance(target, cst.Name)
            and target.value in self._unread
            and self._does_nothing(updated_node.value)
        ):
            return GONE
        return updated_node

    def _does_nothing(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Call):
            return isinstance(node.func, cst.Name) and node.func.value in self._pure
        return isinstance(node, cst.SimpleString)
