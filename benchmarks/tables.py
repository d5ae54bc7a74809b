"""Markdown tables, and the place in a page that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; columns whose first cell is a number are set to the right."""
    is_number = [all(str(row[n])[:1].isdigit() for row in rows if row[n] != "") for n in range(len(head))]
    lines = [head, ["---:" if right else "---" for right in is_number], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def put_table(page: Path, name: str, text: str) -> None:
    """Replace what stands between the marks of a name in a page.

    Args:
        page: The page.
        name: Of the marks: ``<!-- NAME: begin -->`` and ``<!-- NAME: end -->``.
        text: What is to stand there.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page} has no marks {begin} and {end}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
