"""Which scope each name of a program lives in, and where it is bound: one pass over the tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ScopeKind = Literal["module", "class", "function", "comprehension"]
FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
BindingKind = Literal[
    "value", "element", "entered", "raised", "annotation", "definition", "import", "unknown"
]

_TRANSPARENT_DECORATORS = {
    *("staticmethod", "classmethod", "property", "cached_property", "contextmanager", "asynccontextmanager"),
    *("lru_cache", "cache", "wraps", "abstractmethod", "override", "final", "setter", "getter", "deleter"),
    *("no_type_check", "deprecated", "total_ordering", "dataclass"),
}


@dataclass(eq=False)
class Scope:
    """A namespace of the program.

    Attributes:
        number: Names it in values.
        kind: What opens it.
        node: The module, class, function or comprehension.
        parent: The scope around it.
        bound: The names bound in it.
        elsewhere: Names declared ``global`` or ``nonlocal`` in it, and the scope they live in.
        decorators: Last parts of the decorators' names.
        opaque: Whether a decorator may change what it is.
        yields: Whether it is a generator.
    """

    number: int
    kind: ScopeKind
    node: ast.AST
    parent: Scope | None = None
    bound: set[str] = field(default_factory=set)
    elsewhere: dict[str, Literal["global", "nonlocal"]] = field(default_factory=dict)
    decorators: frozenset[str] = frozenset()
    opaque: bool = False
    yields: bool = False

    def up(self) -> Iterator[Scope]:
        """The scopes whose names can be seen from here, innermost first."""
        yield self
        scope = self.parent
        while scope is not None:
            if scope.kind != "class":
                yield scope
            scope = scope.parent

    @property
    def module(self) -> Scope:
        """The scope of the whole program."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def find(self, name: str) -> Scope | None:
        """The scope that binds a name as seen from here, or None."""
        declared = self.elsewhere.get(name)
        if declared == "global":
            return self.module if name in self.module.bound else None
        for scope in self.up():
            if scope is self and declared:
                continue
            if scope.elsewhere.get(name) == "global":
                return self.module
            if name in scope.bound:
                return scope
        return None

    def home(self, name: str, *, walrus: bool = False) -> Scope:
        """The scope that a binding of the name from here writes to."""
        scope = self
        while walrus and scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        declared = scope.elsewhere.get(name)
        if declared == "global":
            return scope.module
        if declared == "nonlocal" and scope.parent is not None:
            return scope.parent.find(name) or scope
        return scope

    @property
    def owner(self) -> Scope | None:
        """The class whose method this is, or None."""
        return (
            self.parent if self.kind == "function" and self.parent and self.parent.kind == "class" else None
        )


@dataclass(frozen=True, slots=True)
class Binding:
    """One place where a name, or an attribute, gets a value.

    Attributes:
        target: A name, attribute, subscript, tuple… as the tree has it; a plain string for a name.
        kind: How the value comes from the node.
        node: The expression (or definition, import alias) it comes from.
        scope: Where the node is evaluated.
        home: Where the target lives.
    """

    target: ast.expr | str
    kind: BindingKind
    node: ast.AST
    scope: Scope
    home: Scope


@dataclass(frozen=True, slots=True)
class Imported:
    """One name that an import statement asks for.

    Attributes:
        statement: The statement.
        module: Dotted name of the module, "" for a relative import.
        name: What is taken from it: "" for ``import module``, ``*`` for all.
        bound: The name it binds, or "".
        scope: Where.
    """

    statement: ast.Import | ast.ImportFrom
    module: str
    name: str
    bound: str
    scope: Scope

    @property
    def path(self) -> str:
        """The dotted path that is imported."""
        return f"{self.module}.{self.name}" if self.name and self.name != "*" else self.module


def decorator_tail(node: ast.expr) -> str:
    """The last part of a decorator's name."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def new_scope(number: int, kind: ScopeKind, node: ast.AST, parent: Scope | None) -> Scope:
    """A scope, with what its node says about it."""
    scope = Scope(number, kind, node, parent)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        scope.decorators = frozenset(decorator_tail(d) for d in node.decorator_list)
        scope.opaque = bool(scope.decorators - _TRANSPARENT_DECORATORS)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module | ast.ClassDef):
        for inner in _own(node):
            if isinstance(inner, ast.Global):
                scope.elsewhere.update(dict.fromkeys(inner.names, "global"))
            elif isinstance(inner, ast.Nonlocal):
                scope.elsewhere.update(dict.fromkeys(inner.names, "nonlocal"))
            elif isinstance(inner, ast.Yield | ast.YieldFrom):
                scope.yields = True
    return scope


def _own(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Module | ast.ClassDef) -> Iterator[ast.AST]:
    todo: list[ast.AST] = list(node.body)
    while todo:
        inner = todo.pop()
        yield inner
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo.extend(ast.iter_child_nodes(inner))
