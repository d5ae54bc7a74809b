"""Calls that hand something on: a function to be called later, or a value that comes out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference

_GIVES_FIRST = {
    "closing",
    "aclosing",
    "nullcontext",
    "enter_context",
    "copy",
    "deepcopy",
    "run_until_complete",
}
_GIVES_FIRST_BY_PATH = {"asyncio.run"}
_FUNCTION_FIRST = {"partial", "submit", "to_thread", "register", "call_soon", "partialmethod"}
_FUNCTION_SECOND = {"run_in_executor", "Timer", "call_later"}
_FUNCTION_AS_TARGET = {"Thread", "Process"}
_FUNCTION_WITH_TUPLE = {"apply", "apply_async"}

SAME_ELEMENTS = {
    "itertools.islice", "itertools.chain", "itertools.cycle", "itertools.chain.from_iterable", "itertools.tee",
    "collections.deque", "random.sample", "heapq.nlargest", "heapq.nsmallest", "more_itertools.peekable", "tqdm.tqdm",
    "tqdm.auto.tqdm", "tqdm.trange", "rich.progress.track",
}  # fmt: skip
"""Functions of other libraries that give the elements of their first iterable argument, in some order."""
SAME_ELEMENTS_SECOND = {"itertools.takewhile", "itertools.dropwhile", "itertools.filterfalse"}
"""The same, of their second argument."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A function that is handed on, with arguments for it.

    Attributes:
        func: The expression that names the function.
        positional: Arguments, by place.
        keywords: Arguments, by name.
    """

    func: cst.BaseExpression
    positional: tuple[cst.BaseExpression, ...] = ()
    keywords: tuple[tuple[str, cst.BaseExpression], ...] = ()


class Passing:
    """Reads what calls of one program hand on.

    Args:
        inference: What knows the names in them.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def given_back(self, call: cst.Call) -> cst.BaseExpression | None:
        """The argument that a call gives back, or enters, as it is: ``closing(x)``, ``asyncio.run(x)``."""
        if not call.args or call.args[0].star:
            return None
        last = _last(call.func)
        if last in _GIVES_FIRST or self._inference.import_path(call.func) in _GIVES_FIRST_BY_PATH:
            return call.args[0].value
        return None

    def elements(self, call: cst.Call) -> list[cst.BaseExpression]:
        """The iterables whose elements a function of another library gives; empty for other calls."""
        path = self._inference.import_path(call.func)
        plain = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
        if path in SAME_ELEMENTS_SECOND:
            return plain[1:2]
        if path == "itertools.chain":
            return plain
        return plain[:1] if path in SAME_ELEMENTS else []

    def handed(self, call: cst.Call) -> Handed | None:
        """The function that a call will have called, with its arguments; None where it hands on none."""
        last = _last(call.func)
        plain = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
        named = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
        if last in _FUNCTION_FIRST and plain:
            return Handed(plain[0], tuple(plain[1:]), tuple(named.items()))
        if last in _FUNCTION_SECOND and len(plain) > 1:
            return Handed(plain[1], tuple(plain[2:]), tuple(named.items()))
        if last in _FUNCTION_AS_TARGET and "target" in named:
            return Handed(
                named["target"], tuple(_items(named.get("args"))), tuple(_entries(named.get("kwargs")))
            )
        if last in _FUNCTION_WITH_TUPLE and plain:
            return Handed(plain[0], tuple(_items(plain[1] if len(plain) > 1 else named.get("args"))))
        return None

    def chosen(self, call: cst.Call) -> list[Handed]:
        """The functions that a call may run which chooses one: ``args.run(repo)`` after ``set_defaults(run=save)``."""
        functions: list[cst.BaseExpression] = []
        if isinstance(call.func, cst.Attribute):
            functions = self._defaults.get(call.func.attr.value, [])
        elif isinstance(call.func, cst.Subscript):
            table = self._made_of(call.func.value)
            elements = table.elements if isinstance(table, cst.Dict) else ()
            functions = [e.value for e in elements if isinstance(e.value, cst.Name)]
        if not functions:
            return []
        given = self.spread(call)
        return [Handed(function, given.positional, given.keywords) for function in functions]

    @cached_property
    def _defaults(self) -> dict[str, list[cst.BaseExpression]]:
        found: dict[str, list[cst.BaseExpression]] = {}
        for call in self._inference.tree.calls:
            if _last(call.func) == "set_defaults":
                for arg in call.args:
                    if arg.keyword is not None and isinstance(arg.value, cst.Name | cst.Attribute):
                        found.setdefault(arg.keyword.value, []).extend(self._in_turn(arg.value))
        return found

    def _in_turn(self, node: cst.BaseExpression) -> list[cst.BaseExpression]:
        """What a loop variable is in turn, where the loop goes over a list that is written out; else the node."""
        found: list[cst.BaseExpression] = []
        for binding in self._inference.bindings(node):
            for item in _items(binding.node) if binding.kind in ("element", "unpack element") else ():
                parts = list(_items(item)) if binding.kind == "unpack element" else [item]
                found += parts[binding.index : binding.index + 1]
        return found or [node]

    def spread(self, call: cst.Call) -> Handed:
        """A call with what stands behind ``*`` and ``**`` written out, as far as the program's text shows it."""
        positional: list[cst.BaseExpression] = []
        keywords: list[tuple[str, cst.BaseExpression]] = []
        complete = True
        for arg in call.args:
            if arg.star == "*":
                inside = list(_items(self._made_of(arg.value)))
                complete = complete and bool(inside)
                positional += inside if complete else ()
            elif arg.star == "**":
                keywords += _entries(self._made_of(arg.value))
            elif arg.keyword is not None:
                keywords.append((arg.keyword.value, arg.value))
            elif complete:
                positional.append(arg.value)
        return Handed(call.func, tuple(positional), tuple(keywords))

    def _made_of(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """What a variable is set to, where it is set once."""
        found = self._inference.bindings(node)
        source = found[0].node if len(found) == 1 and found[0].kind == "value" else None
        return source if isinstance(source, cst.BaseExpression) else node


def _items(node: cst.CSTNode | None) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.Tuple | cst.List) and not any(
        isinstance(e, cst.StarredElement) for e in node.elements
    ):
        yield from (element.value for element in node.elements)


def _entries(node: cst.BaseExpression | None) -> Iterator[tuple[str, cst.BaseExpression]]:
    if isinstance(node, cst.Dict):
        for element in node.elements:
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
                yield str(element.key.evaluated_value), element.value
    elif isinstance(node, cst.Call) and _last(node.func) == "dict":
        for arg in node.args:
            if arg.keyword is not None:
                yield arg.keyword.value, arg.value


def _last(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""
