"""Decides what becomes of every use of the source library, before anything is written.

A use is planned once and remembered by its node. Its rule writes the translation; where the rule has none, the
use goes over the bridge to the source library's own object, or stays. A value is *native* when it comes over
the bridge (or by a parameter that cannot carry its owner along): uses of a native value are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.scopes import Binding, Scope
from doctranslate.analysis.values import Bound, Instance, OwnFunction, OwnInstance, Ref, Value
from doctranslate.records import Note, Unresolved
from doctranslate.rules.base import NoCounterpart, Rule, RuleSet, Type
from doctranslate.rules.site import OWNER, Site, is_simple

if TYPE_CHECKING:
    from doctranslate.apis import ApiIndex
    from doctranslate.rules.names import Names

# Callables that only look at their arguments: a name given to them need not be turned into an object again.
_LOOKS_ONLY = {
    "print", "str", "repr", "format", "len", "sorted", "list", "set", "tuple", "enumerate", "any", "all",
    "max", "min", "isinstance", "bool", "next", "reversed",
}  # fmt: skip
_CONDITIONAL = (
    cst.Lambda,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.GeneratorExp,
    cst.BooleanOperation,
    cst.IfExp,
    cst.Decorator,
    cst.Param,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of one use, uses inside it included.

    Attributes:
        value: New expression; None when only statements stand for it.
        lines: Statements in front of the statement it is in.
        effect: Its own effect is in the lines: where the use stands alone as a statement, they replace it.
        native: The new expression is the source library's own object.
        unresolved: What was not translated.
        notes: What means something else than before.
        kept: Names of the program that must go on naming the source library.
    """

    value: str | None
    lines: tuple[str, ...] = ()
    effect: bool = False
    native: bool = False
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[Note, ...] = ()
    kept: frozenset[str] = frozenset()


@dataclass
class Sink:
    """Collects what the uses inside an expression bring along while it is rendered."""

    lines: list[str] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)

    def take(self, plan: Plan) -> None:
        """Take over what a plan brings along."""
        self.lines += plan.lines
        self.unresolved += [u for u in plan.unresolved if u not in self.unresolved]
        self.notes += [n for n in plan.notes if n not in self.notes]
        self.kept |= plan.kept


@dataclass
class Planner:
    """Plans one program.

    Args:
        module: The program.
        rules: The rule set.
        inference: Types of the program.
        api: The source library.
        names: Local names of what the translation imports.
        program: What the rule set found out about the program as a whole.
    """

    module: cst.Module
    rules: RuleSet
    inference: Inference
    api: ApiIndex
    names: Names
    program: Any = None
    positions: dict[cst.CSTNode, int] = field(default_factory=dict)
    sink: Sink = field(default_factory=Sink)
    doubtful: set[cst.CSTNode] = field(default_factory=set)
    _plans: dict[cst.CSTNode, Plan | None] = field(default_factory=dict)
    _native: dict[int, bool] = field(default_factory=dict)

    # ------------------------------------------------------------------ entry points
    def plan(self, node: cst.CSTNode) -> Plan | None:
        """What becomes of a node; None when it is no use of the source library, or a native one."""
        if node not in self._plans:
            self._plans[node] = None  # a use inside itself would be a cycle
            self._plans[node] = self._make(node)
        return self._plans[node]

    def render(self, node: cst.CSTNode) -> str:
        """Code of an expression with everything in it translated; what that brings along goes to the sink."""
        plan = self.plan(node)
        if plan is not None:
            if plan.value is None:
                raise NoCounterpart("only its effect has a counterpart, and its value is used")
            self.sink.take(plan)
            return plan.value
        from doctranslate.rules.edit import Substitute

        new = node.visit(Substitute(self))
        return self.module.code_for_node(new) if isinstance(new, cst.CSTNode) else ""

    # ------------------------------------------------------------------ one use
    def _make(self, node: cst.CSTNode) -> Plan | None:
        if isinstance(node, cst.Call):
            return self._make_call(node)
        if isinstance(node, cst.Attribute) and node in self.doubtful:
            what = self._verbatim(node.value)
            reason = f"it cannot be told what {what} is; an annotation would tell"
            doubt = self._unresolved(node, node.attr.value, reason, bridged=False)
            return Plan(self._verbatim(node), native=True, unresolved=(doubt,))
        if isinstance(node, cst.Attribute):
            if self._is_callee(node) or self._is_import_part(node):
                return None
            value = self.inference.value(node)
            if isinstance(value, Ref):
                return self._make_ref(node, value)
            return self._make_member(node)
        if isinstance(node, cst.Name):
            return self._make_name(node)
        if isinstance(node, cst.Subscript | cst.BinaryOperation):
            return self._make_member(node)
        if isinstance(node, cst.SimpleString):
            return self._make_annotation(node)
        if isinstance(node, cst.Tuple):
            return self._make_handled(node)
        return None

    def _make_annotation(self, node: cst.SimpleString) -> Plan | None:
        """A quoted annotation that names a class of the library."""
        if not isinstance(self.inference.tree.parent_of.get(node), cst.Annotation):
            return None
        scope = self.inference.tree.scope_of[node]
        value = self.inference._annotation(node, scope)  # noqa: SLF001 - one subsystem
        targets = self.rules.names.get(value.type) if isinstance(value, Instance) else None
        return Plan(f'"{self.names.local(targets[0])}"') if targets else None

    def _make_call(self, node: cst.Call) -> Plan | None:
        func = self.inference.value(node.func)
        if isinstance(func, Ref):
            found = self.api.get(func.path)
            return self._apply(node, found.name) if found is not None and found.kind == "class" else None
        if not isinstance(func, Bound) or "." not in func.symbol or func.symbol.startswith(("dict.", "list.")):
            return None
        if isinstance(func.receiver, Instance):
            if not isinstance(node.func, cst.Attribute):
                return None
            if self.is_native(node.func.value):
                return None
        return self._apply(node, func.symbol)

    def _make_member(self, node: cst.BaseExpression) -> Plan | None:
        owner = node.left if isinstance(node, cst.BinaryOperation) else node.value  # type: ignore[attr-defined]
        held = self.inference.value(owner)
        if not isinstance(held, Instance) or "." not in held.type or self.is_native(owner):
            return None
        if isinstance(node, cst.BinaryOperation) and held.type not in self.rules.types:
            return None
        if self._own_variable(node):
            return self._variable(node)
        symbol = self._member_symbol(node, held)
        kept = self._kept(node)
        if kept is not None and kept.kept_as == "facet":
            # A facet has no value of its own: what uses it asks for its owner.
            return self._bridge(node, "", symbol) if self._escapes(node) else None
        if kept is not None and kept.kept_as == "name" and self._escapes(node):
            return self._bridge(node, "", symbol)
        return self._apply(node, symbol)

    def _member_symbol(self, node: cst.BaseExpression, held: Instance) -> str:
        value = self.inference.value(node)
        if isinstance(node, cst.Attribute) and not held.args:
            return self.inference.symbol(node) or f"{held.type}.{node.attr.value}"
        if held.args and isinstance(value, Instance):
            element = held.args[0]
            inner = element.type if isinstance(element, Instance) else ""
            return f"{held.type}[{inner}]"
        return f"{held.type}.__getitem__"

    def _make_name(self, node: cst.Name) -> Plan | None:
        parent = self.inference.tree.parent_of.get(node)
        if isinstance(parent, cst.Attribute) and parent.attr is node:
            return None
        if isinstance(parent, cst.Arg) and parent.keyword is node:
            return None
        if isinstance(parent, cst.Param | cst.AssignTarget | cst.FunctionDef | cst.ClassDef | cst.AnnAssign) and (
            getattr(parent, "name", None) is node or getattr(parent, "target", None) is node
        ):
            return None
        if self._is_import_part(node) or isinstance(parent, cst.AsName | cst.NameItem):
            return None
        value = self.inference.value(node)
        if isinstance(value, Ref):
            return self._make_ref(node, value)
        return self._variable(node)

    def _own_variable(self, node: cst.CSTNode) -> bool:
        return isinstance(node, cst.Attribute) and isinstance(self.inference.value(node.value), OwnInstance)

    def _variable(self, node: cst.Name | cst.Attribute) -> Plan | None:  # type: ignore[override]
        """A variable that holds a value of the library: a facet is read through its definition."""
        kept = self._kept(node)
        if kept is None or kept.kept_as == "object" or self.is_native(node):
            return None
        if kept.kept_as == "facet":
            return self._bridge(node, "", kept.name) if self._escapes(node) else None
        if self._escapes(node):
            return self._bridge(node, "", kept.name)
        return None

    def _make_ref(self, node: cst.BaseExpression, ref: Ref) -> Plan | None:
        """A class, exception or module of the library that is named without being called."""
        parent = self.inference.tree.parent_of.get(node)
        if isinstance(parent, cst.Attribute) and parent.value is node:
            inner = self.inference.value(parent)
            if isinstance(inner, Ref | Bound) or inner is not None:
                return None  # part of a longer path
        if isinstance(parent, cst.Call) and parent.func is node:
            return None
        if not self.inference.is_library(ref.path):
            return None
        targets = self.rules.names.get(ref.path)
        if targets is None:
            return self._keep(node, ref.path, "it has no counterpart that could be named here")
        local = [self.names.local(target) for target in targets]
        return Plan(local[0] if len(local) == 1 else f"({', '.join(local)})")

    def _make_handled(self, node: cst.Tuple) -> Plan | None:
        """``except (A, B)``: the errors of both libraries in one tuple, each once."""
        if not isinstance(self.inference.tree.parent_of.get(node), cst.ExceptHandler):
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
            return self._bridge(node, "the rules know no counterpart for it", symbol)
        outer, self.sink = self.sink, Sink()
        try:
            plan = self._written(node, Site(self, node, symbol), rule)
        except NoCounterpart as exc:
            refusal = exc
        else:
            return plan
        finally:
            self.sink = outer
        return self._bridge(node, str(refusal), symbol, before=refusal.before, after=refusal.after)

    def _written(self, node: cst.BaseExpression, site: Site, rule: Rule) -> Plan:
        rewrite = rule.apply(site)
        value, lines = rewrite.value, rewrite.lines
        used = self.value_is_used(node)
        if used and value is None:
            if len(lines) != 1:
                raise NoCounterpart("its value is used, and the target gives none")
            value, lines = lines[0], ()
        if used and lines and not self._can_hoist(node):
            raise NoCounterpart("it takes several statements, and stands where only an expression can")
        if site.owner_code is not None:
            value, lines = self._place_owner(site.owner_code, value, lines, node)
        if value is not None and used:
            value, lines = self._fit_string(value, lines, node)
        if rewrite.note:
            self.sink.notes.append(Note(line=self.line(node), message=rewrite.note))
        return self._plan_with_sink(value, lines, effect=bool(lines) or value is None)

    def _fit_string(
        self, value: str, lines: tuple[str, ...], node: cst.CSTNode
    ) -> tuple[str, tuple[str, ...]]:
        """Inside an f-string an expression may not have its quotes, nor a backslash (before Python 3.12)."""
        parents = self.inference.tree.parent_of
        parent = parents.get(node)
        while parent is not None and not isinstance(parent, cst.FormattedString | cst.BaseStatement):
            parent = parents.get(parent)
        if not isinstance(parent, cst.FormattedString):
            return value, lines
        quote = parent.end[:1]
        if quote not in value and "\\" not in value:
            return value, lines
        other = "'" if quote == '"' else '"'
        if other not in value and "\\" not in value:
            return value.replace(quote, other), lines
        if not self._can_hoist(node):
            raise NoCounterpart("its translation cannot stand in this string")
        name = self.names.fresh("value")
        return name, (*lines, f"{name} = {value}")

    def _plan_with_sink(
        self, value: str | None, lines: tuple[str, ...] = (), *, effect: bool = False, native: bool = False
    ) -> Plan:
        sink = self.sink
        return Plan(
            value,
            (*sink.lines, *lines),
            effect,
            native,
            tuple(sink.unresolved),
            tuple(sink.notes),
            frozenset(sink.kept),
        )

    def _place_owner(
        self, owner: str, value: str | None, lines: tuple[str, ...], node: cst.CSTNode
    ) -> tuple[str | None, tuple[str, ...]]:
        """Put the owner's code where the rule left its mark: in place when it is read once, else in a variable."""
        text = [*lines, *([value] if value is not None else [])]
        if sum(part.count(OWNER) for part in text) > 1:
            if not self._can_hoist(node):
                raise NoCounterpart("its owner would have to be computed twice")
            variable = self.names.fresh("repo")
            lines = (f"{variable} = {owner}", *(line.replace(OWNER, variable) for line in lines))
            return (value.replace(OWNER, variable) if value is not None else None), lines
        lines = tuple(line.replace(OWNER, owner) for line in lines)
        return (value.replace(OWNER, owner) if value is not None else None), lines

    # ------------------------------------------------------------------ the bridge
    def _bridge(
        self,
        node: cst.BaseExpression,
        reason: str,
        symbol: str,
        *,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
    ) -> Plan:
        outer, self.sink = self.sink, Sink()
        try:
            code = self.bridge_code(node)
            reason = reason or "it is handed on as an object, and the target has no such object"
            self.sink.unresolved.append(self._unresolved(node, symbol, reason, bridged=True))
            if self.value_is_used(node):
                before, after = (before if self._can_hoist(node) else ()), ()
            return self._guarded(node, code, before=before, after=after)
        except NoCounterpart as exc:
            return self._keep(node, symbol, f"{reason}; {exc}" if reason else str(exc))
        finally:
            self.sink = outer

    def _guarded(
        self, node: cst.BaseExpression, code: str, *, before: tuple[str, ...], after: tuple[str, ...]
    ) -> Plan:
        """A bridged call fails with the source library's errors; where the program handles those, they are turned."""
        guard = ""
        if self.rules.guard and isinstance(node, cst.Call) and self.is_guarded(node):
            guard = f"with {self.names.prelude(self.rules.guard)}():\n    "
        if not self.value_is_used(node) and (guard or before or after):
            return self._plan_with_sink(None, (*before, f"{guard}{code}", *after), effect=True, native=True)
        if guard and self._can_hoist(node):
            name = self.names.fresh("result")
            return self._plan_with_sink(name, (*before, f"{guard}{name} = {code}"), native=True)
        return self._plan_with_sink(code, before, native=True)

    def bridge_code(self, node: cst.BaseExpression) -> str:
        """Code of an expression on the source library's own objects.

        Raises:
            NoCounterpart: There is no way to them from here.
        """
        value = self.inference.value(node)
        if self.is_native(node):
            return self.render(node)
        if isinstance(value, Instance) and value.type == self.rules.root:
            return self.rules.bridge.replace("{self}", self.render(node))
        kept = self._kept(node)
        if isinstance(node, cst.Name) or self._own_variable(node):
            definition = self.definition(node)
            if kept is not None and kept.native and kept.kept_as != "facet":
                owner = self.rules.bridge.replace("{self}", self.owner(node))
                return kept.native.replace("{owner}", owner).replace("{self}", self._verbatim(node))
            if definition is not None and kept is not None:
                return self.bridge_code(definition)
            raise NoCounterpart("it cannot be told where it comes from")
        if isinstance(node, cst.Attribute):
            return f"{self.bridge_code(node.value)}.{node.attr.value}"
        if isinstance(node, cst.Call):
            if not isinstance(node.func, cst.Attribute):
                raise NoCounterpart("the bridge starts at an object that exists already")
            return f"{self.bridge_code(node.func)}({self._native_arguments(node)})"
        if isinstance(node, cst.Subscript):
            inside = ", ".join(self.module.code_for_node(s).rstrip(", ") for s in node.slice)
            return f"{self.bridge_code(node.value)}[{inside}]"
        if isinstance(node, cst.BinaryOperation):
            return f"({self.bridge_code(node.left)} / {self.render(node.right)})"
        raise NoCounterpart("the bridge does not lead there")

    def _native_arguments(self, node: cst.Call) -> str:
        parts = []
        for arg in node.args:
            code = self.render(arg.value)
            kept = self._kept(arg.value)
            if kept is not None and not self.is_native(arg.value):
                code = kept.as_argument.replace("{self}", code)
            parts.append(f"{arg.star}{f'{arg.keyword.value}=' if arg.keyword else ''}{code}")
        return ", ".join(parts)

    def _keep(self, node: cst.BaseExpression, symbol: str, reason: str) -> Plan:
        """A use that stays as it was: what it imports stays too."""
        root: cst.CSTNode = node
        while isinstance(root, cst.Attribute | cst.Call | cst.Subscript):
            root = root.func if isinstance(root, cst.Call) else root.value
        kept = frozenset([root.value] if isinstance(root, cst.Name) else [])
        unresolved = self._unresolved(node, symbol, reason, bridged=False)
        return Plan(self._verbatim(node), native=True, unresolved=(unresolved,), kept=kept)

    def _unresolved(self, node: cst.CSTNode, symbol: str, reason: str, *, bridged: bool) -> Unresolved:
        return Unresolved(
            line=self.line(node), symbol=symbol, code=self._verbatim(node), reason=reason, bridged=bridged
        )

    # ------------------------------------------------------------------ native or kept
    def _kept(self, node: cst.CSTNode) -> Type | None:
        value = self.inference.value(node)
        if not isinstance(value, Instance):
            return None
        element = value.args[0] if value.args else None
        if isinstance(element, Instance) and (found := self.rules.types.get(f"{value.type}[{element.type}]")):
            return found
        return self.rules.types.get(value.type)

    def is_native(self, node: cst.CSTNode) -> bool:
        """Whether an expression holds an object of the source library itself in the translated program."""
        key = id(node)
        if key not in self._native:
            self._native[key] = False
            self._native[key] = self._decide_native(node)
        return self._native[key]

    def _decide_native(self, node: cst.CSTNode) -> bool:
        value = self.inference.value(node)
        if isinstance(value, Instance) and "." in value.type and not value.args and value.type not in self.rules.types:
            return True
        if isinstance(node, cst.Name) or self._own_variable(node):
            return any(self._binding_is_native(binding, node) for binding in self._bindings(node))
        if isinstance(node, cst.Call):
            func = self.inference.value(node.func)
            if isinstance(func, OwnFunction):
                return self._crosses(node) or any(self.is_native(r) for r in func.scope.returns)
            if isinstance(node.func, cst.Attribute) and self.is_native(node.func.value):
                return True
            plan = self.plan(node)
            return plan is not None and plan.native
        if isinstance(node, cst.Attribute | cst.Subscript):
            if self.is_native(node.value):
                return True
            if isinstance(value, Instance) and (kept := self._kept(node)) and kept.kept_as == "facet":
                return False
            plan = self.plan(node)
            return plan is not None and plan.native
        return isinstance(node, cst.BinaryOperation) and self.is_native(node.left)

    def _crosses(self, node: cst.CSTNode) -> bool:
        """Whether a value of this type loses its owner on the way through a function: then it travels natively."""
        kept = self._kept(node)
        return kept is not None and kept.kept_as != "object"

    def _binding_is_native(self, binding: Binding, node: cst.CSTNode) -> bool:
        if binding.kind == "parameter":
            if self._crosses(node):
                return True
            sites = self.inference._sites(binding.scope)  # noqa: SLF001 - one subsystem
            given = [self.inference._argument(c, binding.scope, binding.node) for c in sites]  # type: ignore[arg-type]  # noqa: SLF001
            return any(self.is_native(arg) for arg in given if arg is not None)
        if binding.kind in ("element", "enter", "value") and binding.node is not None:
            if binding.kind == "element" and self._elements_are_native(binding.node):
                return True
            return self.is_native(binding.node)
        return binding.kind == "unpack" and self._crosses(node)

    def _elements_are_native(self, node: cst.CSTNode) -> bool:
        value = self.inference.value(node)
        if not isinstance(value, Instance) or not value.args or not isinstance(value.args[0], Instance):
            return False
        if "." not in value.args[0].type:
            return False
        plan = self.plan(node)
        return plan is not None and plan.native

    def _bindings(self, node: cst.CSTNode) -> list[Binding]:
        if isinstance(node, cst.Name):
            scope = self.inference.tree.scope_of.get(node)
            found = scope.lookup(node.value) if scope is not None else None
            return found[1] if found else []
        if isinstance(node, cst.Attribute):
            owner = self.inference.value(node.value)
            if isinstance(owner, OwnInstance):
                return owner.scope.attributes.get(node.attr.value, [])
        return []

    # ------------------------------------------------------------------ owners and definitions
    def definition(self, node: cst.CSTNode) -> cst.BaseExpression | None:
        """The expression that a variable stands for wherever it is read, or None.

        Only where the variable is set once, and what it is made of can be read again at the point of use.
        """
        bindings = [b for b in self._bindings(node) if not _is_none_binding(b)]
        if len(bindings) != 1 or bindings[0].kind != "value":
            return None
        binding = bindings[0]
        expression = binding.node
        scope = self.inference.tree.scope_of.get(node)
        if not isinstance(expression, cst.BaseExpression) or scope is None:
            return None
        return expression if self._same_everywhere(expression, binding.scope, scope) else None

    def _same_everywhere(self, node: cst.CSTNode, there: Scope, here: Scope) -> bool:
        """Whether an expression read in two scopes is the same value: its names are set once, and seen from both."""
        if isinstance(node, cst.Name):
            a, b = there.lookup(node.value), here.lookup(node.value)
            return a is not None and b is not None and a[0] is b[0] and len(a[1]) == 1
        if isinstance(node, cst.Attribute):
            owner = self.inference.value(node.value)
            if isinstance(owner, OwnInstance):
                # ``self.repo`` is the same in every method of its class.
                return there.method_class is here.method_class and there.method_self == here.method_self
            return self._same_everywhere(node.value, there, here)
        if isinstance(node, cst.Call):
            inside = [arg.value for arg in node.args]
            return all(self._same_everywhere(n, there, here) for n in [node.func, *inside])
        if isinstance(node, cst.Subscript):
            inside = [e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)]
            return all(self._same_everywhere(n, there, here) for n in [node.value, *inside])
        if isinstance(node, cst.BinaryOperation):
            return all(self._same_everywhere(n, there, here) for n in (node.left, node.right))
        return isinstance(node, cst.SimpleString | cst.Integer | cst.ConcatenatedString | cst.FormattedString)

    def owner(self, node: cst.BaseExpression) -> str:
        """Code of the root object that an expression's value belongs to.

        Raises:
            NoCounterpart: None or several come into question.
        """
        value = self.inference.value(node)
        if isinstance(value, Instance) and value.type == self.rules.root:
            return self.render(node)
        found = self._traced_owner(node)
        if found is not None:
            return found
        visible = sorted(set(self._visible_roots(node)))
        if len(visible) == 1:
            return visible[0]
        short = self.rules.root.rpartition(".")[2]
        raise NoCounterpart(
            f"it cannot be told which {short} it belongs to" + (f" ({', '.join(visible)})" if visible else "")
        )

    def _traced_owner(self, node: cst.BaseExpression) -> str | None:
        if isinstance(node, cst.Name) or self._own_variable(node):
            for binding in self._bindings(node):
                if binding.kind in ("value", "element", "enter") and isinstance(binding.node, cst.BaseExpression):
                    root = self._root(binding.node)
                    here = self.inference.tree.scope_of.get(node)
                    if root is not None and here and self._same_everywhere(root, binding.scope, here):
                        return self.render(root)
            return None
        if isinstance(node, cst.Attribute | cst.Subscript):
            return self.owner(node.value)
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return self.owner(node.func.value)
        if isinstance(node, cst.BinaryOperation):
            return self.owner(node.left)
        return None

    def _root(self, node: cst.CSTNode) -> cst.BaseExpression | None:
        """The sub-expression of a chain that is the root object itself, where it is a plain variable."""
        while True:
            value = self.inference.value(node)
            if isinstance(value, Instance) and value.type == self.rules.root:
                code = self._verbatim(node)
                return node if is_simple(code) and isinstance(node, cst.BaseExpression) else None
            if isinstance(node, cst.Call):
                arguments = [a.value for a in node.args]
                node = arguments[0] if isinstance(node.func, cst.Name) and arguments else node.func
            elif isinstance(node, cst.Attribute | cst.Subscript):
                node = node.value
            elif isinstance(node, cst.BinaryOperation):
                node = node.left
            elif isinstance(node, cst.Name):
                definition = self.definition(node)
                if definition is None:
                    return None
                node = definition
            else:
                return None

    def _visible_roots(self, node: cst.CSTNode) -> Iterator[str]:
        scope = self.inference.tree.scope_of.get(node)
        if scope is None:
            return
        for name, where in scope.visible():
            if self._holds_root(self._same_value(where.bindings[name])):
                yield name
        owner = scope.method_class
        if owner is not None and scope.method_self:
            for name, bindings in owner.attributes.items():
                if self._holds_root(self._same_value(bindings)):
                    yield f"{scope.method_self}.{name}"

    def _same_value(self, bindings: list[Binding]) -> Value | None:
        return self.inference._same([self.inference._binding(b) for b in bindings])  # noqa: SLF001 - one subsystem

    def _holds_root(self, value: Value | None) -> bool:
        return isinstance(value, Instance) and value.type == self.rules.root

    # ------------------------------------------------------------------ where a node stands
    def value_is_used(self, node: cst.CSTNode) -> bool:
        """Whether a node is more than a statement of its own."""
        return not isinstance(self.inference.tree.parent_of.get(node), cst.Expr)

    def is_guarded(self, node: cst.CSTNode) -> bool:
        """Whether a ``try`` around a node handles an error of the source library, or any error."""
        parents = self.inference.tree.parent_of
        child, parent = node, parents.get(node)
        while parent is not None:
            if isinstance(parent, cst.Try) and child is parent.body:
                return any(self._handles(handler) for handler in parent.handlers)
            child, parent = parent, parents.get(parent)
        return False

    def _handles(self, handler: cst.ExceptHandler) -> bool:
        if handler.type is None:
            return True
        kinds = (
            [e.value for e in handler.type.elements] if isinstance(handler.type, cst.Tuple) else [handler.type]
        )
        for kind in kinds:
            value = self.inference.value(kind)
            if (isinstance(value, Ref) and self.inference.is_library(value.path)) or (
                isinstance(kind, cst.Name) and kind.value in ("Exception", "BaseException")
            ):
                return True
        return False

    def _can_hoist(self, node: cst.CSTNode) -> bool:
        """Whether statements can run in front of the statement that a node is in, with the same effect."""
        parents = self.inference.tree.parent_of
        child, parent = node, parents.get(node)
        while parent is not None and not isinstance(parent, cst.BaseStatement):
            if isinstance(parent, _CONDITIONAL):
                return False
            child, parent = parent, parents.get(parent)
        if isinstance(parent, cst.While):
            return False
        if isinstance(parent, cst.If):
            outer = parents.get(parent)
            return not (isinstance(outer, cst.If) and outer.orelse is parent)
        return parent is not None and child is not None

    def _escapes(self, node: cst.CSTNode) -> bool:
        """Whether a value leaves the place where its owner is known: as an argument, a result, an element."""
        parents = self.inference.tree.parent_of
        parent = parents.get(node)
        if isinstance(parent, cst.Arg):
            call = parents.get(parent)
            if isinstance(call, cst.Call):
                func = self.inference.value(call.func)
                if isinstance(func, Bound):
                    return False
                if isinstance(call.func, cst.Name) and call.func.value in _LOOKS_ONLY:
                    return False
                return True
        if isinstance(parent, cst.Return | cst.Yield | cst.Element | cst.DictElement | cst.StarredElement):
            return True
        if isinstance(parent, cst.Assign):
            return not all(self._can_define(node, target.target) for target in parent.targets)
        kept = self._kept(node)
        if kept is not None and kept.kept_as == "facet":
            reads = (cst.Attribute, cst.Subscript, cst.BinaryOperation, cst.Expr)
            return not isinstance(parent, reads)
        return False

    def _can_define(self, node: cst.CSTNode, target: cst.BaseExpression) -> bool:
        kept = self._kept(node)
        if kept is not None and kept.kept_as != "facet":
            return isinstance(target, cst.Name) or self._own_variable(target)
        return self.is_definition(target)

    def is_definition(self, target: cst.CSTNode) -> bool:
        """Whether a facet's variable is read through its definition everywhere, so that it need not exist."""
        if not (isinstance(target, cst.Name) or self._own_variable(target)):
            return False
        bindings = [b for b in self._bindings_of_target(target) if not _is_none_binding(b)]
        if len(bindings) != 1 or not isinstance(bindings[0].node, cst.BaseExpression):
            return False
        where = bindings[0].scope
        return self._same_everywhere(bindings[0].node, where, where)

    def _bindings_of_target(self, target: cst.CSTNode) -> list[Binding]:
        scope = self.inference.tree.scope_of.get(target)
        if isinstance(target, cst.Name) and scope is not None:
            return scope.bindings.get(target.value, [])
        return self._bindings(target)

    def _is_callee(self, node: cst.CSTNode) -> bool:
        parent = self.inference.tree.parent_of.get(node)
        return isinstance(parent, cst.Call) and parent.func is node

    def _is_import_part(self, node: cst.CSTNode) -> bool:
        parent = self.inference.tree.parent_of.get(node)
        while isinstance(parent, cst.Attribute):
            parent = self.inference.tree.parent_of.get(parent)
        return isinstance(parent, cst.ImportAlias | cst.ImportFrom | cst.Import)

    def line(self, node: cst.CSTNode) -> int:
        """1-based line of a node in the source program."""
        return self.positions.get(node, 0)

    def _verbatim(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)


def _is_none_binding(binding: Binding) -> bool:
    return isinstance(binding.node, cst.Name) and binding.node.value == "None"
