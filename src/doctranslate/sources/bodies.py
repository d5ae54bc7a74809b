"""What griffe leaves out: the bodies of functions, kept as far as types can be told from them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import griffe

_KEY = "doctranslate"


@dataclass(frozen=True, slots=True)
class Body:
    """What the body of a function says.

    Attributes:
        returns: Expressions after ``return``; None for a bare one.
        imports: Names that it imports, to what they stand for.
        assigned: Attributes of its first parameter that it sets, to the value they get first.
        first: Name of its first parameter, "" when it has none.
        yields: It is a generator.
    """

    returns: tuple[ast.expr | None, ...] = ()
    imports: dict[str, str] = field(default_factory=dict)
    assigned: dict[str, ast.expr | None] = field(default_factory=dict)
    first: str = ""
    yields: bool = False


@dataclass(slots=True)
class _Unread:
    """A function whose body has not been asked for."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    package: str


class Bodies(griffe.Extension):
    """Remembers the syntax tree of each function and property that griffe visits."""

    def on_function_instance(self, *, node: Any, func: griffe.Function, agent: Any, **kwargs: Any) -> None:
        """Called by griffe for each function."""
        _remember(func, node, agent)

    def on_attribute_instance(self, *, node: Any, attr: griffe.Attribute, agent: Any, **kwargs: Any) -> None:
        """Called by griffe for each attribute; a property comes as one."""
        _remember(attr, node, agent)


def _remember(obj: griffe.Object, node: Any, agent: Any) -> None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        module = agent.current.module
        package = module.path if module.is_init_module else module.path.rpartition(".")[0]
        obj.extra[_KEY]["body"] = _Unread(node, package)


def body(obj: griffe.Object) -> Body:
    """The body of a function or property, an empty one when it was not seen."""
    found = obj.extra[_KEY].get("body")
    if isinstance(found, _Unread):
        found = obj.extra[_KEY]["body"] = _read(found.node, package=found.package)
    return found if isinstance(found, Body) else Body()


def _read(function: ast.FunctionDef | ast.AsyncFunctionDef, *, package: str) -> Body:
    arguments = [*function.args.posonlyargs, *function.args.args]
    found = Body(first=arguments[0].arg if arguments else "")
    returns: list[ast.expr | None] = []
    yields = False
    for node in _statements(function.body):
        if isinstance(node, ast.Return):
            returns.append(node.value)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.imports.update(_imported(node, package))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            _assigned(node, found)
        yields = yields or isinstance(getattr(node, "value", None), ast.Yield | ast.YieldFrom)
    return Body(tuple(returns), found.imports, found.assigned, found.first, yields)


def _statements(block: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a block in order, those of inner functions and classes left out."""
    for node in block:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            for inner in getattr(node, name, ()):
                yield from _statements([inner] if isinstance(inner, ast.stmt) else inner.body)


def _imported(node: ast.Import | ast.ImportFrom, package: str) -> dict[str, str]:
    if isinstance(node, ast.Import):
        return {
            a.asname or a.name.partition(".")[0]: a.name if a.asname else a.name.partition(".")[0]
            for a in node.names
        }
    parents = package.split(".")[: len(package.split(".")) - max(0, node.level - 1)] if node.level else []
    origin = ".".join([*parents, *([node.module] if node.module else [])])
    return {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names}


def _assigned(node: ast.Assign | ast.AnnAssign, found: Body) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        for each in target.elts if isinstance(target, ast.Tuple) else [target]:
            if (
                isinstance(each, ast.Attribute)
                and isinstance(each.value, ast.Name)
                and each.value.id == found.first
            ):
                found.assigned.setdefault(each.attr, node.value if each is target else None)
