"""The walk that fills the scopes: which node stands in which scope, and what binds what."""

from __future__ import annotations

import ast
from collections.abc import Callable

from doctranslate.verification.scopes import (
    Binding,
    BindingKind,
    FunctionNode,
    Imported,
    Scope,
    ScopeKind,
    new_scope,
)

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Walk:
    """Visits every node of a program once, without recursion.

    Args:
        tree: The program.

    Attributes:
        scopes: All scopes, by number; the first is the module's.
        opened: The scope that a definition, lambda or comprehension opens, by the node's identity.
        bindings: In order of the walk.
        imports: Every imported name.
        nodes: Every expression that is read, with the scope it is evaluated in.
        stores: Every attribute that is set or deleted, with its scope.
        calls: Every call, with its scope.
        returned: What functions return or yield, with the function's scope.
        stars: Modules imported with ``*``.
        matched: Subjects of ``match`` statements.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.scopes: list[Scope] = []
        self.opened: dict[int, Scope] = {}
        self.bindings: list[Binding] = []
        self.imports: list[Imported] = []
        self.nodes: list[tuple[ast.expr, Scope]] = []
        self.stores: list[tuple[ast.Attribute, Scope]] = []
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.returned: list[tuple[ast.Return | ast.Yield | ast.YieldFrom, Scope]] = []
        self.stars: list[str] = []
        self.matched: list[tuple[ast.expr, Scope]] = []
        self._todo: list[tuple[ast.AST, Scope]] = []
        self._open("module", tree, None)
        self._later(*reversed(tree.body), scope=self.scopes[0])
        while self._todo:
            node, scope = self._todo.pop()
            visit = _VISITS.get(type(node))
            if visit is not None:
                visit(self, node, scope)
            if type(node) not in _HANDLED:
                children = list(ast.iter_child_nodes(node))
                self._later(*reversed(children), scope=scope)

    def _open(self, kind: ScopeKind, node: ast.AST, parent: Scope | None) -> Scope:
        scope = new_scope(len(self.scopes), kind, node, parent)
        self.scopes.append(scope)
        self.opened[id(node)] = scope
        return scope

    def _later(self, *nodes: ast.AST | None, scope: Scope) -> None:
        self._todo.extend((node, scope) for node in nodes if node is not None)

    def _bind(
        self, target: ast.expr | str, kind: BindingKind, node: ast.AST, scope: Scope, home: Scope
    ) -> None:
        """Note a binding, and bind the plain names in its target."""
        todo: list[ast.expr | str] = [target]
        while todo:
            part = todo.pop()
            if isinstance(part, ast.Tuple | ast.List):
                todo.extend(part.elts)
            elif isinstance(part, ast.Starred):
                todo.append(part.value)
            elif isinstance(part, str | ast.Name):
                name = part if isinstance(part, str) else part.id
                home.home(name).bound.add(name)
        self.bindings.append(Binding(target, kind, node, scope, home))

    # Definitions

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        self._bind(node.name, "definition", node, scope, scope)
        self._type_parameters(node, scope)
        inner = self._open("function", node, scope)
        self._parameters(node, scope, inner)
        self._later(*reversed(node.body), scope=inner)
        self._later(*node.decorator_list, node.returns, scope=scope)

    def _type_parameters(self, node: ast.AST, scope: Scope) -> None:
        scope.bound.update(parameter.name for parameter in getattr(node, "type_params", ()))

    def _lambda(self, node: ast.Lambda, scope: Scope) -> None:
        self.nodes.append((node, scope))
        inner = self._open("function", node, scope)
        self._parameters(node, scope, inner)
        self._later(node.body, scope=inner)

    def _parameters(self, node: FunctionNode, scope: Scope, inner: Scope) -> None:
        spec = node.args
        every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
        stars = [star for star in (spec.vararg, spec.kwarg) if star is not None]
        inner.bound.update(parameter.arg for parameter in (*every, *stars))
        for parameter in every:
            if parameter.annotation is not None:
                self._bind(parameter.arg, "annotation", parameter.annotation, scope, inner)
        positional = [*spec.posonlyargs, *spec.args]
        defaults = zip(reversed(positional), reversed(spec.defaults), strict=False)
        for parameter, default in (*defaults, *zip(spec.kwonlyargs, spec.kw_defaults, strict=True)):
            if default is not None:
                self._bind(parameter.arg, "value", default, scope, inner)
        for star in stars:
            self._bind(star.arg, "unknown", node, scope, inner)
        self._later(*(p.annotation for p in (*every, *stars)), *spec.defaults, *spec.kw_defaults, scope=scope)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        self._bind(node.name, "definition", node, scope, scope)
        self._type_parameters(node, scope)
        inner = self._open("class", node, scope)
        self._later(*reversed(node.body), scope=inner)
        self._later(*node.decorator_list, *node.bases, *(k.value for k in node.keywords), scope=scope)

    def _comprehension(self, node: ast.expr, scope: Scope) -> None:
        self.nodes.append((node, scope))
        inner = self._open("comprehension", node, scope)
        outer = scope
        for generator in node.generators:  # type: ignore[attr-defined]
            self._bind(generator.target, "element", generator.iter, outer, inner)
            self._later(generator.target, *generator.ifs, scope=inner)
            self._later(generator.iter, scope=outer)
            outer = inner
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)  # type: ignore[attr-defined]
        self._later(*parts, scope=inner)

    # Statements

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            self.imports.append(Imported(node, alias.name, "", bound, scope))
            self._bind(bound, "import", alias, scope, scope)

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        module = "" if node.level else node.module or ""
        for alias in node.names:
            bound = "" if alias.name == "*" else alias.asname or alias.name
            self.imports.append(Imported(node, module, alias.name, bound, scope))
            if bound:
                self._bind(bound, "import", alias, scope, scope)
            else:
                self.stars.append(module)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        for target in node.targets:
            self._bind(target, "value", node.value, scope, scope)

    def _annotated_assign(self, node: ast.AnnAssign, scope: Scope) -> None:
        self._bind(node.target, "annotation", node.annotation, scope, scope)
        if node.value is not None:
            self._bind(node.target, "value", node.value, scope, scope)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        self._bind(node.target, "unknown", node, scope, scope)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> None:
        self.nodes.append((node, scope))
        home = scope.home(node.target.id, walrus=True)
        self._bind(node.target, "value", node.value, scope, home)

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        self._bind(node.target, "element", node.iter, scope, scope)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._bind(item.optional_vars, "entered", item.context_expr, scope, scope)

    def _except(self, node: ast.ExceptHandler, scope: Scope) -> None:
        if node.name:
            self._bind(node.name, "raised", node.type or node, scope, scope)

    def _match(self, node: ast.Match, scope: Scope) -> None:
        self.matched.append((node.subject, scope))

    def _type_alias(self, node: ast.AST, scope: Scope) -> None:
        self._bind(node.name, "unknown", node, scope, scope)  # type: ignore[attr-defined]

    def _capture(self, node: ast.AST, scope: Scope) -> None:
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name:
            self._bind(name, "unknown", node, scope, scope)

    def _returned(self, node: ast.Return | ast.Yield | ast.YieldFrom, scope: Scope) -> None:
        self.returned.append((node, scope))

    # Expressions

    def _read(self, node: ast.expr, scope: Scope) -> None:
        if isinstance(getattr(node, "ctx", None), ast.Load):
            self.nodes.append((node, scope))
        elif isinstance(node, ast.Attribute):
            self.stores.append((node, scope))

    def _call(self, node: ast.Call, scope: Scope) -> None:
        self.nodes.append((node, scope))
        self.calls.append((node, scope))


_VISITS: dict[type[ast.AST], Callable[..., None]] = {
    ast.FunctionDef: Walk._function,
    ast.AsyncFunctionDef: Walk._function,
    ast.Lambda: Walk._lambda,
    ast.ClassDef: Walk._class,
    **dict.fromkeys(_COMPREHENSIONS, Walk._comprehension),
    ast.Import: Walk._import,
    ast.ImportFrom: Walk._import_from,
    ast.Assign: Walk._assign,
    ast.AnnAssign: Walk._annotated_assign,
    ast.AugAssign: Walk._augmented,
    ast.NamedExpr: Walk._walrus,
    ast.For: Walk._for,
    ast.AsyncFor: Walk._for,
    ast.With: Walk._with,
    ast.AsyncWith: Walk._with,
    ast.ExceptHandler: Walk._except,
    ast.Match: Walk._match,
    ast.MatchAs: Walk._capture,
    ast.MatchStar: Walk._capture,
    ast.MatchMapping: Walk._capture,
    ast.Return: Walk._returned,
    ast.Yield: Walk._returned,
    ast.YieldFrom: Walk._returned,
    ast.Name: Walk._read,
    ast.Attribute: Walk._read,
    ast.Subscript: Walk._read,
    ast.Call: Walk._call,
}
if hasattr(ast, "TypeAlias"):  # Python 3.12
    _VISITS[ast.TypeAlias] = Walk._type_alias
_HANDLED = {ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *_COMPREHENSIONS}
"""Nodes whose children the visit itself queues, because they stand in another scope."""
