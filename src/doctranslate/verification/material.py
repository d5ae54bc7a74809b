"""What a use of something is made of, and whether the source program has all of that as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from doctranslate.verification.expressions import target_names
from doctranslate.verification.inference import Program, Variable
from doctranslate.verification.scopes import Scope
from doctranslate.verification.texts import folded

_WORD = re.compile(r"[A-Za-z]+|[+]")
SAID = frozenset(
    {
        *(
            "print",
            "info",
            "warning",
            "error",
            "debug",
            "exception",
            "critical",
            "log",
            "write",
            "writelines",
        ),
        *(
            "exit",
            "SystemExit",
            "ArgumentParser",
            "add_argument",
            "commit",
            "fail",
            "RuntimeError",
            "ValueError",
        ),
    }
)
"""Calls whose texts are for people: words in them explain nothing."""

_PLAIN = frozenset(
    {
        *(
            "str",
            "fspath",
            "abspath",
            "realpath",
            "normpath",
            "join",
            "format",
            "list",
            "tuple",
            "dict",
            "set",
        ),
        *("sorted", "strip", "rstrip", "lstrip", "split", "splitlines", "Path", "PurePosixPath", "resolve"),
        *("as_posix", "relative_to", "relpath", "len", "range", "int", "items", "keys", "values", "append"),
        *("extend", "enumerate", "zip", "map", "filter", "cast", "field", "dirname", "basename", "quote"),
        *("partial", "Thread", "submit", "closing", "suppress", "run", "getcwd", "cwd"),
    }
)
"""Calls that a command or a path may be put together with in another way than in the source."""

READS = frozenset(
    {"read", "read_text", "read_bytes", "readline", "readlines", "open", "input", "load", "loads"}
)
"""Calls that take a text from where the program does not say it."""

_PLACES = frozenset(
    {"root_dir", "dir", "dvc_dir", "working_dir", "scm", "repo", "gitpython", "git", "parent"}
)
"""Attributes that say where a repository lies."""

_OPTIONS = frozenset(
    {"check", "text", "encoding", "errors", "timeout", "capture_output", "shell", "missing_ok"}
)
_HARMLESS_LITERALS = frozenset(
    {
        *(
            "",
            ".",
            " ",
            "/",
            ":",
            "utf-8",
            "utf8",
            "replace",
            "strict",
            "\n",
            "origin",
            "HEAD",
            "r",
            "rb",
            "heads",
            "tags",
        ),
        *("refs/", "refs/heads/", "refs/tags/", "refs/remotes/", "refs/remotes/origin/", ".dvc"),
    }
)
_TESTS = frozenset(
    {
        *(
            "removeprefix",
            "removesuffix",
            "startswith",
            "endswith",
            "partition",
            "rpartition",
            "split",
            "rsplit",
        ),
        *("strip", "lstrip", "rstrip", "exists", "isfile", "isdir", "get_ref", "isinstance"),
        *("fnmatch", "any", "all", "match", "search", "fullmatch"),
    }
)
"""Calls whose arguments are no part of what they give."""
_FILLS = ("append", "extend", "insert", "add", "update", "setdefault", "appendleft")
ANYWHERE, ADDED = -1, -2
"""In place of a scope's number: an attribute, or a keyword, whatever it belongs to."""
_KINDS = ("object", "class", "module", "function")


@dataclass(frozen=True, slots=True)
class Material:
    """What expressions are made of.

    Attributes:
        literals: Texts and bytes in them, and in what their names are given.
        names: Attributes and called functions in them.
    """

    literals: frozenset[str | bytes]
    names: frozenset[str]


class Stock:
    """What a program is made of altogether: what explains uses in another.

    Args:
        program: The program; None for one that could not be read, which explains nothing.
    """

    def __init__(self, program: Program | None) -> None:
        self.program = program
        self._nodes = list(ast.walk(program.tree)) if program is not None else []

    @cached_property
    def literals(self) -> frozenset[str | bytes]:
        """All texts and bytes, also those that are put together from literals."""
        found = (folded(node) for node in self._nodes if isinstance(node, ast.expr))
        return frozenset(value for value in found if isinstance(value, str | bytes))

    @cached_property
    def names(self) -> frozenset[str]:
        """All identifiers."""
        return frozenset(_identifiers(self._nodes))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that its names and commands are made of, in small letters: ``delete`` and ``tag``, ``hard``."""
        said: set[int] = set()
        for node in self._nodes:
            if isinstance(node, ast.Call) and _tail(node.func) in SAID:
                said.update(id(part) for argument in node.args for part in ast.walk(argument))
        texts = [
            node.value
            for node in self._nodes
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and len(node.value) <= 80
            and "\n" not in node.value
            and id(node) not in said | self._docstrings
        ]
        return frozenset(
            word.lower()
            for text in (*self.names, *texts)
            for word in (*_WORD.findall(text), *text.split("_"))
        )

    @cached_property
    def _docstrings(self) -> set[int]:
        return docstrings(self._nodes)

    def has_text(self, text: str) -> bool:
        """Whether a text occurs in the program's own texts."""
        return any(
            text in (own if isinstance(own, str) else own.decode(errors="replace")) for own in self.literals
        )

    def missing(self, made_of: Material) -> str:
        """What of a use's material the program does not have, for a message; "" when it has all of it."""
        return missing(made_of, literals=self.literals, names=self.names | self.words)


def missing(made_of: Material, *, literals: frozenset[str | bytes], names: frozenset[str]) -> str:
    """What of a use's material is not among what is known, for a message; "" when all of it is.

    Args:
        made_of: The material.
        literals: Texts and bytes that are known.
        names: Names that are known.
    """
    for literal in sorted(made_of.literals, key=repr):
        if literal not in literals and literal not in names and literal not in _HARMLESS_LITERALS:
            shown = repr(literal)
            return shown if len(shown) <= 60 else shown[:57] + "…"
    known = names | _PLAIN | _PLACES | (READS if names & READS else frozenset())
    return next((name for name in sorted(made_of.names) if name not in known), "")


def _identifiers(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword | ast.arg):
            yield node.arg or ""
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield from (node.asname or node.name).split(".")


def docstrings(nodes: list[ast.AST]) -> set[int]:
    """Identities of the texts that stand as statements of their own."""
    return {id(n.value) for n in nodes if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def _tail(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


class Makings:
    """Follows the names in expressions of a program to what they are given.

    Args:
        program: The program.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._scopes = {id(node): scope for node, scope in program.walk.nodes}
        self._given: dict[Variable, list[ast.AST]] = {}
        self._functions: dict[int, Scope] = {s.number: s for s in program.walk.scopes if s.kind == "function"}
        for binding in program.walk.bindings:
            if isinstance(binding.node, ast.expr) and binding.kind != "annotation":
                self._give(binding.target, binding.home, binding.node)
        for node in ast.walk(program.tree):
            if isinstance(node, ast.AugAssign):
                for name in target_names(node.target):
                    self._given.setdefault((ADDED, name), []).append(node.value)
            elif isinstance(node, ast.keyword) and node.arg:
                self._given.setdefault((ANYWHERE, node.arg), []).append(node.value)
        self._calls: dict[str, list[ast.Call]] = {}
        for call, scope in program.walk.calls:
            if not (isinstance(call.func, ast.Attribute) and self._is_of_target(call.func)):
                self._calls.setdefault(_tail(call.func), []).append(call)
            if isinstance(call.func, ast.Attribute) and call.func.attr in _FILLS:
                for argument in call.args:
                    self._give(call.func.value, scope, argument)
        self._returned: dict[str, list[ast.AST]] = {}
        for given, scope in program.walk.returned:
            if given.value is not None:
                self._returned.setdefault(getattr(scope.node, "name", ""), []).append(given.value)

    def _give(self, target: ast.expr | str, home: Scope, node: ast.AST) -> None:
        for name in target_names(target):
            scope = home.find(name) or home
            self._given.setdefault((scope.number, name), []).append(node)
            if scope.kind == "class" or not (isinstance(target, str) or _is_plain(target)):
                self._given.setdefault((ANYWHERE, name), []).append(node)

    def of(self, *nodes: ast.AST) -> Material:
        """What expressions are made of, through all names that are not the target library's objects."""
        literals: set[str | bytes] = set()
        names: set[str] = set()
        todo: list[ast.AST] = list(nodes)
        looked_at: set[int] = set()
        while todo:
            node = todo.pop()
            if id(node) in looked_at:
                continue
            looked_at.add(id(node))
            text = folded(node)
            if isinstance(text, str | bytes):
                literals.add(text)
            elif isinstance(node, ast.Name):
                todo += self._of_name(node)
            elif isinstance(node, ast.Attribute):
                if not self._is_of_target(node):
                    names.add(node.attr)
                    todo += [node.value, *self._given.get((ANYWHERE, node.attr), ())]
                    todo += self._returned.get(node.attr, ())
            elif isinstance(node, ast.Call):
                todo += self._of_call(node, names)
            elif isinstance(node, ast.Subscript) and (held := self._held(node)):
                todo += held
            elif isinstance(node, ast.IfExp):
                todo += [node.body, node.orelse]
            elif not isinstance(node, ast.Compare) and not _is_option(node):
                todo += ast.iter_child_nodes(node)
        own = {name for _, name in self._given} | set(self._returned)
        return Material(frozenset(literals), frozenset(names - own - {""}))

    def of_use(self, use: ast.AST) -> Material:
        """What a call is given, whatever it is a call of; of another use, what it is made of."""
        parts: list[ast.AST] = []
        while isinstance(use, ast.Call | ast.Attribute | ast.Subscript):
            if isinstance(use, ast.Call):
                parts += [*use.args, *use.keywords]
                use = use.func
            else:
                parts += [use.slice] if isinstance(use, ast.Subscript) else []
                use = use.value
        return self.of(*parts, *([] if isinstance(use, ast.Name) else [use]))

    def _of_name(self, node: ast.Name) -> list[ast.AST]:
        scope = self._scopes.get(id(node))
        home = scope.find(node.id) if scope is not None else None
        if scope is None or home is None or self._is_of_target(node):
            return list(self._returned.get(node.id, ()))
        found = list(self._given.get((home.number, node.id), ()))
        found += [*self._returned.get(node.id, ()), *self._given.get((ADDED, node.id), ())]
        if home.number in self._functions:
            found += self._arguments(home, node.id)
        return found

    def _held(self, node: ast.Subscript) -> list[ast.AST]:
        """What a dictionary of the program has under a key that is written down."""
        key = folded(node.slice)
        scope = self._scopes.get(id(node.value))
        if not isinstance(key, str) or scope is None or not isinstance(node.value, ast.Name):
            return []
        home = scope.find(node.value.id)
        given = self._given.get((home.number, node.value.id), ()) if home is not None else ()
        dicts = [each for each in given if isinstance(each, ast.Dict)]
        if len(dicts) < len(given):
            return []
        pairs = [pair for each in dicts for pair in zip(each.keys, each.values, strict=True)]
        return [value for name, value in pairs if name is not None and folded(name) == key]

    def _arguments(self, function: Scope, name: str) -> Iterator[ast.AST]:
        """What calls give for a parameter; a method's may be counted with or without ``self``."""
        spec = getattr(function.node, "args", None)
        if not isinstance(spec, ast.arguments):
            return
        plain = [parameter.arg for parameter in (*spec.posonlyargs, *spec.args)]
        every = {*plain, *(p.arg for p in (*spec.kwonlyargs, spec.vararg, spec.kwarg) if p is not None)}
        if name not in every:
            return
        is_rest = spec.kwarg is not None and spec.kwarg.arg == name
        at = plain.index(name) if name in plain else -1
        for call in self._calls.get(getattr(function.node, "name", ""), ()):
            is_starred = any(isinstance(argument, ast.Starred) for argument in call.args)
            if at >= 0 and not is_starred:
                yield from call.args[max(at - (function.owner is not None), 0) : at + 1]
            else:
                yield from call.args[0 if at >= 0 else len(plain) - (function.owner is not None) :]
            yield from (k.value for k in call.keywords if is_rest or k.arg in (name, None))

    def _of_call(self, node: ast.Call, names: set[str]) -> list[ast.AST]:
        name = _tail(node.func)
        if name in self._returned:
            return list(self._returned[name])
        names.add(name)
        parts: list[ast.AST] = [] if name in _TESTS else [*node.args, *node.keywords]
        if isinstance(node.func, ast.Attribute) and not self._is_of_target(node.func):
            parts.append(node.func.value)
        elif not isinstance(node.func, ast.Attribute | ast.Name):
            parts.append(node.func)
        return parts

    def _is_of_target(self, node: ast.expr) -> bool:
        """Whether it is, or is reached from, an object of the target library."""
        while True:
            scope = self._scopes.get(id(node))
            values = self._program.values(node, scope) if scope is not None else frozenset()
            if any(value.kind in _KINDS and not value.name.startswith("builtins.") for value in values):
                return True
            if isinstance(node, ast.Attribute):
                if node.attr in ("scm", "gitpython"):
                    return True
                node = node.value
            elif isinstance(node, ast.Subscript):
                node = node.value
            elif isinstance(node, ast.Call):
                node = node.func
            else:
                return False


def _is_plain(target: ast.expr) -> bool:
    return not any(isinstance(node, ast.Attribute) for node in ast.walk(target))


def _is_option(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg in _OPTIONS and isinstance(node.value, ast.Constant)
