"""What ``except`` clauses have to catch, once what is tried is translated: the target fails with other errors."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Scope
from doctranslate.analysis.values import Bound, Instance, OwnFunction, Ref

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

_Use = tuple[cst.BaseExpression, str]
_SAID_BY_THE_USE = {"TypeError", "ValueError"}


class Handlers:
    """Finds, for the ``except`` clauses of one program, the target's errors that stand for the named ones.

    Args:
        planner: What knows the program.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._inference = planner.inference
        self._tried: dict[cst.Try, list[_Use]] = {}

    def names(self, node: cst.BaseExpression) -> tuple[str, ...]:
        """Local names of what has to be caught for an exception that a clause names; empty when it is as it was."""
        clause = self._clause(node)
        around = self._planner.place.parent(clause) if clause is not None else None
        if not isinstance(around, cst.Try):
            return ()
        value = self._inference.value(node)
        path = value.path if isinstance(value, Ref) else node.value if isinstance(node, cst.Name) else ""
        targets = self._planner.rules.names.get(path, ())
        raised = self._raised(around, path)
        if not targets and not raised:
            return ()
        codes = [self._planner.names.local(name) for name in (*targets, *raised)]
        if not targets and not (path in _SAID_BY_THE_USE and self._is_plain(around)):
            codes.insert(0, self._planner.verbatim(node))
        return tuple(dict.fromkeys(codes))

    def in_order(self, node: cst.Try, handlers: Sequence[cst.ExceptHandler]) -> Sequence[cst.ExceptHandler]:
        """The clauses of a ``try`` so that none stands behind one that catches more, once both are translated.

        Args:
            node: The ``try`` in the source program.
            handlers: Its translated clauses.
        """
        wider = self._planner.rules.subclasses
        caught = [self._caught(handler) for handler in node.handlers]
        order: list[int] = []
        for n, names in enumerate(caught):
            above = {base for name in names for base in wider.get(name, ())}
            hidden_by = (at for at, m in enumerate(order) if names and above & set(caught[m]))
            order.insert(next(hidden_by, len(order)), n)
        return handlers if order == sorted(order) else [handlers[n] for n in order]

    def _caught(self, handler: cst.ExceptHandler) -> tuple[str, ...]:
        kinds = (
            [e.value for e in handler.type.elements]
            if isinstance(handler.type, cst.Tuple)
            else [handler.type]
        )
        paths = [
            value.path for kind in kinds if kind and isinstance(value := self._inference.value(kind), Ref)
        ]
        return tuple(name for path in paths for name in self._planner.rules.names.get(path, ()))

    def expects(self, node: cst.CSTNode, *names: str) -> bool:
        """Whether a ``try`` around a node, in the same function, handles one of these builtin exceptions.

        Args:
            node: The node.
            names: Names of the exceptions; a clause for what they derive from, or for anything, handles them too.
        """
        handling = {base.__name__ for name in names for base in getattr(builtins, name).__mro__}
        child, parent = node, self._planner.place.parent(node)
        while parent is not None and not isinstance(parent, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            if isinstance(parent, cst.Try) and child is parent.body:
                kinds = [
                    kind
                    for handler in parent.handlers
                    for kind in (
                        [e.value for e in handler.type.elements]
                        if isinstance(handler.type, cst.Tuple)
                        else [handler.type]
                    )
                ]
                if any(
                    kind is None or (isinstance(kind, cst.Name) and kind.value in handling) for kind in kinds
                ):
                    return True
            child, parent = parent, self._planner.place.parent(parent)
        return False

    def tries_only_native(self, node: cst.CSTNode) -> bool:
        """Whether all that can fail, in the ``try`` that caught an exception, is the source library's own doing.

        Args:
            node: A variable that holds the exception.
        """
        caught = [
            b.node for b in self._inference.bindings(node) if b.kind == "exception" and b.node is not None
        ]
        clauses = [self._planner.place.parent(kind) for kind in caught]
        around = [self._planner.place.parent(clause) for clause in clauses if clause is not None]
        calls = [
            use
            for part in around
            if isinstance(part, cst.Try)
            for use, _ in self._uses(part)
            if isinstance(use, cst.Call)
        ]
        return bool(calls) and all(map(self._is_native, calls))

    def _clause(self, node: cst.CSTNode) -> cst.ExceptHandler | None:
        parent = self._planner.place.parent(node)
        if isinstance(parent, cst.Element):
            parent = self._planner.place.parent(self._planner.place.parent(parent) or parent)
        return parent if isinstance(parent, cst.ExceptHandler) else None

    def _raised(self, around: cst.Try, path: str) -> tuple[str, ...]:
        """What the translated uses raise where the source's raise an exception."""
        found: dict[str, None] = {}
        for use, symbol in self._uses(around):
            targets = self._planner.rules.raises.get(symbol, {}).get(path, ())
            if targets and not self._is_native(use):
                found.update(dict.fromkeys(targets))
        return tuple(found)

    def _is_native(self, use: cst.BaseExpression) -> bool:
        base = use.func if isinstance(use, cst.Call) else use
        if isinstance(base, cst.Attribute | cst.Subscript) and self._planner.flow.is_native(base.value):
            return True
        plan = self._planner.plan(use)
        return plan is not None and plan.native

    def _is_plain(self, around: cst.Try) -> bool:
        """Whether nothing is tried but uses of the library, and printing them."""
        calls = self._inference.tree.calls_between(*self._inference.tree.span_of[around.body])
        return all(
            self._inference.symbol(call.func) is not None
            or (isinstance(call.func, cst.Name) and call.func.value == "print")
            for call in calls
        )

    def _uses(self, around: cst.Try) -> list[_Use]:
        if around not in self._tried:
            self._tried[around] = list(self._inside(around.body, set()))
        return self._tried[around]

    def _inside(self, body: cst.CSTNode, seen: set[Scope]) -> Iterator[_Use]:
        """Uses in a block, and in the program's own functions that it calls."""
        expressions = _Expressions()
        body.visit(expressions)
        for node in expressions.found:
            symbol = "" if self._planner.place.is_callee(node) else self._symbol(node)
            if symbol:
                yield node, symbol
            own = self._inference.value(node.func) if isinstance(node, cst.Call) else None
            if isinstance(own, OwnFunction) and own.scope not in seen:
                seen.add(own.scope)
                inner = getattr(own.scope.node, "body", None)
                if isinstance(inner, cst.CSTNode):
                    yield from self._inside(inner, seen)

    def _symbol(self, node: cst.BaseExpression) -> str:
        if isinstance(node, cst.Call):
            func = self._inference.value(node.func)
            if isinstance(func, Bound):
                return func.symbol if "." in func.symbol else ""
            return func.path if isinstance(func, Ref) and self._inference.is_library(func.path) else ""
        owner = node.left if isinstance(node, cst.BinaryOperation) else getattr(node, "value", None)
        held = self._inference.value(owner) if owner is not None else None
        if not isinstance(held, Instance) or "." not in held.type:
            return ""
        if held.args and isinstance(held.args[0], Instance):
            return f"{held.type}[{held.args[0].type}]"
        if isinstance(node, cst.Attribute):
            return self._inference.symbol(node) or ""
        return f"{held.type}.__getitem__"


class _Expressions(cst.CSTVisitor):
    """Collects the expressions of a block that can be uses, without those of functions that are only defined there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[cst.BaseExpression] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note an expression, then go on inside it."""
        if isinstance(node, cst.Call | cst.Attribute | cst.Subscript | cst.BinaryOperation):
            self.found.append(node)
        return not isinstance(node, cst.FunctionDef | cst.ClassDef)
