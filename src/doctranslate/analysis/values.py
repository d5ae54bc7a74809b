"""What the inference knows of a value: abstract values, and how an annotation becomes one."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from doctranslate.apis import ApiIndex, ApiObject

if TYPE_CHECKING:
    from doctranslate.analysis.scopes import Scope


@dataclass(frozen=True, slots=True)
class Ref:
    """A module, class or function itself, by dotted path: ``git``, ``git.repo.base.Repo``."""

    path: str


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class, with its type arguments.

    Attributes:
        type: Canonical name (``git.util.IterableList``), or a builtin's (``str``, ``list``, ``tuple``, ``dict``).
        args: Values that the type arguments stand for: element type of a list, key and value of a dict, every item
            of a tuple.
    """

    type: str
    args: tuple[Value | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of an instance, or a function of a class, ready to be called.

    Attributes:
        symbol: Qualified name; a dynamic one (``git.cmd.Git.add``) has no ``api``.
        receiver: What it is bound to.
        api: Its signature, when it has one.
    """

    symbol: str
    receiver: Value | None
    api: ApiObject | None = None


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A function of the program itself."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A class of the program itself."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class OwnInstance:
    """An instance of a class of the program itself."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Partial:
    """A function that was given some of its arguments.

    Attributes:
        result: What calling it gives.
    """

    result: Value | None


Value = Ref | Instance | Bound | OwnFunction | OwnClass | OwnInstance | Partial

CONTAINER_METHODS = ("dict.", "list.", "set.")
"""How symbols of the builtin containers' methods start."""

_CONTAINERS = {
    "list": "list",
    "List": "list",
    "tuple": "list",
    "Tuple": "list",
    "set": "set",
    "frozenset": "set",
    "Set": "set",
    "Sequence": "list",
    "Iterable": "list",
    "Iterator": "list",
    "Generator": "list",
    "Collection": "list",
    "dict": "dict",
    "Dict": "dict",
    "Mapping": "dict",
    "MutableMapping": "dict",
}
_PLAIN = {"str", "bytes", "int", "float", "bool"}


@lru_cache(maxsize=4096)
def _parse(annotation: str) -> ast.expr | None:
    try:
        return ast.parse(annotation.strip().strip("'\""), mode="eval").body
    except SyntaxError:
        return None


def value_of_annotation(annotation: str, api: ApiIndex) -> Value | None:
    """What an annotation of the library says that a value is; None where it says nothing usable.

    Of a union, the first member that the library defines is taken.
    """
    node = _parse(annotation) if annotation else None
    return _value(node, api) if node is not None else None


def _value(node: ast.expr, api: ApiIndex) -> Value | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        inner = _parse(node.value)
        return _value(inner, api) if inner is not None else None
    if isinstance(node, ast.BinOp):
        return _first([node.left, node.right], api)
    if isinstance(node, ast.Subscript):
        name = ast.unparse(node.value)
        last = name.rpartition(".")[2]
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if last in ("Optional", "Union", "Annotated", "ClassVar", "Final"):
            return _first(parts, api)
        args = tuple(_value(part, api) for part in parts)
        if last in _CONTAINERS:
            return Instance(_CONTAINERS[last], args)
        if last in ("type", "Type"):
            return Ref(args[0].type) if args and isinstance(args[0], Instance) else None
        found = api.get(name)
        return Instance(found.name, args) if found is not None and found.kind == "class" else None
    if isinstance(node, ast.Name | ast.Attribute):
        name = ast.unparse(node)
        last = name.rpartition(".")[2]
        if name in _PLAIN:
            return Instance(name)
        if last in _CONTAINERS and name not in api.objects:
            return Instance(_CONTAINERS[last])
        found = api.get(name)
        return Instance(found.name) if found is not None and found.kind == "class" else None
    return None


def _first(nodes: list[ast.expr], api: ApiIndex) -> Value | None:
    values = [value for node in nodes if (value := _value(node, api)) is not None]
    ours = [value for value in values if isinstance(value, Instance) and "." in value.type]
    return next(iter(ours or values), None)


def element_of(value: Value | None) -> Value | None:
    """What iterating over a value gives, where its type says so."""
    if isinstance(value, Instance) and value.type == "tuple":
        return value.args[0] if len(set(value.args)) == 1 else None
    if isinstance(value, Instance) and value.args:
        return value.args[0]
    if isinstance(value, Instance) and value.type == "str":
        return value
    return None
