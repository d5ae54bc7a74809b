"""What the parameters of a program's own functions are given."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Scope
from doctranslate.analysis.values import OwnClass, OwnFunction, OwnInstance, Value

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference


class Parameters:
    """Answers what parameters are, from annotations, calls and defaults.

    Args:
        inference: What knows everything else.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._calls_by_name: dict[str, list[cst.Call]] | None = None

    def value(self, node: cst.CSTNode | None, scope: Scope) -> Value | None:
        """What a parameter is in its function, or None when that cannot be told."""
        annotations = self._inference.annotations
        if isinstance(node, cst.AnnAssign):  # a field that is only declared
            return annotations.value(node.annotation.annotation, scope)
        if not isinstance(node, cst.Param):
            return None
        if scope.owner is not None and node.name.value == scope.self_name:
            return OwnInstance(scope.owner)
        if node.annotation is not None:
            found = annotations.value(node.annotation.annotation, scope.parent or scope)
            if found is not None:
                return found
        return self._inference.same([self._inference.value(given) for given in self.given(node, scope)])

    def given(self, node: cst.Param, scope: Scope) -> list[cst.BaseExpression]:
        """The expressions that a program's calls, or the default, give for a parameter, but for ``None``."""
        found = [self._argument(call, scope, node) for call in self._calls(scope)]
        every = [*found, node.default]
        return [
            arg
            for arg in every
            if arg is not None and not (isinstance(arg, cst.Name) and arg.value == "None")
        ]

    def target(self, call: cst.Call, arg: cst.Arg) -> tuple[cst.Param, Scope] | None:
        """The parameter of the program's own function that an argument of a call is for."""
        value = self._inference.value(call.func)
        scope = value.scope if isinstance(value, OwnFunction) else None
        if isinstance(value, OwnClass):
            scope = self._constructor(value.scope)
        if scope is None or not isinstance(scope.node, cst.FunctionDef):
            return None
        params = scope.node.params
        for param in (*params.posonly_params, *params.params, *params.kwonly_params):
            if self._argument(call, scope, param) is arg.value:
                return param, scope
        return None

    def _calls(self, scope: Scope) -> list[cst.Call]:
        if self._calls_by_name is None:
            self._calls_by_name = defaultdict(list)
            for call in self._inference.tree.calls:
                self._calls_by_name[_last_name(call.func)].append(call)
        node = scope.node
        if not isinstance(node, cst.FunctionDef):
            return []
        found = list(self._calls_by_name.get(node.name.value, []))
        if node.name.value == "__init__" and scope.owner is not None:
            for name in self._names_of(scope.owner):
                found += self._calls_by_name.get(name, [])
        return found

    def _names_of(self, owner: Scope) -> list[str]:
        """Names of a class, and of those classes of the program that take their constructor from it."""
        return [
            opened.node.name.value
            for opened in self._classes
            if isinstance(opened.node, cst.ClassDef) and self._has_constructor_of(opened, owner)
        ]

    def _has_constructor_of(self, scope: Scope, owner: Scope) -> bool:
        found = self._constructor(scope)
        return found is not None and found.owner is owner

    @cached_property
    def _classes(self) -> list[Scope]:
        return [s for s in self._inference.tree.scope_by_node.values() if isinstance(s.node, cst.ClassDef)]

    def _constructor(self, scope: Scope) -> Scope | None:
        """The ``__init__`` that a class of the program has, or takes from another of its classes."""
        tree = self._inference.tree
        for binding in scope.bindings.get("__init__", []):
            if binding.kind == "function" and binding.node is not None:
                return tree.scope_by_node.get(binding.node)
        for base in scope.node.bases if isinstance(scope.node, cst.ClassDef) else ():
            parent = self._inference.value(base.value)
            if isinstance(parent, OwnClass) and parent.scope is not scope:
                return self._constructor(parent.scope)
        return None

    def _argument(self, call: cst.Call, scope: Scope, param: cst.Param) -> cst.BaseExpression | None:
        """The expression that a call gives for a parameter, when the call is one of this function."""
        target = self._inference.value(call.func)
        node = scope.node
        if not isinstance(node, cst.FunctionDef):
            return None
        if isinstance(target, OwnClass):
            if self._constructor(target.scope) is not scope:
                return None
        elif not (isinstance(target, OwnFunction) and target.scope is scope):
            return None
        for arg in call.args:
            if arg.keyword is not None and arg.keyword.value == param.name.value:
                return arg.value
        names = [p.name.value for p in [*node.params.posonly_params, *node.params.params]]
        unbound = isinstance(call.func, cst.Attribute) and isinstance(
            self._inference.value(call.func.value), OwnClass
        )
        if (
            scope.owner is not None
            and scope.self_name
            and names
            and not (unbound and isinstance(target, OwnFunction))
        ):
            names = names[1:]
        positional = [arg for arg in call.args if arg.keyword is None]
        if param.name.value in names:
            index = names.index(param.name.value)
            if index < len(positional) and not any(arg.star for arg in positional[: index + 1]):
                return positional[index].value
        return None


def _last_name(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""
