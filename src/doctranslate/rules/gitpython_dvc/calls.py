"""Which expressions a parameter of the program's own functions can be, where every call is in sight."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.scopes import Scope
from doctranslate.analysis.values import Bound, Instance, OwnClass, OwnFunction

_PLAIN_DECORATORS = {"staticmethod", "classmethod"}


class Calls:
    """Reads the calls of a program's functions.

    Args:
        inference: What knows which function a call is of.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def given(self, param: cst.Param, scope: Scope) -> list[cst.BaseExpression] | None:
        """Every expression that a parameter is given, its default included; None where some may be out of sight."""
        calls = self._of_scope[id(scope)]
        if not calls or not self.is_closed(scope):
            return None
        found: list[cst.BaseExpression] = []
        for call in calls:
            given = next((v for target, v in self._targets[id(call)] if target is param), param.default)
            if given is None:
                return None
            found.append(given)
        return found

    def is_closed(self, scope: Scope) -> bool:
        """Whether every call of a function is seen: it is not handed on, wrapped, or called by a name from data."""
        node = scope.node
        if not isinstance(node, cst.FunctionDef) or self._is_dynamic:
            return False
        if any(
            not isinstance(d.decorator, cst.Name) or d.decorator.value not in _PLAIN_DECORATORS
            for d in node.decorators
        ):
            return False
        if any(arg.star for call in self._of_scope[id(scope)] for arg in call.args):
            return False
        if scope.owner is None:
            return not self._is_handed_on(node.name.value, scope)
        if node.name.value == "__init__":
            owner = scope.owner.node
            return (
                isinstance(owner, cst.ClassDef)
                and self._is_closed_method("__init__")
                and not self._is_handed_on(owner.name.value, scope.owner)
            )
        return self._is_closed_method(node.name.value)

    def is_overridden(self, scope: Scope) -> bool:
        """Whether another class of the program has a method of the same name, so that another one may run."""
        name = scope.node.name.value if isinstance(scope.node, cst.FunctionDef) else ""
        return scope.owner is not None and len(self._methods[name]) > 1

    # ------------------------------------------------------------------ where names are read
    def _is_handed_on(self, name: str, scope: Scope) -> bool:
        """Whether a function, or a class, is read anywhere but in a call of it."""
        tree = self._inference.tree
        return any(
            not self._is_called(read) and not self._only_names_type(read)
            for read in self._names[name]
            if (found := tree.scope_of[read].lookup(name)) is not None
            and any(binding.node is scope.node for binding in found[1])
        )

    def _is_closed_method(self, name: str) -> bool:
        """Whether every attribute of this name is called, and known to be this method, another, or the library's."""
        for read in self._attributes[name]:
            if not self._is_called(read):
                if isinstance(self._inference.value(read.value), Instance):
                    continue
                return False
            value = self._inference.value(read)
            if not isinstance(value, OwnFunction | Bound):
                return False
        return True

    def _is_called(self, node: cst.BaseExpression) -> bool:
        parent = self._inference.tree.parent_of.get(node)
        return isinstance(parent, cst.Call) and parent.func is node

    def _only_names_type(self, node: cst.CSTNode) -> bool:
        """Whether a class is read for its name only: in an annotation, ``isinstance``, ``except`` or a base."""
        tree = self._inference.tree
        around = tree.parent_of.get(node)
        while around is not None and not isinstance(around, cst.BaseSuite | cst.SimpleStatementLine):
            if isinstance(around, cst.Annotation | cst.ExceptHandler):
                return True
            if isinstance(around, cst.Call):
                return isinstance(around.func, cst.Name) and around.func.value in ("isinstance", "issubclass")
            if isinstance(around, cst.ClassDef):
                return True
            around = tree.parent_of.get(around)
        return False

    @cached_property
    def _names(self) -> dict[str, list[cst.Name]]:
        found: dict[str, list[cst.Name]] = defaultdict(list)
        parents = self._inference.tree.parent_of
        for node in self._inference.tree.scope_of:
            if type(node) is not cst.Name:
                continue
            parent = parents.get(node)
            named = (
                (isinstance(parent, cst.FunctionDef | cst.ClassDef | cst.Param) and parent.name is node)
                or (isinstance(parent, cst.Attribute) and parent.attr is node)
                or (isinstance(parent, cst.Arg) and parent.keyword is node)
            )
            if not named:
                found[node.value].append(node)
        return found

    @cached_property
    def _attributes(self) -> dict[str, list[cst.Attribute]]:
        found: dict[str, list[cst.Attribute]] = defaultdict(list)
        for node in self._inference.tree.scope_of:
            if type(node) is cst.Attribute:
                found[node.attr.value].append(node)
        return found

    @cached_property
    def _methods(self) -> dict[str, list[Scope]]:
        found: dict[str, list[Scope]] = defaultdict(list)
        for scope in self._inference.tree.scope_by_node.values():
            if isinstance(scope.node, cst.FunctionDef) and scope.owner is not None:
                found[scope.node.name.value].append(scope)
        return found

    @cached_property
    def _is_dynamic(self) -> bool:
        """Whether the program calls something by a name, or a class, that it only finds at run time."""
        for call in self._inference.tree.calls:
            if isinstance(call.func, cst.Call):
                return True
            if not isinstance(call.func, cst.Name):
                continue
            if call.func.value in ("globals", "locals", "vars", "eval", "exec"):
                return True
            if call.func.value == "getattr" and (
                len(call.args) < 2 or not isinstance(self._inference.constant(call.args[1].value), str)
            ):
                return True
            scope = self._inference.tree.scope_of[call]
            if call.func.value == "cls" and call.func.value == scope.method_self:
                return True
        return False

    # ------------------------------------------------------------------ calls
    @cached_property
    def _targets(self) -> dict[int, list[tuple[cst.Param, cst.BaseExpression]]]:
        found: dict[int, list[tuple[cst.Param, cst.BaseExpression]]] = defaultdict(list)
        for call in self._inference.tree.calls:
            for arg in call.args:
                target = self._inference.parameters.target(call, arg)
                if target is not None:
                    found[id(call)].append((target[0], arg.value))
        return found

    @cached_property
    def _of_scope(self) -> dict[int, list[cst.Call]]:
        """Calls by the function that runs; those without arguments included."""
        found: dict[int, list[cst.Call]] = defaultdict(list)
        for call in self._inference.tree.calls:
            scope = self._run_by(call)
            if scope is not None:
                found[id(scope)].append(call)
        return found

    def _run_by(self, call: cst.Call) -> Scope | None:
        value = self._inference.value(call.func)
        if isinstance(value, OwnFunction):
            return value.scope
        if not isinstance(value, OwnClass):
            return None
        constructors = (
            binding
            for scope in (value.scope, *self._inference.bases(value.scope))
            for binding in scope.bindings.get("__init__", [])
        )
        made_by = next((b.node for b in constructors if b.kind == "function" and b.node is not None), None)
        return self._inference.tree.scope_by_node[made_by] if made_by is not None else None
