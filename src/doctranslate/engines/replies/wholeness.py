"""Says what a program that parses has lost against its source, so that a part is never taken for the whole."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from doctranslate.engines.replies.alignment import Definition, is_docstring
from doctranslate.engines.replies.parsing import parsed
from doctranslate.engines.replies.phrases import says_left_out
from doctranslate.prompts.build import MARKER

_BESIDE = re.compile(
    r"^\s*[^#\s].*?\s(?P<comment>#.*\b(?:rest|remainder|remaining|everything else)\b.*)$", re.IGNORECASE
)
_PART = 3
"""A reply with fewer than one in so many of the source's statements is looked at more closely."""


def what_is_lost(code: str, source: str) -> str:
    """What a program cannot do without, and has lost; "" when there is nothing.

    Args:
        code: The program in a reply, without marks.
        source: The program that it was made of.
    """
    before, after = parsed(source), parsed(code)
    if before is None or after is None or not before.body:
        return ""
    return (
        _lost_name(after, before)
        or _lost_method(after, before)
        or _emptied(after, before, code)
        or _lost_most(after, before)
        or _lost_start(after, before)
        or _lost_arguments(after, before)
        or _lost_text(after, before)
        or _told_beside(code, source)
    )


def unbound_names(tree: ast.Module) -> set[str]:
    """Names that a program reads and binds nowhere, builtins left out; none for one with a star import.

    Args:
        tree: The program.
    """
    if any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(tree)):
        return set()
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return used - bound_names(ast.walk(tree)) - set(dir(builtins)) - {"__file__", "__path__"}


def bound_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that nodes bind.

    Args:
        nodes: Of a tree.
    """
    bound: set[str] = set()
    for node in nodes:
        if isinstance(node, Definition | ast.ExceptHandler):
            bound.add(node.name or "")
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.MatchAs | ast.MatchStar):
            bound.add(node.name or "")
        elif isinstance(node, ast.MatchMapping):
            bound.add(node.rest or "")
    return bound


def top_names(tree: ast.Module) -> set[str]:
    """Names that a module binds outside of functions and classes.

    Args:
        tree: The module.
    """
    return bound_names(node for each in tree.body for node in _outside_functions(each))


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, Definition | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _outside_functions(child)


def _lost_name(after: ast.Module, before: ast.Module) -> str:
    inner = (node for each in before.body for node in _outside_functions(each))
    had = bound_names(node for node in inner if not isinstance(node, ast.alias))
    # That an import is missing is for the checks to say, with the line that needs it.
    name = min(unbound_names(after) & had, default="")
    kinds = {node.name: _kind(node) for node in before.body if isinstance(node, Definition)}
    return f"lacks {kinds.get(name, '')}{name}, which the program still uses" if name else ""


def _lost_method(after: ast.Module, before: ast.Module) -> str:
    classes = {node.name: node for node in before.body if isinstance(node, ast.ClassDef)}
    for node in after.body:
        if isinstance(node, ast.ClassDef) and node.name in classes:
            had = {each.name for each in classes[node.name].body if isinstance(each, Definition)}
            has = bound_names(n for each in node.body for n in _outside_functions(each))
            own = (
                n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
            )
            used = {n.attr for n in own if isinstance(n.value, ast.Name) and n.value.id == "self"}
            lost = min((had - has) & used, default="")
            if lost and not node.bases:
                return f"lacks def {node.name}.{lost}, which the program still uses"
    return ""


def _emptied(after: ast.Module, before: ast.Module, code: str) -> str:
    had = dict(_definitions(before))
    lines = code.splitlines()
    for name, node in _definitions(after):
        other = had.get(name)
        if other is None or not _is_empty(node) or _size(other) < 2 or _is_empty(other):
            continue
        # A body that goes because it has no counterpart says so.
        if not any(MARKER in line for line in lines[max(node.lineno - 2, 0) : (node.end_lineno or 0) + 1]):
            return f"leaves {_kind(node)}{name} empty"
    return ""


def _lost_most(after: ast.Module, before: ast.Module) -> str:
    had = {node.name: _kind(node) for node in before.body if isinstance(node, Definition)}
    lost = sorted(set(had) - bound_names(ast.walk(after)))
    if len(had) < 2 or len(lost) * 2 < len(had) or _size(after) * _PART >= _size(before):
        return ""
    return f"is a part of the program only: it lacks {', '.join(had[name] + name for name in lost[:4])}"


def _lost_start(after: ast.Module, before: ast.Module) -> str:
    had, has = [*_started(before)], [*_started(after)]
    is_main = any("__main__" in ast.dump(node) for node in had)
    if has or not (is_main or len(had) >= _PART):
        return ""
    return "lacks the lines that start the program" + (f" (line {had[0].lineno} of it)" if had else "")


def _started(tree: ast.Module) -> Iterator[ast.stmt]:
    """Top-level statements that do something."""
    idle = ast.Import | ast.ImportFrom | Definition | ast.Assign | ast.AnnAssign | ast.Pass
    for node in tree.body:
        if not isinstance(node, idle) and not is_docstring(node):
            yield node


def _lost_arguments(after: ast.Module, before: ast.Module) -> str:
    had = {ast.dump(node) for node in _with_dots(before)}
    lost = next((node for node in _with_dots(after) if ast.dump(node) not in had), None)
    return (
        ""
        if lost is None
        else f"leaves out part of an expression at line {lost.lineno}, {ast.unparse(lost)[:60]!r}"
    )


def _with_dots(tree: ast.Module) -> Iterator[ast.expr]:
    """Calls and displays that have ``...`` among their members; not those inside of a subscript, which are types."""
    types = {
        id(n) for node in ast.walk(tree) if isinstance(node, ast.Subscript) for n in ast.walk(node.slice)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            members: list[ast.expr] = node.args
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            members = node.elts
        elif isinstance(node, ast.Dict):
            members = node.values
        else:
            continue
        if id(node) not in types and any(
            isinstance(n, ast.Constant) and n.value is Ellipsis for n in members
        ):
            yield node


def _lost_text(after: ast.Module, before: ast.Module) -> str:
    """A string that goes on with dots where the source's has lines."""
    had = [*_texts(before)]
    for node, lines in _texts(after):
        mark = next((line for line in lines if line in ("...", "…") or _is_told(line)), "")
        if mark and any(
            set(lines) & set(other) and mark not in other and not set(other) <= set(lines) for _, other in had
        ):
            return f"leaves out part of a text at line {node.lineno}, {mark!r}"
    return ""


def _told_beside(code: str, source: str) -> str:
    """A comment behind a statement that says that the rest is left out."""
    own = {line.strip() for line in source.splitlines()}
    for number, line in enumerate(code.splitlines(), start=1):
        found = _BESIDE.match(line)
        if found and line.strip() not in own and says_left_out(found["comment"]):
            return f"leaves out part of the program at line {number}, {found['comment']!r}"
    return ""


def _is_told(line: str) -> bool:
    return len(line) < 80 and says_left_out(line)


def _texts(tree: ast.Module) -> Iterator[tuple[ast.Constant, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value:
            yield node, [line.strip() for line in node.value.splitlines() if line.strip()]


def _definitions(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    for node in tree.body:
        if isinstance(node, Definition):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                yield from ((f"{node.name}.{n.name}", n) for n in node.body if isinstance(n, Definition))


def _is_empty(node: Definition) -> bool:
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        or (isinstance(each, ast.Raise) and "NotImplementedError" in ast.dump(each))
        for each in node.body
    )


def _size(node: ast.AST) -> int:
    """How many statements it holds, docstrings and itself left out."""
    return sum(isinstance(n, ast.stmt) and n is not node and not is_docstring(n) for n in ast.walk(node))


def _kind(node: ast.AST) -> str:
    return "class " if isinstance(node, ast.ClassDef) else "def "
