"""Writes tables with pipes."""

from __future__ import annotations

from collections.abc import Sequence


def pipe_table(rows: Sequence[Sequence[tuple[str, int]]], *, has_head: bool) -> str:
    """A table as Markdown has it; all texts are kept.

    Args:
        rows: Cells as text without line ends, each with how many columns it spans.
        has_head: Whether the first row is the head; without one, the head is blank.

    Returns:
        The table, or "" when there is no text in it.
    """
    wide = [_spread(row) for row in rows]
    wide = [row for row in wide if any(row)]
    if not wide:
        return ""
    n_columns = max(len(row) for row in wide)
    head, body = (wide[0], wide[1:]) if has_head else ([], wide)
    lines = [_line(head, n_columns), "|" + " --- |" * n_columns]
    return "\n".join([*lines, *(_line(row, n_columns) for row in body)])


def _spread(row: Sequence[tuple[str, int]]) -> list[str]:
    return [text for cell, span in row for text in [cell, *[""] * (span - 1)]]


def _line(row: Sequence[str], n_columns: int) -> str:
    cells = [text.replace("|", "\\|") for text in row] + [""] * (n_columns - len(row))
    return "| " + " | ".join(cells) + " |"
