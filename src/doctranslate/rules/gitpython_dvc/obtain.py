"""Clones that are made only to read a few files of them: those files are all that has to come."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from doctranslate.analysis.scopes import dotted
from doctranslate.rules.site import Site, quoted

# Calls that read the file, or list the folder, that is their first argument.
_READERS = {
    "open", "read_csv", "read_table", "read_json", "read_parquet", "read_excel", "read_pickle", "read_feather",
    "load", "loadtxt", "genfromtxt", "copy", "copy2", "copyfile", "copytree", "listdir", "walk", "scandir",
}  # fmt: skip
_METHODS = {"read_text", "read_bytes", "iterdir", "glob", "rglob"}
_CLEAN_UP = {"rmtree"}
_WRITES = set("wax+")


def files_read(site: Site, folder: cst.BaseExpression | None) -> list[tuple[str, str]] | None:
    """What a program reads from a clone in a temporary folder, when it does nothing else with it.

    Args:
        site: The call that clones.
        folder: What is cloned into.

    Returns:
        Code of each path in the repository, with code of where it is read from; None when more is done, or when
        the folder stays behind.
    """
    if not isinstance(folder, cst.Name):
        return None
    uses = [use for use in site.reads_of(folder) if use is not folder]
    wholes = [_whole(site, use) for use in uses if not _is_cleaned_up(site, use)]
    is_temporary = _is_temporary(site, folder) or len(wholes) < len(uses)
    if not wholes or not is_temporary:
        return None
    found: dict[str, str] = {}
    for whole in wholes:
        if whole is None:
            return None
        path = _path(site, whole[1])
        if path is None or not all(_is_read(site, place) for place in _places(site, whole[0])):
            return None
        code = site.code(whole[0]).removeprefix("(").removesuffix(")") if _is_path_object(whole[0]) else ""
        found.setdefault(path, f"str({code})" if code else site.code(whole[0]))  # Repo.get takes text only
    folders = {path for path in found if any(_is_below(other, path) for other in found)}
    if folders and not all(path.startswith(("'", '"')) for path in found):
        return None
    return [
        (path, out) for path, out in found.items() if not any(_is_below(path, folder) for folder in folders)
    ]


def _is_below(path: str, folder: str) -> bool:
    return path != folder and path[1:-1].startswith(f"{folder[1:-1]}/")


def _is_path_object(node: cst.BaseExpression) -> bool:
    """Whether a path is not text: ``Path(folder, "a")``, ``Path(folder) / "a"``."""
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, cst.Divide)
    return isinstance(node, cst.Call) and dotted(node.func).rpartition(".")[2] == "Path"


def _is_temporary(site: Site, node: cst.BaseExpression, depth: int = 2) -> bool:
    """Whether a folder is one of ``tempfile``, or lies in one."""
    made = site.binding(node)
    if made is None or not depth:
        return False
    names = [
        each
        for each in _calls(made)
        if dotted(each.func).rpartition(".")[2] in ("TemporaryDirectory", "mkdtemp")
    ]
    inside = [each for each in _names(made) if _is_temporary(site, each, depth - 1)]
    return bool(names or inside)


def _calls(node: cst.CSTNode) -> Iterator[cst.Call]:
    if isinstance(node, cst.Call):
        yield node
    for child in node.children:
        yield from _calls(child)


def _names(node: cst.CSTNode) -> Iterator[cst.Name]:
    if isinstance(node, cst.Name):
        yield node
    for child in node.children:
        yield from _names(child)


def _is_cleaned_up(site: Site, use: cst.BaseExpression) -> bool:
    call = _call_around(site, use)
    return call is not None and dotted(call.func).rpartition(".")[2] in _CLEAN_UP


def _call_around(site: Site, node: cst.CSTNode) -> cst.Call | None:
    """The call that takes a node as its first argument."""
    arg = site.around(node)
    call = site.around(arg) if isinstance(arg, cst.Arg) else None
    return call if isinstance(call, cst.Call) and call.args[0] is arg else None


def _whole(site: Site, use: cst.BaseExpression) -> tuple[cst.BaseExpression, list[cst.BaseExpression]] | None:
    """The path that a use of the folder is the start of, and the parts behind the folder."""
    around = site.around(use)
    if isinstance(around, cst.BinaryOperation) and around.left is use:
        return _grown(site, use, [])
    if isinstance(around, cst.FormattedStringExpression):
        return _formatted(site, around)
    call = _call_around(site, use)
    if call is None or any(arg.keyword or arg.star for arg in call.args):
        return None
    parts = [arg.value for arg in call.args[1:]]
    last = dotted(call.func).rpartition(".")[2]
    if last == "join" and parts:
        return call, parts
    return _grown(site, call, parts) if last == "Path" else None


def _grown(
    site: Site, node: cst.BaseExpression, parts: list[cst.BaseExpression]
) -> tuple[cst.BaseExpression, list[cst.BaseExpression]] | None:
    """``Path(folder) / "a" / "b"``."""
    around = site.around(node)
    while isinstance(around, cst.BinaryOperation) and around.left is node:
        if not isinstance(around.operator, cst.Divide | cst.Add):
            return None
        parts.append(around.right)
        node, around = around, site.around(around)
    return (node, parts) if parts else None


def _formatted(
    site: Site, start: cst.FormattedStringExpression
) -> tuple[cst.BaseExpression, list[cst.BaseExpression]] | None:
    """``f"{folder}/a/b.csv"``."""
    whole = site.around(start)
    if not isinstance(whole, cst.FormattedString) or len(whole.parts) != 2 or whole.parts[0] is not start:
        return None
    text = whole.parts[1]
    return (
        (whole, [cst.SimpleString(repr(text.value))]) if isinstance(text, cst.FormattedStringText) else None
    )


def _path(site: Site, parts: list[cst.BaseExpression]) -> str | None:
    """Code of the path below the folder, where the text or the function's own parameters say it."""
    texts = [
        part.evaluated_value if isinstance(part, cst.SimpleString) else site.constant(part) for part in parts
    ]
    if all(isinstance(text, str) for text in texts):
        return quoted("/".join(str(text).strip("/") for text in texts))
    if len(parts) == 1 and site.is_parameter(parts[0]):
        return site.render(parts[0])
    return None


def _places(site: Site, whole: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Where a path is used: where it stands, or where the variable is read that it is put into."""
    around = site.around(whole)
    if (
        isinstance(around, cst.Assign)
        and len(around.targets) == 1
        and isinstance(around.targets[0].target, cst.Name)
    ):
        return [*site.reads_of(around.targets[0].target)] or [whole]
    return [whole]


def _is_read(site: Site, place: cst.BaseExpression) -> bool:
    around = site.around(place)
    if isinstance(around, cst.Attribute):
        return around.attr.value in _METHODS or (
            around.attr.value == "open" and _reads_only(site.around(around))
        )
    call = _call_around(site, place)
    if call is None:
        return False
    last = dotted(call.func).rpartition(".")[2]
    return last in _READERS and (last != "open" or _reads_only(call, first=1))


def _reads_only(call: cst.CSTNode | None, first: int = 0) -> bool:
    """Whether a call of ``open`` does not write."""
    if not isinstance(call, cst.Call):
        return False
    modes = [
        arg.value
        for n, arg in enumerate(call.args)
        if (arg.keyword is None and n == first) or (arg.keyword and arg.keyword.value == "mode")
    ]
    return all(isinstance(mode, cst.SimpleString) and not set(mode.raw_value) & _WRITES for mode in modes)
