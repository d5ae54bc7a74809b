"""Classes whose constructor is made from their fields: data classes and named tuples."""

from __future__ import annotations

import libcst as cst

from doctranslate.analysis.passing import Handed
from doctranslate.analysis.scopes import Scope, dotted

_DECORATORS = {"dataclass", "define", "frozen", "mutable", "attrs", "s"}
_TUPLES = {"NamedTuple"}
_BASES = {*_TUPLES, "BaseModel", "TypedDict"}


def fields(scope: Scope) -> list[cst.AnnAssign]:
    """The fields that the constructor of a class takes, in order; empty for a class with a constructor of its own."""
    node = scope.node
    if not isinstance(node, cst.ClassDef) or "__init__" in scope.bindings:
        return []
    names = {
        dotted(d.decorator.func if isinstance(d.decorator, cst.Call) else d.decorator)
        for d in node.decorators
    }
    names = {name.rpartition(".")[2] for name in names}
    bases = {dotted(base.value).rpartition(".")[2] for base in node.bases}
    if not names & _DECORATORS and not bases & _BASES:
        return []
    return [
        small
        for line in node.body.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name)
    ]


def is_tuple(scope: Scope) -> bool:
    """Whether a class is a named tuple."""
    bases = scope.node.bases if isinstance(scope.node, cst.ClassDef) else ()
    return any(dotted(base.value).rpartition(".")[2] in _TUPLES for base in bases)


def default_factory(field: cst.AnnAssign) -> cst.BaseExpression | None:
    """What ``field(default_factory=…)`` calls for a field, or None."""
    if not isinstance(field.value, cst.Call):
        return None
    given = [
        a.value
        for a in field.value.args
        if a.keyword is not None and a.keyword.value in ("default_factory", "factory")
    ]
    return given[0] if given else None


def given_for(field: cst.AnnAssign, scope: Scope, calls: list[Handed]) -> list[cst.BaseExpression]:
    """The expressions that the calls of a class give for one of its fields."""
    every = fields(scope)
    if field not in every:
        return []
    place, name = every.index(field), dotted(field.target)
    found: list[cst.BaseExpression] = []
    for call in calls:
        found += [value for key, value in call.keywords if key == name]
        found += call.positional[place : place + 1]
    return found
