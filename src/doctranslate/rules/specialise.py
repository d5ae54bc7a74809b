"""Makes copied functions as short as one program needs them: what no call gives is no parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from doctranslate.rules.assigned import parsed
from doctranslate.rules.fold import fold, with_args
from doctranslate.rules.literals import UNKNOWN, constant

_NOTHING = cst.parse_expression("()")
_NO_KEYWORDS = cst.parse_expression("{}")


def specialise(
    copied: cst.Module,
    program: ast.Module,
    *,
    defaults: Mapping[str, Mapping[str, object]] | None = None,
) -> cst.Module:
    """Shorten functions to what a program, and they themselves, call them for.

    A parameter that always has the same literal value is removed and the value put in its place; what is constant
    then is folded, and functions that nothing mentions any more are left out.

    Args:
        copied: Functions, classes and constants.
        program: What uses them; its calls stay as they are.
        defaults: Method names to keywords to values: what need not be said when a method is called.
    """
    outside = _Uses.of(program.body)
    refused: set[tuple[str, str]] = set()
    body: list[Any] = list(copied.body)
    trees = {id(statement): parsed(statement).body for statement in body}
    while True:
        body, inside = _mentioned(body, trees, outside)
        found = _next(body, outside, inside, refused)
        if found is None:
            return copied.with_changes(body=body)
        function, values = found
        name = function.name.value
        new = _without(function, values, defaults or {})
        if new is None and len(values) > 1:
            first = next(iter(values))
            values = {first: values[first]}
            new = _without(function, values, defaults or {})
        if new is None:
            refused.update((name, each) for each in values)
            continue
        saying = {around for around, call in inside.calls.get(name, ()) if _keywords(call) & set(values)}
        drop = _DropArguments(name, set(values))
        for index, statement in enumerate(body):
            changed: Any = new if statement is function else statement
            if _defined(statement) in saying:
                changed = changed.visit(drop)
            if changed is not statement:
                body[index] = changed
                trees[id(changed)] = parsed(changed).body


def _keywords(call: ast.Call) -> set[str | None]:
    return {keyword.arg for keyword in call.keywords}


@dataclass
class _Uses:
    """How names are used: the calls of each, with the function around the call, and those used otherwise."""

    calls: dict[str, list[tuple[str, ast.Call]]] = field(default_factory=dict)
    handed_on: set[str] = field(default_factory=set)
    names: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, statements: Iterable[ast.stmt]) -> _Uses:
        uses = cls()
        for statement in statements:
            around = getattr(statement, "name", "")
            called = set()
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    uses.calls.setdefault(node.func.id, []).append((around, node))
                    called.add(node.func)
            for node in ast.walk(statement):
                if isinstance(node, ast.Name):
                    uses.names.setdefault(around, set()).add(node.id)
                    if node not in called:
                        uses.handed_on.add(node.id)
        return uses


def _defined(statement: Any) -> str:
    """The name that a statement of the copied code defines."""
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return statement.name.value
    return ""


def _mentioned(
    body: list[Any], trees: Mapping[int, list[ast.stmt]], outside: _Uses
) -> tuple[list[Any], _Uses]:
    """The definitions that something mentions, and how they use each other."""
    names = {_defined(statement) for statement in body}
    inside = _Uses.of(tree for statement in body for tree in trees[id(statement)])
    todo = [*outside.names.values(), inside.names.get("", set())]
    wanted: set[str] = {""}
    while todo:
        for name in (todo.pop() & names) - wanted:
            wanted.add(name)
            todo.append(inside.names.get(name, set()))
    if wanted >= names:
        return body, inside
    kept = [statement for statement in body if _defined(statement) in wanted]
    return kept, _Uses.of(tree for statement in kept for tree in trees[id(statement)])


def _next(
    body: list[Any], outside: _Uses, inside: _Uses, refused: set[tuple[str, str]]
) -> tuple[cst.FunctionDef, dict[str, cst.BaseExpression]] | None:
    """A function with parameters that always have one value."""
    for function in body:
        if not isinstance(function, cst.FunctionDef) or function.decorators:
            continue
        name = function.name.value
        if name in outside.handed_on or name in inside.handed_on:
            continue
        calls = [*outside.calls.get(name, ()), *inside.calls.get(name, ())]
        found = {
            param.name.value: value
            for position, param in _parameters(function)
            if (name, param.name.value) not in refused
            and (value := _value(function, position, param, calls, outside)) is not None
        }
        if found:
            return function, found
    return None


def _parameters(function: cst.FunctionDef) -> list[tuple[int | None, cst.Param]]:
    """The parameters, each with the position where a call can give it."""
    params = function.params
    found: list[tuple[int | None, cst.Param]] = list(enumerate((*params.posonly_params, *params.params)))
    if isinstance(params.star_arg, cst.Param):
        found.append((len(found), params.star_arg))
    found += [(None, param) for param in params.kwonly_params]
    return [*found, (None, params.star_kwarg)] if params.star_kwarg else found


def _value(
    function: cst.FunctionDef,
    position: int | None,
    param: cst.Param,
    calls: list[tuple[str, ast.Call]],
    outside: _Uses,
) -> cst.BaseExpression | None:
    """The literal that a parameter has in every call; None where it differs or is not known."""
    name = param.name.value
    from_outside = {call for _, call in outside.calls.get(function.name.value, ())}
    known = {p.name.value for _, p in _parameters(function)}
    values: list[cst.BaseExpression | None] = []
    for around, call in calls:
        if any(
            isinstance(arg, ast.Starred) for arg in call.args[: None if position is None else position + 1]
        ):
            given_by_star = position is not None
        else:
            given_by_star = position is not None and position < len(call.args)
        if given_by_star or (param.star != "*" and any(keyword.arg is None for keyword in call.keywords)):
            return None
        if param.star:
            if param.star == "**" and any(keyword.arg not in known for keyword in call.keywords):
                return None
            continue
        given = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
        if given is None:
            values.append(param.default)
        elif call in from_outside:
            return None
        elif not (around == function.name.value and isinstance(given, ast.Name) and given.id == name):
            values.append(cst.parse_expression(ast.unparse(given)))
    if param.star:
        return _NOTHING if param.star == "*" else _NO_KEYWORDS
    first = constant(values[0]) if values and values[0] is not None else UNKNOWN
    if first is UNKNOWN or not all(v is not None and _is_same(constant(v), first) for v in values):
        return None
    return values[0]


def _is_same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _without(
    function: cst.FunctionDef,
    values: Mapping[str, cst.BaseExpression],
    defaults: Mapping[str, Mapping[str, object]],
) -> cst.FunctionDef | None:
    """A function without some parameters; None where a value does not stay the same in the function."""
    before = parsed(function)
    if _bound_otherwise(before) & set(values):
        return None
    if any(v is _NO_KEYWORDS and not _is_only_passed_on(before, name) for name, v in values.items()):
        return None
    new = function.with_changes(params=_fewer(function.params, set(values)))
    try:
        new = fold(new, values, defaults=defaults)
        after = parsed(new)
    except SyntaxError:  # quotes inside the quotes of a formatted string
        return None
    left = {node.id for node in ast.walk(after) if isinstance(node, ast.Name)}
    for node in ast.walk(after):
        if isinstance(node, ast.Global | ast.Nonlocal):
            left.update(node.names)
        elif isinstance(node, ast.ExceptHandler | ast.FunctionDef | ast.ClassDef):
            left.add(str(node.name))
    return new if not left & set(values) and _is_generator(after) == _is_generator(before) else None


def _below(tree: ast.Module) -> list[ast.AST]:
    """What is inside a function."""
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 - nothing else is asked about
    return [node for statement in function.body for node in ast.walk(statement)]


def _bound_otherwise(tree: ast.Module) -> set[str]:
    """Names that a function gives values in another way than ``name = value``."""
    below = _below(tree)
    plain: set[ast.AST] = set()
    for node in below:
        if isinstance(node, ast.Assign):
            plain.update(node.targets)
        elif isinstance(node, ast.AugAssign):
            plain.add(node.target)
    names = {
        n.id for n in below if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load) and n not in plain
    }
    return names | {node.arg for node in below if isinstance(node, ast.arg)}


def _is_only_passed_on(tree: ast.Module, name: str) -> bool:
    """Whether the keywords that a function takes are only given to others."""
    below = _below(tree)
    passed = {
        keyword.value
        for node in below
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg is None
    }
    return all(node in passed for node in below if isinstance(node, ast.Name) and node.id == name)


def _is_generator(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(tree))


def _fewer(params: cst.Parameters, names: set[str]) -> cst.Parameters:
    """Parameters without some of them."""

    def left(some: Any) -> list[cst.Param]:
        kept = [param for param in some if param.name.value not in names]
        return [param.with_changes(comma=cst.MaybeSentinel.DEFAULT) for param in kept]

    by_keyword = left(params.kwonly_params)
    star = params.star_arg
    if isinstance(star, cst.ParamStar) or (isinstance(star, cst.Param) and star.name.value in names):
        star = cst.ParamStar() if by_keyword else cst.MaybeSentinel.DEFAULT
    elif isinstance(star, cst.Param):
        star = left([star])[0]
    rest = left([params.star_kwarg]) if params.star_kwarg else []
    return params.with_changes(
        posonly_params=left(params.posonly_params),
        params=left(params.params),
        star_arg=star,
        kwonly_params=by_keyword,
        star_kwarg=rest[0] if rest else None,
    )


class _DropArguments(cst.CSTTransformer):
    """Leaves out arguments wherever a function is called with them."""

    def __init__(self, function: str, names: set[str]) -> None:
        super().__init__()
        self._function = function
        self._names = names

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if not (isinstance(updated_node.func, cst.Name) and updated_node.func.value == self._function):
            return updated_node
        args = [
            arg for arg in updated_node.args if arg.keyword is None or arg.keyword.value not in self._names
        ]
        return updated_node if len(args) == len(updated_node.args) else with_args(updated_node, args)
