"""Writes plans into the syntax tree; every other line stays byte for byte."""

from __future__ import annotations

import ast
import re
import sys
from typing import Any

import libcst as cst

from doctranslate.rules.planner import Plan, Planner, Sink

MARK = "doctranslate:"
_REMOVED = "__doctranslate_removed__"
_ATOMS = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.SimpleString, cst.FormattedString, cst.Integer, cst.List,
    cst.Dict, cst.Set, cst.ListComp, cst.SetComp, cst.DictComp,
)  # fmt: skip
_ROOMY = (
    cst.Arg, cst.Assign, cst.AnnAssign, cst.Expr, cst.Return, cst.Element, cst.For, cst.CompFor, cst.Index, cst.Annotation,
    cst.FormattedStringExpression, cst.Param, cst.ExceptHandler, cst.WithItem, cst.DictElement,
)  # fmt: skip


class Substitute(cst.CSTTransformer):
    """Puts planned expressions in place of their originals, and collects what they bring along in the sink."""

    def __init__(self, planner: Planner) -> None:
        super().__init__()
        self.planner = planner

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Stop at a planned expression: its plan has everything inside it."""
        if isinstance(node, cst.BaseExpression) and self.planner.plan(node) is not None:
            return False
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """Replace a planned expression."""
        plan = self.planner.plan(original_node) if isinstance(original_node, cst.BaseExpression) else None
        if plan is None:
            return super().on_leave(original_node, updated_node)
        self.planner.sink.take(plan)
        if plan.value is None:
            return cst.Name(_REMOVED)
        new = cst.parse_expression(plan.value, config=self.planner.module.config_for_parsing)
        parent = self.planner.inference.tree.parent_of.get(original_node)
        if isinstance(new, _ATOMS) or isinstance(parent, _ROOMY) or getattr(new, "lpar", ()):
            return new
        return new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


class Edit(Substitute):
    """Rewrites a whole module: expressions, the statements around them, and comments for what stays."""

    def __init__(self, planner: Planner) -> None:
        super().__init__(planner)
        self.total = Sink()
        self._outer: list[Sink] = []

    # ------------------------------------------------------------------ statements
    def on_visit(self, node: cst.CSTNode) -> bool:
        """Open a sink for each statement."""
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._outer.append(self.planner.sink)
            self.planner.sink = Sink()
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """Close the sink of a statement and write what it collected in front."""
        updated_node = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            sink, self.planner.sink = self.planner.sink, self._outer.pop()
            self.total.unresolved += sink.unresolved
            self.total.notes += sink.notes
            self.total.kept |= sink.kept
            if isinstance(original_node, cst.SimpleStatementLine):
                return self._finish_line(original_node, updated_node, sink)
            return self._with_lines(updated_node, sink)
        return updated_node

    def _finish_line(self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine, sink: Sink) -> Any:
        kept = []
        for before, after in zip(original.body, updated.body, strict=True):
            if self._is_dropped(before):
                kept.append(None)
            else:
                kept.append(after)
        body = [small for small in kept if small is not None]
        if len(body) == len(original.body) and not sink.lines and not sink.unresolved:
            return updated
        if not body and not sink.lines:
            gone = cst.Expr(cst.Name(_REMOVED))
            return updated.with_changes(body=[gone])
        if not body:
            first, *rest = self._statements(sink.lines)
            lines = [first.with_changes(leading_lines=updated.leading_lines), *rest]
            lines[-1] = lines[-1].with_changes(trailing_whitespace=updated.trailing_whitespace)
            return cst.FlattenSentinel(self._marked(lines, sink))
        if len(body) != len(original.body):
            body[-1] = body[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
        return self._with_lines(updated.with_changes(body=body), sink)

    def _is_dropped(self, before: cst.BaseSmallStatement) -> bool:
        if isinstance(before, cst.Expr):
            plan = self.planner.plan(before.value)
            return plan is not None and plan.effect
        if isinstance(before, cst.Assign):
            return len(before.targets) == 1 and self._is_alias(before)
        return False

    def _is_alias(self, node: cst.Assign) -> bool:
        target = node.targets[0].target
        kept = self.planner._kept(node.value)  # noqa: SLF001 - the other half of one idea
        return (
            kept is not None
            and kept.kept_as == "facet"
            and not self.planner.is_native(node.value)
            and self.planner.is_definition(target)
        )

    def _with_lines(self, node: Any, sink: Sink) -> Any:
        if not sink.lines and not sink.unresolved:
            return node
        lines = self._statements(sink.lines)
        if lines:
            lines[0] = lines[0].with_changes(leading_lines=node.leading_lines)
            node = node.with_changes(leading_lines=[])
        return cst.FlattenSentinel(self._marked([*lines, node], sink))

    def _statements(self, lines: list[str]) -> list[Any]:
        return [cst.parse_statement(line, config=self.planner.module.config_for_parsing) for line in lines]

    @staticmethod
    def _marked(lines: list[Any], sink: Sink) -> list[Any]:
        """Put one comment above a statement with something left on the source library."""
        if not sink.unresolved:
            return lines
        reasons = list(dict.fromkeys(u.reason for u in sink.unresolved))
        how = "kept on the source library" if all(u.bridged for u in sink.unresolved) else "not translated"
        text = re.sub(r"\s+", " ", f"# {MARK} {how}: {'; '.join(reasons)}")
        comment = cst.EmptyLine(comment=cst.Comment(text))
        lines[0] = lines[0].with_changes(leading_lines=[*lines[0].leading_lines, comment])
        return lines


class _Imports(cst.CSTTransformer):
    """Drops imports of the source library that nothing names any more."""

    def __init__(self, roots: tuple[str, ...], kept: set[str]) -> None:
        super().__init__()
        self._roots = roots
        self._kept = kept
        self.found = False

    def _is_source(self, path: str) -> bool:
        return path.partition(".")[0] in self._roots

    def _filter(self, node: Any, source: bool) -> Any:
        names = []
        for alias in node.names:
            name = alias.evaluated_alias or alias.evaluated_name.partition(".")[0]
            if isinstance(node, cst.ImportFrom):
                name = alias.evaluated_alias or alias.evaluated_name
            if not (source or self._is_source(alias.evaluated_name)) or name in self._kept:
                names.append(alias)
            else:
                self.found = True
        if len(names) == len(node.names):
            return node
        if not names:
            return cst.Expr(cst.Name(_REMOVED))
        names[-1] = names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return node.with_changes(names=names)

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> Any:
        """``import git, os``."""
        return self._filter(updated_node, source=False)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> Any:
        """``from git import Repo``."""
        if updated_node.relative or updated_node.module is None or isinstance(updated_node.names, cst.ImportStar):
            return updated_node
        module = cst.Module([]).code_for_node(updated_node.module)
        return self._filter(updated_node, source=True) if self._is_source(module) else updated_node


def drop_source_imports(module: cst.Module, roots: tuple[str, ...], kept: set[str]) -> cst.Module:
    """The module without the imports of the source library, but for the names that must stay."""
    return module.visit(_Imports(roots, kept))


def insert_new_code(code: str, imports: list[str], prelude: str, *, newline: str = "\n") -> str:
    """Put import lines where the source library was imported, and copied functions below the last import.

    Removed statements are taken out here, as text, so that comments beside them stay.
    """
    lines = code.split(newline)
    end = _end_of_imports(lines)
    removed = [i for i, line in enumerate(lines[:end]) if line.startswith(_REMOVED)]
    place = removed[0] if removed else end
    standard = [line for line in imports if _is_standard(line)]
    others = [line for line in imports if line not in standard]
    if removed:
        lines[place : place + 1] = [*others, *_comment_line(lines[place])]
    elif others:
        lines[place:place] = [*others, *([""] if place < len(lines) and lines[place].strip() else [])]
    if standard:
        above = [i for i, line in enumerate(lines[:place]) if line.startswith(("import ", "from ")) and "__future__" not in line]
        at = above[-1] + 1 if above else place
        gap = [""] if others and not above else []
        lines[at:at] = [*standard, *gap]
    lines = _without_removed(lines)
    if prelude:
        end = _end_of_imports(lines)
        rest = lines[end:]
        while rest and not rest[0].strip():
            rest = rest[1:]
        lines = [*lines[:end], *(["", ""] if end else []), *prelude.rstrip("\n").split("\n"), "", "", *rest]
    return newline.join(lines)


def _is_standard(line: str) -> bool:
    return line.split()[1].partition(".")[0] in sys.stdlib_module_names


def _comment_line(line: str) -> list[str]:
    _, hash_, comment = line.partition("#")
    return [f"#{comment}"] if hash_ else []


def _comment_of(line: str) -> str:
    _, hash_, comment = line.partition("#")
    return f"  #{comment}" if hash_ else ""


def _without_removed(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped.startswith(_REMOVED):
            kept.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip())]
        comment = _comment_of(stripped).strip()
        if indent and _is_only_statement(lines, index):
            kept.append(f"{indent}pass" + (f"  {comment}" if comment else ""))
        elif comment:
            kept.append(indent + comment)
    return kept


def _is_only_statement(lines: list[str], index: int) -> bool:
    """Whether a removed statement is all that its block holds; the last of several removed ones answers for all."""
    indent = len(lines[index]) - len(lines[index].lstrip())

    def block(step: int) -> list[str]:
        found, i = [], index + step
        while 0 <= i < len(lines):
            text = lines[i]
            if text.strip() and not text.strip().startswith("#"):
                if len(text) - len(text.lstrip()) < indent:
                    break
                found.append(text.strip())
            i += step
        return found

    before, after = block(-1), block(1)
    return all(text.startswith(_REMOVED) for text in before) and not after


def _end_of_imports(lines: list[str]) -> int:
    """Index of the first line below the docstring, the ``__future__`` imports and the top-level imports."""
    try:
        tree = ast.parse("\n".join(line.replace(_REMOVED, "pass #") if line.startswith(_REMOVED) else line for line in lines))
    except SyntaxError:
        return 0
    end = 0
    for statement in tree.body:
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        imports = ast.Import | ast.ImportFrom
        is_guarded = isinstance(statement, ast.Try) and any(isinstance(s, imports) for s in statement.body)
        removed = isinstance(statement, ast.Pass)
        if isinstance(statement, imports) or is_guarded or removed or (is_docstring and end == 0):
            end = statement.end_lineno or end
        elif end:
            break
        else:
            return statement.lineno - 1
    return end


__all__ = ["Edit", "Plan", "Substitute", "drop_source_imports", "insert_new_code"]
