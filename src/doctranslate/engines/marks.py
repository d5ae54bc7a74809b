"""Reads the comments by which a model marks what it could not translate."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from doctranslate.prompts.build import MARKER
from doctranslate.records import ApiUsage, Job, Rewritten, Unresolved

_MARK = re.compile(rf"#\s*{re.escape(MARKER)}:?\s*(?P<reason>.*)")


def marked(code: str, job: Job) -> Rewritten:
    """A model's program with what its comments say is unresolved.

    Args:
        code: The program that the model wrote.
        job: What it was asked to rewrite.

    Returns:
        The program; `Rewritten.unresolved` has one entry per comment, with the line of the marked statement
        in the source program, or 0 when it is not found there.
    """
    lines = code.splitlines()
    taken: set[int] = set()
    found = []
    for row, reason in _marks(code):
        statement = next((line.strip() for line in lines[row:] if _is_code(line)), "")
        line = _line_in(job.code, statement, taken)
        taken.add(line)
        usage = _usage(job, line, statement)
        found.append(
            Unresolved(
                line=line,
                symbol=usage.symbol if usage else "",
                code=usage.code if usage else statement,
                reason=reason or "no counterpart in the documents",
            )
        )
    return Rewritten(code, unresolved=tuple(found))


def _marks(code: str) -> Iterator[tuple[int, str]]:
    """Line (1-based) and reason of each mark; a mark inside a string is none."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            match = _MARK.match(token.string) if token.type == tokenize.COMMENT else None
            if match:
                # A mark at the end of a statement belongs to its own line.
                own = token.line[: token.start[1]].strip()
                yield token.start[0] - bool(own), match["reason"].strip()
    except (tokenize.TokenError, SyntaxError):
        return


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith("#")


def _line_in(source: str, statement: str, taken: set[int]) -> int:
    free = [
        (n, line) for n, line in enumerate(source.splitlines(), start=1) if n not in taken and line.strip()
    ]
    same = [number for number, line in free if line.strip() == statement.strip()]
    bare = statement.partition("#")[0].strip() or statement
    alike = [number for number, line in free if line.partition("#")[0].strip() == bare]
    return next(iter((*same, *alike)), 0)


def _usage(job: Job, line: int, statement: str) -> ApiUsage | None:
    inside = [usage for usage in job.usages if usage.line == line and line]
    inside = inside or [usage for usage in job.usages if usage.code and usage.code in statement]
    return max(inside, key=lambda usage: len(usage.code), default=None)
