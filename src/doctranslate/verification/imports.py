"""Rung 2: nothing of the source library is left, unless what could not be translated needs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from doctranslate.records import Bridged, Check, Finding, Unresolved
from doctranslate.verification.base import UnreadableError, finding, parse, result, source_text
from doctranslate.verification.calls import is_unbound
from doctranslate.verification.expressions import literal_text, target_names
from doctranslate.verification.inference import Program
from doctranslate.verification.scopes import Scope

NAME = "no-source-imports"
_IMPORTERS = {"importlib.import_module", "builtins.__import__", "importlib.__import__"}


@dataclass(frozen=True, slots=True)
class _Remaining:
    node: ast.AST
    text: str
    names: frozenset[str]


def check_imports(
    program: Program,
    *,
    roots: Sequence[str],
    source_names: frozenset[str],
    unresolved: Sequence[Unresolved] = (),
    bridged: Sequence[Bridged] = (),
) -> Check:
    """No import of the source library is left, and none of its names is used without one.

    What could not be translated, and is not reached through the target library, still needs its import: such
    an import passes, and the reason says which lines of the source program it is there for.

    Args:
        program: The translated program.
        roots: Import names of the source library.
        source_names: Names that the source program gets from that library (`names_from`).
        unresolved: What was not translated.
        bridged: What runs on the source library's own objects: the names among it still need their import.
    """
    findings: list[Finding] = []
    kept: list[str] = []
    needs = _Needs(program, unresolved, [each for each in bridged if _is_name(each.code)])
    for remaining in _remaining(program, roots):
        lines = needs.lines(remaining.names)
        if lines:
            kept.append(f"{remaining.text} stays for {_at(lines)}")
        else:
            findings.append(
                finding(remaining.node, f"{remaining.text}: the source library is still imported")
            )
    findings += _used_without_import(program, source_names)
    return result(NAME, findings, reason="; ".join(dict.fromkeys(kept)))


def _at(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:8])) + (", …" if len(lines) > 8 else "")
    return f"line{'s' if len(lines) > 1 else ''} {shown} of the source"


def _is_name(code: str) -> bool:
    """Whether an expression only names something: a class in an annotation, in quotes or not."""
    try:
        tree = parse(code.strip().strip("'\""))
    except UnreadableError:
        return False
    return all(
        isinstance(node, ast.Module | ast.Expr | ast.Name | ast.Attribute | ast.Load)
        for node in ast.walk(tree)
    )


def names_from(program: Program, roots: Sequence[str]) -> frozenset[str]:
    """The names that a program gets from a library by importing."""
    return frozenset(i.bound for i in program.walk.imports if i.bound and i.module.partition(".")[0] in roots)


def _remaining(program: Program, roots: Sequence[str]) -> Iterator[_Remaining]:
    statements: dict[int, list[str]] = {}
    nodes: dict[int, ast.stmt] = {}
    for imported in program.walk.imports:
        if imported.module.partition(".")[0] in roots:
            key = id(imported.statement)
            nodes[key] = imported.statement
            statements.setdefault(key, []).append(imported.bound or imported.name)
    for key, names in statements.items():
        yield _Remaining(nodes[key], _short(nodes[key]), frozenset(names))
    assigned = {id(b.node): b.target for b in program.walk.bindings if b.kind == "value"}
    for call, scope in program.walk.calls:
        text = literal_text(call.args[0]) if call.args else None
        if text and text.partition(".")[0] in roots and _is_importer(program, call, scope):
            target = assigned.get(id(call))
            bound = [target.id] if isinstance(target, ast.Name) else []
            yield _Remaining(call, _short(call), frozenset([*bound, text.partition(".")[0]]))


def _is_importer(program: Program, call: ast.Call, scope: Scope) -> bool:
    return any(value.name in _IMPORTERS for value in program.values(call.func, scope))


def _short(node: ast.AST) -> str:
    text = source_text(node)
    return text if len(text) <= 60 else text[:57] + "…"


def _used_without_import(program: Program, source_names: frozenset[str]) -> Iterator[Finding]:
    if program.walk.stars:
        return
    for node, scope in program.walk.nodes:
        if isinstance(node, ast.Name) and node.id in source_names and is_unbound(node.id, scope):
            message = f"{node.id!r} of the source library is used here, but nothing imports it any more"
            yield finding(node, message)


class _Needs:
    """Which names the unresolved expressions need, through the assignments of the program."""

    def __init__(self, program: Program, unresolved: Sequence[Unresolved], named: Sequence[Bridged]) -> None:
        sources = _dependencies(program) if unresolved else {}
        self._entries = [(entry.line, self._reach(sources, _names(entry.code))) for entry in unresolved]
        self._entries += [(entry.line, _names(entry.code.strip("'\""))) for entry in named]

    def lines(self, names: frozenset[str]) -> list[int]:
        """The source lines of the unresolved expressions that need one of the names."""
        return sorted({line for line, reached in self._entries if reached & names})

    def _reach(self, sources: Mapping[str, set[str]], names: set[str]) -> set[str]:
        todo = list(names)
        while todo:
            for name in sources.get(todo.pop(), ()):
                if name not in names:
                    names.add(name)
                    todo.append(name)
        return names


def _dependencies(program: Program) -> dict[str, set[str]]:
    """For each name of the program, the names that its values are made from."""
    found: dict[str, set[str]] = {}
    for binding in program.walk.bindings:
        if isinstance(binding.node, ast.expr):
            for name in target_names(binding.target):
                found.setdefault(name, set()).update(_names_in(binding.node))
        elif isinstance(binding.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.setdefault(binding.node.name, set())
    for node, scope in program.walk.returned:
        name = getattr(scope.node, "name", "")
        if name and node.value is not None:
            found.setdefault(name, set()).update(_names_in(node.value))
    return found


def _names(code: str) -> set[str]:
    try:
        return _names_in(parse(code.strip()))
    except UnreadableError:
        return set()


def _names_in(node: ast.AST) -> set[str]:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return names | {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
