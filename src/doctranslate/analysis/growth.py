"""Containers that start empty and are filled later: what is put into them tells what they hold."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Binding
from doctranslate.analysis.values import Instance, Value, element_of

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference

_PUTS_ONE = {"append", "add", "appendleft", "insert"}
_PUTS_MANY = {"extend", "update"}


class Growth:
    """Reads what a program puts into its containers.

    Args:
        inference: What knows the types of what is put in.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def grown(self, value: Value | None, binding: Binding) -> Value | None:
        """A value of a binding; an empty container with the type of what is put into it."""
        if not isinstance(value, Instance) or value.type not in ("list", "set", "dict"):
            return value
        if value.type == "dict":
            return self._grown_dict(value, binding)
        inside = None if any(value.args) else self._put(binding)
        return Instance(value.type, (inside,)) if inside is not None else value

    def _grown_dict(self, value: Instance, binding: Binding) -> Value:
        inside = value.args[1] if any(value.args) else self._put(binding)
        if inside is None or _is_bare(inside):  # as setdefault and defaultdict make them
            deeper = self._inference.same([self._inference.value(node) for node in self.put_deeper(binding)])
            if deeper is not None:
                kind = inside.type if isinstance(inside, Instance) else "list"
                return Instance("dict", (None, Instance(kind, (deeper,))))
        return Instance("dict", (None, inside)) if inside is not None and not any(value.args) else value

    def _put(self, binding: Binding) -> Value | None:
        """The type of what is put into a container that a binding makes."""
        inside = self._inference.same([self._inference.value(node) for node in self.put_into(binding)])
        if inside is not None:
            return inside
        return self._inference.same(
            [element_of(self._inference.value(node)) for node in self.put_from(binding)]
        )

    def put_into(self, binding: Binding) -> list[cst.BaseExpression]:
        """The expressions that are put, one by one, into a container that a binding makes."""
        return self._one[id(binding)]

    def put_from(self, binding: Binding) -> list[cst.BaseExpression]:
        """The iterables whose elements are put into a container that a binding makes."""
        return self._many[id(binding)]

    def put_deeper(self, binding: Binding) -> list[cst.BaseExpression]:
        """The expressions that are put into containers inside the one that a binding makes."""
        return self._deeper[id(binding)]

    @cached_property
    def _deeper(self) -> dict[int, list[cst.BaseExpression]]:
        found: dict[int, list[cst.BaseExpression]] = defaultdict(list)
        for call in self._inference.tree.calls:
            if isinstance(call.func, cst.Attribute) and call.func.attr.value in _PUTS_ONE and call.args:
                outer = _outer(call.func.value)
                for binding in self._inference.bindings(outer) if outer is not None else ():
                    found[id(binding)].append(call.args[-1].value)
        return found

    @cached_property
    def _one(self) -> dict[int, list[cst.BaseExpression]]:
        found: dict[int, list[cst.BaseExpression]] = defaultdict(list)
        for call in self._inference.tree.calls:
            if isinstance(call.func, cst.Attribute) and call.func.attr.value in _PUTS_ONE and call.args:
                for binding in self._inference.bindings(call.func.value):
                    found[id(binding)].append(call.args[-1].value)
        for node in self._inference.tree.scope_of:
            if isinstance(node, cst.Assign):
                for target in node.targets:
                    if isinstance(target.target, cst.Subscript):
                        for binding in self._inference.bindings(target.target.value):
                            found[id(binding)].append(node.value)
        return found

    @cached_property
    def _many(self) -> dict[int, list[cst.BaseExpression]]:
        found: dict[int, list[cst.BaseExpression]] = defaultdict(list)
        for call in self._inference.tree.calls:
            if isinstance(call.func, cst.Attribute) and call.func.attr.value in _PUTS_MANY and call.args:
                for binding in self._inference.bindings(call.func.value):
                    found[id(binding)].append(call.args[0].value)
        for node in self._inference.tree.scope_of:
            if type(node) is cst.AugAssign and isinstance(node.operator, cst.AddAssign | cst.BitOrAssign):
                for binding in self._inference.bindings(node.target):
                    found[id(binding)].append(node.value)
        return found


def _is_bare(value: Value) -> bool:
    """Whether it is a list or a set of which nothing says what it holds."""
    return isinstance(value, Instance) and value.type in ("list", "set") and not any(value.args)


def _outer(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The dict of ``d[key]`` and ``d.setdefault(key, [])``."""
    if isinstance(node, cst.Subscript):
        return node.value
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "setdefault"
    ):
        return node.func.value
    return None
