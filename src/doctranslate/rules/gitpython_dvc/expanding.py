"""Paths of repositories, in which GitPython puts what ``~`` and ``$NAME`` stand for."""

from __future__ import annotations

import libcst as cst

from doctranslate.rules.base import NoCounterpart
from doctranslate.rules.site import Site

UNEXPANDED = (
    "a ~ or $NAME in a path that shows only at run time stays as it is; GitPython puts in what they stand for"
)
# Calls whose value is a path of the machine, or one that has been expanded already.
_PLAIN_CALLS = {
    "os.getcwd", "os.path.expanduser", "os.path.expandvars", "pathlib.Path.cwd", "pathlib.Path.home",
    "tempfile.TemporaryDirectory", "tempfile.mkdtemp",
}  # fmt: skip
_KEEPING_CALLS = {
    "os.fspath", "os.path.abspath", "os.path.dirname", "os.path.join", "os.path.normpath", "os.path.realpath",
    "pathlib.Path", "pathlib.PurePath",
}  # fmt: skip
_KEEPING_METHODS = {"absolute", "as_posix", "expanduser", "joinpath", "resolve", "with_name", "with_suffix"}
_DEEPEST = 8
_ROOTS = {"common_dir", "git_dir", "working_dir", "working_tree_dir"}


def opened_path(site: Site) -> tuple[str | None, str]:
    """Code of the path of a repository, and what is told of it.

    GitPython puts in what ``~`` and ``$NAME`` stand for. A translation must not: it would look at the environment where
    the program's own text does not, and the check for dangerous code refuses that.

    Raises:
        NoCounterpart: The program's text shows one of them in the path, or expand_vars is known only at run time.
    """
    node = site.node_of("path")
    if node is None:
        return None, ""
    texts = site.program.files.paths.of(node) or ()
    variables = site.truth("expand_vars", default=True)
    if any(text.start.startswith("~") or (variables and "$" in text.start + text.end) for text in texts):
        raise NoCounterpart("GitPython puts in what ~ and $NAME stand for; open_repo takes a path as it is")
    if site.literal("path") == ".":
        return None, ""
    return site.argument(node), "" if _is_plain(site, node) else UNEXPANDED


def _is_plain(site: Site, node: cst.BaseExpression, depth: int = 0) -> bool:
    """Whether a path is one that the program's text shows, or one of the machine's own."""
    if depth > _DEEPEST:
        return False  # it may be made of itself
    texts = site.program.files.paths.of(node)
    if texts is not None and all(text.whole for text in texts):
        return True
    value = site.binding(node) or node
    if value is not node:
        return isinstance(value, cst.BaseExpression) and _is_plain(site, value, depth + 1)
    if isinstance(node, cst.Attribute):
        here = site.program.files.import_path(node) == "os.curdir"
        return (
            here
            or node.attr.value in _ROOTS
            or (node.attr.value in ("parent", "name") and _is_plain(site, node.value, depth + 1))
        )
    if isinstance(node, cst.BinaryOperation):
        return all(_is_plain(site, side, depth + 1) for side in (node.left, node.right))
    if not isinstance(node, cst.Call):
        return isinstance(node, cst.Name) and node.value == "__file__"
    arguments = all(_is_plain(site, arg.value, depth + 1) for arg in node.args)
    path = site.program.files.import_path(node.func) or (
        node.func.value if isinstance(node.func, cst.Name) else ""
    )
    if path in _PLAIN_CALLS or (path in _KEEPING_CALLS | {"str"} and arguments):
        return True
    method = node.func if isinstance(node.func, cst.Attribute) else None
    return (
        method is not None
        and not path
        and method.attr.value in _KEEPING_METHODS
        and arguments
        and _is_plain(site, method.value, depth + 1)
    )
