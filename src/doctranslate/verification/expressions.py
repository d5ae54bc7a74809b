"""What each kind of expression is worth."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from doctranslate.verification import calling, members
from doctranslate.verification.scopes import Scope
from doctranslate.verification.texts import folded_text
from doctranslate.verification.values import (
    FOREIGN,
    NONE,
    NOTHING,
    UNKNOWN,
    Value,
    Values,
    container,
    elements,
    foreign,
    one,
)

if TYPE_CHECKING:
    from doctranslate.verification.inference import Program

_MAX_ELEMENTS = 200
MODULE_NAMES = {
    *(
        "__name__",
        "__file__",
        "__doc__",
        "__package__",
        "__spec__",
        "__loader__",
        "__path__",
        "__annotations__",
    ),
    *("__builtins__", "__debug__", "__class__", "__module__", "__qualname__", "__dict__", "__cached__"),
}


def evaluate(program: Program, node: ast.expr, scope: Scope) -> Values:
    """What an expression may be worth.

    Args:
        program: The program it stands in.
        node: The expression.
        scope: Where it is evaluated.
    """
    rule = _RULES.get(type(node))
    return rule(program, node, scope) if rule is not None else FOREIGN


def unbound(program: Program, name: str) -> Values:
    """What a name is worth that the program does not bind: a builtin, or something from a star import."""
    if name == "__builtins__":
        return foreign("builtins")
    if hasattr(builtins, name):
        return foreign(f"builtins.{name}")
    if name in MODULE_NAMES:
        return FOREIGN
    stars = [program.surface.at(f"{star}.{name}") for star in program.walk.stars if star]
    return frozenset().union(*stars) or UNKNOWN


def literal_text(node: ast.AST) -> str | None:
    """The text that a string expression of literals gives, or None."""
    return folded_text(node)


# Expressions


def _name(program: Program, node: ast.Name, scope: Scope) -> Values:
    return program.lookup(node.id, scope)


def _attribute(program: Program, node: ast.Attribute, scope: Scope) -> Values:
    owners = program.values(node.value, scope)
    found = program.each(owners, lambda program, value: members.attribute(program, value, node.attr))
    return found | program.tested(node)


def _call(program: Program, node: ast.Call, scope: Scope) -> Values:
    functions = program.values(node.func, scope)
    return program.each(functions, lambda program, value: calling.result(program, value, node, scope))


def _constant(program: Program, node: ast.Constant, scope: Scope) -> Values:
    return NONE if node.value is None else FOREIGN


def _either(program: Program, node: ast.IfExp, scope: Scope) -> Values:
    return program.values(node.body, scope) | program.values(node.orelse, scope)


def _boolean(program: Program, node: ast.BoolOp, scope: Scope) -> Values:
    return frozenset().union(*(program.values(value, scope) for value in node.values))


def _inner(program: Program, node: Any, scope: Scope) -> Values:
    return program.values(node.value, scope)


def _await(program: Program, node: ast.Await, scope: Scope) -> Values:
    found = program.values(node.value, scope)
    return program.each(found, lambda _, value: elements(value) if value.name == "coroutine" else one(value))


def _sequence(program: Program, node: ast.List | ast.Set, scope: Scope) -> Values:
    return container("list" if isinstance(node, ast.List) else "set", _union(program, node.elts, scope))


def _union(program: Program, nodes: list[ast.expr], scope: Scope) -> Values:
    found: Values = UNKNOWN if len(nodes) > _MAX_ELEMENTS else NOTHING
    for node in nodes[:_MAX_ELEMENTS]:
        starred = isinstance(node, ast.Starred)
        values = program.values(node, scope)
        found |= program.each(values, members.iterated) if starred else values
    return found


def _tuple(program: Program, node: ast.Tuple, scope: Scope) -> Values:
    if len(node.elts) > 10 or any(isinstance(element, ast.Starred) for element in node.elts):
        return container("iter", _union(program, node.elts, scope))
    return container("tuple", *(program.values(element, scope) for element in node.elts))


def _dict(program: Program, node: ast.Dict, scope: Scope) -> Values:
    keys = [key for key in node.keys if key is not None]
    more = UNKNOWN if len(keys) < len(node.keys) else NOTHING
    return container("dict", _union(program, keys, scope), _union(program, node.values, scope) | more)


def _comprehension(program: Program, node: Any, scope: Scope) -> Values:
    return container("list", program.values(node.elt, program.walk.opened[id(node)]))


def _dict_comprehension(program: Program, node: ast.DictComp, scope: Scope) -> Values:
    inner = program.walk.opened[id(node)]
    return container("dict", program.values(node.key, inner), program.values(node.value, inner))


def _lambda(program: Program, node: ast.Lambda, scope: Scope) -> Values:
    return one(Value("own-function", str(program.walk.opened[id(node)].number)))


def _binary(program: Program, node: ast.BinOp, scope: Scope) -> Values:
    left = program.values(node.left, scope)
    if isinstance(node.op, ast.Div) and left and all(value.kind == "foreign" for value in left):
        return left  # a path joined to another is a path
    known = left | program.values(node.right, scope)
    return FOREIGN if all(value.kind in ("foreign", "none") for value in known) else UNKNOWN


def _subscript(program: Program, node: ast.Subscript, scope: Scope) -> Values:
    owners = program.values(node.value, scope)
    return program.each(owners, lambda program, value: _item(program, value, node.slice))


def _item(program: Program, value: Value, index: ast.expr) -> Values:
    if value.kind == "class":
        return one(value)
    if value.kind == "object" and not value.name.startswith("builtins."):
        return program.surface.special(value, "__getitem__") or UNKNOWN
    if value.kind in ("container", "object"):
        return _element(value, index)
    if value.kind == "foreign":
        return _foreign_item(program, value, index)
    return NOTHING if value.kind == "none" else UNKNOWN


def _element(value: Value, index: ast.expr) -> Values:
    if isinstance(index, ast.Slice):
        return one(value)
    kind = value.name.rpartition(".")[2]
    if kind == "dict":
        return value.items[-1] if len(value.items) > 1 else UNKNOWN
    position = index.value if isinstance(index, ast.Constant) else None
    if kind == "tuple" and isinstance(position, int) and 0 <= position < len(value.items):
        return value.items[position]
    return elements(value)


def _foreign_item(program: Program, value: Value, index: ast.expr) -> Values:
    key = literal_text(index)
    if value.name == "sys.modules" and key:
        return program.surface.at(key)
    if value.name == "builtins.globals()" and key:
        home = program.walk.scopes[0]
        return program.read((home.number, key)) if key in home.bound else unbound(program, key)
    if key and value.name and "()" not in value.name:
        return foreign(f"{value.name}.{key}")
    return foreign(f"{value.name}[]") if value.name and not value.name.endswith("[]") else one(value)


_RULES: dict[type[ast.expr], Callable[[Program, Any, Scope], Values]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Constant: _constant,
    ast.IfExp: _either,
    ast.BoolOp: _boolean,
    ast.NamedExpr: _inner,
    ast.Starred: _inner,
    ast.Await: _await,
    ast.List: _sequence,
    ast.Set: _sequence,
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.Lambda: _lambda,
    ast.BinOp: _binary,
    ast.Subscript: _subscript,
}


def target_names(target: ast.expr | str) -> Iterator[str]:
    """The names and attributes that an assignment gives a value.

    Args:
        target: As scopes keep it.
    """
    if isinstance(target, str):
        yield target
        return
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
