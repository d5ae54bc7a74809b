"""What each kind of expression is worth."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from doctranslate.verification import calling
from doctranslate.verification.scopes import Scope
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
_MAX_BASES = 20
_NAMESPACES = ("__dict__", "__builtins__")
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
    return (
        frozenset().union(*(program.surface.at(f"{star}.{name}") for star in program.walk.stars if star))
        or UNKNOWN
    )


def literal_text(node: ast.AST, depth: int = 0) -> str | None:
    """The text that a string expression of literals gives, or None."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    parts: list[ast.AST] = []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
    texts = [literal_text(part, depth + 1) for part in parts] if depth < 40 else []
    return "".join(t for t in texts if t is not None) if texts and None not in texts else None


# Members


def attribute(program: Program, value: Value, name: str) -> Values:
    """What an attribute of a value is."""
    if value.kind in ("module", "class", "object", "function"):
        return program.surface.attribute(value, name)
    if value.kind in ("own-object", "own-class"):
        return _own_attribute(program, value, name)
    if value.kind == "foreign":
        return _foreign_attribute(value, name)
    if value.kind == "container":
        return one(Value("method", f"{value.name}.{name}", value.items))
    return NOTHING if value.kind == "none" else UNKNOWN


def _foreign_attribute(value: Value, name: str) -> Values:
    if not value.name:
        return FOREIGN
    return one(value) if name in _NAMESPACES else foreign(f"{value.name}.{name}")


def _own_attribute(program: Program, value: Value, name: str, depth: int = 0) -> Values:
    scope = program.walk.scopes[int(value.name)]
    found: set[Value] = set()
    for member in program.read((scope.number, name)):
        found |= _bound_member(program, member, by_instance=value.kind == "own-object")
    if name in scope.bound or found:
        return frozenset(found)
    for base in bases(program, scope) if depth < _MAX_BASES else UNKNOWN:
        if base.kind == "own-class":
            found |= _own_attribute(program, Value(value.kind, base.name), name, depth + 1)
        elif base.kind == "class":
            kind = Value("object" if value.kind == "own-object" else "class", base.name)
            found |= attribute(program, kind, name)
        else:
            found |= UNKNOWN
    return frozenset(found) or UNKNOWN


def _bound_member(program: Program, member: Value, *, by_instance: bool) -> Values:
    if member.kind != "own-function":
        return one(member)
    function = program.walk.scopes[int(member.name)]
    if function.decorators & {"property", "cached_property"}:
        return calling.own_result(program, function) if by_instance else UNKNOWN
    if by_instance or "classmethod" in function.decorators:
        return one(Value("own-function", member.name, via="object"))
    return one(member)


def bases(program: Program, scope: Scope) -> Values:
    """The bases of a class of the program."""
    if not isinstance(scope.node, ast.ClassDef) or scope.parent is None:
        return NOTHING
    return frozenset().union(*(program.values(base, scope.parent) for base in scope.node.bases))


# Iterating and entering


def iterated(program: Program, value: Value) -> Values:
    """What iterating over a value gives."""
    if value.kind == "container" or (value.kind == "object" and value.name.startswith("builtins.")):
        return elements(value)
    if value.kind == "object":
        made = program.surface.special(value, "__iter__") or UNKNOWN
        return program.each(made, _stepped)
    if value.kind == "foreign":
        return FOREIGN
    return NOTHING if value.kind == "none" else UNKNOWN


def _stepped(program: Program, iterator: Value) -> Values:
    if iterator.items:
        return elements(iterator)
    return program.surface.special(iterator, "__next__") or UNKNOWN


def entered(program: Program, value: Value) -> Values:
    """What ``with value as x`` binds; an ``__enter__`` without annotation is taken to give the object itself."""
    if value.kind == "object":
        made = program.surface.special(value, "__enter__")
        return made if made is not None and made != UNKNOWN else one(value)
    if value.kind == "own-object":
        methods = _own_attribute(program, value, "__enter__")
        return program.each(methods, lambda program, method: calling.result(program, method, None, None))
    if value.kind == "container":
        return elements(value)
    return one(value) if value.kind == "foreign" else NOTHING if value.kind == "none" else UNKNOWN


# Expressions


def _name(program: Program, node: ast.Name, scope: Scope) -> Values:
    return program.lookup(node.id, scope)


def _attribute(program: Program, node: ast.Attribute, scope: Scope) -> Values:
    owners = program.values(node.value, scope)
    return program.each(owners, lambda program, value: attribute(program, value, node.attr))


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
        found |= program.each(values, iterated) if starred else values
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
