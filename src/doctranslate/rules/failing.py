"""Which code runs under a handler for errors of the source library: there, failing is a part of the program.

A handler sees what is raised in its ``try``, and in every function that is called from there. Functions are told by
their names; where a ``try`` calls something that was handed in, every function that is handed around may be meant.
"""

from __future__ import annotations

from functools import cached_property

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.values import Ref

_FUNCTIONS = (cst.FunctionDef, cst.Lambda)


class Failing:
    """Answers for one program.

    Args:
        inference: The program.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._parents = inference.tree.parent_of

    def cover(self, node: cst.CSTNode) -> bool:
        """Whether a handler for errors of the source library, or for any error, sees what a node raises."""
        child, parent = node, self._parents.get(node)
        while parent is not None and not isinstance(parent, cst.ClassDef):
            if isinstance(parent, cst.Try) and child is parent.body and self._is_handled(parent):
                return True
            if isinstance(parent, _FUNCTIONS):
                return parent in self._called
            child, parent = parent, self._parents.get(parent)
        return False

    def are_around(self, node: cst.CSTNode) -> bool:
        """Whether a node stands in a ``try`` with a handler of any kind."""
        child, parent = node, self._parents.get(node)
        while parent is not None and not isinstance(parent, (*_FUNCTIONS, cst.ClassDef)):
            if isinstance(parent, cst.Try) and child is parent.body and parent.handlers:
                return True
            child, parent = parent, self._parents.get(parent)
        return False

    def _is_handled(self, node: cst.Try) -> bool:
        return any(map(self._handles, node.handlers))

    def _handles(self, handler: cst.ExceptHandler) -> bool:
        if handler.type is None:
            return True
        tuple_ = handler.type if isinstance(handler.type, cst.Tuple) else None
        for kind in [e.value for e in tuple_.elements] if tuple_ else [handler.type]:
            value = self._inference.value(kind)
            if (isinstance(value, Ref) and self._inference.is_library(value.path)) or (
                isinstance(kind, cst.Name) and kind.value in ("Exception", "BaseException")
            ):
                return True
        return False

    # ------------------------------------------------------------------ functions that are called from a try
    @cached_property
    def _called(self) -> frozenset[cst.CSTNode]:
        tree = self._inference.tree
        tries = [n for n in tree.scope_of if isinstance(n, cst.Try) and self._is_handled(n)]
        todo: list[cst.CSTNode] = [node.body for node in tries]
        found: set[cst.CSTNode] = set()
        while todo:
            for function in self._called_from(todo.pop()):
                if function not in found:
                    found.add(function)
                    todo.append(function)
        return frozenset(found)

    def _called_from(self, place: cst.CSTNode) -> list[cst.CSTNode]:
        tree = self._inference.tree
        called: list[cst.CSTNode] = []
        for call in tree.calls_between(*tree.span_of[place]):
            called += self.called_by(call)
        return called

    def called_by(self, call: cst.Call) -> list[cst.CSTNode]:
        """Functions of the program that a call may call, told by their names."""
        called = self._named(call.func)
        if isinstance(call.func, cst.Name) and any(
            binding.kind == "parameter" for binding in self._inference.bindings(call.func)
        ):
            called += self._handed_around
        return called

    def given_to(self, call: cst.Call) -> list[cst.CSTNode]:
        """Functions of the program that a call is given, which it may call: ``map(save, paths)``."""
        return [function for arg in call.args for function in self._named(arg.value)]

    def _named(self, node: cst.BaseExpression) -> list[cst.CSTNode]:
        name = node.attr if isinstance(node, cst.Attribute) else node
        return [*self._functions.get(name.value, ())] if isinstance(name, cst.Name) else []

    @cached_property
    def _functions(self) -> dict[str, list[cst.CSTNode]]:
        """Functions by name; a class is called by its ``__init__``."""
        functions: dict[str, list[cst.CSTNode]] = {}
        for node, scope in self._inference.tree.scope_by_node.items():
            if isinstance(node, cst.FunctionDef):
                functions.setdefault(node.name.value, []).append(node)
                owner = scope.parent.node if scope.parent is not None else None
                if node.name.value == "__init__" and isinstance(owner, cst.ClassDef):
                    functions.setdefault(owner.name.value, []).append(node)
        return functions

    @cached_property
    def _handed_around(self) -> list[cst.CSTNode]:
        """Functions that are arguments: lambdas, and functions that are named without being called."""
        found: list[cst.CSTNode] = []
        for node in self._inference.tree.scope_of:
            if isinstance(node, cst.Lambda):
                found.append(node)
            elif isinstance(node, cst.Arg):
                found += self._named(node.value)
        return found
