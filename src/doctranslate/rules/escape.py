"""Whether a value leaves the place where its owner is known, and has to travel as the source library's own object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.values import Bound, Instance
from doctranslate.rules.place import LOOKS_ONLY

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

_READS = (cst.Attribute, cst.Subscript, cst.BinaryOperation)
_LOOK_INTO = {"getattr", "hasattr", "setattr", "delattr", "vars", "dir"}


class Escape:
    """Decides about the values of one program.

    Args:
        planner: What knows the program.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._inference = planner.inference
        self._flow = planner.flow

    def escapes(self, node: cst.CSTNode) -> bool:
        """Whether a value leaves the place where its owner is known, so that it has to travel natively."""
        kept = self._flow.kept(node)
        parent = self._planner.place.parent(node)
        if kept is None or isinstance(parent, cst.Annotation):
            return False
        if isinstance(parent, cst.IfExp | cst.BooleanOperation | cst.NamedExpr) and kept.kept_as != "facet":
            return self.escapes(parent) or self._wanted_native(parent)
        if self.is_looked_into(node):
            return True
        if kept.kept_as == "facet":
            if isinstance(parent, cst.Assign):
                return not self._planner.definitions.vanishes(parent)
            if isinstance(parent, cst.Element):
                whole = self._planner.place.parent(self._planner.place.parent(parent) or parent)
                return not self._planner.definitions.vanishes_in(whole, node)
            return not isinstance(parent, _READS)
        if kept.target == "list" and self._is_picked_natively(node):
            return True
        if self._wanted_native(node) or (not kept.hashable and self._is_hashed(node, parent)):
            return True
        if kept.kept_as == "name" and isinstance(parent, cst.Element | cst.DictElement):
            return self._is_mixed(self._planner.place.parent(parent))
        return kept.kept_as == "name" and (
            isinstance(parent, cst.Return)
            or self._is_result_of_lambda(node, parent)
            or self._is_given_away(node, parent)
        )

    def _is_picked_natively(self, node: cst.CSTNode) -> bool:
        """Whether one of a list of names is picked, and the name leaves: ``return max(repo.tags, key=...)``."""
        parent = self._planner.place.parent(node)
        if isinstance(parent, cst.CompFor) and parent.iter is node:
            whole = self._planner.place.parent(parent)
            picks = (
                isinstance(whole, cst.GeneratorExp | cst.ListComp)
                and isinstance(whole.elt, cst.Name)
                and isinstance(parent.target, cst.Name)
                and whole.elt.value == parent.target.value
            )
            return picks and whole is not None and self._is_picked_natively(whole)
        if isinstance(parent, cst.Subscript) and parent.value is node:
            return isinstance(node, cst.Call) and self.escapes(parent)
        call = self._planner.place.parent(parent) if isinstance(parent, cst.Arg) else None
        func = call.func if isinstance(call, cst.Call) and call.args[0] is parent else None
        if call is None or not isinstance(func, cst.Name):
            return False
        if func.value in ("next", "max", "min"):
            return self.escapes(call)
        return func.value in ("sorted", "list", "reversed", "iter", "filter") and self._is_picked_natively(
            call
        )

    def _is_result_of_lambda(self, node: cst.CSTNode, parent: cst.CSTNode | None) -> bool:
        """Whether a lambda that is more than a key function gives a value back."""
        if not isinstance(parent, cst.Lambda) or parent.body is not node:
            return False
        return all(func is not parent for func, _ in self._inference.tree.gone_through)

    def hashes_elements(self, node: cst.CSTNode) -> bool:
        """Whether a set is made of a list whose elements, as they live on, cannot stand in one."""
        parent = self._planner.place.parent(node)
        call = self._planner.place.parent(parent) if isinstance(parent, cst.Arg) else None
        func = call.func if isinstance(call, cst.Call) else None
        if not isinstance(func, cst.Name) or func.value not in ("set", "frozenset"):
            return False
        value = self._inference.value(node)
        element = value.args[0] if isinstance(value, Instance) and value.args else None
        kept = self._planner.rules.types.get(element.type) if isinstance(element, Instance) else None
        return kept is not None and not kept.hashable

    def _is_mixed(self, container: cst.CSTNode | None) -> bool:
        """Whether nothing will tell what the elements of a container are, once they are read from it."""
        value = self._inference.value(container) if container is not None else None
        if not isinstance(value, Instance) or value.type == "tuple":
            return value is None
        return not value.args or value.args[-1] is None

    def _is_hashed(self, node: cst.CSTNode, parent: cst.CSTNode | None) -> bool:
        """Whether a value becomes an element of a set, or a key."""
        place = self._planner.place
        if isinstance(parent, cst.Element):
            return isinstance(place.parent(parent), cst.Set)
        if isinstance(parent, cst.SetComp):
            return parent.elt is node
        if isinstance(parent, cst.DictComp | cst.DictElement):
            return parent.key is node
        if isinstance(parent, cst.Arg):
            call = place.parent(parent)
            func = self._inference.value(call.func) if isinstance(call, cst.Call) else None
            return isinstance(func, Bound) and func.symbol == "set.add"
        if isinstance(parent, cst.Comparison) and parent.left is node:
            return any(self._is_hashing(c.comparator) for c in parent.comparisons)
        return isinstance(parent, cst.Index)

    def _is_hashing(self, container: cst.CSTNode) -> bool:
        """Whether what a value is looked for in hashes it, or holds native ones."""
        held = self._inference.value(container)
        hashes = isinstance(held, Instance) and held.type in ("set", "dict")
        return hashes or self._flow.elements_are_native(container)

    def is_looked_into(self, node: cst.CSTNode) -> bool:
        """Whether a program asks for members by names of its own: those of the source library."""
        parent = self._planner.place.parent(node)
        call = self._planner.place.parent(parent) if isinstance(parent, cst.Arg) else None
        func = call.func if isinstance(call, cst.Call) and call.args[0] is parent else None
        return isinstance(func, cst.Name) and func.value in _LOOK_INTO

    def _is_given_away(self, node: cst.CSTNode, parent: cst.CSTNode | None) -> bool:
        call = self._planner.place.parent(parent) if isinstance(parent, cst.Arg) else None
        if not isinstance(call, cst.Call) or isinstance(self._inference.value(call.func), Bound):
            return False
        return not (isinstance(call.func, cst.Name) and call.func.value in LOOKS_ONLY)

    def _wanted_native(self, node: cst.CSTNode) -> bool:
        """Whether the variable, parameter or result that a value goes to also gets native ones."""
        parent = self._planner.place.parent(node)
        if isinstance(parent, cst.Arg):
            call = self._planner.place.parent(parent)
            target = self._inference.parameters.target(call, parent) if isinstance(call, cst.Call) else None
            if target is None:
                return False
            given = self._inference.parameters.given(*target)
            return any(self._flow.is_native(other) for other in given if other is not node)
        if isinstance(parent, cst.Return):
            scope = self._inference.tree.scope_of[node]
            return any(self._flow.is_native(other) for other in scope.returns if other is not node)
        if isinstance(parent, cst.IfExp) and node is not parent.test:
            other = parent.orelse if node is parent.body else parent.body
            return self._flow.is_native(other)
        if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
            place = parent.targets[0].target
            if isinstance(place, cst.Attribute):
                owner = self._inference.value(place.value)
                if isinstance(owner, Instance) and "." in owner.type:
                    return True  # it is set on the source library's own object
            others = [
                b
                for b in self._planner.definitions.bindings_of_target(parent.targets[0].target)
                if b.node is not node
            ]
            return any(
                b.kind in ("value", "enter") and b.node is not None and self._flow.is_native(b.node)
                for b in others
            )
        return False
