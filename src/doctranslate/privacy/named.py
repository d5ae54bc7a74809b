"""Values behind names that say *password*, *token*, *api_key*, *bucket*."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from doctranslate.privacy.addresses import is_private
from doctranslate.privacy.names import is_secret_like, is_trivial, says_bucket, says_host, says_secret
from doctranslate.privacy.reading import HOLE, text_of

_WRAPPERS = frozenset(
    {"SecretStr", "SecretBytes", "Secret", "str", "bytes", "b64decode", "quote", "quote_plus"}
)
# Calls whose first text names what the next one is the value, or the default, of.
_NAMING = frozenset(
    {
        "get",
        "getenv",
        "setdefault",
        "set",
        "set_value",
        "setattr",
        "setenv",
        "putenv",
        "pop",
        "getattr",
        "env",
        "str",
    }
    | {
        "add_value",
        "add_header",
        "putheader",
        "header",
        "config",
        "Option",
        "Field",
        "set_password",
        "getpass",
    }
)
_LOGINS = frozenset(
    {"login", "HTTPBasicAuth", "HTTPDigestAuth", "BasicAuth", "authenticate", "UserPassCredentials"}
)


def named(tree: ast.Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Values that are secret by the name they go under.

    Args:
        tree: The program.

    Returns:
        The kind, the name, and a string, bytes or an f-string.
    """
    for node in ast.walk(tree):
        for name, value in _pairs(node):
            for text, is_one_of_many in _texts(value):
                if kind := _kind(
                    name, (text_of(text) or "").replace(HOLE, ""), is_one_of_many=is_one_of_many
                ):
                    yield kind, name, text


def _kind(name: str, value: str, *, is_one_of_many: bool) -> str:
    """What a value is by the name that it goes under, "" for nothing to hide."""
    if is_trivial(value, name=name):
        return ""
    if says_secret(name):
        kind = "password" if "pass" in name.lower() else "secret by its name"
        return kind if is_secret_like(value) or not is_one_of_many else ""
    if says_bucket(name):
        return "bucket"
    return "private host" if says_host(name) and is_private(value) else ""


def _pairs(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names with what they stand for, of one node."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
            | ast.AugAssign(target=target, value=value)
        ):
            yield from _assigned(target, value)
        case ast.arguments():
            yield from _defaults(node)
        case ast.Call(func=func, args=args):
            yield from _called(_name(func), args, node.keywords)
        case ast.keyword(arg=str() as name, value=value):
            yield name, value
            if name == "auth":
                yield from _login(value.elts if isinstance(value, ast.Tuple) else ())
        case _:
            yield from _listed(node)


def _listed(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant | ast.Name | ast.Attribute):
                    yield _name(key), value
        case ast.Compare(left=left, comparators=[right], ops=[ast.Eq() | ast.NotEq()]):
            yield _name(left), right
            yield _name(right), left
        case ast.List(elts=args) | ast.Tuple(elts=args):
            is_command = len(args) < 12 and any(_constant(each) in ("modify", "config") for each in args)
            for first, second in pairwise(args):
                # ["token", "name"] may be names of fields: there a value has to show by itself.
                if is_command or _constant(first).startswith("--") or is_secret_like(_constant(second)):
                    yield _constant(first), second
        case _:
            return


def _called(
    name: str, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]
) -> Iterator[tuple[str, ast.expr]]:
    for first, second in pairwise(args):
        said = _constant(first)
        if name in _NAMING or said.startswith("-") or is_secret_like(_constant(second)):
            yield said, second
    if name in _LOGINS:
        yield from _login(args)
    for first in args[:2]:
        for keyword in keywords:
            if keyword.arg in ("default", "value", "const"):
                yield _constant(first), keyword.value


def _login(args: Sequence[ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    if len(args) == 2:
        yield "password", args[1]
        if "@" in _constant(args[0]):
            yield "secret", args[0]  # an address that is half of a credential


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for each, its in zip(target.elts, value.elts, strict=True):
                yield from _assigned(each, its)
    else:
        yield _name(target), value


def _defaults(node: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*node.posonlyargs, *node.args]
    with_default = positional[len(positional) - len(node.defaults) :]
    for arg, default in zip(with_default, node.defaults, strict=True):
        yield arg.arg, default
    for arg, optional in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        if optional is not None:
            yield arg.arg, optional


def _name(node: ast.expr) -> str:
    """The last name of an expression: of ``self.token`` and ``os.environ["token"]`` it is ``token``."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
        case ast.Subscript(value=value):
            return _name(value)
        case _:
            return _constant(node)


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(node: ast.expr) -> Iterator[tuple[ast.expr, bool]]:
    """The texts that an expression may give, and whether each is one of a collection."""
    match node:
        case ast.Constant(value=str() | bytes()):
            yield node, False
        case ast.JoinedStr():
            yield node, True
        case ast.BinOp(op=ast.Add()):
            yield node, False
        case ast.BoolOp(values=values):
            for value in values:
                yield from _texts(value)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)
        case ast.List(elts=values) | ast.Tuple(elts=values) | ast.Set(elts=values) | ast.Dict(values=values):
            yield from ((value, True) for value in values if isinstance(value, ast.Constant))
        case ast.Call():
            yield from _of_call(node)
        case _:
            return


def _of_call(node: ast.Call) -> Iterator[tuple[ast.expr, bool]]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant() as value, attr="encode" | "strip" | "decode")):
            yield value, False
        case ast.Call(func=func, args=[value, *_]) if _name(func) in _WRAPPERS:
            yield from _texts(value)
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner)):
            yield from _of_call(inner)
        case ast.Call(keywords=[*_, ast.keyword(arg="default", value=default)]):
            yield from _texts(default)
        case _:
            return
