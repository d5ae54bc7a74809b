"""What attributes of values are, and what iterating over a value or entering it gives."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from doctranslate.verification import calling
from doctranslate.verification.scopes import Scope
from doctranslate.verification.values import (
    FOREIGN,
    NOTHING,
    UNKNOWN,
    Value,
    Values,
    elements,
    foreign,
    one,
)

if TYPE_CHECKING:
    from doctranslate.verification.inference import Program

_NAMESPACES = ("__dict__", "__builtins__")


def attribute(program: Program, value: Value, name: str) -> Values:
    """What an attribute of a value is; nothing for one that the value is known not to have."""
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


def _own_attribute(program: Program, value: Value, name: str) -> Values:
    """A member of a class of the program: its own, else those of its bases."""
    by_instance = value.kind == "own-object"
    found: set[Value] = set()
    todo, seen = [value.name], set()
    while todo:
        number = todo.pop()
        if number in seen:
            continue
        seen.add(number)
        scope = program.walk.scopes[int(number)]
        held = program.read((scope.number, name))
        for member in held:
            found |= _bound_member(program, member, by_instance=by_instance)
        if held or name in scope.bound:
            continue
        for base in bases(program, scope):
            if base.kind == "own-class":
                todo.append(base.name)
            elif base.kind == "class":
                found |= attribute(program, Value("object" if by_instance else "class", base.name), name)
            else:
                found |= UNKNOWN
    return frozenset(found)


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
    """What ``with value as x`` binds; ``__enter__`` without annotation is taken to give the object itself."""
    if value.kind == "object":
        made = program.surface.special(value, "__enter__")
        return made if made is not None and made != UNKNOWN else one(value)
    if value.kind == "own-object":
        methods = _own_attribute(program, value, "__enter__")
        return program.each(methods, lambda program, method: calling.result(program, method, None, None))
    if value.kind == "container":
        return elements(value)
    return one(value) if value.kind == "foreign" else NOTHING if value.kind == "none" else UNKNOWN
