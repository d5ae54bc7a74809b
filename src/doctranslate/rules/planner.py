"""Decides what becomes of every use of the source library, before anything is written.

A use is planned once and remembered by its node. Its rule writes the translation; where the rule has none, the
use goes over the bridge to the source library's own object, or stays. Uses of native values are left as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.scopes import Scope
from doctranslate.analysis.values import CONTAINER_METHODS, Bound, Instance, OwnInstance, Ref
from doctranslate.records import Note
from doctranslate.rules.base import NoCounterpart, Rule, RuleSet
from doctranslate.rules.bridge import Bridge
from doctranslate.rules.flow import Flow
from doctranslate.rules.owners import Owners
from doctranslate.rules.place import Place
from doctranslate.rules.plan import Plan, Sink
from doctranslate.rules.site import OWNER, Site

if TYPE_CHECKING:
    from doctranslate.apis import ApiIndex
    from doctranslate.rules.names import Names

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_ASKS_FOR_CLASS = {"isinstance", "issubclass", "type", "cast", "TypeVar", "NewType", "get_type_hints"}


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
        self.owners = Owners(self)
        self.bridge = Bridge(self)
        self._doubtful = doubtful
        self._plans: dict[cst.CSTNode, Plan | None] = {}
        self._planning: set[cst.CSTNode] = set()

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
        unresolved, notes = tuple(sink.unresolved), tuple(sink.notes)
        return Plan(value, (*sink.lines, *lines), effect, native, unresolved, notes, frozenset(sink.kept))

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
                return self._make_annotation(node)
            case cst.Tuple():
                return self._make_handled(node)
        return None

    def _make_doubt(self, node: cst.Attribute) -> Plan:
        """An attribute that looks like one of the library, on an object of unknown type."""
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
            self.sink.unresolved.append(self.bridge.unresolved(node, symbol, reason, bridged=bridged))
            return self.plan_with_sink(code, native=True)
        finally:
            self.sink = outer

    def _make_attribute(self, node: cst.Attribute) -> Plan | None:
        if self.place.is_callee(node) or self.place.is_import_part(node):
            return None
        value = self.inference.value(node)
        return self._make_ref(node, value) if isinstance(value, Ref) else self._make_member(node)

    def _make_call(self, node: cst.Call) -> Plan | None:
        func = self.inference.value(node.func)
        if isinstance(func, Ref):
            found = self.api.get(func.path)
            if found is None or found.kind != "class":
                return None
            kept = self.flow.kept(node)
            return (
                self._use(node, found.name)
                if kept and kept.kept_as == "facet"
                else self._apply(node, found.name)
            )
        if isinstance(func, Bound) and "." in func.symbol and not func.symbol.startswith(CONTAINER_METHODS):
            if not isinstance(func.receiver, Ref) and not self._is_translated(node.func):
                return self._make_native_call(node, func.symbol)
            return self._use(node, func.symbol)
        return self._coerced(node)

    def _make_native_call(self, node: cst.Call, symbol: str) -> Plan | None:
        """A call on the source library's own object, of a kind that is translated elsewhere: the reader should know."""
        if self.rules.rule(symbol) is None:
            return None
        return self._told(node, symbol, "it is called on the source library's own object", bridged=True)

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
        reads = not isinstance(node, cst.Call) or symbol in self.rules.readers
        if kept is not None and kept.kept_as == "facet" and self.rules.rule(symbol) is None and reads:
            # A facet has no value of its own: what uses it asks for its owner.
            return self.bridge.plan(node, "", symbol) if self.flow.escapes(node) else None
        if kept is not None and self.place.value_is_used(node) and self.flow.escapes(node):
            return self.bridge.plan(node, "", symbol)
        return self._as_text(node, self._apply(node, symbol))

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
        return self._make_ref(node, value) if isinstance(value, Ref) else self._variable(node)

    def _variable(self, node: cst.Name | cst.Attribute | cst.Subscript | cst.BinaryOperation) -> Plan | None:
        """A variable that holds a value of the library: a facet is read through its definition."""
        kept = self.flow.kept(node)
        if kept is None or self.flow.is_native(node) or self.place.is_stored(node):
            return None
        if self.flow.escapes(node):
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
            or not self.flow.escapes(node)
        ):
            return None
        return self.bridge.plan(node, "", kept.name)

    # ------------------------------------------------------------------ names of the library's things
    def _make_ref(self, node: cst.BaseExpression, ref: Ref) -> Plan | None:
        """A class, exception or module of the library that is named without being called."""
        parent = self.place.parent(node)
        if (
            isinstance(parent, cst.Attribute)
            and parent.value is node
            and self.inference.value(parent) is not None
        ):
            return None  # part of a longer path
        if self.place.is_callee(node) or not self.inference.is_library(ref.path):
            return None
        targets = self.rules.names.get(ref.path)
        if self.place.is_base_class(node):
            return self.bridge.keep(node, ref.path, "a subclass of it stays one, and is left as it is")
        if targets is None:
            return self.bridge.keep(node, ref.path, "it has no counterpart that could be named here")
        if ref.path == self.rules.root and self._is_given_as_function(node):
            return Plan(self.names.prelude(self.rules.adopter))
        local = [self.names.local(target) for target in targets]
        return Plan(local[0] if len(local) == 1 else f"({', '.join(local)})")

    def _is_given_as_function(self, node: cst.CSTNode) -> bool:
        """Whether a class is handed to something that will call it: ``map(Repo, paths)``."""
        parent = self.place.parent(node)
        call = self.place.parent(parent) if isinstance(parent, cst.Arg) else None
        if not isinstance(call, cst.Call) or self.place.is_annotation(node):
            return False
        last = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        return not (isinstance(last, cst.Name) and last.value in _ASKS_FOR_CLASS)

    def _make_annotation(self, node: cst.SimpleString) -> Plan | None:
        """A quoted annotation that names classes of the library."""
        if not self.place.is_annotation(node) or "\n" in node.value:
            return None
        scope = self.inference.tree.scope_of[node]
        kept: set[str] = set()

        def replaced(match: re.Match[str]) -> str:
            return self._quoted_name(match[0], scope, kept)

        code = _DOTTED.sub(replaced, node.value)
        return Plan(code, kept=frozenset(kept)) if code != node.value or kept else None

    def _quoted_name(self, path: str, scope: Scope, kept: set[str]) -> str:
        value = self.inference.annotations.named(path, scope)
        if not isinstance(value, Ref) or not self.inference.is_library(value.path):
            return path
        targets = self.rules.names.get(value.path)
        if targets is None:
            kept.add(path.partition(".")[0])
            return path
        local = self.names.local(targets[0])
        self.names.quoted.add(local)
        return local

    def _make_handled(self, node: cst.Tuple) -> Plan | None:
        """``except (A, B)``: the errors of both libraries in one tuple, each once."""
        if not isinstance(self.place.parent(node), cst.ExceptHandler):
            return None
        codes: list[str] = []
        found = False
        for element in node.elements:
            value = self.inference.value(element.value)
            targets = self.rules.names.get(value.path) if isinstance(value, Ref) else None
            found = found or targets is not None
            codes += [self.names.local(t) for t in targets] if targets else [self.render(element.value)]
        codes = list(dict.fromkeys(codes))
        return Plan(codes[0] if len(codes) == 1 else f"({', '.join(codes)})") if found else None

    # ------------------------------------------------------------------ applying a rule
    def _apply(self, node: cst.BaseExpression, symbol: str) -> Plan:
        rule = self.rules.rule(symbol)
        if rule is None:
            return self.bridge.plan(node, "the rules know no counterpart for it", symbol)
        outer, self.sink = self.sink, Sink()
        try:
            return self._written(node, Site(self, node, symbol), rule)
        except NoCounterpart as exc:
            refusal = exc
        finally:
            self.sink = outer
        return self.bridge.plan(node, str(refusal), symbol, before=refusal.before, after=refusal.after)

    def _written(self, node: cst.BaseExpression, site: Site, rule: Rule) -> Plan:
        rewrite = rule.apply(site)
        value, lines = rewrite.value, rewrite.lines
        used = self.place.value_is_used(node)
        if used and value is None:
            if len(lines) != 1:
                raise NoCounterpart("its value is used, and the target gives none")
            value, lines = lines[0], ()
        if used and (lines or self.sink.lines) and not self.place.can_hoist(node):
            raise NoCounterpart("it takes several statements, and stands where only an expression can")
        if site.owner_code is not None:
            value, lines = self._place_owner(site.owner_code, value, lines, node)
        if value is not None and used:
            value, lines = self._fit_string(value, lines, node)
        if rewrite.note:
            self.sink.notes.append(Note(line=self.line(node), message=rewrite.note))
        return self.plan_with_sink(value, lines, effect=bool(lines) or value is None)

    def _fit_string(
        self, value: str, lines: tuple[str, ...], node: cst.CSTNode
    ) -> tuple[str, tuple[str, ...]]:
        """Inside an f-string an expression may not have its quotes, nor a backslash (before Python 3.12)."""
        parent = self.place.parent(node)
        while parent is not None and not isinstance(parent, cst.FormattedString | cst.BaseStatement):
            parent = self.place.parent(parent)
        if not isinstance(parent, cst.FormattedString):
            return value, lines
        quote = parent.end[:1]
        if quote not in value and "\\" not in value:
            return value, lines
        other = "'" if quote == '"' else '"'
        if other not in value and "\\" not in value:
            return value.replace(quote, other), lines
        if not self.place.can_hoist(node):
            raise NoCounterpart("its translation cannot stand in this string")
        name = self.names.fresh("value")
        return name, (*lines, f"{name} = {value}")

    def _place_owner(
        self, owner: str, value: str | None, lines: tuple[str, ...], node: cst.CSTNode
    ) -> tuple[str | None, tuple[str, ...]]:
        """Put the owner's code where the rule left its mark: in place when it is read once, else in a variable."""
        text = [*lines, *([value] if value is not None else [])]
        if sum(part.count(OWNER) for part in text) > 1:
            if not self.place.can_hoist(node):
                raise NoCounterpart("its owner would have to be computed twice")
            variable = self.names.fresh("repo")
            lines = (f"{variable} = {owner}", *(line.replace(OWNER, variable) for line in lines))
            return (value.replace(OWNER, variable) if value is not None else None), lines
        lines = tuple(line.replace(OWNER, owner) for line in lines)
        return (value.replace(OWNER, owner) if value is not None else None), lines
