"""Aligns what a reply has of a body with the source's body, where marks stand for any number of its statements.

Source: the alignment is the one by Needleman and Wunsch, "A general method applicable to the search for similarities
in the amino acid sequence of two proteins" (J. Mol. Biol. 48, 1970), with gaps that cost nothing at a mark; a mark's
share is held for certain when every alignment with another share costs clearly more, by the sums from both ends.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Import = ast.Import | ast.ImportFrom

_MARGIN = 0.2
"""How much more another reading must cost; changing one statement into one unlike it costs 1."""
_CLOSE = 0.6
_LOOSE = 0.5
_MAX_STATEMENTS = 300


@dataclass(frozen=True, slots=True)
class Aligned:
    """How a reply's body and the source's body fit together.

    Attributes:
        match: For each statement of the reply the source's statement that it is or was, or None.
        share: For each mark the source's statements that it stands for, as begin and end; None where it is not
            certain.
        dropped: The source's statements that are neither matched nor in a mark's share.
    """

    match: dict[int, int]
    share: dict[int, tuple[int, int] | None]
    dropped: tuple[int, ...]


def align(ours: Sequence[ast.stmt], theirs: Sequence[ast.stmt], *, is_mark: Callable[[int], bool]) -> Aligned:
    """Find the alignment that costs least.

    Args:
        ours: The reply's statements.
        theirs: The source's.
        is_mark: Whether the statement of this index in ``ours`` is a mark.
    """
    n, m = len(ours), len(theirs)
    if max(n, m) > _MAX_STATEMENTS:
        return Aligned({}, {at: None for at in range(n) if is_mark(at)}, ())
    names = {node.name for node in theirs if isinstance(node, Definition)}
    insertion = [_insertion(node, names) for node in ours]
    side = [_Statement(node, ast.dump(node), _words(node)) for node in theirs]
    change = [
        [inf] * m if is_mark(i) else _changes(node, side, is_first=i == 0) for i, node in enumerate(ours)
    ]
    before = _costs(n, m, is_mark, insertion, change)
    behind = _costs(
        n,
        m,
        lambda i: is_mark(n - 1 - i),
        insertion[::-1],
        [row[::-1] for row in change[::-1]],
    )
    after = [[behind[n - i][m - j] for j in range(m + 1)] for i in range(n + 1)]
    match, dropped = _path(n, m, is_mark, insertion, change, before)
    share = {i: _share(before[i], after[i + 1]) for i in range(n) if is_mark(i)}
    covered = {j for found in share.values() if found for j in range(*found)}
    return Aligned(match, share, tuple(j for j in dropped if j not in covered))


def _costs(
    n: int,
    m: int,
    is_mark: Callable[[int], bool],
    insertion: Sequence[float],
    change: Sequence[Sequence[float]],
) -> list[list[float]]:
    """For each beginning of ours and of theirs the least cost."""
    cost = [[float(j) for j in range(m + 1)]]
    for i in range(n):
        last, row = cost[-1], [0.0] * (m + 1)
        for j in range(m + 1):
            if is_mark(i):
                row[j] = min(last[j], row[j - 1]) if j else last[0]
            else:
                row[j] = last[j] + insertion[i]
                if j:
                    row[j] = min(row[j], last[j - 1] + change[i][j - 1], row[j - 1] + 1)
        cost.append(row)
    return cost


def _path(
    n: int,
    m: int,
    is_mark: Callable[[int], bool],
    insertion: Sequence[float],
    change: Sequence[Sequence[float]],
    cost: Sequence[Sequence[float]],
) -> tuple[dict[int, int], list[int]]:
    match: dict[int, int] = {}
    dropped: list[int] = []
    i, j = n, m
    while i or j:
        here = cost[i][j]
        if i and is_mark(i - 1):
            if j and here == cost[i][j - 1]:
                j -= 1
            else:
                i -= 1
        elif i and j and here == cost[i - 1][j - 1] + change[i - 1][j - 1]:
            i, j = i - 1, j - 1
            if change[i][j] < _LOOSE:
                match[i] = j
        elif i and here == cost[i - 1][j] + insertion[i - 1]:
            i -= 1
        else:
            j -= 1
            dropped.append(j)
    return match, dropped


def _share(before: Sequence[float], after: Sequence[float]) -> tuple[int, int] | None:
    """Begin and end of what a mark stands for, when no other reading comes near."""
    m = len(before) - 1
    readings = sorted((before[s] + after[e], s, e) for s in range(m + 1) for e in range(s, m + 1))
    best = readings[0]
    # Fewer statements at the same cost are no other reading where they would be dropped: that costs more.
    if best[0] == inf or (len(readings) > 1 and readings[1][0] < best[0] + _MARGIN):
        return None
    return best[1], best[2]


def _insertion(node: ast.stmt, names: set[str]) -> float:
    """What it costs that a statement is new."""
    if isinstance(node, Definition):
        return inf if node.name in names else 0.3
    return 0.3 if is_additive(node) else 1.0


@dataclass(frozen=True, slots=True)
class _Statement:
    node: ast.stmt
    dump: str
    words: list[str]


def _changes(node: ast.stmt, theirs: Sequence[_Statement], *, is_first: bool) -> list[float]:
    ours = _Statement(node, ast.dump(node), _words(node))
    return [
        0.0 if ours.dump == other.dump else _change(ours, other, is_first=is_first and j == 0)
        for j, other in enumerate(theirs)
    ]


def _change(one: _Statement, other: _Statement, *, is_first: bool) -> float:
    """What it costs that one statement became another one."""
    ours, theirs = one.node, other.node
    if isinstance(ours, Definition) or isinstance(theirs, Definition):
        if not (isinstance(ours, Definition) and isinstance(theirs, Definition)) or ours.name != theirs.name:
            return inf
        return 0.0 if _decorators(ours) == _decorators(theirs) else 0.25
    if is_first and is_docstring(ours) and is_docstring(theirs):
        return 0.1
    if type(ours) is not type(theirs):
        return inf if isinstance(ours, Import) or isinstance(theirs, Import) else 1.0
    close = _likeness(one, other)
    if close >= _CLOSE:
        return 0.8 * (1 - close)
    return inf if isinstance(ours, Import) else 1.0


def _likeness(one: _Statement, other: _Statement) -> float:
    """How much two statements of a kind are alike, 0 to 1; of those with a body what stands before the colon."""
    if isinstance(one.node, ast.Try):
        return 0.9
    matcher = difflib.SequenceMatcher(None, one.words, other.words, autojunk=False)
    ratio = matcher.ratio() if matcher.quick_ratio() >= _CLOSE else 0.0
    if isinstance(one.node, ast.Assign) and isinstance(other.node, ast.Assign):
        is_same = [*map(ast.dump, one.node.targets)] == [*map(ast.dump, other.node.targets)]
        return max(ratio, 0.75) if is_same else ratio
    return ratio


def is_additive(node: ast.stmt) -> bool:
    """Whether a new statement takes nobody's place: an import, a definition, a docstring.

    Args:
        node: The statement.
    """
    return isinstance(node, Definition | Import) or is_docstring(node)


def assigned(nodes: Iterable[ast.stmt]) -> set[str]:
    """Names that plain assignments among statements bind.

    Args:
        nodes: The statements.
    """
    targets = [
        target
        for node in nodes
        for target in (node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
        if isinstance(node, ast.Assign | ast.AnnAssign)
    ]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def is_docstring(node: ast.stmt) -> bool:
    """Whether a statement is a text alone."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _words(node: ast.stmt) -> list[str]:
    text = ast.unparse(node)
    if getattr(node, "body", None):
        text = text.partition("\n")[0]
    return re.findall(r"\w+", text)  # signs make all calls alike


def _decorators(node: Definition) -> list[str]:
    return [ast.dump(each) for each in node.decorator_list]
