"""Where values of the source library come from and go to, in the translated program.

A value is *native* when the translated program holds the source library's own object for it: because it came over
the bridge, because its type lives on in no other way, or because its owner is lost on the way (an index given to
a function). Both ends of every way decide alike, since they ask the same question of the same place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Binding, Scope
from doctranslate.analysis.values import CONTAINER_METHODS, Bound, Instance, OwnFunction, OwnInstance, Value
from doctranslate.rules.base import Type
from doctranslate.rules.place import LOOKS_ONLY

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

_READS = (cst.Attribute, cst.Subscript, cst.BinaryOperation)
_LOOK_INTO = {"getattr", "hasattr", "setattr", "delattr", "vars", "dir"}
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
        self._vanishing: dict[cst.Assign, bool] = {}

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

    def crosses(self, node: cst.CSTNode) -> bool:
        """Whether a value of this type loses its owner on the way through a function: then it travels natively."""
        kept = self.kept(node)
        return kept is not None and kept.kept_as != "object"

    def _binding_is_native(self, binding: Binding, node: cst.CSTNode) -> bool:
        source = binding.node
        if source is None or binding.kind in ("unknown", "exception", "import", "function", "class"):
            return False
        if binding.kind == "parameter":
            if self.crosses(node):
                return True
            given = (
                self._inference.parameters.given(source, binding.scope)
                if isinstance(source, cst.Param)
                else []
            )
            return any(map(self.is_native, given))
        if binding.kind == "unpack" and isinstance(source, cst.Tuple):
            elements = source.elements
            return binding.index < len(elements) and self.is_native(elements[binding.index].value)
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
            elif binding.node is not None and binding.kind in ("value", "enter"):
                found = found or self.elements_are_native(binding.node)
                found = found or any(map(self.is_native, self._inference.growth.put_into(binding)))
        self._elements[node] = found
        return found

    # ------------------------------------------------------------------ leaving
    def escapes(self, node: cst.CSTNode) -> bool:
        """Whether a value leaves the place where its owner is known, so that it has to travel natively."""
        kept = self.kept(node)
        parent = self._planner.place.parent(node)
        if kept is None or isinstance(parent, cst.Annotation):
            return False
        if isinstance(parent, cst.IfExp | cst.BooleanOperation | cst.NamedExpr) and kept.kept_as != "facet":
            return self.escapes(parent) or self._wanted_native(parent)
        if self._is_looked_into(parent):
            return True
        if kept.kept_as == "facet":
            if isinstance(parent, cst.Assign):
                return not self.vanishes(parent)
            return not isinstance(parent, _READS)
        if self._wanted_native(node) or (not kept.hashable and self._is_hashed(node, parent)):
            return True
        if kept.kept_as == "name" and isinstance(parent, cst.Element | cst.DictElement):
            return self._is_mixed(self._planner.place.parent(parent))
        return kept.kept_as == "name" and (
            isinstance(parent, cst.Return) or self._is_given_away(node, parent)
        )

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
            return any(self.elements_are_native(c.comparator) for c in parent.comparisons)
        return isinstance(parent, cst.Index)

    def _is_looked_into(self, parent: cst.CSTNode | None) -> bool:
        """Whether a program asks for members by names of its own: those of the source library."""
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
            return any(self.is_native(other) for other in given if other is not node)
        if isinstance(parent, cst.Return):
            scope = self._inference.tree.scope_of[node]
            return any(self.is_native(other) for other in scope.returns if other is not node)
        if isinstance(parent, cst.IfExp) and node is not parent.test:
            other = parent.orelse if node is parent.body else parent.body
            return self.is_native(other)
        if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
            place = parent.targets[0].target
            if isinstance(place, cst.Attribute):
                owner = self._inference.value(place.value)
                if isinstance(owner, Instance) and "." in owner.type:
                    return True  # it is set on the source library's own object
            others = [b for b in self.bindings_of_target(parent.targets[0].target) if b.node is not node]
            return any(
                b.kind in ("value", "enter") and b.node is not None and self.is_native(b.node) for b in others
            )
        return False

    # ------------------------------------------------------------------ definitions
    def definition(self, node: cst.CSTNode) -> cst.BaseExpression | None:
        """The expression that a variable stands for wherever it is read, or None.

        Only where the variable is set once, and what it is made of can be read again at the point of use.
        """
        bindings = [b for b in self._inference.bindings(node) if not _is_none(b)]
        scope = self._inference.tree.scope_of.get(node)
        if len(bindings) != 1 or bindings[0].kind != "value" or scope is None:
            return None
        expression = bindings[0].node
        if not isinstance(expression, cst.BaseExpression) or self._moves_on(expression, node):
            return None
        return expression if self.same_everywhere(expression, bindings[0].scope, scope) else None

    def _moves_on(self, expression: cst.BaseExpression, use: cst.CSTNode) -> bool:
        """Whether an expression is another value by the time a variable made of it is read: HEAD after a commit."""
        if not any(self._inference.symbol(part) in self._rules.moving for part in _parts(expression)):
            return False
        spans = self._inference.tree.span_of
        start, end = spans[expression][1], spans[use][0]
        if (
            end < start
            or self._inference.tree.scope_of[use].frame is not self._inference.tree.scope_of[expression].frame
        ):
            start, end = 0, spans[self._inference.module][1]
        calls = self._inference.tree.calls_between(start, end)
        return any(self._inference.symbol(call.func) in self._rules.movers for call in calls)

    def same_everywhere(self, node: cst.CSTNode, there: Scope, here: Scope) -> bool:
        """Whether an expression read in two scopes is the same value: its names are set once, and seen from both."""
        if isinstance(node, cst.Name):
            a, b = there.lookup(node.value), here.lookup(node.value)
            return a is not None and b is not None and a[0] is b[0] and len(_real(a[1])) == 1
        if isinstance(node, cst.Attribute) and isinstance(self._inference.value(node.value), OwnInstance):
            # ``self.repo`` is the same in every method of its class.
            return there.method_class is here.method_class and there.method_self == here.method_self
        if isinstance(node, cst.SimpleString | cst.Integer | cst.ConcatenatedString | cst.FormattedString):
            return True
        parts = list(_inside(node))
        return bool(parts) and all(self.same_everywhere(part, there, here) for part in parts)

    def vanishes(self, node: cst.Assign) -> bool:
        """Whether variables for a facet are read through their definition everywhere, so that they need not exist."""
        if node not in self._vanishing:
            self._vanishing[node] = False
            self._vanishing[node] = not self._is_foreign_made(node.value) and all(
                self._is_read_by_definition(target.target, node.value) for target in node.targets
            )
        return self._vanishing[node]

    def _is_read_by_definition(self, target: cst.BaseExpression, source: cst.BaseExpression) -> bool:
        own = [b for b in self.bindings_of_target(target) if b.node is source]
        return len(own) == 1 and all(self.definition(use) is source for use in self._uses(own[0], target))

    def _is_foreign_made(self, node: cst.CSTNode) -> bool:
        """Whether a value hangs on no root object: ``git.Git(path)``, or on one that is native itself."""
        for part in _parts(node):
            value = self._inference.value(part)
            if isinstance(value, Instance) and value.type == self._rules.root:
                return self.is_native(part)
            if isinstance(part, cst.Name):
                found = self.definition(part)
                return found is None or self._is_foreign_made(found)
        return True

    def _uses(self, binding: Binding, target: cst.BaseExpression) -> Iterator[cst.CSTNode]:
        name = target.attr.value if isinstance(target, cst.Attribute) else getattr(target, "value", "")
        scope = None if isinstance(target, cst.Attribute) else self._scope_of_target(target)
        for node in self._by_variable[name, scope]:
            if binding in self._inference.bindings(node) and not self._planner.place.is_stored(node):
                yield node

    @cached_property
    def _by_variable(self) -> dict[tuple[str, Scope | None], list[cst.CSTNode]]:
        """Reads of names by the scope that binds them; of attributes, by their name alone."""
        found: dict[tuple[str, Scope | None], list[cst.CSTNode]] = defaultdict(list)
        for node, scope in self._inference.tree.scope_of.items():
            if type(node) is cst.Attribute:
                found[node.attr.value, None].append(node)
            elif type(node) is cst.Name and not self._planner.place.is_no_variable(node):
                bound = scope.lookup(node.value)
                if bound is not None:
                    found[node.value, bound[0]].append(node)
        return found

    def _scope_of_target(self, target: cst.CSTNode) -> Scope | None:
        scope = self._inference.tree.scope_of.get(target)
        return (
            scope.outer.get(target.value, scope)
            if isinstance(target, cst.Name) and scope is not None
            else None
        )

    def bindings_of_target(self, target: cst.CSTNode) -> list[Binding]:
        """Everything that binds what an assignment binds."""
        scope = self._scope_of_target(target)
        if isinstance(target, cst.Name) and scope is not None:
            return scope.bindings.get(target.value, [])
        return self._inference.bindings(target) if self.is_own_variable(target) else []


def holds(value: Value | None, type_name: str) -> bool:
    """Whether a value is an instance of a class."""
    return isinstance(value, Instance) and value.type == type_name


def _inside(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The expressions that an expression is put together from."""
    if isinstance(node, cst.Attribute):
        yield node.value
    elif isinstance(node, cst.Call):
        yield from (node.func, *(arg.value for arg in node.args))
    elif isinstance(node, cst.Subscript):
        yield from (node.value, *(e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)))
    elif isinstance(node, cst.BinaryOperation):
        yield from (node.left, node.right)


def _parts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """An expression and what is in front of its dots, brackets and operators."""
    current: cst.CSTNode | None = node
    while current is not None:
        yield current
        current = next(_inside(current), None)


def _is_none(binding: Binding) -> bool:
    return isinstance(binding.node, cst.Name) and binding.node.value == "None"


def _real(bindings: list[Binding]) -> list[Binding]:
    return [binding for binding in bindings if not _is_none(binding)]
