"""Which calls of a library a program makes, by qualified name and line."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst
from libcst.metadata import CodePosition, MetadataWrapper, PositionProvider

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.values import Bound, Instance, Ref
from doctranslate.apis import ApiIndex
from doctranslate.errors import SourceCodeError
from doctranslate.records import ApiUsage

_MAX_SUSPECTS = 40


@dataclass(frozen=True)
class Analysis:
    """What is known of a program's use of a library.

    Attributes:
        usages: Every use, in source order; those with ``resolved=False`` only look like one.
        types: Type names that the second reader (jedi) gave for expressions that the program's own text leaves
            open, by the (line, column) where the expression starts.
    """

    usages: tuple[ApiUsage, ...] = ()
    types: Mapping[tuple[int, int], str] = field(default_factory=dict)


def parse(code: str) -> cst.Module:
    """A program as a syntax tree.

    Raises:
        SourceCodeError: It is not Python; with the line.
    """
    try:
        return cst.parse_module(code)
    except cst.ParserSyntaxError as exc:
        raise SourceCodeError(f"not Python: {exc.message}", line=exc.raw_line) from exc
    except RecursionError as exc:
        raise SourceCodeError("not readable: it is nested too deeply") from exc


def imports_library(code: str, roots: tuple[str, ...]) -> bool:
    """Whether a program can use a library at all; reads text only, so that other files cost nothing."""
    names = "|".join(map(re.escape, roots))
    pattern = rf"^[ \t]*(?:from[ \t]+(?:{names})\b|import[ \t][^#\n]*\b(?:{names})\b)|;[ \t]*(?:import|from)[ \t]+(?:{names})\b"
    dynamic = rf"(?:import_module|__import__)\([ \t]*['\"](?:{names})\b"
    return bool(names) and bool(re.search(pattern, code, re.MULTILINE) or re.search(dynamic, code))


def analyse(
    code: str, api: ApiIndex, *, overrides: Mapping[str, str] | None = None, second_reader: bool = True
) -> Analysis:
    """Find every use of a library in a program.

    Args:
        code: The program.
        api: The library.
        overrides: Annotations that the library does not state: qualified name to annotation.
        second_reader: Whether to ask jedi for objects that the program's own text does not tell the type of.

    Returns:
        The uses. A program that does not import the library has none, and is not parsed.

    Raises:
        SourceCodeError: The program imports the library and is not Python.
    """
    if not imports_library(code, api.roots):
        return Analysis()
    wrapper = MetadataWrapper(parse(code), unsafe_skip_copy=True)
    inference = Inference(wrapper.module, api, overrides=overrides)
    spans = wrapper.resolve(PositionProvider)
    starts = {node: span.start for node, span in spans.items()}
    ends = {node: span.end for node, span in spans.items()}
    found = _Finder(inference)
    wrapper.module.visit(found)
    usages = [_usage(inference, node, symbol, starts) for node, symbol in found.uses]
    suspects = found.suspects[:_MAX_SUSPECTS] if second_reader else []
    types: dict[tuple[int, int], str] = {}
    for node in suspects:
        owner = _ask_jedi(code, ends[node.value], api)
        here = starts[node.value]
        if owner is not None:
            types[here.line, here.column] = owner
            member = api.member(owner, node.attr.value)
            symbol = member.name if member else f"{owner}.{node.attr.value}"
            usages.append(_usage(inference, node, symbol, starts))
        else:
            usages.append(_usage(inference, node, node.attr.value, starts, resolved=False))
    return Analysis(tuple(sorted(set(usages), key=lambda u: (u.line, u.column, u.symbol))), types)


def _usage(
    inference: Inference,
    node: cst.CSTNode,
    symbol: str,
    starts: Mapping[cst.CSTNode, CodePosition],
    *,
    resolved: bool = True,
) -> ApiUsage:
    start = starts[node]
    return ApiUsage(symbol, start.line, start.column, inference.module.code_for_node(node), resolved)


class _Finder(cst.CSTVisitor):
    """Walks a module and keeps uses, and attributes that only look like uses."""

    def __init__(self, inference: Inference) -> None:
        super().__init__()
        self.uses: list[tuple[cst.CSTNode, str]] = []
        self.suspects: list[cst.Attribute] = []
        self._inference = inference
        self._members = _member_names(inference.api)

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        value = self._inference.value(node.func)
        if isinstance(value, Ref) and self._inference.is_library(value.path):
            self.uses.append((node, value.path))
        elif isinstance(value, Bound) and "." in value.symbol and not value.symbol.startswith(("dict.", "list.")):
            self.uses.append((node, value.symbol))

    def visit_Attribute(self, node: cst.Attribute) -> None:
        parent = self._inference.tree.parent_of.get(node)
        callee = isinstance(parent, cst.Call) and parent.func is node
        owner = self._inference.value(node.value)
        if isinstance(owner, Instance) and "." in owner.type:
            symbol = self._inference.symbol(node)
            inner = isinstance(parent, cst.Attribute) and self._is_called(parent)
            if symbol is not None and not callee and not inner:
                self.uses.append((node, symbol))
        elif owner is None and not callee and self._is_reference(node):
            self.uses.append((node, str(self._inference.symbol(node))))
        elif owner is None and node.attr.value in self._members and self._could_be_ours(node):
            self.suspects.append(node)
        elif isinstance(owner, Ref) and not callee:
            value = self._inference.value(node)
            if isinstance(value, Ref) and self._inference.is_library(value.path) and not isinstance(parent, cst.Attribute):
                self.uses.append((node, value.path))

    def visit_Name(self, node: cst.Name) -> None:
        """A class or exception that was imported by itself, where it is named and not called."""
        parent = self._inference.tree.parent_of.get(node)
        if isinstance(parent, cst.Attribute | cst.AsName | cst.ImportAlias | cst.Param):
            return
        if isinstance(parent, cst.Call) and parent.func is node:
            return
        value = self._inference.value(node)
        if isinstance(value, Ref) and self._inference.is_library(value.path) and "." in value.path:
            self.uses.append((node, value.path))

    def _is_called(self, node: cst.CSTNode) -> bool:
        parent = self._inference.tree.parent_of.get(node)
        return isinstance(parent, cst.Call) and parent.func is node

    def _is_reference(self, node: cst.Attribute) -> bool:
        value = self._inference.value(node)
        return isinstance(value, Ref) and self._inference.is_library(value.path)

    def _could_be_ours(self, node: cst.Attribute) -> bool:
        """Whether the object could come from the library: a parameter or result that nothing says the type of."""
        root: cst.CSTNode = node.value
        while isinstance(root, cst.Attribute | cst.Call | cst.Subscript):
            root = root.func if isinstance(root, cst.Call) else root.value
        if not isinstance(root, cst.Name) or hasattr(builtins, root.value):
            return False
        scope = self._inference.tree.scope_of.get(root)
        found = scope.lookup(root.value) if scope is not None else None
        return found is not None and any(b.kind in ("parameter", "element") for b in found[1])


@lru_cache(maxsize=16)
def _common_names() -> frozenset[str]:
    kinds: list[type] = [str, bytes, list, dict, set, tuple, int, float, object, type, BaseException]
    common = {name for kind in kinds for name in dir(kind)}
    # Attributes that objects of many libraries have: seeing one says nothing.
    return frozenset(common | {"name", "path", "data", "read", "write", "close", "type", "size", "mode", "message", "config", "flags", "url", "parents", "status", "summary", "author", "iter_items", "stats", "tag", "rename", "delete", "object", "parent", "create", "set", "note", "move", "fetch", "exists", "module", "children", "command", "version_info", "execute", "stderr", "stdout", "stream"})  # fmt: skip


def _member_names(api: ApiIndex) -> frozenset[str]:
    names = {
        name.rpartition(".")[2]
        for name, found in api.objects.items()
        if found.kind in ("function", "attribute") and "." in name
    }
    return frozenset(name for name in names if not name.startswith("_")) - _common_names()


def _ask_jedi(code: str, end: CodePosition, api: ApiIndex) -> str | None:
    """The type that jedi infers for the expression that ends at a position, when it is one of the library's."""
    import jedi

    try:
        found = jedi.Script(code).infer(end.line, max(end.column - 1, 0))
    except Exception:  # noqa: BLE001 - a second reader that stumbles says nothing (jedi raises what it meets)
        return None
    names = {api.canonical(str(item.full_name)) for item in found if item.full_name}
    ours: Iterator[str] = (name for name in names if name in api.objects and api.objects[name].kind == "class")
    return next(ours, None) if len(names) == 1 else None
