"""Which calls of a library a program makes, by qualified name and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from doctranslate.analysis.depth import with_room
from doctranslate.analysis.infer import Inference
from doctranslate.analysis.suspects import Suspects
from doctranslate.analysis.values import CONTAINER_METHODS, Bound, Instance, Ref
from doctranslate.apis import ApiIndex
from doctranslate.errors import SourceCodeError
from doctranslate.records import ApiUsage

_LINE_END = re.compile(r"[\r\n]")
_MAX_QUESTIONS = 20  # to jedi, of about 0.1 s each


@dataclass(frozen=True)
class Analysis:
    """What is known of a program's use of a library.

    Attributes:
        usages: Every use, in source order; those with ``resolved=False`` only look like one.
        types: Type names that the second reader (jedi) gave for expressions that the program's own text leaves
            open, by the (line, column) where the expression ends: what follows it starts at the same place.
        read: The program as it was read.
    """

    usages: tuple[ApiUsage, ...] = ()
    types: Mapping[tuple[int, int], str] = field(default_factory=dict)
    read: Read | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Read:
    """A program that has been read, so that the rewriter need not read it again.

    Attributes:
        code: The program.
        inference: Its types.
        doubtful: The attributes that only look like uses.
    """

    code: str
    inference: Inference
    doubtful: frozenset[cst.CSTNode]


def parse(code: str) -> cst.Module:
    """A program as a syntax tree.

    Raises:
        SourceCodeError: It is not Python; with the line.
    """
    try:
        return cst.parse_module(code)
    except cst.ParserSyntaxError as exc:
        raise SourceCodeError(f"not Python: {exc.message}", line=exc.raw_line) from exc


def imports_library(code: str, roots: tuple[str, ...]) -> bool:
    """Whether a program can use a library at all; reads text only, so that other files cost nothing."""
    imported = _imported(roots)
    for root in roots:
        at = code.find(root)
        while at >= 0:
            line, at = _line_around(code, at)
            if imported.search(line):
                return True
            at = code.find(root, at)
    return False


@lru_cache(maxsize=32)
def _imported(roots: tuple[str, ...]) -> re.Pattern[str]:
    """What tells a line that imports a library."""
    names = "|".join(map(re.escape, roots))
    forms = (
        rf"^[ \t]*from[ \t]+(?:{names})\b",
        rf"^[ \t]*import[ \t][^#\n]*\b(?:{names})\b",
        rf"[;:][ \t]*(?:import|from)[ \t]+(?:{names})\b",
        rf"(?:import_module|__import__)\([ \t]*['\"](?:{names})\b",
    )
    return re.compile("|".join(f"(?:{form})" for form in forms))


def _line_around(code: str, at: int) -> tuple[str, int]:
    """The line that a place is in, and where it ends."""
    start = code.rfind("\n", 0, at) + 1
    start = max(start, code.rfind("\r", start, at) + 1)
    stop = _LINE_END.search(code, at)
    end = stop.start() if stop else len(code)
    return code[start:end], end


def analyse(
    code: str,
    api: ApiIndex,
    *,
    overrides: Mapping[str, str] | None = None,
    second_reader: bool = True,
    only_resolved: bool = False,
) -> Analysis:
    """Find every use of a library in a program.

    Args:
        code: The program.
        api: The library.
        overrides: Annotations that the library does not state: qualified name to annotation.
        second_reader: Whether to ask jedi for objects that the program's own text does not tell the type of.
        only_resolved: Whether to leave out what only looks like a use.

    Returns:
        The uses. A program that does not import the library has none, and is not parsed.

    Raises:
        SourceCodeError: The program imports the library and is not Python.
    """
    if not imports_library(code, api.roots):
        return Analysis()
    read = _read_resolved if only_resolved else _analyse
    return with_room(lambda: read(code, api, overrides=overrides or {}, second_reader=second_reader))


def _read_resolved(
    code: str, api: ApiIndex, *, overrides: Mapping[str, str], second_reader: bool
) -> Analysis:
    """The uses alone, by line: without columns, which cost as much as all the rest."""
    inference = Inference(parse(code), api, overrides=overrides)
    found = _Finder(inference, with_suspects=False)
    lines = inference.tree.line_of
    usages = {
        ApiUsage(symbol, lines[node], 0, inference.module.code_for_node(node)) for node, symbol in found.uses
    }
    return Analysis(tuple(sorted(usages, key=lambda u: (u.line, u.symbol))))


def _analyse(code: str, api: ApiIndex, *, overrides: Mapping[str, str], second_reader: bool) -> Analysis:
    wrapper = MetadataWrapper(parse(code), unsafe_skip_copy=True)
    spans = wrapper.resolve(PositionProvider)
    inference = Inference(wrapper.module, api, overrides=overrides)
    found = _Finder(inference)
    types: dict[cst.CSTNode, str] = {}
    if second_reader and found.suspects:
        types = _ask(inference, found, code, spans)
    if types:  # what a variable is tells what its members are: read again
        inference = Inference(wrapper.module, api, overrides=overrides, known=types)
        found = _Finder(inference)
    usages = [_usage(inference, node, symbol, spans) for node, symbol in found.uses]
    usages += [_usage(inference, node, node.attr.value, spans, resolved=False) for node in found.suspects]
    ends = {(spans[node].end.line, spans[node].end.column): name for node, name in types.items()}
    read = Read(code, inference, frozenset(found.suspects))
    return Analysis(tuple(sorted(set(usages), key=lambda u: (u.line, u.column, u.symbol))), ends, read)


def _usage(
    inference: Inference,
    node: cst.CSTNode,
    symbol: str,
    spans: Mapping[cst.CSTNode, CodeRange],
    *,
    resolved: bool = True,
) -> ApiUsage:
    start = spans[node].start
    return ApiUsage(symbol, start.line, start.column, inference.module.code_for_node(node), resolved)


def _ask(
    inference: Inference, found: _Finder, code: str, spans: Mapping[cst.CSTNode, CodeRange]
) -> dict[cst.CSTNode, str]:
    """What jedi says of the variables behind suspects; each is asked for once, and told for all of its uses."""
    import jedi

    script = jedi.Script(code)
    asked: dict[object, str | None] = {}
    for node in found.suspects:
        base = found.doubts.base(node)
        key = found.doubts.identity(base)
        if key not in asked and len(asked) < _MAX_QUESTIONS:
            end = spans[base].end
            asked[key] = _class_at(script, end.line, max(end.column - 1, 0), inference.api)
    known = {key: name for key, name in asked.items() if name is not None}
    if not known:
        return {}
    variables = (n for n in inference.tree.scope_of if isinstance(n, cst.Name | cst.Attribute | cst.Call))
    return {node: known[key] for node in variables if (key := found.doubts.identity(node)) in known}


def _class_at(script: object, line: int, column: int, api: ApiIndex) -> str | None:
    """The library's class that jedi infers at a position, where it is sure of one."""
    try:
        found = script.infer(line, column)  # type: ignore[attr-defined]  # jedi has no types
        names = {api.canonical(str(item.full_name)) for item in found if item.full_name}
    except Exception:
        return None  # a second reader that stumbles says nothing; jedi raises whatever it meets
    ours = [name for name in names if name in api.objects and api.objects[name].kind == "class"]
    return ours[0] if len(names) == 1 and ours else None


class _Finder:
    """Keeps the uses of a program, and attributes that only look like uses."""

    def __init__(self, inference: Inference, *, with_suspects: bool = True) -> None:
        self._with_suspects = with_suspects
        self.uses: list[tuple[cst.CSTNode, str]] = []
        self.suspects: list[cst.Attribute] = []
        self.doubts = Suspects(inference)
        self._inference = inference
        self._seen: set[cst.CSTNode] = set()
        for node in inference.tree.scope_of:
            if type(node) is cst.Call:
                self._read_call(node)
            elif type(node) is cst.Attribute:
                self._read_attribute(node)
            elif type(node) is cst.Name:
                self._read_name(node)

    def _read_call(self, node: cst.Call) -> None:
        value = self._inference.value(node.func)
        if isinstance(value, Ref) and self._inference.is_library(value.path):
            self.uses.append((node, value.path))
        elif (
            isinstance(value, Bound)
            and "." in value.symbol
            and not value.symbol.startswith(CONTAINER_METHODS)
        ):
            self.uses.append((node, value.symbol))

    def _read_attribute(self, node: cst.Attribute) -> None:
        if self._is_in_import(node):
            return
        if self._with_suspects and node not in self._seen and self.doubts.is_suspect(node):
            self._seen.update(self.doubts.chain(node))  # one report for a chain of attributes
            self.suspects.append(node)
            return
        if self._is_called(node):
            return
        parent = self._inference.tree.parent_of.get(node)
        owner = self._inference.value(node.value)
        if isinstance(owner, Instance) and "." in owner.type:
            symbol = self._inference.symbol(node)
            inner = isinstance(parent, cst.Attribute) and self._is_called(parent)
            if symbol is not None and not inner:
                self.uses.append((node, symbol))
        elif self._is_reference(node) and not isinstance(parent, cst.Attribute):
            self.uses.append((node, str(self._inference.symbol(node))))

    def _read_name(self, node: cst.Name) -> None:
        """A class or exception that was imported by itself, where it is named and not called."""
        parent = self._inference.tree.parent_of.get(node)
        if isinstance(parent, cst.Attribute | cst.AsName | cst.ImportAlias | cst.Param) or self._is_called(
            node
        ):
            return
        value = self._inference.value(node)
        if isinstance(value, Ref) and self._inference.is_library(value.path):
            self.uses.append((node, value.path))

    def _is_in_import(self, node: cst.CSTNode) -> bool:
        parent = self._inference.tree.parent_of.get(node)
        while isinstance(parent, cst.Attribute):
            parent = self._inference.tree.parent_of.get(parent)
        return isinstance(parent, cst.ImportAlias | cst.ImportFrom)

    def _is_called(self, node: cst.CSTNode) -> bool:
        parent = self._inference.tree.parent_of.get(node)
        return isinstance(parent, cst.Call) and parent.func is node

    def _is_reference(self, node: cst.Attribute) -> bool:
        value = self._inference.value(node)
        return isinstance(value, Ref) and self._inference.is_library(value.path)
