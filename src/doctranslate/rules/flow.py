"""Where values of the source library come from and go to, in the translated program.

A value is *native* when the translated program holds the source library's own object for it: because it came over
the bridge, because its type lives on in no other way, or because its owner is lost on the way (an index given to
a function). Both ends of every way decide alike, since they ask the same question of the same place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Binding
from doctranslate.analysis.values import (
    CONTAINER_METHODS,
    Bound,
    Instance,
    OwnFunction,
    OwnInstance,
    Partial,
    Value,
)
from doctranslate.rules.base import Type
from doctranslate.rules.place import LOOKS_ONLY

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

_NEVER_NATIVE = ("unknown", "in place", "exception", "import", "function", "class")
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp)


class Flow:
    """Follows values through one program.

    Args:
        planner: What decides about single uses.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._inference = planner.inference
        self._rules = planner.rules
        self._native: dict[cst.CSTNode, bool] = {}
        self._elements: dict[cst.CSTNode, bool] = {}

    def kept(self, node: cst.CSTNode) -> Type | None:
        """How the value of an expression lives on; None when it is none of the library's, or lives on in no way."""
        value = self._inference.value(node)
        if not isinstance(value, Instance):
            return None
        element = value.args[0] if value.args else None
        if isinstance(element, Instance) and (
            found := self._rules.types.get(f"{value.type}[{element.type}]")
        ):
            return found
        return self._rules.types.get(value.type)

    def is_own_variable(self, node: cst.CSTNode) -> bool:
        """Whether a node is an attribute of an object of the program's own class."""
        return isinstance(node, cst.Attribute) and isinstance(self._inference.value(node.value), OwnInstance)

    # ------------------------------------------------------------------ native or not
    def is_native(self, node: cst.CSTNode) -> bool:
        """Whether an expression holds an object of the source library itself in the translated program."""
        if node not in self._native:
            self._native[node] = False  # what depends on itself decides nothing
            decided = self._decide(node)
            if self._planner.is_planning(node):
                del self._native[node]  # too early to tell
                return decided
            self._native[node] = decided
        return self._native[node]

    def _decide(self, node: cst.CSTNode) -> bool:
        value = self._inference.value(node)
        if isinstance(value, OwnInstance):
            return bool(self._inference.foreign_base(value.scope))
        if isinstance(value, Instance) and "." in value.type and self.kept(node) is None:
            return True
        if isinstance(node, cst.Name) or self.is_own_variable(node):
            method = self._inference.property_of(node) if isinstance(node, cst.Attribute) else None
            if method is not None:
                return self.crosses(node) or any(map(self.is_native, method.returns))
            if isinstance(node, cst.Attribute) and not self._inference.bindings(node):
                return self.is_native(node.value)  # inherited from a class of the library
            return any(self._binding_is_native(binding, node) for binding in self._inference.bindings(node))
        if isinstance(node, cst.Call):
            return self._call_is_native(node)
        if isinstance(node, cst.Attribute | cst.Subscript):
            return self._part_is_native(node)
        if isinstance(node, cst.IfExp):
            return self.is_native(node.body) or self.is_native(node.orelse)
        if isinstance(node, cst.NamedExpr):
            return self.is_native(node.value)
        return isinstance(node, cst.BinaryOperation | cst.BooleanOperation) and self.is_native(node.left)

    def _call_is_native(self, node: cst.Call) -> bool:
        func = self._inference.value(node.func)
        if isinstance(func, OwnFunction):
            if func.scope.yields:
                return func.scope.is_context and any(map(self.is_native, func.scope.returns))
            return self.crosses(node) or any(map(self.is_native, func.scope.returns))
        if isinstance(func, Partial):
            return self.crosses(node)
        same = self._inference.passing.given_back(node) if func is None else None
        if same is not None:
            return self.crosses(node) or self.is_native(same)
        if isinstance(func, Bound) and func.symbol.startswith(CONTAINER_METHODS):
            return isinstance(node.func, cst.Attribute) and self.elements_are_native(node.func.value)
        if isinstance(node.func, cst.Name) and node.func.value in ("next", "max", "min") and node.args:
            return self.elements_are_native(node.args[0].value)
        if isinstance(node.func, cst.Attribute) and self.is_native(node.func.value):
            return True
        return self._planned_native(node)

    def _part_is_native(self, node: cst.Attribute | cst.Subscript) -> bool:
        if self.is_native(node.value):
            return True
        owner = self._inference.value(node.value)
        if isinstance(node, cst.Subscript) and isinstance(owner, Instance) and "." not in owner.type:
            return self.elements_are_native(node.value)
        return self._planned_native(node)

    def _planned_native(self, node: cst.CSTNode) -> bool:
        plan = self._planner.plan(node)
        return plan is not None and plan.native

    def _holds_crossing(self, node: cst.CSTNode) -> bool:
        """Whether the elements of a list lose their owner on the way through a function."""
        value = self._inference.value(node)
        element = value.args[0] if isinstance(value, Instance) and value.args else None
        kept = self._rules.types.get(element.type) if isinstance(element, Instance) else None
        return kept is not None and kept.kept_as != "object"

    def crosses(self, node: cst.CSTNode) -> bool:
        """Whether a value of this type loses its owner on the way through a function: then it travels natively."""
        kept = self.kept(node)
        return kept is not None and kept.kept_as != "object"

    def _binding_is_native(self, binding: Binding, node: cst.CSTNode) -> bool:
        source = binding.node
        if source is None or binding.kind in _NEVER_NATIVE:
            return False
        if binding.kind == "parameter":
            if self.crosses(node):
                return True
            if not isinstance(source, cst.Param | cst.AnnAssign):
                return False
            parameters = self._inference.parameters
            through = parameters.gone_through(source, binding.scope) if isinstance(source, cst.Param) else ()
            return any(map(self.is_native, parameters.given(source, binding.scope))) or any(
                map(self.elements_are_native, through)
            )
        if binding.kind in ("star", "match"):
            return False  # a list of its own; see `elements_are_native`
        if binding.kind == "enter":
            method = self._inference.results.enter_of(self._inference.value(source))
            if method is not None:
                return self.crosses(node) or any(map(self.is_native, method.returns))
        if binding.kind == "unpack" and isinstance(source, cst.Tuple) and not binding.inner:
            elements = source.elements
            return binding.index < len(elements) and self.is_native(elements[binding.index].value)
        if binding.kind == "rest":
            return False  # a list of its own; see `elements_are_native`
        if binding.kind in ("element", "unpack", "unpack element"):
            return self._is_facet(node) or self.elements_are_native(source)
        return self.is_native(source)

    def _is_facet(self, node: cst.CSTNode) -> bool:
        kept = self.kept(node)
        return kept is not None and kept.kept_as == "facet"

    def elements_are_native(self, node: cst.CSTNode) -> bool:
        """Whether what a container holds are objects of the source library itself."""
        if isinstance(node, cst.List | cst.Tuple | cst.Set):
            return any(self.is_native(element.value) for element in node.elements)
        if isinstance(node, _COMPREHENSIONS):
            return self.is_native(node.elt)
        if isinstance(node, cst.DictComp):
            return self.is_native(node.value)
        if isinstance(node, cst.Dict):
            return any(self.is_native(element.value) for element in node.elements)
        if isinstance(node, cst.Name) or self.is_own_variable(node):
            return self._bound_elements_are_native(node)
        if isinstance(node, cst.Call):
            func = self._inference.value(node.func)
            if isinstance(func, OwnFunction):
                inside = self.is_native if func.scope.yields else self.elements_are_native
                return any(map(inside, func.scope.returns))
            if isinstance(func, Bound) and func.symbol.startswith(CONTAINER_METHODS):
                return isinstance(node.func, cst.Attribute) and self.elements_are_native(node.func.value)
            through = self._inference.passing.elements(node) if func is None else []
            if through:
                return any(map(self.elements_are_native, through))
            if isinstance(node.func, cst.Name) and node.func.value in LOOKS_ONLY and node.args:
                return any(self.elements_are_native(arg.value) for arg in node.args)
        return self.is_native(node)

    def _bound_elements_are_native(self, node: cst.CSTNode) -> bool:
        if node in self._elements:
            return self._elements[node]
        self._elements[node] = found = False
        for binding in self._inference.bindings(node):
            if binding.kind == "parameter" and isinstance(binding.node, cst.Param):
                given = self._inference.parameters.given(binding.node, binding.scope)
                found = found or any(map(self.elements_are_native, given))
            elif binding.node is not None and binding.kind in ("value", "enter", "rest"):
                found = found or self.elements_are_native(binding.node)
                growth = self._inference.growth
                put = [*growth.put_into(binding), *growth.put_deeper(binding)]
                found = found or any(map(self.is_native, put))
                found = found or any(map(self.elements_are_native, growth.put_from(binding)))
            elif binding.kind == "star" and isinstance(binding.node, cst.Param):
                given = self._inference.parameters.given_to_star(binding.node, binding.scope)
                found = found or self._holds_crossing(node) or any(map(self.is_native, given))
        self._elements[node] = found
        return found


def holds(value: Value | None, type_name: str) -> bool:
    """Whether a value is an instance of a class."""
    return isinstance(value, Instance) and value.type == type_name
