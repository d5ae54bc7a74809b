"""What the names and expressions of a program may be worth, without running it.

Every binding adds to what its name may be worth, wherever in the program it stands, until nothing changes any
more. What cannot be known stays unknown, and nothing is said about it.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from doctranslate.verification import calling, expressions, members
from doctranslate.verification.annotations import annotated, instances
from doctranslate.verification.base import source_text
from doctranslate.verification.bindings import Walk
from doctranslate.verification.scopes import Binding, Scope
from doctranslate.verification.surface import Surface
from doctranslate.verification.values import (
    FOREIGN,
    NONE,
    NOTHING,
    UNKNOWN,
    Value,
    Values,
    container,
    one,
)

Variable: TypeAlias = tuple[int, str]
"""A scope's number and a name in it; attributes of a program's class live in the class's scope."""

RETURNED, YIELDED = "<return>", "<yield>"
TESTED = -1
"""In place of a scope's number: what an expression, given as text, is tested to be."""

_MAX_VALUES = 12
_MAX_RUNS = 40
_MAX_DEPTH = 60


class Program:
    """A parsed program with the values of its expressions.

    Args:
        tree: The program.
        surface: The library whose types are followed.

    Attributes:
        walk: Scopes, bindings, imports and expressions.
    """

    def __init__(self, tree: ast.Module, surface: Surface) -> None:
        self.tree = tree
        self.surface = surface
        self.walk = Walk(tree)
        self._known: dict[Variable, Values] = {}
        self._readers: dict[Variable, set[int]] = {}
        self._rules: list[Callable[[], None]] = []
        self._running = -1
        self._queue: deque[int] = deque()
        self._queued: set[int] = set()
        self._final: dict[tuple[int, int], tuple[ast.expr, Values]] | None = None
        self._depth = 0
        self._hurried = False
        tests = (call.args[0] for call, _ in self.walk.calls if _is_test(call))
        self._tested = {node.attr for node in tests if isinstance(node, ast.Attribute)}
        self._collect()
        self._solve()
        self._final = {}
        for node, scope in reversed(self.walk.nodes):
            self.values(node, scope)  # inner ones first, so that long chains of calls are each looked at once

    def values(self, node: ast.expr, scope: Scope) -> Values:
        """What an expression may be worth; empty when nothing at all is known about it."""
        key = (id(node), scope.number)
        if self._final is not None and key in self._final:
            return self._final[key][1]
        if self._depth >= _MAX_DEPTH:
            return UNKNOWN
        self._depth += 1
        try:
            found = expressions.evaluate(self, node, scope)
        finally:
            self._depth -= 1
        if self._final is not None:
            # The node is kept as well: the identity of one that is gone may come again.
            self._final[key] = (node, found)
        return found

    # Variables

    def read(self, variable: Variable) -> Values:
        """What a variable may be worth by now; whoever asks is asked again when it changes."""
        if self._running >= 0:
            self._readers.setdefault(variable, set()).add(self._running)
        return self._known.get(variable, NOTHING)

    def add(self, variable: Variable, values: Values) -> None:
        """Add to what a variable may be worth."""
        old = self._known.get(variable, NOTHING)
        new = old | values
        if new != old and (len(new) > _MAX_VALUES or self._hurried):
            new = old | UNKNOWN
        if new == old:
            return
        self._known[variable] = new
        for rule in self._readers.get(variable, ()):
            if rule not in self._queued:
                self._queued.add(rule)
                self._queue.append(rule)

    def lookup(self, name: str, scope: Scope) -> Values:
        """What a plain name is worth as seen from a scope."""
        home = scope.find(name)
        if home is not None:
            return self.read((home.number, name))
        return expressions.unbound(self, name)

    def _solve(self) -> None:
        self._queue.extend(range(len(self._rules)))
        self._queued.update(self._queue)
        n_runs, limit = 0, _MAX_RUNS * len(self._rules)
        while self._queue:
            n_runs += 1
            # A program made to keep this busy: whatever still changes is taken to be anything.
            self._hurried = n_runs > limit
            self._running = self._queue.popleft()
            self._queued.discard(self._running)
            self._rules[self._running]()
        self._running = -1

    # Rules

    def _collect(self) -> None:
        for imported in self.walk.imports:
            if imported.bound:
                home = imported.scope.home(imported.bound)
                path = imported.path if imported.name else self._import_root(imported.module, imported.bound)
                self.add((home.number, imported.bound), self.surface.at(path) if imported.module else FOREIGN)
        for scope in self.walk.scopes:
            self._receiver(scope)
            if isinstance(scope.node, ast.Lambda):
                self._rules.append(partial(self._return, scope.node.body, scope))
        for binding in self.walk.bindings:
            self._rules.append(partial(self._bind, binding))
        for node, scope in self.walk.returned:
            self._rules.append(partial(self._give, node, scope))
        for call, scope in self.walk.calls:
            self._rules.append(partial(calling.flow, self, call, scope))
        for subject, scope in self.walk.matched:
            self._rules.append(partial(self.widen, subject, scope, UNKNOWN))
        self._escapes()

    def _import_root(self, module: str, bound: str) -> str:
        """``import a.b`` binds ``a``; ``import a.b as c`` binds the module ``a.b``."""
        return bound if module.partition(".")[0] == bound else module

    def _receiver(self, scope: Scope) -> None:
        """The first parameter of a method is an instance of its class, or the class."""
        owner, node = scope.owner, scope.node
        if owner is None or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        names = [parameter.arg for parameter in (*node.args.posonlyargs, *node.args.args)]
        if names and "staticmethod" not in scope.decorators:
            of_class = "classmethod" in scope.decorators or node.name in ("__new__", "__init_subclass__")
            kind = Value("own-class" if of_class else "own-object", str(owner.number))
            self.add((scope.number, names[0]), one(kind))

    def _bind(self, binding: Binding) -> None:
        self.assign(binding.target, self._bound(binding), binding.home)

    def _bound(self, binding: Binding) -> Values:
        node, scope = binding.node, binding.scope
        if binding.kind == "definition":
            return self._definition(node)
        if binding.kind == "import":
            return NOTHING
        if binding.kind == "unknown" or not isinstance(node, ast.expr):
            return UNKNOWN
        if binding.kind == "annotation":
            return annotated(node, lambda name: self.values(name, scope))
        found = self.values(node, scope)
        if binding.kind == "element":
            return self.each(found, members.iterated)
        if binding.kind == "entered":
            return self.each(found, members.entered)
        return instances(found) if binding.kind == "raised" else found

    def _definition(self, node: ast.AST) -> Values:
        scope = self.walk.opened[id(node)]
        if scope.opaque:
            return UNKNOWN
        return one(Value("own-class" if scope.kind == "class" else "own-function", str(scope.number)))

    def each(self, values: Values, step: Callable[[Program, Value], Values]) -> Values:
        """What a step gives for any of the values."""
        return frozenset().union(*(step(self, value) for value in values))

    def assign(self, target: ast.expr | str, values: Values, scope: Scope) -> None:
        """Add values to the name, attribute or parts that a target stands for."""
        if isinstance(target, str | ast.Name):
            name = target if isinstance(target, str) else target.id
            self.add((scope.home(name).number, name), values)
        elif isinstance(target, ast.Attribute):
            for owner in self.values(target.value, scope):
                if owner.kind in ("own-object", "own-class"):
                    self.walk.scopes[int(owner.name)].bound.add(target.attr)
                    self.add((int(owner.name), target.attr), values)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, UNKNOWN, scope)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, values, scope)
        elif isinstance(target, ast.Subscript):
            self.put(target.value, scope, values)

    def put(self, node: ast.expr, scope: Scope, values: Values) -> None:
        """Let what is kept in a variable's containers be worth more."""
        for name in {value.name for value in self.values(node, scope) if value.kind == "container"}:
            items = (UNKNOWN, values) if name == "dict" else (values,)
            self.widen(node, scope, container("iter" if name == "tuple" else name, *items))

    def _unpack(self, targets: list[ast.expr], values: Values, scope: Scope) -> None:
        starred = any(isinstance(target, ast.Starred) for target in targets)
        for position, target in enumerate(targets):
            part: Values = NOTHING
            for value in values:
                is_tuple = value.name.rpartition(".")[2] == "tuple" and len(value.items) == len(targets)
                part |= value.items[position] if is_tuple and not starred else members.iterated(self, value)
            self.assign(target, part, scope)

    def widen(self, node: ast.expr, scope: Scope, values: Values) -> None:
        """Let a variable that is bound elsewhere be worth more: a test or a change of it says so."""
        if isinstance(node, ast.Name):
            home = scope.find(node.id)
            if home is not None:
                self.add((home.number, node.id), values)
        elif isinstance(node, ast.Attribute):
            self.assign(node, values, scope)

    def tested(self, node: ast.Attribute) -> Values:
        """What ``isinstance`` tests of an attribute, anywhere in the program, say that it may be."""
        if node.attr not in self._tested:
            return NOTHING
        return self.read((TESTED, source_text(node)))

    def test(self, node: ast.expr, scope: Scope, values: Values) -> None:
        """Take in what an ``isinstance`` test says."""
        if isinstance(node, ast.Attribute):
            self.add((TESTED, source_text(node)), values)
        else:
            self.widen(node, scope, values)

    def _return(self, node: ast.expr | None, scope: Scope) -> None:
        self.add((scope.number, RETURNED), NONE if node is None else self.values(node, scope))

    def _give(self, node: ast.Return | ast.Yield | ast.YieldFrom, scope: Scope) -> None:
        function = scope
        while function.kind == "comprehension" and function.parent is not None:
            function = function.parent
        if isinstance(node, ast.Return):
            self._return(node.value, function)
            return
        given = NONE if node.value is None else self.values(node.value, scope)
        if isinstance(node, ast.YieldFrom):
            given = self.each(given, members.iterated)
        self.add((function.number, YIELDED), given)

    # What is called from places that are not seen

    def _escapes(self) -> None:
        """A function that is handed on may be called with anything."""
        called = {id(call.func) for call, _ in self.walk.calls}
        names = {getattr(scope.node, "name", "") for scope in self.walk.scopes if scope.kind == "function"}
        for node, scope in self.walk.nodes:
            name = (
                node.id
                if isinstance(node, ast.Name)
                else node.attr
                if isinstance(node, ast.Attribute)
                else ""
            )
            if name in names and id(node) not in called:
                self._rules.append(partial(self._escape, node, scope))
        for scope in self.walk.scopes:
            if scope.opaque and scope.kind == "function":
                calling.flood(self, scope)

    def _escape(self, node: ast.expr, scope: Scope) -> None:
        for value in self.values(node, scope):
            if value.kind == "own-function":
                calling.flood(self, self.walk.scopes[int(value.name)])


def _is_test(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "isinstance" and len(call.args) == 2
