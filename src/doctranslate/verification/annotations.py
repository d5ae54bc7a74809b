"""What a value with a given annotation may be."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from functools import lru_cache

from doctranslate.verification.values import FOREIGN, NONE, UNKNOWN, Value, Values, container, one

Resolve = Callable[[ast.expr], Values]
"""Gives the class, or other value, that a plain name in an annotation stands for."""

_ITERABLES = {
    *("Iterable", "Iterator", "Generator", "Sequence", "MutableSequence", "Collection", "Set", "AbstractSet"),
    *(
        "MutableSet",
        "AsyncIterable",
        "AsyncIterator",
        "AsyncGenerator",
        "List",
        "FrozenSet",
        "Deque",
        "deque",
    ),
    *("AbstractContextManager", "ContextManager", "AbstractAsyncContextManager", "AsyncContextManager"),
    *("_GeneratorContextManager", "KeysView", "ValuesView", "Reversible"),
}
_BUILTIN_ITERABLES = {"list", "set", "frozenset"}
_MAPPINGS = {
    "Mapping",
    "MutableMapping",
    "Dict",
    "DefaultDict",
    "defaultdict",
    "OrderedDict",
    "Counter",
    "dict",
}
_AWAITABLES = {"Awaitable", "Coroutine"}
_TRANSPARENT = {"Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "InitVar"}
_BUILTIN_TYPES = {n for n, v in vars(builtins).items() if isinstance(v, type)} - {"object", "type"}


def annotated(node: ast.expr, resolve: Resolve, *, builtin: bool = False, depth: int = 0) -> Values:
    """The values that an annotation allows.

    Args:
        node: The annotation.
        resolve: Looks up a plain or dotted name.
        builtin: Whether ``str`` and its like count as known types; else they are of no interest.
        depth: How many annotations enclose it.
    """
    if depth > 20:
        return UNKNOWN

    def inner(child: ast.expr) -> Values:
        return annotated(child, resolve, builtin=builtin, depth=depth + 1)

    if isinstance(node, ast.Constant):
        return _constant(node, inner)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return inner(node.left) | inner(node.right)
    if isinstance(node, ast.Subscript):
        return _subscript(node, inner, builtin=builtin)
    if isinstance(node, ast.Name | ast.Attribute):
        return _plain(node, resolve, builtin=builtin)
    return UNKNOWN


def _constant(node: ast.Constant, inner: Resolve) -> Values:
    if node.value is None:
        return NONE
    if not isinstance(node.value, str):
        return UNKNOWN
    quoted = parse_annotation(node.value)
    return UNKNOWN if quoted is None else inner(quoted)


@lru_cache(maxsize=4096)
def parse_annotation(text: str) -> ast.expr | None:
    """The expression in a quoted annotation, or None when it is not one."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _tail(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id.rpartition(".")[2] if isinstance(node, ast.Name) else ""


def _plain(node: ast.expr, resolve: Resolve, *, builtin: bool) -> Values:
    tail = _tail(node)
    if isinstance(node, ast.Name) and node.id == "None":
        return NONE
    if isinstance(node, ast.Name) and node.id in _BUILTIN_TYPES:
        return one(Value("object", f"builtins.{node.id}")) if builtin else FOREIGN
    if tail in _ITERABLES or tail in _MAPPINGS:
        return UNKNOWN
    return instances(resolve(node))


def instances(classes: Values) -> Values:
    """Instances of the classes among the values; what is not a class gives something unknown."""
    found: set[Value] = set()
    for value in classes:
        if value.kind == "class":
            found.add(Value("object", value.name))
        elif value.kind == "own-class":
            found.add(Value("own-object", value.name))
        elif value.kind == "container" and value.name == "tuple":
            found.update(*(instances(item) for item in value.items))
        elif value.kind == "foreign" and value.name:
            found.add(Value("foreign", f"{value.name}()"))
        else:
            found |= UNKNOWN
    return frozenset(found)


def _subscript(node: ast.Subscript, inner: Resolve, *, builtin: bool) -> Values:
    tail = _tail(node.value)
    given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if not given:
        return UNKNOWN
    if tail == "Optional":
        return inner(given[0]) | NONE
    if tail == "Union":
        return frozenset().union(*(inner(item) for item in given))
    if tail in _TRANSPARENT:
        return inner(given[0])
    if tail in _BUILTIN_ITERABLES:
        return _collection(tail, inner(given[0]), builtin=builtin)
    if tail in _ITERABLES:
        return container("iter", inner(given[0]))
    if tail in _MAPPINGS:
        return _collection("dict", *(inner(item) for item in given[:2]), builtin=builtin and tail == "dict")
    if tail in ("tuple", "Tuple"):
        if isinstance(given[-1], ast.Constant) and given[-1].value is Ellipsis:
            return container("iter", inner(given[0]))
        return _collection("tuple", *(inner(item) for item in given), builtin=builtin)
    if tail in _AWAITABLES:
        return container("coroutine", inner(given[-1]))
    if tail in ("type", "Type"):
        return frozenset(_class_of(value) for value in inner(given[0]))
    return inner(node.value) if tail not in ("Callable", "Literal") else UNKNOWN


def _class_of(value: Value) -> Value:
    kinds = {"object": "class", "own-object": "own-class"}
    kind = kinds.get(value.kind)
    return Value(kind, value.name) if kind in ("class", "own-class") else Value("unknown")  # type: ignore[arg-type]


def _collection(name: str, *items: Values, builtin: bool) -> Values:
    return container(f"builtins.{name}", *items, kind="object") if builtin else container(name, *items)
