"""Imports go where their code goes: they come back with what needs them, and not without it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence

from doctranslate.engines.replies.alignment import Import, is_docstring
from doctranslate.engines.replies.parsing import parse
from doctranslate.engines.replies.wholeness import bound_names, unbound_names


def idle_imports(
    restored: Iterable[ast.stmt], whole: str, source: ast.Module, brought: Sequence[ast.stmt]
) -> list[ast.stmt]:
    """Imports that were put back for code that is no longer there, or whose names the reply imports from elsewhere.

    Args:
        restored: Statements that were put back.
        whole: The program with them.
        source: The source.
        brought: Imports of the reply that the source does not have; without any, the source's are as they were.
    """
    if not brought:
        return []
    used, before = _used(parse(whole)), _used(source)
    new = bound_names(alias for node in brought for alias in ast.walk(node))
    idle: list[ast.stmt] = []
    for node in restored:
        if isinstance(node, Import) and getattr(node, "module", "") != "__future__":
            names = bound_names(ast.walk(node))
            if names & new or (names & before and not names & used):
                idle.append(node)
    return idle


def with_imports(whole: str, source: ast.Module) -> str:
    """The program with those of the source's imports that what was put back needs.

    Args:
        whole: The program.
        source: The source.
    """
    tree = parse(whole)
    free = unbound_names(tree)
    wanted = [node for node in source.body if isinstance(node, Import) and bound_names(ast.walk(node)) & free]
    if not wanted:
        return whole
    imports = [node for node in tree.body if isinstance(node, Import)]
    first = [node for node in tree.body[:1] if is_docstring(node)]
    at = max((node.end_lineno or 0 for node in [*imports, *first]), default=0)
    lines = whole.split("\n")
    return "\n".join([*lines[:at], *(_only(node, free) for node in wanted), *lines[at:]])


def _only(node: ast.Import | ast.ImportFrom, names: Collection[str]) -> str:
    """The import of some names only."""
    aliases = [alias for alias in node.names if bound_names([alias]) & set(names)]
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(aliases))
    return ast.unparse(ast.ImportFrom(node.module, aliases, node.level))


def _used(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | _strings(tree)


def _strings(tree: ast.Module) -> set[str]:
    nodes = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in nodes if isinstance(value, str)}
