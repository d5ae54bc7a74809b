"""What string expressions say that are made of nothing but literals, however they are put together."""

from __future__ import annotations

import ast
import string
from collections.abc import Callable

_MAX_DEPTH = 40
_MAX_LENGTH = 10_000
_METHODS: dict[str, Callable[..., object]] = {
    name: getattr(str, name)
    for name in (
        *(
            "join",
            "replace",
            "lower",
            "upper",
            "strip",
            "lstrip",
            "rstrip",
            "swapcase",
            "title",
            "capitalize",
        ),
        *("casefold", "removeprefix", "removesuffix", "expandtabs"),
    )
}


def folded(node: ast.AST, depth: int = 0) -> object:
    """The value of an expression of literals, or None for one that is not known without running the program.

    Concatenation, ``%``, f-strings, ``join``, ``format``, slices, ``chr``, ``bytes.fromhex`` and the like are
    worked out, within bounds. Nothing of the program is run.

    Args:
        node: The expression.
        depth: How deep it is nested.
    """
    rule = _RULES.get(type(node)) if depth < _MAX_DEPTH else None
    if rule is None:
        return None
    try:
        found = rule(node, depth + 1)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, LookupError):
        return None
    return None if isinstance(found, str | bytes | list) and len(found) > _MAX_LENGTH else found


def folded_text(node: ast.AST) -> str | None:
    """The text of a string expression of literals, or None."""
    found = folded(node)
    return found if isinstance(found, str) else None


def _known(node: ast.AST, depth: int) -> object:
    found = folded(node, depth)
    if found is None:
        raise ValueError
    return found


def _constant(node: ast.Constant, depth: int) -> object:
    return node.value


def _sequence(node: ast.List | ast.Tuple, depth: int) -> object:
    return [_known(element, depth) for element in node.elts]


def _binary(node: ast.BinOp, depth: int) -> object:
    left, right = _known(node.left, depth), _known(node.right, depth)
    if isinstance(node.op, ast.Add) and type(left) is type(right) and isinstance(left, str | bytes | list):
        return left + right  # type: ignore[operator]
    if isinstance(node.op, ast.Mod) and isinstance(left, str):
        return None if "*" in left else left % (tuple(right) if isinstance(right, list) else right)
    if isinstance(node.op, ast.Mult) and isinstance(left, str) and isinstance(right, int) and right < 100:
        return left * right
    return None


def _joined(node: ast.JoinedStr, depth: int) -> object:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue) and (part.format_spec is not None or part.conversion > 0):
            return None
        value = _known(part.value if isinstance(part, ast.FormattedValue) else part, depth)
        parts.append(str(value))
    return "".join(parts)


def _subscript(node: ast.Subscript, depth: int) -> object:
    value = _known(node.value, depth)
    if not isinstance(value, str | bytes | list):
        return None
    if isinstance(node.slice, ast.Slice):
        bounds = [
            None if part is None else _number(part, depth)
            for part in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        return value[slice(*bounds)]
    return value[_number(node.slice, depth)]


def _number(node: ast.AST, depth: int) -> int:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(node.operand, depth)
    found = _known(node, depth)
    if not isinstance(found, int):
        raise TypeError
    return found


def _call(node: ast.Call, depth: int) -> object:
    arguments = [_known(argument, depth) for argument in node.args]
    if isinstance(node.func, ast.Name):
        return _plain(node.func.id, arguments)
    if not isinstance(node.func, ast.Attribute):
        return None
    name = node.func.attr
    if name == "fromhex" and isinstance(node.func.value, ast.Name):
        return bytes.fromhex(*arguments)  # type: ignore[arg-type]
    owner = _known(node.func.value, depth)
    if name == "decode" and isinstance(owner, bytes):
        return owner.decode(*arguments)  # type: ignore[arg-type]
    if name == "encode" and isinstance(owner, str):
        return owner.encode(*arguments)  # type: ignore[arg-type]
    if name == "format" and isinstance(owner, str):
        return _format(owner, arguments, {k.arg or "": _known(k.value, depth) for k in node.keywords})
    if name in _METHODS and isinstance(owner, str) and not node.keywords:
        return _METHODS[name](owner, *arguments)
    return None


def _plain(name: str, arguments: list[object]) -> object:
    if name == "chr" and len(arguments) == 1 and isinstance(arguments[0], int):
        return chr(arguments[0])
    if name == "str" and len(arguments) == 1:
        return str(arguments[0])
    if name in ("bytes", "bytearray") and len(arguments) == 1 and isinstance(arguments[0], list):
        return bytes(arguments[0])
    if name == "reversed" and isinstance(arguments[0], str):
        return list(reversed(arguments[0]))
    return arguments[0] if name in ("list", "tuple") and isinstance(arguments[0], list) else None


def _format(owner: str, arguments: list[object], named: dict[str, object]) -> object:
    # Only plain fields: with attributes, items or widths a format can do more than put values in.
    for _, field, spec, conversion in string.Formatter().parse(owner):
        if spec or conversion or (field and not (field.isdigit() or field.isidentifier())):
            return None
    return owner.format(*arguments, **named)


_RULES: dict[type[ast.AST], Callable[..., object]] = {
    ast.Constant: _constant,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.BinOp: _binary,
    ast.JoinedStr: _joined,
    ast.Subscript: _subscript,
    ast.Call: _call,
}
