"""The way to the source library's own objects, for uses that no rule translates.

The target's root object gives access to the source's (``repo.scm.gitpython.repo``); from there a chain of
attributes and calls is written as it was. Where there is no such way, the use stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.values import Bound, OwnFunction, Ref
from doctranslate.records import Bridged, Unresolved
from doctranslate.rules.base import NoCounterpart, Type
from doctranslate.rules.flow import holds
from doctranslate.rules.plan import Plan, Sink

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner


class Bridge:
    """Plans uses over the bridge.

    Args:
        planner: What plans everything else.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._inference = planner.inference
        self._rules = planner.rules

    def plan(
        self,
        node: cst.BaseExpression,
        reason: str,
        symbol: str,
        *,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
        also: tuple[str, ...] = (),
    ) -> Plan:
        """The plan of a use that has no counterpart.

        Args:
            node: The use.
            reason: Why it has none; "" when it only needs an object where the target has a name, or nothing.
            symbol: Its qualified name.
            before: Statements that the target needs all the same, in front of it.
            after: The same, behind it.
            also: Words that it is given too.
        """
        planner = self._planner
        if not planner.bridged:
            before = after = ()
        outer, planner.sink = planner.sink, Sink()
        try:
            if self._makes_something(node) and planner.bridged:
                code, made = self._made_natively(node)
            else:
                code, made = self.code(node, itself=False), ""
            code = _with_words(code, also) if also else code
            kept = planner.flow.kept(node)
            if not reason and planner.escape.is_looked_into(node):
                reason = (
                    "what is asked of it is known only at run time, and data that it adds stays as it was"
                )
            reason = (
                reason or f"{_short(kept.name if kept else symbol)} is needed here, and the target has none"
            )
            told = self.left(node, symbol, reason, bridged=True)
            planner.sink.told.append(told.model_copy(update={"code": made}) if made else told)
            if planner.place.value_is_used(node) and not planner.place.can_hoist(node):
                before, after = (), ()
            gives_root = isinstance(node, cst.Call) and holds(self._inference.value(node), self._rules.root)
            if gives_root and planner.place.value_is_used(node):
                adopted = self._rules.adopt.replace("{self}", code)
                return planner.plan_with_sink(
                    f"{planner.names.prelude(self._rules.adopter)}({adopted})", before
                )
            return self._guarded(node, code, before=before, after=after)
        except NoCounterpart as exc:
            return self.keep(node, symbol, reason or str(exc))
        finally:
            planner.sink = outer

    def _makes_something(self, node: cst.BaseExpression) -> bool:
        """Whether a use makes an object of the source library out of nothing: there is no bridge before it."""
        func = self._inference.value(node.func) if isinstance(node, cst.Call) else None
        return isinstance(func, Ref) or (isinstance(func, Bound) and isinstance(func.receiver, Ref))

    def _made_natively(self, node: cst.BaseExpression) -> tuple[str, str]:
        """Code of a call of a class of the source library, and of what it calls, by a name of its own."""
        func = self._inference.value(node.func) if isinstance(node, cst.Call) else None
        if not isinstance(node, cst.Call) or not isinstance(func, Ref | Bound):
            raise NoCounterpart("it is no call")
        owner = func.receiver if isinstance(func, Bound) else func
        if not isinstance(owner, Ref):
            raise NoCounterpart("it is no class of the source library")
        api = self._planner.api
        short = f"{api.roots[0]}.{owner.path.rpartition('.')[2]}"
        path = short if api.canonical(short) == owner.path else owner.path
        root = path.partition(".")[0]
        path = path.replace(root, self._planner.names.module(root), 1)
        self._planner.sink.kept.add(root)  # where the program imports it already
        if isinstance(func, Bound):
            path = f"{path}.{func.symbol.rpartition('.')[2]}"
        return f"{path}({self.arguments(node)})", path

    def _guarded(
        self, node: cst.BaseExpression, code: str, *, before: tuple[str, ...], after: tuple[str, ...]
    ) -> Plan:
        """A bridged call fails with the source library's errors; where the program handles those, they are turned."""
        planner = self._planner
        guarded = bool(self._rules.guard) and isinstance(node, cst.Call) and planner.place.is_guarded(node)
        if not planner.place.value_is_used(node) and (guarded or before or after):
            line = self.guarded(node, code) if guarded else code
            return planner.plan_with_sink(None, (*before, line, *after), effect=True, native=True)
        if not planner.place.can_hoist(node):
            return planner.plan_with_sink(self.guarded(node, code) if guarded else code, native=True)
        if guarded or after:
            name = planner.names.fresh("result")
            line = f"{name} = {code}"
            line = self.guarded(node, line) if guarded else line
            return planner.plan_with_sink(name, (*before, line, *after), native=True)
        return planner.plan_with_sink(code, before, native=True)

    def guarded(self, node: cst.CSTNode, line: str) -> str:
        """A statement, or a call where only an expression can stand, whose errors are turned into the target's."""
        guard = self._planner.names.prelude(self._rules.guard)
        if not self._planner.place.value_is_used(node) or self._planner.place.can_hoist(node):
            return f"with {guard}():\n    {line}"
        call = cst.parse_expression(line)
        if not isinstance(call, cst.Call):
            return line
        func, arguments = (
            cst.Module([]).code_for_node(part) for part in (call.func, call.with_changes(func=cst.Name("_")))
        )
        return f"{guard}()({func}){arguments[1:]}"

    def code(self, node: cst.BaseExpression, *, itself: bool = True) -> str:
        """Code of an expression on the source library's own objects.

        Args:
            node: The expression.
            itself: Whether it may be native already; False for the use that is being planned.

        Raises:
            NoCounterpart: There is no way to them from here.
        """
        flow = self._planner.flow
        if itself and flow.is_native(node):
            return self._planner.render(node)
        if holds(self._inference.value(node), self._rules.root) and (
            itself or not isinstance(node, cst.Call)
        ):
            return self._rules.bridge.replace("{self}", self._planner.render(node))
        if isinstance(node, cst.Name) or flow.is_own_variable(node):
            return self._variable(node)
        if isinstance(node, cst.Attribute):
            return f"{self.code(node.value)}.{node.attr.value}"
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.Subscript):
            inside = ", ".join(self._planner.render(s).strip().rstrip(",") for s in node.slice)
            return f"{self.code(node.value)}[{inside}]"
        if isinstance(node, cst.BinaryOperation):
            operator = self._planner.verbatim(node.operator).strip()
            return f"({self.code(node.left)} {operator} {self._planner.render(node.right)})"
        raise NoCounterpart("there is no way to the source library's object from here")

    def _call(self, node: cst.Call) -> str:
        if isinstance(self._inference.value(node.func), OwnFunction):
            return self._variable(node)
        func = self._planner.definitions.callee(node)
        if not isinstance(func, cst.Attribute) or isinstance(self._inference.value(func), Ref):
            raise NoCounterpart("the target has no such object")
        return f"{self.code(func)}({self.arguments(node)})"

    def _variable(self, node: cst.BaseExpression) -> str:
        kept = self._planner.flow.kept(node)
        if kept is not None and kept.native:
            owner = self._rules.bridge.replace("{self}", self._planner.owners.owner(node))
            code = self._planner.render(node) if isinstance(node, cst.Call) else self._planner.verbatim(node)
            return kept.native.replace("{owner}", owner).replace("{self}", code)
        definition = self._planner.definitions.of(node)
        if definition is not None and kept is not None:
            return self.code(definition)
        raise NoCounterpart("it cannot be told where it comes from")

    def _given(self, node: cst.BaseExpression, kept: Type) -> str:
        """What a bridged call takes for a value that lives on in another form."""
        if not kept.given:
            return kept.as_argument
        owner = self._planner.owners.owner(node)
        return kept.given.replace("{owner}", self._rules.bridge.replace("{self}", owner))

    def arguments(self, node: cst.Call) -> str:
        """Code of a call's arguments, as the source library takes them."""
        parts = []
        for arg in node.args:
            code = self._planner.render(arg.value)
            kept = self._planner.flow.kept(arg.value)
            if self._planner.flow.is_native(arg.value):
                pass
            elif holds(self._inference.value(arg.value), self._rules.root):
                code = self._rules.bridge.replace("{self}", code)
            elif kept is not None:
                code = self._given(arg.value, kept).replace("{self}", code)
            parts.append(f"{arg.star}{f'{arg.keyword.value}=' if arg.keyword else ''}{code}")
        return ", ".join(parts)

    def keep(self, node: cst.BaseExpression, symbol: str, reason: str, *, bridged: bool = False) -> Plan:
        """The plan of a use that stays as it was: what it imports stays too.

        Args:
            node: The use.
            symbol: Its qualified name.
            reason: Why it stays.
            bridged: Whether it still does what it did: a name of what comes over the bridge.
        """
        told = self.left(node, symbol, reason, bridged=bridged)
        return Plan(self._planner.verbatim(node), native=True, told=(told,), kept=_names_at_root(node))

    def left(self, node: cst.CSTNode, symbol: str, reason: str, *, bridged: bool) -> Bridged | Unresolved:
        """The record of a use that has no counterpart; without a bridge, none runs."""
        kind = Bridged if bridged and self._planner.bridged else Unresolved
        code = self._planner.verbatim(node)
        return kind(line=self._planner.line(node), symbol=symbol, code=code, reason=reason)


def _with_words(code: str, words: tuple[str, ...]) -> str:
    """A call with more positional arguments."""
    call = cst.parse_expression(code)
    if not isinstance(call, cst.Call):
        return code
    plain = [arg for arg in call.args if arg.keyword is None and arg.star != "**"]
    named = [arg for arg in call.args if arg not in plain]
    more = [cst.Arg(cst.parse_expression(word)) for word in words]
    args = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in [*plain, *more, *named]]
    return cst.Module([]).code_for_node(call.with_changes(args=args))


def _names_at_root(node: cst.CSTNode) -> frozenset[str]:
    while isinstance(node, cst.Attribute | cst.Call | cst.Subscript):
        node = node.func if isinstance(node, cst.Call) else node.value
    return frozenset([node.value] if isinstance(node, cst.Name) else [])


def _short(type_name: str) -> str:
    """A type for people: ``a Remote object``, ``a list of Remote objects``."""
    last = type_name.rstrip("]").rpartition(".")[2]
    if type_name.endswith("]"):
        return f"a list of {last} objects"
    return f"{'an' if last[:1] in 'AEIOU' else 'a'} {last} object"
