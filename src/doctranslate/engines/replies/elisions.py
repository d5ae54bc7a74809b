"""Puts back from the source what a reply leaves out: ``# ... rest unchanged``.

A mark stands for the source's statements between what is matched before it and what is matched after it, in the same
body (`alignment.py`). Where that cannot be decided, the reply is refused: code is never guessed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doctranslate.engines.replies.alignment import (
    Aligned,
    Definition,
    Import,
    align,
    assigned,
    is_additive,
    is_docstring,
)
from doctranslate.engines.replies.needed_imports import idle_imports, with_imports
from doctranslate.engines.replies.omissions import Marked, mark_lines, mark_number, with_statements
from doctranslate.engines.replies.parsing import parse, parsed
from doctranslate.engines.replies.phrases import says_left_out
from doctranslate.engines.replies.restoring import Body, Edits, body_of
from doctranslate.errors import MalformedReplyError

_BODIES = ("body", "orelse", "finalbody")


def elided_lines(code: str, source: str) -> list[int]:
    """The lines (1-based) of a reply that stand for code left out.

    Args:
        code: What a model wrote.
        source: The program it was to rewrite; a line that this has, too, leaves nothing out.
    """
    tree = parsed(with_statements(code, source).text)
    strings = _strings_of(tree) if tree else []
    return sorted(
        n for n in mark_lines(code, source) if not any(f"__elided_{n}__" in text for text in strings)
    )


def merge_elisions(code: str, source: str, *, model: str = "", reply: str = "") -> str:
    """Put back what a reply leaves out.

    Args:
        code: The program in the reply, with marks.
        source: The program it was to rewrite.
        model: Name of the model, for errors.
        reply: The whole reply, for errors.

    Returns:
        The whole program; text that is put back is the source's, byte for byte, but for its indentation where that
        differs. Imports come back with the code that needs them, and not without it.

    Raises:
        MalformedReplyError: It cannot be decided what a mark stands for; its line is named.
    """
    marked = with_statements(code, source)
    if not marked.marks and (not _has_dots(code) or parsed(code) is None or parsed(source) is None):
        return code
    try:
        merge = _Merge(marked, source)
        if not merge.is_needed:
            return code
        whole = merge.written(skip=())
        idle = idle_imports(merge.restored(), whole, merge.source, merge.brought)
        return with_imports(merge.written(skip=idle) if idle else whole, merge.source)
    except _UndecidedError as exc:
        message = f"the reply leaves out part of the program at line {exc.line}, {exc.text!r}: {exc.why}"
        raise MalformedReplyError(message, model=model, reply=reply or code) from exc


class _UndecidedError(Exception):
    def __init__(self, line: int, text: str, why: str) -> None:
        self.line, self.text, self.why = line, text, why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class _Found:
    """A mark, and what it stands for.

    Attributes:
        node: The statement in its place.
        body: The source's body that it stands in.
        begin: Index of its first statement.
        end: Index after the last.
        there: Indices of statements between them that the reply has elsewhere.
    """

    node: ast.stmt
    body: Body
    begin: int
    end: int
    there: frozenset[int]


class _Merge:
    """One reply, with statements in place of its marks, and its source."""

    def __init__(self, marked: Marked, source: str) -> None:
        self._marked = marked
        self._lines = marked.text.split("\n")
        tree, theirs = parsed(marked.text), parsed(source)
        first = min(marked.marks, default=1)
        if tree is None or theirs is None:
            raise self._undecided(first, "it stands where no statement can stand")
        self.source = theirs
        self._source_lines = source.split("\n")
        self.found: list[_Found] = []
        self._decorated: list[tuple[int, Definition, Definition]] = []
        self._seen: set[int] = set()
        self._repeated: list[ast.stmt] = []
        there = {ast.dump(node) for node in theirs.body}
        self.brought = [
            node for node in tree.body if isinstance(node, Import) and ast.dump(node) not in there
        ]
        self._body(tree.body, body_of(theirs, theirs.body, self._source_lines))
        missing = sorted(set(marked.marks) - self._seen)
        for number in missing:
            self._check_text(tree, number)

    @property
    def is_needed(self) -> bool:
        """Whether there is a mark."""
        return bool(self.found or self._decorated or self._repeated)

    def restored(self) -> list[ast.stmt]:
        """What was put back."""
        return [node for found in self.found for node in found.body.nodes[found.begin : found.end]]

    def written(self, *, skip: Sequence[ast.stmt]) -> str:
        """The program, without some of the source's statements."""
        edits = Edits(self._lines, self._source_lines)
        for found in self.found:
            gone = found.there | {at for at, node in enumerate(found.body.nodes) if node in skip}
            edits.restore(found.node, found.body, found.begin, found.end, gone)
        for node in self._repeated:
            edits.remove(node)
        for line, ours, theirs in self._decorated:
            edits.decorate(line, ours, theirs)
        whole = edits.text()
        for number, text in self._marked.marks.items():
            # What is inside of a string was looked at, and is text.
            whole = whole.replace(f"__elided_{number}__", text)
        try:
            parse(whole)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
            line = min([*self._marked.marks, *(found.node.lineno for found in self.found)])
            raise self._undecided(line, "what was left out does not fit in there") from exc
        return whole

    # ------------------------------------------------------------------ bodies
    def _body(self, ours: Sequence[ast.stmt], theirs: Body | None) -> None:
        """Decide all marks in a body and below it."""
        if not any(self._is_any_mark(node) for each in ours for node in ast.walk(each)):
            return
        ours, marks = self._marks_in(ours, theirs)
        if theirs is None:
            if marks:
                raise self._undecided(ours[min(marks)].lineno, "the source has nothing in this place")
            aligned = Aligned({}, {}, ())
        else:
            aligned = align(ours, theirs.nodes, is_mark=lambda at: at in marks)
            for at in sorted(marks):
                self._decide(at, ours, theirs, aligned)
            if marks:
                self._check_dropped(min(marks), ours, theirs, aligned)
        for at, node in enumerate(ours):
            if at not in marks:
                other = aligned.match.get(at)
                self._below(node, theirs.nodes[other] if theirs and other is not None else None)

    def _marks_in(self, ours: Sequence[ast.stmt], theirs: Body | None) -> tuple[Sequence[ast.stmt], set[int]]:
        """The statements without marks that only repeat the one before, and the places of the marks in them."""
        there = sum(_is_dots(node) for node in theirs.nodes) if theirs else 0
        has_doc = theirs is None or any(_is_docstring_mark(node) for node in theirs.nodes)
        is_idiom = theirs is None and self._is_idiom(ours)
        has_dots = not is_idiom and sum(map(_is_dots, ours)) > there
        is_mark = [
            self._number(node) is not None
            or (has_dots and _is_dots(node))
            or (not has_doc and _is_docstring_mark(node))
            for node in ours
        ]
        kept = [at for at in range(len(ours)) if not (at and is_mark[at] and is_mark[at - 1])]
        for at in set(range(len(ours))) - set(kept):
            self._seen.add(self._number(ours[at]) or 0)
            self._repeated.append(ours[at])
        return [ours[at] for at in kept], {place for place, at in enumerate(kept) if is_mark[at]}

    def _is_idiom(self, ours: Sequence[ast.stmt]) -> bool:
        """Whether dots are all that a new class, handler or branch does: they leave nothing out there."""
        return len(ours) <= 2 and all(_is_dots(node) or is_docstring(node) for node in ours) and self._idiom

    _idiom = False

    def _decide(self, at: int, ours: Sequence[ast.stmt], theirs: Body, aligned: Aligned) -> None:
        node = ours[at]
        if not self.source.body:
            raise self._undecided(node.lineno, "there is no source to take it from")
        number = self._number(node)
        if number is not None:
            self._seen.add(number)
        share = aligned.share[at]
        if share is None:
            raise self._undecided(node.lineno, "it could stand for different lines")
        begin, end = share
        self._check_beside(at, share, ours, theirs, aligned)
        if at and self._is_cut_off(ours[at - 1], theirs, aligned.match.get(at - 1)) and node.col_offset == 0:
            raise self._undecided(
                node.lineno, f"it could stand for the rest of {getattr(ours[at - 1], 'name', 'the block')}"
            )
        moved = {ast.dump(each) for place, each in enumerate(ours) if place not in aligned.match}
        there = {
            place
            for place in range(begin, end)
            if isinstance(theirs.nodes[place], Import) and ast.dump(theirs.nodes[place]) in moved
        }
        self.found.append(_Found(node, theirs, begin, end, frozenset(there)))

    def _check_beside(
        self,
        at: int,
        share: tuple[int, int],
        ours: Sequence[ast.stmt],
        theirs: Body,
        aligned: Aligned,
    ) -> None:
        """What stands beside a mark must be known, or what the mark begins and ends with is not."""
        begin, end = share
        for step, other in ((-1, begin - 1), (1, end)):
            beside = at + step
            while 0 <= beside < len(ours) and beside not in aligned.match and is_additive(ours[beside]):
                beside += step
            if not 0 <= beside < len(ours) or beside in aligned.share:
                continue
            if aligned.match.get(beside) != other:
                raise self._undecided(
                    ours[at].lineno, f"what stands beside it, {_shown(ours[beside])!r}, is new"
                )
            is_same = isinstance(ours[beside], Definition) or ast.dump(ours[beside]) == ast.dump(
                theirs.nodes[other]
            )
            if begin == end and not is_same:
                raise self._undecided(ours[at].lineno, "nothing of the source is left for it")
        names = assigned(node for place, node in enumerate(ours) if place not in aligned.match)
        twice = min(names & assigned(theirs.nodes[begin:end]), default="")
        if twice:
            raise self._undecided(ours[at].lineno, f"{twice} would be assigned twice")

    def _check_dropped(self, first: int, ours: Sequence[ast.stmt], theirs: Body, aligned: Aligned) -> None:
        """A reply that leaves out with marks does not leave out definitions without."""
        kept = {node.name for node in ours if isinstance(node, Definition)}
        for at in aligned.dropped:
            node = theirs.nodes[at]
            if isinstance(node, Definition) and node.name not in kept:
                raise self._undecided(
                    ours[first].lineno, f"{node.name} is gone, and no mark stands in its place"
                )

    def _is_cut_off(self, ours: ast.stmt, theirs: Body, match: int | None) -> bool:
        """Whether a block ends where the source's goes on."""
        if match is None:
            return False
        mine, other = getattr(ours, "body", None), getattr(theirs.nodes[match], "body", None)
        if not mine or not other or len(mine) >= len(other):
            return False
        return [ast.dump(node) for node in mine] == [
            ast.dump(node) for node in other[: len(mine)]
        ] or ast.dump(mine[-1]) in {ast.dump(node) for node in other[:-1]}

    def _below(self, ours: ast.stmt, theirs: ast.stmt | None) -> None:
        if isinstance(ours, Definition):
            self._decorators(ours, theirs if isinstance(theirs, Definition) else None)
        for name, mine in _bodies(ours):
            other = dict(_bodies(theirs)).get(name) if theirs is not None else None
            self._idiom = isinstance(ours, ast.ClassDef) or _is_stub(ours)
            self._body(
                mine, body_of(theirs, other, self._source_lines) if theirs is not None and other else None
            )

    def _decorators(self, ours: Definition, theirs: Definition | None) -> None:
        for each in ours.decorator_list:
            number = mark_number(each.id) if isinstance(each, ast.Name) else None
            if number is None:
                continue
            if theirs is None:
                raise self._undecided(number, "the source has nothing in this place")
            self._seen.add(number)
            self._decorated.append((each.lineno, ours, theirs))

    # ------------------------------------------------------------------ marks
    def _number(self, node: ast.AST) -> int | None:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
            return mark_number(node.value.id)
        return None

    def _is_any_mark(self, node: ast.AST) -> bool:
        is_named = isinstance(node, ast.Name) and mark_number(node.id) is not None
        return is_named or (isinstance(node, ast.stmt) and (_is_dots(node) or _is_docstring_mark(node)))

    def _check_text(self, tree: ast.Module, number: int) -> None:
        """A mark that became no statement: in a string it is text, of which `wholeness.py` thinks."""
        name = f"__elided_{number}__"
        if not any(name in text for text in _strings_of(tree)):
            raise self._undecided(number, "it stands inside of an expression")

    def _undecided(self, line: int, why: str) -> _UndecidedError:
        shown = self._marked.marks.get(line) or self._lines[line - 1].strip()
        return _UndecidedError(line, shown, why)


def _bodies(node: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The bodies of a statement, each by a name that says which it is."""
    for name in _BODIES:
        inner = getattr(node, name, None)
        if isinstance(inner, list) and inner:
            yield name, inner
    for kind in ("handlers", "cases"):
        every = getattr(node, kind, [])
        for at, each in enumerate(every):
            yield f"{kind} {at} of {len(every)}", each.body


def _shown(node: ast.stmt) -> str:
    return ast.unparse(node).partition("\n")[0][:60]


def _strings_of(tree: ast.Module) -> list[str]:
    nodes = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [value for value in nodes if isinstance(value, str)]


def _is_stub(node: ast.stmt) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return any("overload" in ast.dump(each) or "abstract" in ast.dump(each) for each in node.decorator_list)


def _is_dots(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.List | ast.Tuple | ast.Set) and len(value.elts) == 1:
        value = value.elts[0]
    return isinstance(value, ast.Constant) and value.value is Ellipsis


def _is_docstring_mark(node: ast.stmt) -> bool:
    if not is_docstring(node):
        return False
    text = str(getattr(getattr(node, "value", None), "value", "")).strip()
    return text in {"...", "…"} or (bool(text) and says_left_out(text) and len(text) < 80)


def _has_dots(code: str) -> bool:
    return "..." in code or "…" in code
