"""What is done to a machine through the target library, or through the source library that it hands out."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from doctranslate.verification.abilities import by_name, is_git_runner
from doctranslate.verification.base import source_text
from doctranslate.verification.capabilities import Capability
from doctranslate.verification.dangers import Danger, Parents
from doctranslate.verification.inference import Program
from doctranslate.verification.members import bases
from doctranslate.verification.scopes import Scope
from doctranslate.verification.texts import folded_text
from doctranslate.verification.values import Value


@dataclass(frozen=True, slots=True)
class Act:
    """What a method's name says that it does.

    Attributes:
        capability: What it can do.
        words: What a source program says that does the same; empty when only the same name will do.
        anywhere: Whether the name says enough on an object of unknown type.
    """

    capability: Capability
    words: frozenset[str] = frozenset()
    anywhere: bool = False


def _acts(names: str, capability: Capability, words: str = "", *, anywhere: bool = False) -> dict[str, Act]:
    return dict.fromkeys(names.split(), Act(capability, frozenset(words.split()), anywhere))


_GONE = "delete remove rm unlink rmtree D d rename move mv"
ACTS: dict[str, Act] = {
    **_acts("destroy deinit", "deletion", "destroy deinit", anywhere=True),
    **_acts("gc collect_garbage", "deletion", anywhere=True),
    **_acts("purge wipe prune expire", "deletion", "purge wipe prune expire"),
    **_acts("rm rm_file delete rmdir_recursive cp_file", "deletion", _GONE),
    **_acts(
        "remove_ref delete_tag delete_head delete_branch", "deletion", f"{_GONE} force clone", anywhere=True
    ),
    **_acts("delete_remote remove_remote remove_section remove_option", "deletion", _GONE, anywhere=True),
    **_acts("move mv rename", "deletion", "move mv rename"),
    **_acts("reset", "deletion", "reset revert restore checkout unstage abort undo"),
    **_acts("clean", "deletion", "clean"),
    **_acts("drop drop_data_index clear", "deletion", "drop clear pop stash"),
    **_acts("reproduce repro cmd_run run_stage run_callable_stage", "process", anywhere=True),
    **_acts("run exec execute shell popen spawn start_worker call", "process"),
    **_acts("experiments exp_run queue_exp reproduce_one daemon daemonize", "process"),
    **_acts("install uninstall verify_hook add_hook", "settings"),
    **_acts("install_hook install_merge_driver hooks_dir", "settings", anywhere=True),
}
"""Names of a library's members that say what they do, in whatever library they are."""

_INNER = frozenset(
    {"commands", "command", "daemon", "worker", "testing", "updater", "analytics", "subprocess", "celery"}
)
"""Modules of a library that are not made to be called by others."""

_COMMANDS = frozenset(
    {
        *(
            "add",
            "push",
            "pull",
            "fetch",
            "checkout",
            "commit",
            "status",
            "init",
            "diff",
            "data",
            "list",
            "ls",
        ),
        *("root", "version", "config", "remote", "default", "modify", "get", "unfreeze", "freeze", "--quiet"),
        *(
            "-q",
            "-v",
            "-d",
            "--default",
            "-f",
            "--no-scm",
            "--all-commits",
            "--all-branches",
            "--all-tags",
            "-r",
        ),
        *("--remote", "--local", "core.autostage", "core.remote", "true", "false", "-a", "-A", "-T", "-j"),
    }
)
"""What a library's own command line may be given."""

_SINKS = frozenset(
    {
        *(
            "clone",
            "clone_from",
            "create_remote",
            "add_remote",
            "set_url",
            "add_url",
            "import_url",
            "imp_url",
        ),
        *("get_url", "ls_url", "push_refspecs", "fetch_refspecs", "iter_remote_refs", "create_submodule"),
        *("DVCFileSystem", "validate_git_remote", "external_repo", "clone_to", "add_submodule"),
    }
)
_LIBRARY_SINKS = frozenset({"get", "imp", "push", "fetch", "pull"})
_ADDRESSES = frozenset(
    {"url", "repo", "remote", "address", "pushurl", "endpointurl", "repository", "from_url"}
)
_READS = frozenset(
    {"read", "read_text", "read_bytes", "readline", "readlines", "open", "input", "load", "loads"}
)

_READ_ONLY = frozenset(
    {
        *(
            "describe",
            "log",
            "rev_parse",
            "rev_list",
            "status",
            "diff",
            "ls_files",
            "ls_tree",
            "show",
            "cat_file",
        ),
        *(
            "hash_object",
            "shortlog",
            "blame",
            "merge_base",
            "for_each_ref",
            "name_rev",
            "diff_tree",
            "version",
        ),
        *(
            "ls_remote",
            "check_ignore",
            "count_objects",
            "symbolic_ref",
            "show_ref",
            "working_dir",
            "version_info",
        ),
        *("add", "checkout", "switch", "fetch", "diff_index", "var", "grep", "check_attr"),
    }
)
"""Commands of git that destroy nothing by themselves."""

_SAME = {
    "branch": frozenset({"head", "heads", "branches"}),
    "mv": frozenset({"move", "rename"}),
    "rm": frozenset({"remove", "delete", "unlink"}),
    "tag": frozenset({"tags"}),
    "remote": frozenset({"remotes"}),
    "restore": frozenset({"checkout", "reset"}),
    "submodule": frozenset({"submodules"}),
}
"""What else a source program says for a command of git."""

_FLAGS = re.compile(
    r"^(-f|--force.*|--hard|-D|-d|--delete|-[a-z]*[fdx][dfx]+|-[A-Z]*f|--exec.*|-c|--config.*|--upload-pack.*"
    r"|--receive-pack.*|--mirror|--prune.*|--template.*|--no-verify|-u\w+=.*|\+.*|:.+|-O.*|--open-files-in-pager.*|-x|--extcmd.*)$"
)
_TAKES_AWAY = frozenset({"rm", "remove", "delete", "reset", "unlink", "rename", "move", "mv"})
_MOVES_ON = frozenset(
    {"force", "f", "reset", "hard", "checkout", "restore", "clean", "stash", "pull", "merge", "rebase"}
)
_VERIFIES = frozenset({"verify", "sslverify"})
_SAYS_FLAG = {
    **dict.fromkeys(("-d", "-D", "--delete"), frozenset({"delete", "remove", "d"})),
    **dict.fromkeys(("-f", "--force"), frozenset({"force", "f"})),
    "--hard": frozenset({"hard", "working"}),
}
"""Options that a source program may say by a method's name or an argument."""
_OFF = frozenset({"verify", "ssl_verify", "verify_ssl", "check_hostname", "sslverify", "verify_certs"})


def acts(program: Program, parents: Parents) -> Iterator[Danger]:
    """What a program does through libraries.

    Args:
        program: The program.
        parents: What its expressions stand in.
    """
    yield from _imported(program)
    for node, scope in program.walk.nodes:
        if isinstance(node, ast.Attribute):
            yield from _by_attribute(program, parents, node, scope)
        elif isinstance(node, ast.Name):
            yield from _by_name(program, parents, node, scope)
        elif isinstance(node, ast.Call):
            yield from _by_call(program, node, scope)
            named = by_name(program, node, scope)
            if named is not None:
                yield from _by_attribute(program, parents, named, scope)
    yield from _settings(program)


def _imported(program: Program) -> Iterator[Danger]:
    for imported in program.walk.imports:
        if program.surface.owns(imported.path):
            inner = next((part for part in imported.path.split(".")[1:] if part in _INNER), None)
            if inner is not None:
                yield Danger("process", f"{imported.path}", imported.statement)


def _is_library(value: Value) -> bool:
    return value.kind in ("module", "class", "object", "function") and not value.name.startswith("builtins.")


def _through_library(program: Program, node: ast.expr, scope: Scope) -> bool:
    """Whether something is reached from an object of the library, however far."""
    inner: ast.expr = node
    while True:
        if any(_is_library(value) or _extends(program, value) for value in program.values(inner, scope)):
            return True
        if isinstance(inner, ast.Attribute):
            if inner.attr in ("gitpython", "scm"):
                return True
            inner = inner.value
        elif isinstance(inner, ast.Call):
            if _is_handed(program, inner, scope):
                return True
            inner = inner.func
        elif isinstance(inner, ast.Subscript):
            inner = inner.value
        else:
            return isinstance(inner, ast.Name) and inner.id in _holders(program)


def _is_handed(program: Program, call: ast.Call, scope: Scope) -> bool:
    """Whether a function of others is given an object of the library, and so may give it back."""
    if not any(value.kind == "foreign" for value in program.values(call.func, scope)):
        return False
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(
        value.kind in ("object", "class") and _is_library(value)
        for a in given
        for value in program.values(a, scope)
    )


@lru_cache(maxsize=4)
def _holders(program: Program) -> frozenset[str]:
    """Names that are given what a function of others made from an object of the library."""
    return frozenset(
        binding.target.id
        for binding in program.walk.bindings
        if isinstance(binding.node, ast.Call)
        and isinstance(binding.target, ast.Name)
        and _is_handed(program, binding.node, binding.scope)
    )


def _extends(program: Program, value: Value) -> bool:
    """Whether it is of a class of the program that is made from one of the library."""
    if value.kind not in ("own-object", "own-class"):
        return False
    return any(_is_library(base) for base in bases(program, program.walk.scopes[int(value.name)]))


def _is_own(program: Program, node: ast.Attribute, scope: Scope) -> bool:
    """Whether an attribute belongs to the program's own objects, containers, or Python's."""
    known = program.values(node.value, scope)
    kinds = ("own-object", "own-class", "own-function", "container", "foreign", "method", "none")
    return bool(known) and all(value.kind in kinds for value in known)


def _by_attribute(program: Program, parents: Parents, node: ast.Attribute, scope: Scope) -> Iterator[Danger]:
    act = ACTS.get(node.attr)
    is_library = _through_library(program, node.value, scope)
    if _is_own(program, node, scope) and not is_library:
        # An object that went through other people's hands is not known any more, but its members' names are.
        if act is not None and act.anywhere and node.attr not in _defined(program.tree):
            yield Danger(act.capability, f".{node.attr}", node, parents.use_of(node), act.words)
        return
    is_object = any(value.kind == "object" for value in program.values(node.value, scope))
    if is_git_runner(program, node.value) and not is_object:
        if node.attr not in _READ_ONLY:
            words = frozenset({node.attr, *node.attr.split("_")}) | _SAME.get(node.attr, frozenset())
            yield Danger("deletion", f".git.{node.attr}", node, parents.use_of(node), words)
        return
    if node.attr == "remove" and is_library:
        yield from _removal(node, parents)
    if act is not None and (act.anywhere or is_library):
        yield Danger(act.capability, f".{node.attr}", node, parents.use_of(node), act.words)


@lru_cache(maxsize=4)
def _defined(tree: ast.Module) -> frozenset[str]:
    """Names of functions, and of attributes that are set, in the program itself."""
    found = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    stored = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
    return frozenset(found | {node.attr for node in stored})


def _removal(node: ast.Attribute, parents: Parents) -> Iterator[Danger]:
    """``remove`` of an index, or of a repository, only ends the tracking; of anything else it deletes."""
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    words, use = frozenset(_GONE.split()), parents.use_of(node)
    if name in ("index", "repo") or name.endswith("repo"):
        words |= frozenset({"add", "a", "all", "track", "commit"})
        says = any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(use))
        yield Danger("deletion", ".remove", node, use if says else None, words)
    else:
        yield Danger("deletion", ".remove", node, use, words)


def _by_name(program: Program, parents: Parents, node: ast.Name, scope: Scope) -> Iterator[Danger]:
    """A function of the library by a name of its own: ``from dvc.utils.fs import remove as r``."""
    for value in program.values(node, scope):
        name = value.name.rpartition(".")[2]
        act = {**ACTS, "remove": ACTS["rm"]}.get(name) if value.kind == "function" else None
        if act is not None:
            yield Danger(
                act.capability, f".{value.name.rpartition('.')[2]}", node, parents.use_of(node), act.words
            )


def call_name(call: ast.Call) -> str:
    """The last part of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _by_call(program: Program, call: ast.Call, scope: Scope) -> Iterator[Danger]:
    name = call_name(call)
    functions = [value for value in program.values(call.func, scope) if _is_library(value)]
    names = {name, *(value.name.rpartition(".")[2] for value in functions if value.kind == "function")}
    if not any(value.kind == "function" and ".fs" not in value.name for value in functions):
        names -= {"get", "imp"}  # of a mapping, or of a file system, whose paths lie in the repository
    is_library = bool(functions) or (
        isinstance(call.func, ast.Attribute) and _through_library(program, call.func, scope)
    )
    is_own = isinstance(call.func, ast.Attribute) and _is_own(program, call.func, scope)
    if isinstance(call.func, ast.Attribute) and is_git_runner(program, call.func.value):
        yield from _flags(call)
    for keyword in call.keywords:
        if keyword.arg in _OFF and _is_false(keyword.value):
            yield Danger("protection", f"{keyword.arg}=False", call, None, _VERIFIES)
        elif keyword.arg == "cmd" and is_library:
            yield Danger("process", "cmd=…", call, keyword)
        elif (
            keyword.arg in ("outs", "working_tree", "hard")
            and is_library
            and _may_be_true(program, keyword.value)
        ):
            yield Danger(
                "deletion",
                f"{keyword.arg}=…",
                call,
                None,
                _TAKES_AWAY,
            )
        elif (
            keyword.arg == "force" and names & _PUSHES and not is_own and _may_be_true(program, keyword.value)
        ):
            yield Danger("deletion", "push(force=…)", call, None, frozenset({"force", "f", "+"}))
        elif keyword.arg == "force" and not _is_false(keyword.value) and not is_own and "checkout" in names:
            yield Danger(
                "deletion",
                "checkout(force=…)",
                call,
                None,
                _MOVES_ON,
            )
    if not is_own:
        yield from _sinks(call, names, is_library=is_library)
    if names & (_PUSHES | {"fetch_refspecs", "set_ref"}):
        yield from _texts(call, "git ", lambda text: text.startswith(("+", ":")) and len(text) > 1)
    if names & _TAKEN_IN and not is_own:
        yield from _texts(call, "", lambda text: text.startswith(("/", "~", "..")))
    if any(value.kind == "function" and ".cli" in value.name for value in functions):
        yield from _commands(call)


def _texts(call: ast.Call, before: str, is_it: Callable[[str], bool]) -> Iterator[Danger]:
    """Texts among a call's arguments that the source program must have as well."""
    for argument in (*call.args, *call.keywords):
        for part in ast.walk(argument):
            text = folded_text(part)
            if text is not None and is_it(text):
                yield Danger("deletion" if before else "secrets", before + text, call, is_text=True)


_TAKEN_IN = frozenset({"add", "put", "put_file", "upload", "imp_url", "track", "add_commit", "cp", "copy"})
"""What takes files in, so that they are sent with the rest."""

_PUSHES = frozenset({"push", "push_refspecs", "send"})


def _may_be_true(program: Program, node: ast.expr) -> bool:
    """Whether an option is on; one that is handed on is when it is on anywhere."""
    if not isinstance(node, ast.Name):
        return not _is_false(node)
    given: list[ast.AST] = [
        k.value for call, _ in program.walk.calls for k in call.keywords if k.arg == node.id
    ]
    given += [b.node for b in program.walk.bindings if b.target == node.id and b.kind == "value"]
    return any(not _is_false(value) and not isinstance(value, ast.Name) for value in given)


def _is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def _flags(call: ast.Call) -> Iterator[Danger]:
    """Options of a git command that destroy, or that name other programs."""
    for argument in call.args:
        for part in ast.walk(argument):
            text = folded_text(part)
            if text is not None and _FLAGS.match(text):
                words = _SAYS_FLAG.get(text)
                yield Danger(
                    "deletion", f"git {text}", call, None, words or frozenset(), is_text=words is None
                )
    for keyword in call.keywords:
        name = keyword.arg or ""
        if name in (
            "force",
            "f",
            "hard",
            "D",
            "d",
            "delete",
            "exec",
            "upload_pack",
            "receive_pack",
            "mirror",
            "c",
        ):
            yield Danger("deletion", f"git {name}=…", call, None, frozenset({name.lower()}))


def _sinks(call: ast.Call, names: set[str], *, is_library: bool) -> Iterator[Danger]:
    """What is sent to, or taken from."""
    is_sink = bool(names & _SINKS) or (is_library and bool(names & _LIBRARY_SINKS))
    given: list[ast.AST] = [k.value for k in call.keywords if k.arg in _ADDRESSES and (is_sink or is_library)]
    if is_sink:
        given += [keyword.value for keyword in call.keywords if keyword.arg is None]
    is_new = call_name(call) == "create" and source_text(call.func).endswith(".remotes.create")
    if is_new or names & {"create_remote", "add_remote", "create_submodule", "set_url"}:
        given += [*call.args, *call.keywords]
    elif names & _SINKS or (is_library and names & {"get", "imp"}):
        given += call.args[:1]
    if call_name(call) in ("dict", "update", "setdefault"):
        given += [k.value for k in call.keywords if k.arg in _ADDRESSES]
    for node in given:
        yield Danger("address", "an address", call, node, is_text=False)


def _commands(call: ast.Call) -> Iterator[Danger]:
    elements = call.args[0].elts if call.args and isinstance(call.args[0], ast.List | ast.Tuple) else None
    words = [folded_text(element) for element in elements or ()]
    if elements is None or not words or words[0] not in _COMMANDS - {"-q", "-v", "-f", "-d"}:
        yield Danger("process", "the command line of the library", call, call)
    elif words[0] in ("config", "remote"):
        rest = [e for e, word in zip(elements, words, strict=True) if word not in _COMMANDS]
        for element in rest:
            yield Danger("address", "an address", call, element)


def _settings(program: Program) -> Iterator[Danger]:
    """Addresses that are put into settings: ``conf["remote"]["x"] = {"url": …}``."""
    for node in ast.walk(program.tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None and (folded_text(key) or "").lower() in _ADDRESSES:
                    yield Danger("address", "an address", value, value)
                if key is not None and folded_text(key) in _OFF and _is_false(value):
                    yield Danger("protection", f"{folded_text(key)}=False", value, None, _VERIFIES)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if (
                    isinstance(target, ast.Subscript)
                    and (folded_text(target.slice) or "").lower() in _ADDRESSES
                ):
                    yield Danger("address", "an address", node, node.value)
                if (
                    isinstance(target, ast.Subscript)
                    and folded_text(target.slice) in _OFF
                    and _is_false(node.value)
                ):
                    yield Danger("protection", f"{folded_text(target.slice)}=False", node, None, _VERIFIES)


def named_remotes(program: Program) -> Iterator[str]:
    """Names that a program gives to remotes whose addresses it sets itself: an address is judged where it is set.

    Args:
        program: The program.
    """
    for node in ast.walk(program.tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Dict):
            continue
        for target in node.targets:
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Subscript):
                name = folded_text(target.slice)
                if name and folded_text(target.value.slice) == "remote":
                    yield name
