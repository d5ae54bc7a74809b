"""What the parameters of a program's own functions are given."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.fields import given_for
from doctranslate.analysis.passing import Handed
from doctranslate.analysis.scopes import Scope, dotted
from doctranslate.analysis.values import OwnClass, OwnFunction, OwnInstance, Value, element_of

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference


class Parameters:
    """Answers what parameters are, from annotations, calls and defaults.

    Args:
        inference: What knows everything else.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def value(self, node: cst.CSTNode | None, scope: Scope) -> Value | None:
        """What a parameter is in its function, or None when that cannot be told."""
        annotations = self._inference.annotations
        if isinstance(node, cst.AnnAssign):  # a field that is only declared
            found = annotations.value(node.annotation.annotation, scope)
            return found or self._inference.same([self._inference.value(g) for g in self.given(node, scope)])
        if not isinstance(node, cst.Param):
            return None
        if scope.owner is not None and node.name.value == scope.self_name:
            return OwnInstance(scope.owner)
        if node.annotation is not None:
            found = annotations.value(node.annotation.annotation, scope.parent or scope)
            if found is not None:
                return found
        elements = [element_of(self._inference.value(each)) for each in self.gone_through(node, scope)]
        given = [self._inference.value(given) for given in self.given(node, scope)]
        return self._inference.same([*given, *elements])

    def given(self, node: cst.Param | cst.AnnAssign, scope: Scope) -> list[cst.BaseExpression]:
        """The expressions that a program's calls, or the default, give for a parameter, but for ``None``."""
        if isinstance(node, cst.AnnAssign):
            name = scope.node.name.value if isinstance(scope.node, cst.ClassDef) else ""
            calls = [call for call in self._calls_by_name.get(name, ()) if self._makes(call, scope)]
            return given_for(node, scope, calls)
        found = [self._argument(call, scope, node) for call in self._calls(scope)]
        every = [*found, node.default]
        return [
            arg
            for arg in every
            if arg is not None and not (isinstance(arg, cst.Name) and arg.value == "None")
        ]

    def given_to_star(self, node: cst.Param, scope: Scope) -> list[cst.BaseExpression]:
        """The expressions that end up in ``*args``."""
        params = _params_of(scope)
        if params is None or params.star_arg is not node:
            return []
        n_before = len([*params.posonly_params, *params.params])
        return [
            arg
            for call in self._calls(scope)
            if self._is_for(call, scope)
            for arg in call.positional[n_before - self._is_shifted(call, scope) :]
        ]

    def gone_through(self, node: cst.Param, scope: Scope) -> list[cst.BaseExpression]:
        """The iterables whose elements a function is called with: ``map(f, xs)``, ``sorted(xs, key=f)``."""
        params = _params_of(scope)
        if params is None or not params.params or params.params[0] is not node:
            return []
        return [
            iterable
            for func, iterable in self._inference.tree.gone_through
            if self._inference.function_of(func) is scope
        ]

    def target(self, call: cst.Call, arg: cst.Arg) -> tuple[cst.Param, Scope] | None:
        """The parameter of the program's own function that an argument of a call is for."""
        spread = self._inference.passing.spread(call)
        handed_on = self._inference.passing.handed(call)
        others = [handed_on] if handed_on is not None else self._inference.passing.chosen(call)
        for handed in (spread, *others):
            scope = self._called(handed)
            params = _params_of(scope) if scope is not None else None
            if scope is None or params is None:
                continue
            for param in (*params.posonly_params, *params.params, *params.kwonly_params):
                if self._argument(handed, scope, param) is arg.value:
                    return param, scope
        return None

    # ------------------------------------------------------------------ calls of a function
    @cached_property
    def _calls_by_name(self) -> dict[str, list[Handed]]:
        found: dict[str, list[Handed]] = defaultdict(list)
        for call in self._inference.tree.calls:
            spread = self._inference.passing.spread(call)
            found[_last_name(call.func)].append(spread)
            handed = self._inference.passing.handed(call)
            for each in [handed] if handed is not None else self._inference.passing.chosen(call):
                found[_last_name(each.func)].append(each)
        return found

    def _calls(self, scope: Scope) -> list[Handed]:
        node = scope.node
        if isinstance(node, cst.Lambda):
            return [
                call for name in self._names_of_lambda(node) for call in self._calls_by_name.get(name, ())
            ]
        if not isinstance(node, cst.FunctionDef):
            return []
        found = list(self._calls_by_name.get(node.name.value, []))
        if scope.owner is None:  # a method of the same name, ``blob.read()``, says nothing of it
            found = [call for call in found if isinstance(call.func, cst.Name)]
        if node.name.value == "__init__" and scope.owner is not None:
            for name in self._names_of(scope.owner):
                found += self._calls_by_name.get(name, [])
        return found

    def _names_of_lambda(self, node: cst.Lambda) -> list[str]:
        parent = self._inference.tree.parent_of.get(node)
        targets = [t.target for t in parent.targets] if isinstance(parent, cst.Assign) else []
        return [_last_name(target) for target in targets]

    def _called(self, call: Handed) -> Scope | None:
        """The program's own function that runs when something is called."""
        value = self._inference.value(call.func)
        if isinstance(value, OwnClass):
            return self._constructor(value.scope)
        return value.scope if isinstance(value, OwnFunction) else None

    def _makes(self, call: Handed, scope: Scope) -> bool:
        value = self._inference.value(call.func)
        return isinstance(value, OwnClass) and value.scope is scope

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

    def _is_for(self, call: Handed, scope: Scope) -> bool:
        """Whether a call is one of this function."""
        return self._called(call) is scope

    def _is_shifted(self, call: Handed, scope: Scope) -> bool:
        """Whether the first parameter is not among the arguments: ``self``, or the class."""
        if scope.owner is None or not scope.self_name:
            return False
        unbound = isinstance(call.func, cst.Attribute) and isinstance(
            self._inference.value(call.func.value), OwnClass
        )
        plain = isinstance(self._inference.value(call.func), OwnFunction)
        return not (unbound and plain) or is_classmethod(scope)

    def _argument(self, call: Handed, scope: Scope, param: cst.Param) -> cst.BaseExpression | None:
        """The expression that a call gives for a parameter, when the call is one of this function."""
        params = _params_of(scope)
        if params is None or not self._is_for(call, scope):
            return None
        name = param.name.value
        for keyword, value in call.keywords:
            if keyword == name:
                return value
        names = [p.name.value for p in [*params.posonly_params, *params.params]]
        if self._is_shifted(call, scope):
            names = names[1:]
        if name in names and names.index(name) < len(call.positional):
            return call.positional[names.index(name)]
        return None


def is_classmethod(scope: Scope) -> bool:
    """Whether a function is a class method."""
    decorators = scope.node.decorators if isinstance(scope.node, cst.FunctionDef) else ()
    return any(dotted(d.decorator) == "classmethod" for d in decorators)


def _params_of(scope: Scope) -> cst.Parameters | None:
    return scope.node.params if isinstance(scope.node, cst.FunctionDef | cst.Lambda) else None


def _last_name(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""
