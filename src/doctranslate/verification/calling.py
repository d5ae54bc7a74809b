"""What calls give, and what they hand to the functions of the program."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from doctranslate.verification import expressions, members
from doctranslate.verification.annotations import annotated, instances
from doctranslate.verification.scopes import Scope
from doctranslate.verification.values import (
    FOREIGN,
    NOTHING,
    UNKNOWN,
    Value,
    Values,
    container,
    elements,
    foreign,
    is_open,
    one,
)

if TYPE_CHECKING:
    from doctranslate.verification.inference import Program

RETURNED, YIELDED = "<return>", "<yield>"
_IMPORTERS = {"importlib.import_module", "builtins.__import__", "importlib.__import__"}


def result(program: Program, value: Value, call: ast.Call | None, scope: Scope | None) -> Values:
    """What calling a value gives.

    Args:
        program: The program.
        value: What is called.
        call: The call, or None for one that Python makes by itself.
        scope: Where the call stands.
    """
    if value.kind in ("class", "object", "function"):
        return program.surface.returned(value)
    if value.kind == "own-class":
        return one(Value("own-object", value.name))
    if value.kind == "own-function":
        return own_result(program, program.walk.scopes[int(value.name)])
    if value.kind == "own-object":
        methods = members.attribute(program, value, "__call__")
        return program.each(methods - {value}, lambda p, m: result(p, m, call, scope) if m.via else UNKNOWN)
    if value.kind == "method":
        return _method(value)
    if value.kind == "foreign":
        return _foreign(program, value, call, scope)
    return NOTHING if value.kind == "none" else UNKNOWN


def own_result(program: Program, function: Scope) -> Values:
    """What a call of a function of the program gives: by its annotation, else by its return statements."""
    if function.opaque:
        return UNKNOWN
    node = function.node
    given: Values = NOTHING
    if not isinstance(node, ast.Lambda) and getattr(node, "returns", None) is not None:
        outer = function.parent or function
        given = annotated(node.returns, lambda name: program.values(name, outer))  # type: ignore[attr-defined]
    if is_open(given):
        read = YIELDED if function.yields else RETURNED
        found = program.read((function.number, read))
        given = container("iter", found) if function.yields else found
    return container("coroutine", given) if isinstance(node, ast.AsyncFunctionDef) else given


# What other people's functions give


def _foreign(program: Program, value: Value, call: ast.Call | None, scope: Scope | None) -> Values:
    if call is None or scope is None:
        return FOREIGN
    special = _SPECIAL.get(value.name)
    if special is not None:
        return special(program, call, scope)
    if value.name in _IMPORTERS:
        return _imported(program, value.name, call)
    return foreign(f"{value.name}()") if value.name else FOREIGN


def _imported(program: Program, importer: str, call: ast.Call) -> Values:
    text = expressions.literal_text(call.args[0]) if call.args else None
    if text is None:
        return foreign(f"{importer}()")
    top_only = importer.endswith("__import__") and len(call.args) < 4 and not call.keywords
    return program.surface.at(text.partition(".")[0] if top_only else text)


def _getattr(program: Program, call: ast.Call, scope: Scope) -> Values:
    name = expressions.literal_text(call.args[1]) if len(call.args) > 1 else None
    if name is None:
        return UNKNOWN
    owners = program.values(call.args[0], scope)
    found = program.each(owners, lambda program, value: members.attribute(program, value, name))
    return found | program.values(call.args[2], scope) if len(call.args) > 2 else found


def _super(program: Program, call: ast.Call, scope: Scope) -> Values:
    inner: Scope | None = scope
    while inner is not None and inner.owner is None:
        inner = inner.parent
    return instances(members.bases(program, inner.owner)) if inner and inner.owner else UNKNOWN


def _same(program: Program, call: ast.Call, scope: Scope) -> Values:
    return program.values(call.args[0], scope) if call.args else FOREIGN


def _listed(program: Program, call: ast.Call, scope: Scope) -> Values:
    return container("list", program.each(_same(program, call, scope), members.iterated))


def _next(program: Program, call: ast.Call, scope: Scope) -> Values:
    found = program.each(_same(program, call, scope), members.iterated)
    return found | program.values(call.args[1], scope) if len(call.args) > 1 else found


def _enumerate(program: Program, call: ast.Call, scope: Scope) -> Values:
    found = program.each(_same(program, call, scope), members.iterated)
    return container("list", container("tuple", FOREIGN, found))


def _zip(program: Program, call: ast.Call, scope: Scope) -> Values:
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return container("list", UNKNOWN)
    parts = (program.each(program.values(argument, scope), members.iterated) for argument in call.args)
    return container("list", container("tuple", *parts))


def _cast(program: Program, call: ast.Call, scope: Scope) -> Values:
    return (
        annotated(call.args[0], lambda name: program.values(name, scope)) if len(call.args) == 2 else UNKNOWN
    )


def _vars(program: Program, call: ast.Call, scope: Scope) -> Values:
    return _same(program, call, scope) if call.args else foreign("builtins.globals()")


def _type(program: Program, call: ast.Call, scope: Scope) -> Values:
    kinds = {"object": "class", "own-object": "own-class"}
    found = _same(program, call, scope)
    known = {Value(kinds[v.kind], v.name) for v in found if v.kind in kinds}  # type: ignore[arg-type]
    return frozenset(known) | (UNKNOWN if len(known) < len(found) or len(call.args) != 1 else NOTHING)


_SPECIAL: dict[str, Callable[[Program, ast.Call, Scope], Values]] = {
    **dict.fromkeys(("builtins.list", "builtins.sorted", "builtins.set", "builtins.frozenset"), _listed),
    **dict.fromkeys(("builtins.tuple", "builtins.iter", "builtins.reversed"), _listed),
    "builtins.next": _next,
    "builtins.max": _next,
    "builtins.min": _next,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.getattr": _getattr,
    "builtins.super": _super,
    "builtins.vars": _vars,
    "builtins.type": _type,
    "typing.cast": _cast,
    **dict.fromkeys(("contextlib.closing", "contextlib.nullcontext", "copy.copy", "copy.deepcopy"), _same),
    "contextlib.ExitStack().enter_context": _same,
}


def _method(value: Value) -> Values:
    kind, _, name = value.name.partition(".")
    if kind == "dict":
        keys, held = (*value.items, UNKNOWN, UNKNOWN)[:2]
        made = {"values": container("list", held), "keys": container("list", keys)}
        made["items"] = container("list", container("tuple", keys, held))
        made |= dict.fromkeys(("get", "pop", "setdefault"), held)
        return made.get(name, UNKNOWN)
    if name in ("pop", "__next__"):
        return elements(Value("container", kind, value.items))
    return container(kind, *value.items) if name == "copy" else UNKNOWN


# What calls hand over


def flow(program: Program, call: ast.Call, scope: Scope) -> None:
    """Let the arguments of a call add to what parameters, or changed containers, may be worth."""
    for value in program.values(call.func, scope):
        if value.kind == "own-class":
            for method in members.attribute(program, Value("own-object", value.name), "__init__"):
                if method.kind == "own-function":
                    _hand_over(program, call, scope, method)
        elif value.kind == "own-function":
            _hand_over(program, call, scope, value)
        elif value.kind == "method" and isinstance(call.func, ast.Attribute):
            _mutate(program, call, scope, call.func)
        elif value.name == "builtins.isinstance" and len(call.args) == 2:
            program.test(call.args[0], scope, instances(program.values(call.args[1], scope)))


def _mutate(program: Program, call: ast.Call, scope: Scope, method: ast.Attribute) -> None:
    if method.attr in ("append", "add", "appendleft", "insert", "setdefault") and call.args:
        program.put(method.value, scope, program.values(call.args[-1], scope))
    elif method.attr in ("extend", "update") and call.args:
        program.put(method.value, scope, program.each(program.values(call.args[0], scope), members.iterated))


def _hand_over(program: Program, call: ast.Call, scope: Scope, value: Value) -> None:
    function = program.walk.scopes[int(value.name)]
    names = list(_parameters(function))
    if value.via == "object" and "staticmethod" not in function.decorators:
        names = names[1:]
    starred = next((i for i, argument in enumerate(call.args) if isinstance(argument, ast.Starred)), None)
    given = [
        *zip(names, call.args[:starred], strict=False),
        *((k.arg, k.value) for k in call.keywords if k.arg),
    ]
    free = set(_free(function))
    for name, argument in given:
        if name in free:
            program.add((function.number, name), program.values(argument, scope))
    _rest(program, call, scope, function, n_named=len(names))
    if starred is not None or any(keyword.arg is None for keyword in call.keywords):
        flood(program, function, known={name for name, _ in given})


def _rest(program: Program, call: ast.Call, scope: Scope, function: Scope, *, n_named: int) -> None:
    """Let ``*args`` and ``**options`` hold what is left over."""
    spec = _arguments(function)
    if spec is None:
        return
    if spec.vararg is not None:
        for argument in call.args[n_named:]:
            held = program.values(argument, scope)
            program.add((function.number, spec.vararg.arg), container("iter", held))
    if spec.kwarg is not None:
        every = {parameter.arg for parameter in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
        for keyword in call.keywords:
            if keyword.arg is not None and keyword.arg not in every:
                held = program.values(keyword.value, scope)
                program.add((function.number, spec.kwarg.arg), container("dict", FOREIGN, held))


def flood(program: Program, function: Scope, *, known: Collection[str] = ()) -> None:
    """Let every parameter without annotation be worth anything, but for those that are known to be given."""
    names = [name for name in _free(function) if name not in known]
    if function.owner is not None and "staticmethod" not in function.decorators:
        names = [name for name in names if name != next(_parameters(function), None)]
    for name in names:
        program.add((function.number, name), UNKNOWN)


def _arguments(function: Scope) -> ast.arguments | None:
    return getattr(function.node, "args", None)


def _parameters(function: Scope) -> Iterator[str]:
    spec = _arguments(function)
    if spec is not None:
        yield from (parameter.arg for parameter in (*spec.posonlyargs, *spec.args))


def _free(function: Scope) -> Iterator[str]:
    """Parameters that nothing but their callers and defaults tell about."""
    spec = _arguments(function)
    if spec is not None:
        every = (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)
        yield from (parameter.arg for parameter in every if parameter.annotation is None)
