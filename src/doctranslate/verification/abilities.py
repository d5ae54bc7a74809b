"""What a program can do by Python's own means: names that are used, however they are reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from doctranslate.verification.base import source_text
from doctranslate.verification.capabilities import (
    BY_GIT,
    FRAMES,
    NAMES,
    PLAIN_DUNDERS,
    capability_of,
)
from doctranslate.verification.dangers import Danger, Parents
from doctranslate.verification.expressions import literal_text
from doctranslate.verification.inference import Program
from doctranslate.verification.origins import origin
from doctranslate.verification.scopes import Scope
from doctranslate.verification.values import Value
from doctranslate.verification.wordings import is_code_file

_PURE_IMPORTS = ("urllib", "urllib.parse", "importlib", "importlib.metadata", "importlib.resources", "sys")
_WRITERS = ("write_text", "write_bytes", "open", "touch", "mkdir")
_OPENERS = (
    "builtins.open",
    "io.open",
    "codecs.open",
    "io.FileIO",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "os.open",
)
_COPIERS = ("shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree", "shutil.make_archive")
_LOGS = (
    "os.chdir",
    "logging.FileHandler",
    "logging.basicConfig",
    "tempfile.NamedTemporaryFile",
    "tempfile.mkstemp",
)
_CALLED = frozenset({"process", "network", "dynamic code", "deletion"})
_BY_NAME = ("getattr", "setattr", "delattr", "hasattr", "attrgetter", "methodcaller")


OVERWRITES = "writing to a file"


def abilities(program: Program, parents: Parents) -> Iterator[Danger]:
    """What a program can do.

    Args:
        program: The program.
        parents: What its expressions stand in.
    """
    for imported in program.walk.imports:
        path = origin(imported.path)
        capability = capability_of(path) if path not in _PURE_IMPORTS else None
        if capability is not None:
            yield Danger(capability, path, imported.statement)
        elif imported.name in NAMES and program.surface.owns(imported.module):
            yield Danger(NAMES[imported.name], f".{imported.name}", imported.statement)
    called = {id(call.func) for call, _ in program.walk.calls}
    inner = {id(n.value) for n, _ in program.walk.nodes if isinstance(n, ast.Attribute | ast.Subscript)}
    for node, scope in program.walk.nodes:
        if isinstance(node, ast.Call):
            yield from _by_call(program, parents, node, scope)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            yield from _by_name(program, parents, node, scope, outermost=id(node) not in inner)
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in called:
            yield from _handed_on(program, node, scope)
    yield from _stores(program)
    yield from _matched(program)
    yield from _writes_of(program)


def _by_name(
    program: Program, parents: Parents, node: ast.expr, scope: Scope, *, outermost: bool
) -> Iterator[Danger]:
    for value in program.values(node, scope):
        # "os.environ" in "os.environ.get" is reported once, for the longer name.
        name = origin(value.name)
        if value.kind != "foreign" or not name or name in _PURE_IMPORTS:
            continue
        if isinstance(node, ast.Call) and (name.endswith("()") or not _fetches(program, node, scope)):
            continue
        capability = capability_of(name)
        if capability is None or not (outermost or capability == "dynamic code"):
            continue
        if not (isinstance(node, ast.Name) and _is_bare_module(program, value)):
            handed_on = " as a value" if capability in _CALLED and parents.is_handed_on(node) else ""
            yield Danger(capability, _stem(name) + handed_on, node, parents.use_of(node))
    if isinstance(node, ast.Attribute):
        yield from _by_attribute(program, parents, node, scope)


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


def _by_attribute(program: Program, parents: Parents, node: ast.Attribute, scope: Scope) -> Iterator[Danger]:
    name = node.attr
    is_special = name.startswith("__") and name.endswith("__") and name not in PLAIN_DUNDERS
    if is_special or name in FRAMES or (name == "__dict__" and not _is_swapped(parents, node)):
        yield Danger("dynamic code", name, node, parents.use_of(node))
    if name in BY_GIT and is_git_runner(program, node.value):
        yield Danger("process", f".git.{name}", node, parents.use_of(node))
    capability = NAMES.get(name)
    if capability is not None:
        owners = program.values(node.value, scope)
        if not owners or any(
            v.kind in ("unknown", "object", "function") or v == Value("foreign") for v in owners
        ):
            yield Danger(capability, f".{name}", node, parents.use_of(node))


def _is_swapped(parents: Parents, node: ast.Attribute) -> bool:
    """``a.__dict__ = b.__dict__``: one object becomes another, and nothing is looked up."""
    above = parents.of(node)
    return isinstance(above, ast.Assign) and all(
        isinstance(target, ast.Attribute) and target.attr == "__dict__" for target in above.targets
    )


def is_git_runner(program: Program, node: ast.expr) -> bool:
    """Whether it is the ``.git`` of something, or a name that is given one anywhere."""
    if isinstance(node, ast.Name):
        return node.id in _names_of_runners(program.tree)
    return _is_git(node) or (isinstance(node, ast.Call) and is_git_runner(program, node.func))


def _is_git(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        return len(node.args) > 1 and literal_text(node.args[1]) == "git"
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
    return frozenset(name.id for name, value in pairs if isinstance(name, ast.Name) and _is_git(value))


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """A target with what it is given; for ``a, b = x, y`` one pair each."""
    many = (ast.Tuple, ast.List)
    if isinstance(target, many) and isinstance(value, many) and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


# What changes things that are not the program's own


def _stores(program: Program) -> Iterator[Danger]:
    for node, scope in program.walk.stores:
        if node.attr in BY_GIT and is_git_runner(program, node.value):
            yield Danger("process", f".git.{node.attr} = …", node)
        for value in program.values(node.value, scope):
            is_module = value.kind == "foreign" and value.name and "()" not in value.name
            is_other = value.kind in ("module", "class", "function") or is_module
            if is_other and origin(value.name) != "os.environ":
                yield Danger("dynamic code", f"{source_text(node)} = …", node)


def _matched(program: Program) -> Iterator[Danger]:
    """Attributes of a module that a pattern takes out of it."""
    for node in ast.walk(program.tree):
        if isinstance(node, ast.MatchClass):
            for name in node.kwd_attrs:
                if name in NAMES or name in FRAMES or (name.startswith("__") and name not in PLAIN_DUNDERS):
                    yield Danger(NAMES.get(name, "dynamic code"), f".{name}", node)


# Files


def _writes_of(program: Program) -> Iterator[Danger]:
    """Files written outside of the working directory, and those that are run by others; files read outside."""
    for call, scope in program.walk.calls:
        for value in program.values(call.func, scope):
            name = origin(value.name)
            if name in _OPENERS:
                yield from _by_open(call)
            elif name in _COPIERS:
                yield from _code_file(call, call.args[1:2] + [k.value for k in call.keywords])
            elif name in _LOGS:
                yield from _code_file(call, [*call.args, *(k.value for k in call.keywords)])
            elif name.startswith("pathlib.Path()") and name.rpartition(".")[2] in (
                *_WRITERS,
                "read_text",
                "read_bytes",
            ):
                yield from _by_path(call)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("write_text", "write_bytes"):
            yield from _code_file(call, [call.func.value])
            owners = program.values(call.func.value, scope)
            if any(value.kind == "unknown" or value == Value("foreign") for value in owners):
                yield from _overwritten(call, call.func.value)


def _code_file(call: ast.Call, nodes: list[ast.expr]) -> Iterator[Danger]:
    for node in nodes:
        parts = [literal_text(part) for part in ast.walk(node) if isinstance(part, ast.Constant)]
        joined = "/".join(part for part in parts if part)
        if len(parts) > 1 and is_code_file(joined):
            yield Danger("settings", joined, call)
        for part in ast.walk(node):
            text = literal_text(part)
            if text is not None and (is_code_file(text) or _is_outside(part)):
                yield Danger("settings", text, call, is_text=True)


def _by_open(call: ast.Call) -> Iterator[Danger]:
    where = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "file"), None)
    if where is None:
        return
    if _writes(call):
        if _is_outside(where):
            yield Danger("deletion", f"open({source_text(where)}, …)", call)
        yield from _code_file(call, [where])
        yield from _overwritten(call, where)
        yield from _own_files(call, where)
    elif _is_outside(where):
        yield Danger("secrets", f"open({source_text(where)})", call)


def _by_path(call: ast.Call) -> Iterator[Danger]:
    reads = isinstance(call.func, ast.Attribute) and call.func.attr.startswith("read_")
    writes = not isinstance(call.func, ast.Attribute) or call.func.attr != "open" or _writes(call, position=0)
    for inner in ast.walk(call.func):
        if writes and isinstance(inner, ast.Constant) and _is_outside(inner):
            word = "reading" if reads else "writing"
            yield Danger("secrets" if reads else "deletion", f"{word} below {inner.value!r}", call)
    if writes and not reads:
        yield from _code_file(call, [call.func])
        if isinstance(call.func, ast.Attribute) and call.func.attr != "mkdir":
            yield from _overwritten(call, call.func.value)
            yield from _own_files(call, call.func.value)


def _own_files(call: ast.Call, where: ast.expr) -> Iterator[Danger]:
    """Files of the program itself, or of a package, that are changed."""
    for part in ast.walk(where):
        name = getattr(part, "attr", getattr(part, "id", ""))
        if name in (
            "__file__",
            "__path__",
            "__spec__",
            "hooks_dir",
            "dvc_dir",
            "git_dir",
            "common_dir",
            "dir",
        ):
            yield Danger("settings", f"writing to {name}", call)


def _overwritten(call: ast.Call, where: ast.expr) -> Iterator[Danger]:
    if literal_text(where) is None:
        yield Danger("deletion", OVERWRITES, call, where)
        return
    modes = [literal_text(k.value) for k in call.keywords if k.arg == "mode"] + [
        literal_text(a) for a in call.args
    ]
    if not any(mode is not None and set(mode) <= set("axbt") and {"a", "x"} & set(mode) for mode in modes):
        yield Danger("deletion", OVERWRITES, call, where)


def _writes(call: ast.Call, position: int = 1) -> bool:
    modes = [keyword.value for keyword in call.keywords if keyword.arg in ("mode", "flags")]
    modes += call.args[position : position + 1]
    return any(set(literal_text(mode) or "w") & set("wax+") for mode in modes)


def _is_outside(node: ast.AST) -> bool:
    text = literal_text(node)
    return text is not None and (
        text.startswith(("/", "~", "\\")) or text[1:3] == ":\\" or ".." in text.split("/")
    )


# Calls that look things up


def _by_call(program: Program, parents: Parents, call: ast.Call, scope: Scope) -> Iterator[Danger]:
    for value in program.values(call.func, scope):
        name = value.name.removeprefix("builtins.")
        if value.kind == "foreign" and name in _BY_NAME and len(call.args) > 1:
            yield from _looked_up(program, parents, call, scope, name)
        elif value.name in ("importlib.import_module", "builtins.__import__"):
            if (literal_text(call.args[0]) if call.args else None) is None:
                yield Danger("dynamic code", f"{value.name}(…)", call, call)
        elif (
            value.name == "builtins.vars"
            and call.args
            and _is_module(program, call.args[0], scope, classes=True)
        ):
            above = parents.of(call)
            is_plain = isinstance(above, ast.Subscript) and literal_text(above.slice) is not None
            kinds = {held.kind for held in program.values(call.args[0], scope)}
            if not is_plain or kinds & {"class", "object", "module"}:
                yield Danger("dynamic code", "vars(…)", call, call)
        elif value.name == "builtins.type" and len(call.args) == 3:
            yield Danger("dynamic code", "type(…, …, …)", call, call)


def _looked_up(
    program: Program, parents: Parents, call: ast.Call, scope: Scope, name: str
) -> Iterator[Danger]:
    text = literal_text(call.args[1])
    if text is None:
        owner = next((v.name for v in program.values(call.args[0], scope) if v.kind == "foreign"), "")
        shown = owner if owner and "()" not in owner else "…"
        # Which name is looked up says what is done; that it is another variable of the same name does not matter.
        yield Danger("dynamic code", f"{name}({shown}, …)", call, call)
        return
    if name in ("setattr", "delattr") and _is_module(program, call.args[0], scope, classes=True):
        yield Danger("dynamic code", f"{source_text(call.args[0])}.{text} = …", call)
    attribute = by_name(program, call, scope)
    if attribute is not None:
        yield from _by_attribute(program, parents, attribute, scope)


def by_name(program: Program, call: ast.Call, scope: Scope) -> ast.Attribute | None:
    """The attribute that ``getattr(a, "b")`` stands for, or None."""
    name = literal_text(call.args[1]) if len(call.args) > 1 else None
    is_getter = any(value.name == "builtins.getattr" for value in program.values(call.func, scope))
    return (
        ast.copy_location(ast.Attribute(call.args[0], name, ast.Load()), call) if is_getter and name else None
    )


def _is_module(program: Program, node: ast.expr, scope: Scope, *, classes: bool = False) -> bool:
    kinds = ("module", "class", "function", "unknown") if classes else ("module", "unknown")
    return any(
        value.kind in kinds or (value.kind == "foreign" and value.name and "()" not in value.name)
        for value in program.values(node, scope)
    )


def _handed_on(program: Program, node: ast.expr, scope: Scope) -> Iterator[Danger]:
    """``getattr`` and its like as a value: what is looked up with it is not seen."""
    for value in program.values(node, scope):
        if value.name in ("builtins.getattr", "builtins.setattr", "builtins.vars"):
            yield Danger("dynamic code", f"{value.name.removeprefix('builtins.')} as a value", node)
