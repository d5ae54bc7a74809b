"""What griffe leaves out: the bodies of functions, kept as far as types can be told from them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
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
        local: Its variables, to the value of one that is assigned once.
        parameters: Names of its parameters.
        first: Name of the parameter that is the object or class, "" where none is.
        yields: It is a generator.
        raises: It has a ``raise``.
    """

    returns: tuple[ast.expr | None, ...] = ()
    imports: dict[str, str] = field(default_factory=dict)
    assigned: dict[str, ast.expr | None] = field(default_factory=dict)
    local: dict[str, ast.expr | None] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    first: str = ""
    yields: bool = False
    raises: bool = False


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

    def on_attribute_node(self, *, node: Any, agent: Any, **kwargs: Any) -> None:
        """Called by griffe for each assignment; it passes over ``A, B = 1, 2``."""
        scope = agent.current
        if not isinstance(node, ast.Assign) or not isinstance(scope, griffe.Module | griffe.Class):
            return
        for target in node.targets:
            for each in target.elts if isinstance(target, ast.Tuple | ast.List) else ():
                if isinstance(each, ast.Name) and each.id not in scope.members:
                    scope.set_member(
                        each.id, griffe.Attribute(each.id, lineno=node.lineno, analysis="static")
                    )

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
    others = [*function.args.kwonlyargs, function.args.vararg, function.args.kwarg]
    parameters = frozenset(a.arg for a in [*arguments, *others] if a is not None)
    is_static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
    found = Body(first=arguments[0].arg if arguments and not is_static else "", parameters=parameters)
    returns: list[ast.expr | None] = []
    yields = raises = False
    for node in _statements(function.body):
        if isinstance(node, ast.Return):
            returns.append(node.value)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.imports.update(_imported(node, package))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            _assigned(node, found)
        raises = raises or isinstance(node, ast.Raise)
        _bind(node, found.local)
        yields = yields or isinstance(getattr(node, "value", None), ast.Yield | ast.YieldFrom)
    return replace(found, returns=tuple(returns), yields=yields, raises=raises)


def _statements(block: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a block in order, those of inner functions and classes left out."""
    for node in block:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            for inner in getattr(node, name, ()):
                yield from _statements([inner] if isinstance(inner, ast.stmt) else inner.body)


def _bind(node: ast.stmt, local: dict[str, ast.expr | None]) -> None:
    """Note the names that a statement binds; a second binding makes the value unknown."""
    value: ast.expr | None
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets, value = [node.target], node.value if isinstance(node, ast.AnnAssign) else None
    elif isinstance(node, ast.For | ast.AsyncFor):
        targets, value = [node.target], None
    elif isinstance(node, ast.With | ast.AsyncWith):
        targets, value = [item.optional_vars for item in node.items if item.optional_vars], None
    else:
        return
    for target in targets:
        if isinstance(target, ast.Name):
            local[target.id] = None if target.id in local else value
        else:
            names = (
                n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            )
            local.update((name, None) for name in names)


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
