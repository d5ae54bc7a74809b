"""Joins the rewritten parts of a program that did not fit into one prompt (`split.py`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from doctranslate.errors import MalformedReplyError
from doctranslate.prompts.split import Definition, Part, bound_at_top, first_line, lines_of

_WORD = re.compile(r"[^\W\d]\w*")
_HEADER = re.compile(r"#!|#.*?coding[:=]")
Import = ast.Import | ast.ImportFrom


def join_parts(parts: Sequence[Part], replies: Sequence[str], source_roots: Collection[str]) -> str:
    """Join the rewritten parts.

    Imports that parts bring move to those of the program, each once; helpers that several parts bring stand once;
    what is imported from the source library goes where nothing uses it any more, or the target has the name now.

    Args:
        parts: As they were split.
        replies: What became of each, in order.
        source_roots: Import names of the source library.

    Returns:
        The program.

    Raises:
        MalformedReplyError: A part is no Python, or two parts define or import the same name in different ways.
    """
    every = _Joined()
    texts = [
        every.add(number, part, reply)
        for number, (part, reply) in enumerate(zip(parts, replies, strict=True))
    ]
    end = "\r\n" if any("\r\n" in part.code for part in parts) else "\n"
    whole = [text if text.endswith("\n") else text + end for text in texts[:-1]] + texts[-1:]
    return _with_imports("".join(whole), every.imports, source_roots, end)


@dataclass(slots=True)
class _Joined:
    """What the parts so far have brought.

    Attributes:
        imports: Text of an import line, to the number of the part that brought it.
        names: Name that such a line binds, to the line.
        defined: New name or definition, to the number of its part, its text, and whether the part had it before.
    """

    imports: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    defined: dict[str, tuple[int, str, bool]] = field(default_factory=dict)

    def add(self, number: int, part: Part, reply: str) -> str:
        """The text of a part without what goes elsewhere, or is there already."""
        tree, before = _parsed(reply, number), _parsed(part.code, number)
        had = {ast.unparse(node) for node in before.body}
        old_names = {name for node in before.body for name in bound_at_top(node)}
        gone: list[ast.stmt] = []
        for node in tree.body:
            text = ast.unparse(node)
            if isinstance(node, Import):
                if text not in had and not _shares_lines(node, tree.body):
                    self._bring(node, number, reply)
                    gone.append(node)
            elif self._is_repeated(node, text, number, reply, old_names):
                gone.append(node)
        lines = lines_of(reply)
        out = {line for node in gone for line in range(first_line(node), (node.end_lineno or 0) + 1)}
        return "".join(line for at, line in enumerate(lines, start=1) if at not in out)

    def _bring(self, node: ast.Import | ast.ImportFrom, number: int, reply: str) -> None:
        for alias in node.names:
            single = _import_of(node, [alias])
            name = alias.asname or alias.name
            first = self.names.setdefault(name, single)
            if first != single:
                raise MalformedReplyError(
                    f"parts of the program import {name} from different places: {first!r} and {single!r}",
                    reply=reply,
                )
        self.imports.setdefault(ast.unparse(node), number)

    def _is_repeated(self, node: ast.stmt, text: str, number: int, reply: str, old: Collection[str]) -> bool:
        """Whether an earlier part has a definition, or a new constant, already.

        Raises:
            MalformedReplyError: It has another one of that name.
        """
        is_constant = isinstance(node, ast.Assign | ast.AnnAssign) and not set(bound_at_top(node)) & set(old)
        if not (isinstance(node, Definition) or is_constant):
            return False
        name = node.name if isinstance(node, Definition) else ", ".join(sorted(bound_at_top(node)))
        is_own = name in old
        before, first, was_own = self.defined.setdefault(name, (number, text, is_own))
        if before == number or (is_own and was_own):  # the program itself has it twice
            return False
        if first != text:
            raise MalformedReplyError(
                f"parts {before + 1} and {number + 1} of the program define {name} in different ways",
                reply=reply,
            )
        return isinstance(node, Definition) or _is_plain(node)


def _is_plain(node: ast.stmt) -> bool:
    """Whether a constant may stand once: nothing happens when it is made."""
    return not any(isinstance(n, ast.Call | ast.Await) for n in ast.walk(node))


def _shares_lines(node: ast.stmt, body: Iterable[ast.stmt]) -> bool:
    own = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return any(
        other is not node and (first_line(other) in own or (other.end_lineno or 0) in own) for other in body
    )


def _parsed(code: str, number: int) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError as exc:
        raise MalformedReplyError(
            f"part {number + 1} of the program is not Python: {exc.msg}", reply=code
        ) from exc


def _with_imports(code: str, brought: Iterable[str], roots: Collection[str], end: str) -> str:
    tree = ast.parse(code)
    new: list[ast.Import | ast.ImportFrom] = [
        node for text in brought for node in ast.parse(text).body if isinstance(node, Import)
    ]
    names = {
        alias.asname or alias.name for node in new for alias in node.names if not _is_from(node, alias, roots)
    }
    used = set(_used(tree))
    there = {ast.unparse(node) for node in tree.body}
    changed = {
        node.lineno: (node.end_lineno or node.lineno, text)
        for node in tree.body
        if isinstance(node, Import) and not _shares_lines(node, tree.body)
        for text in [_kept(node, used, names, roots)]
        if text != ast.unparse(node)
    }
    texts = [text for node in new if (text := _kept(node, used, (), roots)) and text not in there]
    future = [text for text in texts if text.startswith("from __future__")]
    lines = lines_of(code)
    at_top, at_imports = _places(tree, lines)
    written: list[str] = []
    skip_to = 0
    for number in range(len(lines) + 1):
        if number == at_top:
            written += [text + end for text in future]
        if number == at_imports:
            written += [text + end for text in texts if text not in future]
        if number + 1 in changed:
            skip_to, text = changed[number + 1]
            written += [text + end] if text else []
        if skip_to <= number < len(lines):
            written.append(lines[number])
    return "".join(written)


def _kept(
    node: ast.Import | ast.ImportFrom, used: Collection[str], new: Collection[str], roots: Collection[str]
) -> str:
    """An import without what is from the source library and unused, or replaced; "" for one that is all of that."""
    aliases = [
        alias
        for alias in node.names
        if not _is_from(node, alias, roots)
        or alias.name == "*"
        or ((name := alias.asname or alias.name.partition(".")[0]) in used and name not in new)
    ]
    return _import_of(node, aliases) if aliases else ""


def _import_of(node: ast.Import | ast.ImportFrom, aliases: list[ast.alias]) -> str:
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(aliases))
    return ast.unparse(ast.ImportFrom(node.module, aliases, node.level))


def _is_from(node: ast.Import | ast.ImportFrom, alias: ast.alias, roots: Collection[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] in roots
    return alias.name.partition(".")[0] in roots


def _used(tree: ast.Module) -> Iterator[str]:
    """Names that are read, also those in a text that is an annotation or a list of names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) == 1:
            yield from _WORD.findall(node.value)


def _places(tree: ast.Module, lines: Sequence[str]) -> tuple[int, int]:
    """After how many lines ``__future__`` imports go, and all others: after the first block of imports."""
    at_top = next((at for at, line in enumerate(lines[:2]) if not _HEADER.match(line)), min(2, len(lines)))
    at_imports = at_top
    for number, node in enumerate(tree.body):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and number == 0
        if is_text:
            at_top = at_imports = node.end_lineno or 0
        elif isinstance(node, Import):
            at_imports = node.end_lineno or 0
        else:
            break
    return at_top, at_imports
