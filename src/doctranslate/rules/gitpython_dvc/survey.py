"""What the rules need to know of a program as a whole, read once before the first rule is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.values import Bound, Ref
from doctranslate.records import Job
from doctranslate.rules.gitpython_dvc.data import DataPolicy, policy
from doctranslate.rules.gitpython_dvc.files import Files
from doctranslate.rules.gitpython_dvc.symbols import GIT, INDEX, REPO
from doctranslate.rules.gitpython_dvc.words import executed_name

_ADDING = {f"{INDEX}.add", f"{GIT}.add"}
_MOVING = {f"{INDEX}.move", f"{GIT}.mv"}
_OPENING = {REPO, f"{REPO}.init", f"{REPO}.clone", f"{REPO}.clone_from"}
_CHANGING = {"chdir", "fchdir"}


@dataclass
class Program:
    """The program as the rules see it.

    Attributes:
        policy: Which paths are data.
        files: What the paths are that are not written out where they are used.
        tracks_data: It may put data under version control: its repository must be one of DVC.
        has_data: It names data anywhere: what it reads and compares may be data.
        added: Paths that it adds, where the program text says them.
        adds_data: It adds paths that are surely data, of which the text says only the beginning or the end.
        adds_unknown: It adds paths that are known only at run time, or everything.
        adds_everything: It adds every change at once.
        adds_folder: It adds something whose name has no suffix: a folder, it may be.
        at_root: Every repository is opened in the working directory, so that paths count from there.
        sets_up_lfs: It tells git-lfs what to track.
        makes_repository: It makes its repository, in which nothing is versioned yet.
        has_submodules: It speaks of submodules: a folder that it adds may be one.
        sets_environment: It sets variables for git alone.
        n_commits: How often it can commit: 1 when one commit stands in plain sight, more or unknown as 2.
        tags: Names of tags that it creates, where the program text says them.
        branches: The same for branches, and the usual names of the first one.
        data_remote: Address for data given by the caller, or None.
        constants: Prelude constants to their code.
    """

    policy: DataPolicy
    files: Files
    tracks_data: bool = False
    has_data: bool = False
    added: set[str] = field(default_factory=set)
    adds_data: bool = False
    adds_unknown: bool = False
    adds_everything: bool = False
    adds_folder: bool = False
    at_root: bool = False
    sets_up_lfs: bool = False
    makes_repository: bool = False
    has_submodules: bool = False
    sets_environment: bool = False
    n_commits: int = 2
    tags: set[str] = field(default_factory=set)
    branches: set[str] = field(default_factory=lambda: {"main", "master"})
    data_remote: str | None = None
    constants: dict[str, str] = field(default_factory=dict)


def survey(inference: Inference, job: Job) -> Program:
    """Read a program once."""
    calls = [(call, _symbol(inference, call)) for call in inference.tree.calls]
    tracked = tuple(word for call, symbol in calls if symbol for word in _tracked(inference, call, symbol))
    which = policy(given=job.data, tracked=tracked)
    program = Program(which, Files(inference, which), data_remote=job.data_remote)
    for call, symbol in calls:
        if symbol in _ADDING | _MOVING or (symbol == f"{GIT}.execute" and executed_name(call) == "add"):
            _read_add(inference, program, call, symbol)
    opened = [(call, symbol) for call, symbol in calls if symbol in _OPENING]
    program.at_root = (
        bool(opened)
        and all(_is_here(call, symbol) for call, symbol in opened)
        and not _changes_directory(inference)
    )
    _read_names(inference, program, calls)
    program.n_commits = _count_commits(inference, calls)
    program.sets_up_lfs = any(symbol and _tracks_with_lfs(inference, call, symbol) for call, symbol in calls)
    program.sets_environment = any(
        symbol in (f"{GIT}.custom_environment", f"{GIT}.update_environment") for _, symbol in calls
    )
    program.makes_repository = any(symbol == f"{REPO}.init" for _, symbol in calls)
    program.has_submodules = any(
        isinstance(node, cst.Attribute) and "submodule" in node.attr.value for node in inference.tree.scope_of
    )
    texts = [text for text in _strings(inference) if _path_like(text)]
    names_data = any(program.policy.is_data(text) for text in texts)
    program.adds_unknown |= program.adds_folder and names_data
    program.has_data = program.sets_up_lfs or program.adds_unknown or program.adds_data or names_data
    added_data = program.adds_data or any(program.policy.is_data(path) for path in program.added)
    program.tracks_data = program.sets_up_lfs or added_data or (program.adds_unknown and job.data != ())
    program.constants = {
        "DATA": _tuple(program.policy.globs),
        "NOT_DATA": _tuple(program.policy.excluded),
        "DATA_REMOTE": repr(job.data_remote or ""),
    }
    return program


def _symbol(inference: Inference, call: cst.Call) -> str | None:
    value = inference.value(call.func)
    if isinstance(value, Bound):
        return value.symbol
    return value.path if isinstance(value, Ref) and value.path == REPO else None


def _read_names(inference: Inference, program: Program, calls: list[tuple[cst.Call, str | None]]) -> None:
    """Tags and branches that the program creates under names that stand in it."""
    for call, symbol in calls:
        texts = [text for arg in call.args if isinstance(text := inference.constant(arg.value), str)]
        if not texts:
            continue
        if symbol in (f"{REPO}.create_tag", f"{GIT}.tag"):
            program.tags.update(text for text in texts if not text.startswith("-") and " " not in text)
        elif symbol == f"{REPO}.create_head" or (symbol == f"{GIT}.checkout" and "-b" in texts):
            program.branches.update(text for text in texts if not text.startswith("-"))
    program.branches -= program.tags


def _count_commits(inference: Inference, calls: list[tuple[cst.Call, str | None]]) -> int:
    """How often a program can commit, where that is in plain sight: at the top level and outside loops."""
    found = [
        call
        for call, symbol in calls
        if symbol in (f"{INDEX}.commit", f"{GIT}.commit")
        or (symbol == f"{GIT}.execute" and executed_name(call) == "commit")
    ]
    if len(found) != 1:
        return 2
    node: cst.CSTNode | None = found[0]
    while node is not None:
        if isinstance(node, cst.FunctionDef | cst.For | cst.While | cst.Lambda):
            return 2
        node = inference.tree.parent_of.get(node)
    return 1


def _is_here(call: cst.Call, symbol: str | None) -> bool:
    """Whether a repository is opened in the working directory: ``Repo()``, ``Repo(".")``, ``Repo(os.getcwd())``."""
    if symbol not in (REPO, f"{REPO}.init"):
        return False
    here = {"'.'", '"."', "os.getcwd()", "os.curdir", "Path.cwd()"}
    return all(cst.Module([]).code_for_node(arg.value) in here and arg.keyword is None for arg in call.args)


def _changes_directory(inference: Inference) -> bool:
    return any(
        (isinstance(call.func, cst.Attribute) and call.func.attr.value in _CHANGING)
        or inference.import_path(call.func).rpartition(".")[2] in _CHANGING
        for call in inference.tree.calls
    )


def _tracked(inference: Inference, call: cst.Call, symbol: str) -> Iterator[str]:
    """Patterns of ``git lfs track``."""
    if _tracks_with_lfs(inference, call, symbol):
        words = [word for word in _constants(inference, call) if isinstance(word, str)]
        yield from (word for word in words[words.index("track") + 1 :] if not word.startswith("-"))


def _tracks_with_lfs(inference: Inference, call: cst.Call, symbol: str) -> bool:
    words = _constants(inference, call)
    if symbol == f"{GIT}.execute":
        return words[:3] == ["git", "lfs", "track"]
    return symbol == f"{GIT}.lfs" and words[:1] == ["track"] and len(words) > 1


def _constants(inference: Inference, call: cst.Call) -> list[object]:
    """The words of a call; None for those that show at run time."""
    given: list[object] = []
    for arg in call.args:
        value = inference.constant(arg.value)
        if isinstance(arg.value, cst.List | cst.Tuple):
            given += [inference.constant(element.value) for element in arg.value.elements]
        elif isinstance(value, str) and _is_command_line(value):
            given += value.split()
        else:
            given.append(value)
    return given


def _is_command_line(text: str) -> bool:
    """Whether a single string is a whole command line of git's."""
    return text.startswith("git ")


def _read_add(inference: Inference, program: Program, call: cst.Call, symbol: str) -> None:
    nodes: list[cst.BaseExpression] = []
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value not in ("items",):
            if arg.keyword.value in ("A", "all", "update", "u"):
                program.adds_unknown = program.adds_everything = True
            continue
        if isinstance(arg.value, cst.List | cst.Tuple) and not arg.star:
            nodes += [element.value for element in arg.value.elements]
        else:
            nodes.append(arg.value)
    for node in nodes[2:] if symbol == f"{GIT}.execute" else nodes:
        text = inference.constant(node)
        kind = program.files.kind(node) or program.files.kind_inside(node)
        if not isinstance(text, str) and kind is not None:
            program.adds_data |= kind == "data"
        elif not isinstance(text, str) or text in (".", "-A", "--all", "-u", "--update", "*"):
            program.adds_unknown = True
            program.adds_everything |= isinstance(text, str)
        elif not text.startswith("-"):
            program.added.add(text)
            program.adds_folder |= "." not in text.rpartition("/")[2]


def _strings(inference: Inference) -> Iterator[str]:
    """Every string in the program text."""
    for node in inference.tree.scope_of:
        if type(node) is cst.SimpleString and isinstance(value := node.evaluated_value, str):
            yield value
        elif isinstance(node, cst.FormattedStringText):
            yield node.value


def _path_like(text: str) -> bool:
    return 0 < len(text) < 200 and not any(c in text for c in " \n\t:*?<>|")


def _tuple(globs: tuple[str, ...]) -> str:
    """A tuple of strings over as many lines as it takes."""
    one = "(" + ", ".join(f'"{glob}"' for glob in globs) + ("," if len(globs) == 1 else "") + ")"
    if len(one) < 90:
        return one
    lines, line = [], "   "
    for glob in globs:
        if len(line) + len(glob) > 90:
            lines.append(line)
            line = "   "
        line += f' "{glob}",'
    return "(\n" + "\n".join([*lines, line]) + "\n)"
