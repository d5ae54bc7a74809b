"""Scopes of a program, and what binds each name in them.

A binding keeps the node that gives the name its value; nothing is evaluated here. The inference asks for the
bindings of a name and reads them only then, which keeps the whole linear in the size of the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

BindingKind = Literal[
    "import",
    "value",
    "unpack",
    "rest",
    "in place",
    "element",
    "unpack element",
    "enter",
    "parameter",
    "star",
    "match",
    "function",
    "class",
    "exception",
    "unknown",
]
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


@dataclass(frozen=True, eq=False, slots=True)
class Binding:
    """One place that binds a name.

    Attributes:
        kind: How the name gets its value from ``node``: it is the value, an element of it, what ``with`` enters,
            what is added to the value that it had (``in place``)…
        node: The expression, parameter, definition or None.
        scope: Where ``node`` is evaluated.
        path: Dotted path of an import.
        index: Position in an unpacked tuple.
        inner: Positions in tuples inside that one, outermost first.
        at: Node after which the name is bound: the assignment, the header of a loop…; None from the scope's start.
    """

    kind: BindingKind
    node: cst.CSTNode | None
    scope: Scope
    path: str = ""
    index: int = 0
    inner: tuple[int, ...] = ()
    at: cst.CSTNode | None = None


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class, function, lambda or comprehension.

    Attributes:
        node: Its node.
        parent: The enclosing scope, None for the module.
        bindings: Name to the places that bind it.
        attributes: For a class: attribute of ``self`` to the places that bind it, in any of its methods.
        owner: For a method: the scope of its class.
        self_name: For a method: name of its first parameter, "" for a static method.
        returns: For a function: expressions after ``return``; for a lambda: its body.
        yields: For a function: whether it has a ``yield``.
        yielded_from: For a function: expressions after ``yield from``.
        outer: Names that ``global`` or ``nonlocal`` hand to an enclosing scope.
    """

    node: cst.CSTNode
    parent: Scope | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    owner: Scope | None = None
    self_name: str = ""
    returns: list[cst.BaseExpression] = field(default_factory=list)
    yields: bool = False
    yielded_from: list[cst.BaseExpression] = field(default_factory=list)
    outer: dict[str, Scope] = field(default_factory=dict)

    @property
    def is_context(self) -> bool:
        """Whether this is a generator function that ``contextlib.contextmanager`` makes a context manager of."""
        decorators = self.node.decorators if isinstance(self.node, cst.FunctionDef) else ()
        names = {dotted(d.decorator).rpartition(".")[2] for d in decorators}
        return bool(names & {"contextmanager", "asynccontextmanager"})

    def lookup(self, name: str) -> tuple[Scope, list[Binding]] | None:
        """The scope that binds a name as seen from here, and the bindings; class scopes are not seen through."""
        scope: Scope | None = self
        first = True
        while scope is not None:
            hidden = isinstance(scope.node, cst.ClassDef) and not first
            if not hidden and name in scope.bindings and name not in scope.outer:
                return scope, scope.bindings[name]
            first = False
            scope = scope.parent
        return None

    @property
    def frame(self) -> Scope:
        """The scope that this one runs as a part of: itself, or for a comprehension the one around it."""
        scope = self
        while isinstance(scope.node, _COMPREHENSIONS) and scope.parent is not None:
            scope = scope.parent
        return scope

    def visible(self) -> Iterator[tuple[str, Scope]]:
        """Every name that can be seen from here with the scope that binds it, nearest first."""
        seen: set[str] = set()
        scope: Scope | None = self
        first = True
        while scope is not None:
            if first or not isinstance(scope.node, cst.ClassDef):
                for name in scope.bindings:
                    if name not in seen:
                        seen.add(name)
                        yield name, scope
            first = False
            scope = scope.parent

    @property
    def method_class(self) -> Scope | None:
        """The class whose method this scope is, or lies in."""
        scope: Scope | None = self
        while scope is not None:
            if scope.owner is not None:
                return scope.owner
            scope = scope.parent
        return None

    @property
    def method_self(self) -> str:
        """Name of ``self`` as seen from here, "" outside methods."""
        scope: Scope | None = self
        while scope is not None:
            if scope.owner is not None:
                return scope.self_name
            scope = scope.parent
        return ""


def dotted(node: cst.CSTNode) -> str:
    """``a.b.c`` for a name or an attribute chain of names, "" for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr.value}" if head else ""
    return ""
