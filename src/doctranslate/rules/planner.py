"""Decides what becomes of every use of the source library, before anything is written.

A use is planned once and remembered by its node. Its rule writes the translation; where the rule has none, the
use goes over the bridge to the source library's own object, or stays. Uses of native values are left as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.values import CONTAINER_METHODS, Bound, Instance, OwnInstance, Ref
from doctranslate.rules.base import NoCounterpart, RuleSet
from doctranslate.rules.bridge import Bridge
from doctranslate.rules.definitions import Definitions
from doctranslate.rules.escape import Escape
from doctranslate.rules.flow import Flow
from doctranslate.rules.handlers import Handlers
from doctranslate.rules.mentions import Mentions
from doctranslate.rules.owners import Owners
from doctranslate.rules.place import Place
from doctranslate.rules.plan import Plan, Sink
from doctranslate.rules.writing import Writing

if TYPE_CHECKING:
    from doctranslate.apis import ApiIndex
    from doctranslate.rules.names import Names


class Planner:
    """Plans one program.

    Args:
        module: The program.
        rules: The rule set.
        inference: Types of the program.
        api: The source library.
        names: Local names of what the translation imports.
        program: What the rule set found out about the program as a whole.
        doubtful: Attributes that look like uses of the library, on objects of unknown type.
        bridged: Whether a use without a counterpart may run on the source library's own object.
    """

    def __init__(
        self,
        module: cst.Module,
        rules: RuleSet,
        *,
        inference: Inference,
        api: ApiIndex,
        names: Names,
        program: Any,
        doubtful: set[cst.CSTNode],
        bridged: bool = True,
    ) -> None:
        self.module = module
        self.rules = rules
        self.inference = inference
        self.api = api
        self.names = names
        self.program = program
        self.sink = Sink()
        self.place = Place(inference)
        self.flow = Flow(self)
        self.definitions = Definitions(self)
        self.escape = Escape(self)
        self.mentions = Mentions(self)
        self.handlers = Handlers(self)
        self.writing = Writing(self)
        self.owners = Owners(self)
        self.bridge = Bridge(self)
        self.bridged = bridged
        self._doubtful = doubtful
        self._plans: dict[cst.CSTNode, Plan | None] = {}
        self._planning: set[cst.CSTNode] = set()
        self._members: dict[str, set[str]] = {}

    # ------------------------------------------------------------------ entry points
    def plan(self, node: cst.CSTNode) -> Plan | None:
        """What becomes of a node; None when it is no use of the source library, or a native one."""
        if node in self._planning:
            return None  # a use inside itself would be a cycle
        if node not in self._plans:
            self._planning.add(node)
            try:
                self._plans[node] = self._make(node)
            finally:
                self._planning.discard(node)
        return self._plans[node]

    def is_planning(self, node: cst.CSTNode) -> bool:
        """Whether the plan of a node is being made, so that it cannot be asked for."""
        return node in self._planning

    def render(self, node: cst.CSTNode) -> str:
        """Code of an expression with everything in it translated; what that brings along goes to the sink."""
        plan = self.plan(node)
        if plan is not None:
            if plan.value is None:
                raise NoCounterpart("only its effect has a counterpart, and its value is used")
            self.sink.take(plan)
            return plan.value
        from doctranslate.rules.substitute import Substitute

        new = node.visit(Substitute(self))
        return self.module.code_for_node(new) if isinstance(new, cst.CSTNode) else ""

    def verbatim(self, node: cst.CSTNode) -> str:
        """Code of a node as it is in the program."""
        return self.module.code_for_node(node)

    def line(self, node: cst.CSTNode) -> int:
        """1-based line of a node in the source program."""
        return self.inference.tree.line_of.get(node, 0)

    def plan_with_sink(
        self, value: str | None, lines: tuple[str, ...] = (), *, effect: bool = False, native: bool = False
    ) -> Plan:
        """A plan that brings along what is in the sink."""
        sink = self.sink
        return Plan(value, (*sink.lines, *lines), effect, native, tuple(sink.told), frozenset(sink.kept))

    @property
    def has_doubts(self) -> bool:
        """Whether there are attributes that look like uses, on objects of unknown type."""
        return bool(self._doubtful)

    def members_read(self, type_name: str) -> set[str]:
        """Names of all members that the program reads on values of a type."""
        if type_name not in self._members:
            self._members[type_name] = {
                node.attr.value
                for node in self.inference.tree.scope_of
                if isinstance(node, cst.Attribute)
                and isinstance(held := self.inference.value(node.value), Instance)
                and held.type == type_name
            }
        return self._members[type_name]

    # ------------------------------------------------------------------ kinds of expressions
    def _make(self, node: cst.CSTNode) -> Plan | None:
        match node:
            case cst.Call():
                return self._make_call(node)
            case cst.Attribute() if node in self._doubtful:
                return self._make_doubt(node)
            case cst.Attribute():
                return self._make_attribute(node)
            case cst.Name():
                return self._make_name(node)
            case cst.Subscript() | cst.BinaryOperation():
                return self._make_member(node)
            case cst.SimpleString():
                return self.mentions.annotation(node)
            case cst.Tuple():
                return self.mentions.handled(node)
            case cst.ListComp() | cst.GeneratorExp():
                return self.writing.names_of_all(node)
        return None

    def _make_doubt(self, node: cst.Attribute) -> Plan | None:
        """An attribute that looks like one of the library, on an object of unknown type."""
        if self.flow.is_native(node.value):
            return None  # whatever it is, it is still the source library's own
        base: cst.CSTNode = node.value
        while isinstance(base, cst.Attribute | cst.Subscript) and self.inference.value(base.value) is None:
            base = base.value
        reason = f"it cannot be told what {self.verbatim(base)} is; an annotation would tell"
        return self._told(node, node.attr.value, reason, bridged=False)

    def _told(self, node: cst.BaseExpression, symbol: str, reason: str, *, bridged: bool) -> Plan:
        """A use that stays as it is, with what is inside it translated, and is told of."""
        outer, self.sink = self.sink, Sink()
        try:
            code = self.render(node)
            self.sink.told.append(self.bridge.left(node, symbol, reason, bridged=bridged))
            return self.plan_with_sink(code, native=True)
        finally:
            self.sink = outer

    def _make_attribute(self, node: cst.Attribute) -> Plan | None:
        if self.place.is_callee(node) or self.place.is_import_part(node):
            return None
        value = self.inference.value(node)
        return self.mentions.plan(node, value) if isinstance(value, Ref) else self._make_member(node)

    def _make_call(self, node: cst.Call) -> Plan | None:
        func = self.inference.value(node.func)
        if isinstance(func, Ref):
            found = self.api.get(func.path)
            if found is None or found.kind != "class":
                return self._coerced(node) if found is None else None
            kept = self.flow.kept(node)
            return (
                self._use(node, found.name)
                if kept and kept.kept_as == "facet"
                else self.writing.apply(node, found.name)
            )
        if isinstance(func, Bound) and "." in func.symbol and not func.symbol.startswith(CONTAINER_METHODS):
            if not isinstance(func.receiver, Ref) and not self._is_translated(self.definitions.callee(node)):
                return self._make_native_call(node, func.symbol)
            return self._use(node, func.symbol)
        unknown = self._unknown_method(node) if func is None else None
        return self._use(node, unknown) if unknown else self._coerced(node)

    def _unknown_method(self, node: cst.Call) -> str | None:
        """Symbol of a method that the library has at run time only; the target's object would not have it."""
        if not isinstance(node.func, cst.Attribute) or not self._is_translated(node.func):
            return None
        held = self.inference.value(node.func.value)
        kept = self.rules.types.get(held.type) if isinstance(held, Instance) and not held.args else None
        if kept is None or not (kept.native or kept.kept_as == "facet" or kept.name == self.rules.root):
            return None
        return f"{kept.name}.{node.func.attr.value}"

    def _make_native_call(self, node: cst.Call, symbol: str) -> Plan | None:
        """A call on the source library's own object, of a kind that is translated elsewhere: the reader should know."""
        if self.rules.rule(symbol) is None:
            return None
        plan = self._told(node, symbol, "it is called on the source library's own object", bridged=True)
        before, after = self.rules.beside.get(symbol, ("", ""))
        if (
            not (before or after)
            or self.place.value_is_used(node)
            or not isinstance(node.func, cst.Attribute)
        ):
            return plan
        try:
            owner = self.owners.owner(node.func.value)
        except NoCounterpart:
            return plan
        lines = [line.replace("{owner}", owner) for line in (before, plan.value or "", after) if line]
        return replace(plan, value=None, lines=(*plan.lines, *lines), effect=True)

    def _is_translated(self, func: cst.BaseExpression) -> bool:
        """Whether a method is called on a value that the translation has in another form."""
        return isinstance(func, cst.Attribute) and not self.flow.is_native(func.value)

    def _make_member(self, node: cst.Attribute | cst.Subscript | cst.BinaryOperation) -> Plan | None:
        owner = node.left if isinstance(node, cst.BinaryOperation) else node.value
        held = self.inference.value(owner)
        if isinstance(held, OwnInstance):
            return self._variable(node)
        if not isinstance(held, Instance) or "." not in held.type or self.flow.is_native(owner):
            return self._coerced(node)
        if isinstance(node, cst.BinaryOperation) and held.type not in self.rules.types:
            return None
        return self._use(node, self._member_symbol(node, held))

    def _use(self, node: cst.BaseExpression, symbol: str) -> Plan | None:
        """A call or member of the library's."""
        kept = self.flow.kept(node)
        if self.place.is_stored(node):
            return self.bridge.plan(node, "the target has nothing to set here", symbol)
        if not isinstance(node, cst.Call) and isinstance(self.inference.value(node), Bound):
            return self._method(node, symbol)
        reads = not isinstance(node, cst.Call)
        if kept is not None and kept.kept_as == "facet" and self.rules.rule(symbol) is None and reads:
            # A facet has no value of its own: what uses it asks for its owner.
            return self.bridge.plan(node, "", symbol) if self.escape.escapes(node) else None
        rule = self.rules.rule(symbol)
        stays = rule is not None and bool(
            rule.lost
        )  # then what its value meets need not be asked, and may ask
        if kept is not None and not stays and self.place.value_is_used(node) and self.escape.escapes(node):
            return self.bridge.plan(node, "", symbol)
        if self.escape.hashes_elements(node):
            return self.bridge.plan(node, "what the target gives cannot stand in a set", symbol)
        return self._as_text(node, self.writing.apply(node, symbol))

    def _method(self, node: cst.BaseExpression, symbol: str) -> Plan | None:
        """A method that is not called here: a variable for it may vanish, else it is the source library's own."""
        parent = self.place.parent(node)
        if isinstance(parent, cst.Assign) and parent.value is node and self.definitions.vanishes(parent):
            return None
        if isinstance(parent, cst.Element) and self.definitions.vanishes_in(
            self.place.parent(self.place.parent(parent) or parent), node
        ):
            return None
        reason = "it is handed on as a function: what it does with data stays with the source library"
        return self.bridge.plan(node, reason, symbol)

    def _member_symbol(self, node: cst.BaseExpression, held: Instance) -> str:
        value = self.inference.value(node)
        if isinstance(node, cst.Attribute) and not held.args:
            return self.inference.symbol(node) or f"{held.type}.{node.attr.value}"
        if held.args and isinstance(value, Instance):
            element = held.args[0]
            return f"{held.type}[{element.type if isinstance(element, Instance) else ''}]"
        return f"{held.type}.__getitem__"

    def _make_name(self, node: cst.Name) -> Plan | None:
        if self.place.is_stored(node) or self.place.is_no_variable(node):
            return None
        value = self.inference.value(node)
        if isinstance(value, Ref):
            return self.mentions.plan(node, value)
        return self._variable(node) or self.mentions.caught(node)

    def _variable(self, node: cst.Name | cst.Attribute | cst.Subscript | cst.BinaryOperation) -> Plan | None:
        """A variable that holds a value of the library: a facet is read through its definition."""
        kept = self.flow.kept(node)
        if kept is None or self.flow.is_native(node) or self.place.is_stored(node):
            return None
        if self.escape.escapes(node):
            return self.bridge.plan(node, "", kept.name)
        if kept.as_text == "{self}" or not self.place.is_made_text(node):
            return None
        return self._as_text(node, Plan(self.verbatim(node)))

    def _as_text(self, node: cst.BaseExpression, plan: Plan) -> Plan:
        """A value that is printed, in the form that the source library prints."""
        kept = self.flow.kept(node)
        if kept is None or plan.native or plan.value is None or not self.place.is_made_text(node):
            return plan
        return replace(plan, value=kept.as_text.replace("{self}", plan.value))

    def _coerced(self, node: cst.BaseExpression) -> Plan | None:
        """A value that comes out of the program's own code, where a native one is wanted."""
        kept = self.flow.kept(node)
        if (
            kept is None
            or kept.kept_as == "facet"
            or self.flow.is_native(node)
            or not self.escape.escapes(node)
        ):
            return None
        return self.bridge.plan(node, "", kept.name)
