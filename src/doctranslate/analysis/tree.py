"""One walk over a LibCST tree that notes scopes, parents, places and bindings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

import libcst as cst

from doctranslate.analysis.scopes import Binding, BindingKind, Scope, dotted

_LINE_END = re.compile(r"\r\n?|\n")


class ScopeTree(cst.CSTVisitor):
    """All scopes of a module.

    Attributes:
        module: Scope of the module.
        scope_of: Node to the scope it is evaluated in.
        parent_of: Node to its parent node.
        scope_by_node: Definition, lambda or comprehension to the scope it opens.
        span_of: Node to the ticks of a clock at which it is entered and left, in source order.
        line_of: Node to its 1-based line; for a statement, that of the comments above it.
        calls: Every call, in source order.
        matches: Every ``match`` statement.
        outside: Name of an attribute to the places that set it on something else than ``self``.
        stars: Modules that all names are imported from.
    """

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.module = Scope(module)
        self.scope_of: dict[cst.CSTNode, Scope] = {}
        self.parent_of: dict[cst.CSTNode, cst.CSTNode] = {}
        self.scope_by_node: dict[cst.CSTNode, Scope] = {module: self.module}
        self.span_of: dict[cst.CSTNode, tuple[int, int]] = {}
        self.calls: list[cst.Call] = []
        self.matches: list[cst.Match] = []
        self.outside: dict[str, list[tuple[cst.Attribute, Binding]]] = {}
        self.stars: list[str] = []
        self.line_of: dict[cst.CSTNode, int] = {}
        self._line = 1
        self._clock = 0
        self._elements: dict[cst.CSTNode, cst.BaseExpression] = {}
        self._scopes = [self.module]
        self._nodes: list[cst.CSTNode] = []
        self._foreign: dict[cst.CSTNode, Scope] = {}
        module.visit(self)

    # Every node passes through these two; the scope is pushed before a definition's children are seen.
    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note scope and parent of a node, then visit it."""
        if self._nodes:
            self.parent_of[node] = self._nodes[-1]
        scope = self._foreign.get(node)
        if scope is not None:
            self._scopes.append(scope)
        self.scope_of[node] = self._scopes[-1]
        self._nodes.append(node)
        self._clock += 1
        self.span_of[node] = (self._clock, self._clock)
        self.line_of[node] = self._line
        self._line += _newlines(node)
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Leave a node and the scope it may have opened."""
        super().on_leave(original_node)
        self._nodes.pop()
        self._clock += 1
        self.span_of[original_node] = (self.span_of[original_node][0], self._clock)
        if original_node in self._foreign:
            self._scopes.pop()

    @property
    def gone_through(self) -> Iterable[tuple[cst.CSTNode, cst.BaseExpression]]:
        """Functions that are called with each element of an iterable, and that iterable."""
        return self._elements.items()

    def calls_between(self, start: int, end: int) -> list[cst.Call]:
        """The calls that are entered between two ticks."""
        first = bisect_left(self.calls, start, key=self._entered)
        return self.calls[first : bisect_left(self.calls, end, key=self._entered)]

    def _entered(self, node: cst.CSTNode) -> int:
        return self.span_of[node][0]

    def _open(self, node: cst.CSTNode, inside: list[cst.CSTNode]) -> Scope:
        scope = Scope(node, self._scopes[-1])
        self.scope_by_node[node] = scope
        for child in inside:
            self._foreign[child] = scope
        return scope

    def _bind(self, scope: Scope, name: str, binding: Binding) -> None:
        scope.outer.get(name, scope).bindings.setdefault(name, []).append(binding)

    # ------------------------------------------------------------------ definitions
    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """A class opens a scope for its body."""
        here = self._scopes[-1]
        self._bind(here, node.name.value, Binding("class", node, here, at=node))
        self._open(node, [node.body])

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """A function opens a scope for its body; defaults and annotations are read outside."""
        here = self._scopes[-1]
        self._bind(here, node.name.value, Binding("function", node, here, at=node))
        scope = self._open(node, [node.body])
        names = {d.decorator.value for d in node.decorators if isinstance(d.decorator, cst.Name)}
        if isinstance(here.node, cst.ClassDef):
            scope.owner = here
            if "staticmethod" not in names:
                first = next(iter([*node.params.posonly_params, *node.params.params]), None)
                scope.self_name = first.name.value if first else ""
        self._parameters(scope, node.params)

    def visit_Lambda(self, node: cst.Lambda) -> None:
        """A lambda opens a scope for its body; as a key function its parameter is an element."""
        scope = self._open(node, [node.body])
        scope.returns.append(node.body)
        elements = self._elements.get(node)
        if elements is not None and len(node.params.params) == 1:
            name = node.params.params[0].name.value
            self._bind(scope, name, Binding("element", elements, self._scopes[-1]))
        else:
            self._parameters(scope, node.params)

    def _parameters(self, scope: Scope, params: cst.Parameters) -> None:
        every = [*params.posonly_params, *params.params, *params.kwonly_params]
        for param in every:
            self._bind(scope, param.name.value, Binding("parameter", param, scope))
        if isinstance(params.star_arg, cst.Param):
            self._bind(scope, params.star_arg.name.value, Binding("star", params.star_arg, scope))
        if params.star_kwarg is not None:
            self._bind(scope, params.star_kwarg.name.value, Binding("unknown", params.star_kwarg, scope))

    def _comprehension(self, node: cst.CSTNode, for_in: cst.CompFor, results: list[cst.CSTNode]) -> None:
        scope = self._open(node, results)
        outer = self._scopes[-1]
        loop: cst.CompFor | None = for_in
        while loop is not None:
            for child in (loop.target, *loop.ifs):
                self._foreign[child] = scope
            if outer is scope:
                self._foreign[loop.iter] = scope
            self._target(loop.target, Binding("element", loop.iter, outer), scope)
            outer = scope
            loop = loop.inner_for_in

    def visit_ListComp(self, node: cst.ListComp) -> None:
        """A comprehension opens a scope."""
        self._comprehension(node, node.for_in, [node.elt])

    def visit_SetComp(self, node: cst.SetComp) -> None:
        """A comprehension opens a scope."""
        self._comprehension(node, node.for_in, [node.elt])

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> None:
        """A generator expression opens a scope."""
        self._comprehension(node, node.for_in, [node.elt])

    def visit_DictComp(self, node: cst.DictComp) -> None:
        """A comprehension opens a scope."""
        self._comprehension(node, node.for_in, [node.key, node.value])

    # ------------------------------------------------------------------ bindings
    def _target(self, target: cst.CSTNode, binding: Binding, scope: Scope) -> None:
        if isinstance(target, cst.Name):
            self._bind(scope, target.value, binding)
        elif isinstance(target, cst.Attribute):
            owner = scope.method_class
            own = isinstance(target.value, cst.Name) and target.value.value == scope.method_self
            if owner is not None and own:
                owner.attributes.setdefault(target.attr.value, []).append(binding)
            else:
                self.outside.setdefault(target.attr.value, []).append((target, binding))
        elif isinstance(target, cst.Tuple | cst.List):
            kinds: dict[BindingKind, BindingKind] = {"value": "unpack", "element": "unpack element"}
            if binding.kind in ("unpack", "unpack element"):
                self._inner_targets(target, binding, scope)
                return
            kind = kinds.get(binding.kind, "unknown")
            behind = 0  # what stands behind a star is counted from the end
            for index, element in enumerate(target.elements):
                if isinstance(element, cst.StarredElement):
                    behind = len(target.elements)
                    rest: BindingKind = "rest" if kind == "unpack" else "unknown"
                    self._target(element.value, replace(binding, kind=rest), scope)
                else:
                    self._target(element.value, replace(binding, kind=kind, index=index - behind), scope)

    def _inner_targets(self, target: cst.Tuple | cst.List, binding: Binding, scope: Scope) -> None:
        """``a, (b, c) = value``: what stands inside inner brackets."""
        starred = any(isinstance(element, cst.StarredElement) for element in target.elements)
        for index, element in enumerate(target.elements):
            inner = replace(binding, inner=(*binding.inner, index))
            self._target(element.value, replace(binding, kind="unknown") if starred else inner, scope)

    def visit_Assign(self, node: cst.Assign) -> None:
        """``a = b = value``."""
        here = self._scopes[-1]
        for target in node.targets:
            self._target(target.target, Binding("value", node.value, here, at=node), here)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        """``a: T = value``; without a value the annotation stands for it."""
        here = self._scopes[-1]
        if node.value is not None:
            self._target(node.target, Binding("value", node.value, here, at=node), here)
        else:
            self._target(node.target, Binding("parameter", node, here, at=node), here)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        """``a += value``: what ``a`` was before is a part of what it is now."""
        here = self._scopes[-1]
        self._target(node.target, Binding("in place", node.value, here, at=node), here)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        """``(a := value)`` binds in the nearest scope that is no comprehension."""
        here = self._scopes[-1]
        self._target(node.target, Binding("value", node.value, here, at=node), here.frame)

    def visit_For(self, node: cst.For) -> None:
        """``for a in b``."""
        here = self._scopes[-1]
        self._target(node.target, Binding("element", node.iter, here, at=node.iter), here)

    def visit_With(self, node: cst.With) -> None:
        """``with a as b``."""
        here = self._scopes[-1]
        for item in node.items:
            if item.asname is not None:
                self._target(item.asname.name, Binding("enter", item.item, here, at=item), here)

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        """``except E as e``."""
        here = self._scopes[-1]
        if node.name is not None and node.type is not None:
            self._target(node.name.name, Binding("exception", node.type, here, at=node.name), here)

    def visit_MatchAs(self, node: cst.MatchAs) -> None:
        """``case pattern as a``: of the class that the pattern names, where it names one."""
        here = self._scopes[-1]
        if node.name is not None:
            cls = node.pattern.cls if isinstance(node.pattern, cst.MatchClass) else None
            binding = (
                Binding("match", cls, here, at=node) if cls is not None else Binding("unknown", node, here)
            )
            self._bind(here, node.name.value, binding)

    def visit_Match(self, node: cst.Match) -> None:
        """Remember where a value is told by its class."""
        self.matches.append(node)

    def visit_Import(self, node: cst.Import) -> None:
        """``import a.b as c``."""
        here = self._scopes[-1]
        for alias in node.names:
            path = dotted(alias.name)
            if alias.asname is not None:
                self._bind(
                    here, alias.evaluated_alias or "", Binding("import", node, here, path=path, at=node)
                )
            else:
                root = path.partition(".")[0]
                self._bind(here, root, Binding("import", node, here, path=root, at=node))

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        """``from a import b as c``; relative imports are the program's own."""
        here = self._scopes[-1]
        if node.relative or node.module is None:
            return
        if isinstance(node.names, cst.ImportStar):
            self.stars.append(dotted(node.module))
            return
        for alias in node.names:
            name = alias.evaluated_alias or dotted(alias.name)
            path = f"{dotted(node.module)}.{dotted(alias.name)}"
            self._bind(here, name, Binding("import", node, here, path=path, at=node))

    def visit_Global(self, node: cst.Global) -> None:
        """``global a``: assignments in this function bind the module's name."""
        here = self._scopes[-1]
        here.outer.update((item.name.value, self.module) for item in node.names if here is not self.module)

    def visit_Nonlocal(self, node: cst.Nonlocal) -> None:
        """``nonlocal a``: assignments in this function bind the enclosing function's name."""
        here = self._scopes[-1]
        for item in node.names:
            found = here.parent.lookup(item.name.value) if here.parent is not None else None
            if found is not None:
                here.outer[item.name.value] = found[0]

    def visit_Return(self, node: cst.Return) -> None:
        """Remember what a function returns."""
        if node.value is not None:
            self._function().returns.append(node.value)

    def visit_Yield(self, node: cst.Yield) -> None:
        """Remember that a function is a generator, and of what."""
        scope = self._function()
        scope.yields = True
        if isinstance(node.value, cst.From):
            scope.yielded_from.append(node.value.item)
        elif isinstance(node.value, cst.BaseExpression):
            scope.returns.append(node.value)

    def visit_Call(self, node: cst.Call) -> None:
        """Remember every call: parameters get their types from them, and key functions what they are given."""
        self.calls.append(node)
        given = [arg.value for arg in node.args if arg.keyword is None]
        keys = [arg.value for arg in node.args if arg.keyword is not None and arg.keyword.value == "key"]
        if isinstance(node.func, cst.Attribute) and node.func.attr.value == "sort" and keys:
            self._elements[keys[0]] = node.func.value
        elif isinstance(node.func, cst.Name) and node.func.value in ("sorted", "max", "min"):
            if keys and len(given) == 1:
                self._elements[keys[0]] = given[0]
        elif isinstance(node.func, cst.Name) and node.func.value in ("map", "filter") and len(given) == 2:
            self._elements[given[0]] = given[1]

    def _function(self) -> Scope:
        scope = self._scopes[-1]
        while not isinstance(scope.node, cst.FunctionDef) and scope.parent is not None:
            scope = scope.parent
        return scope


def _newlines(node: cst.CSTNode) -> int:
    """How many lines a token ends."""
    kind = type(node)
    if kind is cst.Newline:
        return 1
    if kind is cst.SimpleString or kind is cst.FormattedStringText or kind is cst.SimpleWhitespace:
        text = str(node.value)  # type: ignore[attr-defined]  # each of these has one
        return len(_LINE_END.findall(text)) if "\n" in text or "\r" in text else 0
    return 0
