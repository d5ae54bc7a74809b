"""Rung 4: the translation can do nothing to a machine that the source program could not do already."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from doctranslate.records import Check, Finding
from doctranslate.verification.base import finding, result, source_text
from doctranslate.verification.capabilities import (
    BY_GIT,
    DOES,
    HARMLESS_MODULES,
    INTROSPECTION,
    LACKS,
    NAMES,
    SECRET_PATH,
    Capability,
    capability_of,
)
from doctranslate.verification.expressions import literal_text
from doctranslate.verification.inference import Program
from doctranslate.verification.scopes import Scope
from doctranslate.verification.values import Value

NAME = "nothing-dangerous"
_PURE_IMPORTS = ("urllib", "urllib.parse", "importlib", "importlib.metadata", "importlib.resources", "sys")
_WRITERS = ("write_text", "write_bytes", "open", "touch", "mkdir")


@dataclass(frozen=True, slots=True)
class Danger:
    """One place where a program can do something to the machine.

    Attributes:
        capability: What it can do.
        path: The dotted name that gives it.
        node: Where.
        call: The call, where it is one.
    """

    capability: Capability
    path: str
    node: ast.AST
    call: ast.Call | None = None


def check_danger(program: Program, source: Program | None, *, roots: Sequence[str] = ()) -> Check:
    """No import, process, connection, dynamic code, deletion or look at the environment that is new.

    Aliases, ``getattr`` with a literal name, ``__builtins__`` and the like are followed. What the source
    program does by the same name is allowed; calls of it that are new are counted in the reason.

    Args:
        program: The translated program.
        source: The source program, or None when it cannot be read: then nothing is allowed.
        roots: Import names of the target library.
    """
    had = list(_dangers(source)) if source is not None else []
    allowed = {(danger.capability, danger.path) for danger in had}
    calls = {source_text(danger.call) for danger in had if danger.call is not None}
    findings = list(_new_imports(program, source, roots))
    reported = {found.line for found in findings}
    more = []
    for danger in _dangers(program):
        line = getattr(danger.node, "lineno", 0)
        if (danger.capability, danger.path) not in allowed:
            if not (isinstance(danger.node, ast.stmt) and line in reported):
                findings.append(finding(danger.node, _message(danger)))
        elif danger.call is not None and source_text(danger.call) not in calls:
            more.append(line)
    reason = (
        f"new calls of what the source calls as well: line {', '.join(map(str, sorted(set(more))))}"
        if more
        else ""
    )
    return result(NAME, findings, reason=reason)


def _message(danger: Danger) -> str:
    return f"{danger.path} {DOES[danger.capability]}: {LACKS[danger.capability]}"


# Imports


def _new_imports(program: Program, source: Program | None, roots: Sequence[str]) -> Iterator[Finding]:
    known = {root for root, _ in _import_roots(source)} if source is not None else set()
    for root, node in _import_roots(program):
        if root not in known and root not in roots and root not in HARMLESS_MODULES:
            capability = capability_of(root)
            why = (
                f"{DOES[capability]}: {LACKS[capability]}"
                if capability
                else "the source program does not use it"
            )
            yield finding(node, f"new import of {root!r}: {why}")


def _import_roots(program: Program) -> Iterator[tuple[str, ast.stmt]]:
    for imported in program.walk.imports:
        if imported.module:
            yield imported.module.partition(".")[0], imported.statement
        elif isinstance(imported.statement, ast.ImportFrom):
            dots = "." * imported.statement.level
            yield dots + (imported.statement.module or imported.name).partition(".")[0], imported.statement


# What a program can do


def _dangers(program: Program) -> Iterator[Danger]:
    for imported in program.walk.imports:
        capability = capability_of(imported.path) if imported.path not in _PURE_IMPORTS else None
        if capability is not None:
            yield Danger(capability, imported.path, imported.statement)
    called = {id(call.func): call for call, _ in program.walk.calls}
    inner = {id(n.value) for n, _ in program.walk.nodes if isinstance(n, ast.Attribute | ast.Subscript)}
    for node, scope in program.walk.nodes:
        if isinstance(node, ast.Call):
            yield from _by_call(program, node, scope)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            yield from _by_name(program, node, scope, called.get(id(node)), outermost=id(node) not in inner)
    yield from _by_definition(program)
    yield from _secret_paths(program)


def _by_name(
    program: Program, node: ast.expr, scope: Scope, call: ast.Call | None, *, outermost: bool
) -> Iterator[Danger]:
    values = program.values(node, scope)
    for value in values:
        # "os.environ" in "os.environ.get" is reported once, for the longer name.
        if value.kind != "foreign" or not value.name or value.name in _PURE_IMPORTS:
            continue
        if isinstance(node, ast.Call) and (value.name.endswith("()") or not _fetches(program, node, scope)):
            continue
        capability = capability_of(value.name)
        if capability is None or not (outermost or capability == "dynamic code"):
            continue
        if not (isinstance(node, ast.Name) and _is_bare_module(program, value)):
            yield Danger(capability, _stem(value.name), node, call)
    if isinstance(node, ast.Attribute):
        yield from _by_attribute(program, node, scope, call)


def _stem(path: str) -> str:
    """``os.environ`` for all that is done with it, so that another method of it is nothing new."""
    return "os.environ" if path.startswith("os.environ.") else path


def _fetches(program: Program, node: ast.Call, scope: Scope) -> bool:
    """Whether a call gives another thing by name, such as ``getattr(os, "system")``."""
    fetchers = ("builtins.getattr", "importlib.import_module", "builtins.__import__")
    return any(value.name in fetchers for value in program.values(node.func, scope))


def _is_bare_module(program: Program, value: Value) -> bool:
    """The plain name of an imported module: its import was judged already."""
    return any(imported.module == value.name and not imported.name for imported in program.walk.imports)


def _by_attribute(
    program: Program, node: ast.Attribute, scope: Scope, call: ast.Call | None
) -> Iterator[Danger]:
    if node.attr in INTROSPECTION:
        yield Danger("dynamic code", node.attr, node, call)
    if node.attr in BY_GIT and _is_git_runner(program, node.value):
        yield Danger("process", f".git.{node.attr}", node, call)
    capability = NAMES.get(node.attr)
    if capability is not None:
        owners = program.values(node.value, scope)
        if not owners or any(value.kind == "unknown" for value in owners):
            yield Danger(capability, f".{node.attr}", node, call)


def _is_git_runner(program: Program, node: ast.expr) -> bool:
    """Whether it is the ``.git`` of something, or a name that is given one anywhere."""
    if isinstance(node, ast.Name):
        return node.id in _names_of_runners(program.tree)
    return isinstance(node, ast.Attribute) and node.attr == "git"


@lru_cache(maxsize=4)
def _names_of_runners(tree: ast.Module) -> frozenset[str]:
    pairs = (
        pair
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for pair in _paired(target, node.value)
    )
    return frozenset(
        name.id
        for name, value in pairs
        if isinstance(name, ast.Name) and isinstance(value, ast.Attribute) and value.attr == "git"
    )


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """A target with what it is given; for ``a, b = x, y`` one pair each."""
    many = (ast.Tuple, ast.List)
    if isinstance(target, many) and isinstance(value, many) and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _by_definition(program: Program) -> Iterator[Danger]:
    """Files written outside of the working directory."""
    for call, scope in program.walk.calls:
        for value in program.values(call.func, scope):
            if value.name in ("builtins.open", "io.open", "codecs.open"):
                where = call.args[0] if call.args else None
                if where is not None and _writes(call) and _is_outside(where):
                    yield Danger("deletion", f"open({source_text(where)}, …)", call, call)
            elif value.name.startswith("pathlib.Path()") and value.name.rpartition(".")[2] in _WRITERS:
                yield from _by_path(call)


def _by_path(call: ast.Call) -> Iterator[Danger]:
    writes = not isinstance(call.func, ast.Attribute) or call.func.attr != "open" or _writes(call, position=0)
    for inner in ast.walk(call.func):
        if writes and isinstance(inner, ast.Constant) and _is_outside(inner):
            yield Danger("deletion", f"writing below {inner.value!r}", call, call)


def _writes(call: ast.Call, position: int = 1) -> bool:
    modes = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    modes += call.args[position : position + 1]
    return any(set(literal_text(mode) or "w") & set("wax+") for mode in modes)


def _is_outside(node: ast.AST) -> bool:
    text = literal_text(node)
    return text is not None and (
        text.startswith(("/", "~", "\\")) or text[1:3] == ":\\" or ".." in text.split("/")
    )


def _secret_paths(program: Program) -> Iterator[Danger]:
    for node in ast.walk(program.tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if len(text) < 300 and SECRET_PATH.search(text):
            yield Danger("secrets", text, node)


# Calls that look things up


def _by_call(program: Program, call: ast.Call, scope: Scope) -> Iterator[Danger]:
    for value in program.values(call.func, scope):
        if value.name == "builtins.getattr" and len(call.args) > 1 and literal_text(call.args[1]) is None:
            for owner in program.values(call.args[0], scope):
                if owner.kind in ("module", "foreign") and owner.name and "()" not in owner.name:
                    yield Danger("dynamic code", f"getattr({owner.name}, …)", call, call)
        elif value.name in ("importlib.import_module", "builtins.__import__"):
            text = literal_text(call.args[0]) if call.args else None
            if text is None:
                yield Danger("dynamic code", f"{value.name}(…)", call, call)
