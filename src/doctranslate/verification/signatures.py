"""Whether the arguments of a call bind to a signature."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from doctranslate.apis import ApiObject, ApiParameter
from doctranslate.verification.surface import Surface, did_you_mean
from doctranslate.verification.values import Value


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call passes.

    Attributes:
        n_positional: Plain positional arguments.
        keywords: Names of keyword arguments.
        starred: Whether a ``*`` argument is among them.
        double_starred: Whether a ``**`` argument is among them.
    """

    n_positional: int
    keywords: tuple[str, ...]
    starred: bool
    double_starred: bool

    @classmethod
    def of(cls, call: ast.Call) -> Arguments:
        """The arguments of a call."""
        return cls(
            n_positional=sum(not isinstance(argument, ast.Starred) for argument in call.args),
            keywords=tuple(keyword.arg for keyword in call.keywords if keyword.arg),
            starred=any(isinstance(argument, ast.Starred) for argument in call.args),
            double_starred=any(keyword.arg is None for keyword in call.keywords),
        )


def problem(surface: Surface, value: Value, arguments: Arguments) -> str:
    """Why a call does not bind, or "" when it does or when that cannot be known.

    Args:
        surface: The library.
        value: A class or function of it.
        arguments: What is passed.
    """
    found = surface.api.get(value.name)
    if found is None or "overload" in found.labels:
        return ""
    if found.kind == "class":
        if not found.parameters and not (_has_constructor(surface, found) and surface.is_closed(found.name)):
            return ""
        return _mismatch(surface.shown(found.name), found.parameters, arguments)
    if found.kind != "function":
        return ""
    return _mismatch(surface.shown(found.name), parameters_of(surface, found, via=value.via), arguments)


def _has_constructor(surface: Surface, found: ApiObject) -> bool:
    return surface.api.member(found.name, "__init__") is not None


def parameters_of(surface: Surface, found: ApiObject, *, via: str) -> Sequence[ApiParameter]:
    """The parameters that a call has to fill when the function was reached in this way.

    The index leaves ``self`` out of a method. Reached from the class, a plain method wants it as an argument.
    A function of a module that a class takes in as a method has its first parameter filled by the instance.
    """
    owner = surface.api.objects.get(found.name.rpartition(".")[0])
    in_class = owner is not None and owner.kind == "class"
    bare = "staticmethod" in found.labels or "classmethod" in found.labels
    if via == "class" and in_class and not bare:
        return [ApiParameter("self", "positional-only"), *found.parameters]
    if via == "object" and not in_class and not bare:
        return found.parameters[1:]
    return found.parameters


def _mismatch(name: str, parameters: Sequence[ApiParameter], arguments: Arguments) -> str:
    positional = [p for p in parameters if p.kind in ("positional-only", "positional")]
    by_name = {p.name: p for p in parameters if p.kind in ("positional", "keyword-only")}
    takes_any = any(p.kind == "var-positional" for p in parameters)
    takes_any_name = any(p.kind == "var-keyword" for p in parameters)
    if arguments.n_positional > len(positional) and not takes_any:
        limit = f"at most {len(positional)}" if positional else "no"
        plural = "argument" if len(positional) == 1 else "arguments"
        return f"{name}() takes {limit} positional {plural}, {arguments.n_positional} are given"
    for keyword in arguments.keywords:
        if keyword not in by_name and not takes_any_name:
            return _no_parameter(name, keyword, [p for p in parameters if p.kind != "positional-only"])
    filled = {p.name for p in positional[: arguments.n_positional]}
    for keyword in arguments.keywords:
        if keyword in filled and by_name.get(keyword) in positional:
            return f"{name}() gets its argument {keyword!r} twice, by position and by name"
    return _missing(name, parameters, filled | set(arguments.keywords), arguments)


def _no_parameter(name: str, keyword: str, parameters: Sequence[ApiParameter]) -> str:
    known = [p.name for p in parameters if p.kind != "var-positional"]
    hint = did_you_mean(keyword, known)
    if not hint:
        shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
        hint = f"; it takes {shown}" if known else "; it takes no keyword arguments"
    return f"{name}() has no parameter {keyword!r}{hint}"


def _missing(name: str, parameters: Sequence[ApiParameter], filled: set[str], arguments: Arguments) -> str:
    for parameter in parameters:
        if parameter.default is not None or parameter.kind.startswith("var-") or parameter.name in filled:
            continue
        if arguments.starred and parameter.kind != "keyword-only":
            continue
        if arguments.double_starred and parameter.kind != "positional-only":
            continue
        return f"{name}() is called without its required argument {parameter.name!r}"
    return ""
