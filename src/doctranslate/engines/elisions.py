"""Puts back from the source what a reply leaves out: ``# ... rest unchanged``.

A mark stands for the source's statements between what is matched before it and what is matched after it, in the same
body. Where that cannot be decided, the reply is refused: code is never guessed.
"""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doctranslate.errors import MalformedReplyError

_ELIDED = re.compile(
    r"""^\s*(?:\.{3}|…)\s*(?:\#.*)?$
      | ^\s*(?:pass\s*)?\#\s*[\[(<]?\s*(?:\.{3}|…)
      | ^\s*(?:pass\s*)?\#.*\b(?:rest|remainder|remaining|existing|previous|original|same|unchanged|omitted)\b.*
        (?:\.{3}|…)\W*$
      | ^\s*(?:pass\s*)?\#.*\b(?:rest|remainder)\s+of\s+(?:the|your|this)\b.*
        \b(?:unchanged|same|before|above|here|omitted)\b
      | ^\s*(?:pass\s*)?\#\W*(?:your\s+|the\s+)?(?:existing|original|previous|remaining|other)
        \s+(?:code|implementation|functions?|methods?|body|imports?|logic|lines?)
        (?:\s+(?:goes|stays|remains?|is|are))?(?:\s+(?:here|unchanged|omitted|the\s+same|as\s+is|as\s+before))?\W*$
      | ^\s*(?:pass\s*)?\#\W*(?:unchanged|no\s+changes?(?:\s+here)?|same\s+as\s+(?:before|above|the\s+original))\W*$""",
    re.VERBOSE | re.IGNORECASE,
)
_MARK = "__elided_{}__"
_MARKED = re.compile(r"^__elided_(\d+)__$")
_CLOSE = 0.6
_CLEAR = 0.1
_BODIES = ("body", "orelse", "finalbody")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def elided_lines(code: str, source: str) -> list[int]:
    """The lines (1-based) of a reply that stand for code left out.

    Args:
        code: What a model wrote.
        source: The program it was to rewrite; a line that this has, too, leaves nothing out.
    """
    own = {line.strip() for line in source.splitlines()}
    inside = _inside_strings(code)
    return [
        number
        for number, line in enumerate(code.splitlines(), start=1)
        if number not in inside and line.strip() not in own and _ELIDED.match(line)
    ]


def as_statements(code: str) -> str:
    """A reply with a statement in place of each mark, so that a body that is only a mark parses.

    Args:
        code: What a model wrote.
    """
    lines = code.split("\n")
    marked = (
        line[: len(line) - len(line.lstrip())] + "..." if _ELIDED.match(line) else line for line in lines
    )
    return "\n".join(marked)


def merge_elisions(code: str, source: str, *, model: str = "", reply: str = "") -> str:
    """Put back what a reply leaves out.

    Args:
        code: The program in the reply, with marks.
        source: The program it was to rewrite.
        model: Name of the model, for errors.
        reply: The whole reply, for errors.

    Returns:
        The whole program; text that is put back is the source's, byte for byte, but for its indentation where that
        differs.

    Raises:
        MalformedReplyError: It cannot be decided what a mark stands for; its line is named.
    """
    lines = code.splitlines()
    marks = elided_lines(code, source)
    if not marks:
        return code
    try:
        marked = list(lines)
        for number in marks:
            line = lines[number - 1]
            marked[number - 1] = line[: len(line) - len(line.lstrip())] + _MARK.format(number)
        merge = _Merge("\n".join(marked), source)
        merge.bodies(merge.reply.body, merge.source.body)
        if len(merge.found) != len(marks):
            raise _UndecidedError(min(set(marks) - set(merge.found)))
        whole = merge.written(marked)
        ast.parse(whole)
    except _UndecidedError as exc:
        shown, why = lines[exc.line - 1].strip(), "leaves out part of the program"
        raise MalformedReplyError(f"the reply {why} at {shown!r}", model=model, reply=reply or code) from exc
    except (SyntaxError, ValueError) as exc:
        shown = lines[marks[0] - 1].strip()
        raise MalformedReplyError(
            f"the reply leaves out part of the program at {shown!r}", model=model, reply=reply or code
        ) from exc
    return whole


class _UndecidedError(Exception):
    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Source lines (0-based, end excluded) and how much deeper they are to stand."""

    begin: int
    end: int
    deeper: int


class _Merge:
    """One reply, with statements in place of its marks, and its source."""

    def __init__(self, marked: str, source: str) -> None:
        self.reply = ast.parse(marked)
        self.source = ast.parse(source)
        self.found: dict[int, _Piece | None] = {}
        self._lines = source.splitlines()

    def bodies(self, ours: Sequence[ast.stmt], theirs: Sequence[ast.stmt]) -> None:
        """Decide all marks in a body and below it."""
        if not _has_mark(ours):
            return
        matches = _matched(ours, theirs)
        for place, node in enumerate(ours):
            line = _mark_of(node)
            if line is not None:
                self._decide(line, place, ours, theirs, matches)
            elif _has_mark([node]):
                if matches[place] is None:
                    raise _UndecidedError(_first_mark([node]))
                self._below(node, theirs[matches[place] or 0])

    def written(self, marked: Sequence[str]) -> str:
        """The program."""
        out: list[str] = []
        for line in marked:
            number = _MARKED.match(line.strip())
            if not number:
                out.append(line)
                continue
            piece = self.found[int(number[1])]
            if piece is not None:
                lines = self._lines[piece.begin : piece.end]
                while lines and not lines[0].strip() and out and not out[-1].strip():
                    out.pop()  # the blank lines are the source's
                out += _moved(lines, piece.deeper)
        return "\n".join(out) + "\n"

    def _below(self, ours: ast.stmt, theirs: ast.stmt) -> None:
        if type(ours) is not type(theirs):
            raise _UndecidedError(_first_mark([ours]))
        for name in _BODIES:
            self.bodies(getattr(ours, name, None) or [], getattr(theirs, name, None) or [])
        for one, other in _handlers(ours, theirs):
            self.bodies(one, other)

    def _decide(
        self,
        line: int,
        place: int,
        ours: Sequence[ast.stmt],
        theirs: Sequence[ast.stmt],
        matches: Sequence[int | None],
    ) -> None:
        first = self._after(line, place, ours, theirs, matches)
        end = self._before(line, place, ours, theirs, matches)
        there = {node.name for node in ours if isinstance(node, _Definition)}
        is_moved = any(
            isinstance(node, _Definition)
            and matches[at] is None
            and node.name in {_name(each) for each in theirs}
            for at, node in enumerate(ours)
        )
        if (
            first > end
            or is_moved
            or any(isinstance(node, _Definition) and node.name in there for node in theirs[first:end])
        ):
            raise _UndecidedError(line)
        if first == end:
            self.found[line] = None
            return
        begin = _end(theirs[first - 1]) if first else _gap_before(theirs[0], self._lines)
        deeper = ours[place].col_offset - theirs[first].col_offset
        piece = _Piece(begin, _end(theirs[end - 1]), deeper)
        shares_a_line = (first and _start(theirs[first]) < begin) or (
            end < len(theirs) and _start(theirs[end]) < piece.end
        )
        if shares_a_line or (deeper and _has_long_string(theirs[first:end])):
            raise _UndecidedError(line)
        self.found[line] = piece

    def _after(
        self,
        line: int,
        place: int,
        ours: Sequence[ast.stmt],
        theirs: Sequence[ast.stmt],
        matches: Sequence[int | None],
    ) -> int:
        """Index of the first statement of the source that a mark can stand for."""
        free: list[ast.stmt] = []
        for earlier in range(place - 1, -1, -1):
            match = matches[earlier]
            if match is not None:
                return self._past_imports(match + 1, free, ours, theirs, line)
            if _mark_of(ours[earlier]) is not None:
                raise _UndecidedError(line)
            free.append(ours[earlier])
        return self._past_imports(0, free, ours, theirs, line)

    def _past_imports(
        self,
        first: int,
        free: Sequence[ast.stmt],
        ours: Sequence[ast.stmt],
        theirs: Sequence[ast.stmt],
        line: int,
    ) -> int:
        """New imports take the place of the source's imports that are no longer there; else it cannot be told."""
        if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in free):
            raise _UndecidedError(line)
        kept = {ast.dump(node) for node in ours}
        while free and first < len(theirs) and isinstance(theirs[first], ast.Import | ast.ImportFrom):
            if ast.dump(theirs[first]) in kept:
                break
            first += 1
        return first

    def _before(
        self,
        line: int,
        place: int,
        ours: Sequence[ast.stmt],
        theirs: Sequence[ast.stmt],
        matches: Sequence[int | None],
    ) -> int:
        """Index after the last statement of the source that a mark can stand for."""
        for later in range(place + 1, len(ours)):
            match = matches[later]
            if match is not None:
                return match
            # A new definition stands in nobody's place.
            if not isinstance(ours[later], _Definition):
                raise _UndecidedError(line)
        return len(theirs)


def _matched(ours: Sequence[ast.stmt], theirs: Sequence[ast.stmt]) -> list[int | None]:
    """For each statement the index of the one in the source that it was, or None; always in order."""
    by_name = {node.name: place for place, node in enumerate(theirs) if isinstance(node, _Definition)}
    found: list[int | None] = []
    last = -1
    for node in ours:
        match = None
        if isinstance(node, _Definition):
            match = by_name.get(node.name)
        elif _mark_of(node) is None:
            match = _like(node, theirs, last + 1)
        if match is not None and match <= last:
            match = None
        found.append(match)
        last = last if match is None else match
    return found


def _like(node: ast.stmt, theirs: Sequence[ast.stmt], first: int) -> int | None:
    """The one statement that another one is, or was: the same, or clearly more like it than all others."""
    same = [place for place in range(first, len(theirs)) if _text(theirs[place]) == _text(node)]
    if same:
        return same[0]
    of_kind = [place for place in range(first, len(theirs)) if type(theirs[place]) is type(node)]
    scores = sorted(((_likeness(node, theirs[place]), place) for place in of_kind), reverse=True)
    if not scores or scores[0][0] < _CLOSE:
        return None
    is_clear = len(scores) == 1 or scores[0][0] - scores[1][0] >= _CLEAR
    return scores[0][1] if is_clear else None


def _likeness(one: ast.stmt, other: ast.stmt) -> float:
    ours, theirs = (re.findall(r"\w+|[^\w\s]", _text(node)) for node in (one, other))
    return difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def _text(node: ast.stmt) -> str:
    """A statement; of one that holds others, what stands before the colon."""
    text = ast.unparse(node)
    return text.partition("\n")[0] if getattr(node, "body", None) else text


def _handlers(one: ast.stmt, other: ast.stmt) -> Iterator[tuple[list[ast.stmt], list[ast.stmt]]]:
    """The bodies of the handlers of two ``try``, or the cases of two ``match``, that stand for each other."""
    for name in ("handlers", "cases"):
        ours, theirs = getattr(one, name, []), getattr(other, name, [])
        if _has_mark([inner for each in ours for inner in each.body]) and len(ours) != len(theirs):
            raise _UndecidedError(_first_mark([one]))
        yield from zip((each.body for each in ours), (each.body for each in theirs), strict=False)


def _mark_of(node: ast.stmt) -> int | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
        found = _MARKED.match(node.value.id)
        return int(found[1]) if found else None
    return None


def _has_mark(nodes: Sequence[ast.stmt]) -> bool:
    return any(isinstance(n, ast.stmt) and _mark_of(n) is not None for node in nodes for n in ast.walk(node))


def _first_mark(nodes: Sequence[ast.stmt]) -> int:
    marks = (_mark_of(n) for node in nodes for n in ast.walk(node) if isinstance(n, ast.stmt))
    return min(mark for mark in marks if mark is not None)


def _name(node: ast.stmt) -> str:
    return getattr(node, "name", "")


def _start(node: ast.stmt) -> int:
    """First line of a statement, 0-based, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)]) - 1


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _gap_before(node: ast.stmt, lines: Sequence[str]) -> int:
    """First line of the comments that stand above the first statement of a body."""
    first = _start(node)
    while first and (not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#")):
        first -= 1
    return first


def _has_long_string(nodes: Sequence[ast.stmt]) -> bool:
    """Whether a string goes over several lines: indenting would change it."""
    strings = (n for node in nodes for n in ast.walk(node) if isinstance(n, ast.Constant | ast.JoinedStr))
    return any((n.end_lineno or n.lineno) > n.lineno for n in strings)


def _moved(lines: Sequence[str], deeper: int) -> list[str]:
    if deeper >= 0:
        return [" " * deeper + line if line.strip() else line for line in lines]
    return [line[-deeper:] if line[:-deeper].isspace() else line.lstrip() for line in lines]


def _inside_strings(code: str) -> set[int]:
    """Lines that begin inside a string: what looks like a mark there is text."""
    found: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in (tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)):
                found.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found
