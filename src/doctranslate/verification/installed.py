"""What the installed files of a package say, for names that its API index may have left out."""

from __future__ import annotations

import ast
import importlib.util
from functools import cache
from pathlib import Path

from doctranslate.verification.base import UnreadableError, parse


def may_exist(path: str) -> bool:
    """Whether the installed files have a module at a dotted path, or bind that name in the module above it.

    An index keeps the public API and may leave out submodules, and names that a module takes from other
    distributions. Nothing is imported: only the top-level package is located.

    Args:
        path: Dotted path, such as ``dvc.fs.HTTPFileSystem``.
    """
    module, _, name = path.rpartition(".")
    return _file(path) is not None or (bool(module) and name in _bound(module))


@cache
def _file(path: str) -> Path | None:
    root, *parts = path.split(".")
    try:
        spec = importlib.util.find_spec(root)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if not parts:
        return Path(spec.origin) if spec.origin else None
    for location in spec.submodule_search_locations or ():
        folder = Path(location, *parts[:-1])
        if (folder / parts[-1] / "__init__.py").is_file():
            return folder / parts[-1] / "__init__.py"
        found = next(folder.glob(f"{parts[-1]}.*"), None) if parts[-1].isidentifier() else None
        if found is not None:
            return found
    return None


@cache
def _bound(module: str) -> frozenset[str]:
    """The names that a module's statements bind, however deep in ``if`` and ``try``."""
    path = _file(module)
    if path is None or path.suffix != ".py":
        return frozenset()
    try:
        tree = parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, UnreadableError):
        return frozenset()
    names: set[str] = set()
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        todo.extend(ast.iter_child_nodes(node))
    return frozenset(names)
