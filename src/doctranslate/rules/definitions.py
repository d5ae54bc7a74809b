"""What variables stand for: an alias such as ``index = repo.index`` is read through its definition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Binding, Scope
from doctranslate.analysis.values import Bound, Instance, OwnInstance
from doctranslate.rules.moving import Moving

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner


class Definitions:
    """Finds the definitions of one program's variables.

    Args:
        planner: What knows the program.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._inference = planner.inference
        self._rules = planner.rules
        self._moving = Moving(planner)
        self._vanishing: dict[tuple[cst.BaseExpression, cst.BaseExpression], bool] = {}

    def of(self, node: cst.CSTNode) -> cst.BaseExpression | None:
        """The expression that a variable stands for wherever it is read, or None.

        Only where the variable is set once, and what it is made of can be read again at the point of use.
        """
        bindings = [b for b in self._inference.bindings(node) if not _is_none(b)]
        if self._planner.place.is_deleted(node):
            return None
        scope = self._inference.tree.scope_of.get(node)
        if len(bindings) != 1 or scope is None:
            return None
        expression = source_of(bindings[0])
        if not isinstance(expression, cst.BaseExpression) or self._moves_on(expression, node):
            return None
        return expression if self.same_everywhere(expression, bindings[0].scope, scope) else None

    def _moves_on(self, expression: cst.BaseExpression, use: cst.CSTNode) -> bool:
        """Whether an expression is another value by the time a variable made of it is read: HEAD after a commit."""
        if not any(self._inference.symbol(part) in self._rules.moving for part in _parts(expression)):
            return False
        return self._moving.between(expression, use)

    def same_everywhere(self, node: cst.CSTNode, there: Scope, here: Scope) -> bool:
        """Whether an expression read in two scopes is the same value: its names are set once, and seen from both."""
        if isinstance(node, cst.Name):
            a, b = there.lookup(node.value), here.lookup(node.value)
            return a is not None and b is not None and a[0] is b[0] and len(_real(a[1])) == 1
        if isinstance(node, cst.Attribute) and isinstance(self._inference.value(node.value), OwnInstance):
            # ``self.repo`` is the same in every method of its class.
            return there.method_class is here.method_class and there.method_self == here.method_self
        if isinstance(node, cst.SimpleString | cst.Integer):
            return True
        parts = list(_inside(node))
        return bool(parts) and all(self.same_everywhere(part, there, here) for part in parts)

    def vanishes(self, node: cst.Assign) -> bool:
        """Whether variables for a facet are read through their definition everywhere, so that they need not exist."""
        return all(self._is_gone(target.target, node.value) for target in node.targets)

    def pairs(self, node: cst.CSTNode | None) -> list[tuple[cst.BaseExpression, cst.BaseExpression]]:
        """Targets and values of ``a, b = x, y``; empty for any other assignment."""
        if not isinstance(node, cst.Assign) or len(node.targets) != 1:
            return []
        target, value = node.targets[0].target, node.value
        if not isinstance(target, cst.Tuple | cst.List) or not isinstance(value, cst.Tuple | cst.List):
            return []
        every = [*target.elements, *value.elements]
        if len(target.elements) != len(value.elements) or any(
            isinstance(e, cst.StarredElement) for e in every
        ):
            return []
        return [(t.value, v.value) for t, v in zip(target.elements, value.elements, strict=True)]

    def vanishes_in(self, node: cst.CSTNode | None, value: cst.CSTNode) -> bool:
        """Whether one of the variables of ``a, b = x, y`` need not exist: the one that a value is for."""
        return any(self._is_gone(target, source) for target, source in self.pairs(node) if source is value)

    def callee(self, node: cst.Call) -> cst.BaseExpression:
        """What a call calls, through a variable for a method: ``repo.index.commit`` for ``commit``."""
        if not isinstance(self._inference.value(node.func), Bound):
            return node.func
        found = self.of(node.func) if isinstance(node.func, cst.Name | cst.Attribute) else None
        return found if isinstance(found, cst.Attribute) and self._is_method(found) else node.func

    def _is_method(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is a method of an object of the library, not called."""
        value = self._inference.value(node)
        return (
            isinstance(node, cst.Attribute)
            and isinstance(value, Bound)
            and isinstance(value.receiver, Instance)
            and "." in value.receiver.type
        )

    def is_alias(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is one that variables can stand for without being there: a facet, or a method."""
        kept = self._planner.flow.kept(node)
        if self._is_method(node):
            return isinstance(node, cst.Attribute) and not self._planner.flow.is_native(node.value)
        return kept is not None and kept.kept_as == "facet" and not self._planner.flow.is_native(node)

    def _is_gone(self, target: cst.BaseExpression, source: cst.BaseExpression) -> bool:
        key = (target, source)
        if key not in self._vanishing:
            self._vanishing[key] = False
            self._vanishing[key] = not self._is_foreign_made(source) and self._is_read_by_definition(
                target, source
            )
        return self._vanishing[key]

    def _is_read_by_definition(self, target: cst.BaseExpression, source: cst.BaseExpression) -> bool:
        own = [b for b in self.bindings_of_target(target) if source_of(b) is source]
        if len(own) != 1 or isinstance(target, cst.Subscript | cst.Tuple | cst.List):
            return False
        only_called = self._is_method(source)
        return all(
            self.of(use) is source and (not only_called or self._planner.place.is_callee(use))
            for use in self._uses(own[0], target)
        )

    def _is_foreign_made(self, node: cst.CSTNode) -> bool:
        """Whether a value hangs on no root object: ``git.Git(path)``, or on one that is native itself."""
        for part in _parts(node):
            value = self._inference.value(part)
            if isinstance(value, Instance) and value.type == self._rules.root:
                return self._planner.flow.is_native(part)
            if isinstance(part, cst.Name):
                found = self.of(part)
                return found is None or self._is_foreign_made(found)
        return True

    def _uses(self, binding: Binding, target: cst.BaseExpression) -> Iterator[cst.CSTNode]:
        name = target.attr.value if isinstance(target, cst.Attribute) else getattr(target, "value", "")
        scope = None if isinstance(target, cst.Attribute) else self._scope_of_target(target)
        for node in self._by_variable[name, scope]:
            if binding not in self._inference.bindings(node):
                continue
            if not self._planner.place.is_stored(node) or self._planner.place.is_deleted(node):
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
        return self._inference.bindings(target) if self._planner.flow.is_own_variable(target) else []


def source_of(binding: Binding) -> cst.CSTNode | None:
    """The expression whose value a variable gets: that of its place where a tuple is written out."""
    if binding.kind == "value":
        return binding.node
    if binding.kind == "unpack" and not binding.inner and isinstance(binding.node, cst.Tuple | cst.List):
        elements = binding.node.elements
        if binding.index < len(elements) and not any(isinstance(e, cst.StarredElement) for e in elements):
            return elements[binding.index].value
    return None


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
    elif isinstance(node, cst.FormattedString):
        yield from (part.expression for part in node.parts if isinstance(part, cst.FormattedStringExpression))
    elif isinstance(node, cst.ConcatenatedString):
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
