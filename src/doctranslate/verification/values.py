"""What an expression may be worth: the abstract values that the inference computes with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ValueKind = Literal[
    "module",  # a module of the target library
    "class",  # one of its classes
    "object",  # an instance of one of its classes, or of a builtin class that the target's API names
    "function",  # one of its functions or methods
    "own-class",  # a class of the program; `name` is the number of its scope
    "own-object",
    "own-function",
    "container",  # a list, dict, tuple… made by the program, or an iterable whose class is not known
    "method",  # a method of a container
    "foreign",  # anything that other packages or Python itself give; `name` is a dotted path
    "unknown",  # could be anything
    "none",
]

_MAX_NESTING = 2
_MAX_HELD = 8
_MAX_FOREIGN = 100


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that an expression may be worth.

    Attributes:
        kind: What it is.
        name: Canonical name in the target library, dotted path, number of a scope, or kind of a container.
        items: What a container holds: one entry for its elements; for a tuple one per position; for a
            dict its keys and its values.
        via: How a function was reached: from an instance, from its class, or from a module ("").
        nesting: How many containers lie within it.
    """

    kind: ValueKind
    name: str = ""
    items: tuple[Values, ...] = ()
    via: Literal["", "class", "object"] = ""
    nesting: int = 0


Values: TypeAlias = frozenset[Value]

UNKNOWN: Values = frozenset({Value("unknown")})
FOREIGN: Values = frozenset({Value("foreign")})
NONE: Values = frozenset({Value("none")})
NOTHING: Values = frozenset()


def one(value: Value) -> Values:
    """The set of just this value."""
    return frozenset({value})


def foreign(path: str) -> Values:
    """A thing of another package, by its dotted path; one whose path grows too long may be anything."""
    return one(Value("foreign", path)) if len(path) <= _MAX_FOREIGN else UNKNOWN


def container(name: str, *items: Values, kind: ValueKind = "container") -> Values:
    """A container; what is nested too deep in it, or too many things, is forgotten."""
    kept = tuple(_few(item) for item in items)
    nesting = max((value.nesting for item in kept for value in item), default=0)
    return one(Value(kind, name, kept, nesting=nesting + 1))


def _few(items: Values) -> Values:
    if len(items) > _MAX_HELD or any(value.nesting >= _MAX_NESTING for value in items):
        return UNKNOWN
    return items


def elements(value: Value) -> Values:
    """What iterating over a container or a builtin object gives."""
    if not value.items:
        return UNKNOWN if value.kind != "container" else NOTHING
    if value.name.rpartition(".")[2] == "tuple":
        return frozenset().union(*value.items)
    return value.items[0]


def is_open(values: Values) -> bool:
    """Whether the values may be something that is not known: then nothing can be said about them."""
    return not values or any(value.kind in ("unknown", "foreign", "container", "method") for value in values)
