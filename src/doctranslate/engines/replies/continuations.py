"""Makes one text of a reply that was cut off and of what a model wrote to continue it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from doctranslate.engines.replies.wrappings import FENCE

_MIN_OVERLAP = 12
"""So many letters that come again are a repetition; fewer may be there twice by right."""
_MAX_LINES = 400
_MAX_OVERLAP = 4_000
_MAX_PROSE = 3
_SPACE = re.compile(r"\s+")


def joined(parts: Sequence[str]) -> str:
    """A reply that was cut off and its continuations as one text.

    A continuation may begin with lines that the text before it ends with, may open a fence of its own, with a sentence
    before it, or may begin all over again.

    Args:
        parts: In order; none is changed but for what it repeats.
    """
    text = ""
    for part in parts:
        text = _continued(text, part) if text else part
    return text


def _continued(text: str, part: str) -> str:
    if not part.strip():
        return text
    overlap = _overlap(text, part)
    if overlap:
        return text + part[overlap:]
    if _begins_again(text, part):
        return max(text, part, key=len)
    more = _without_fence(part) if _is_open(text) else part
    overlap = _overlap(text, more)
    return text + more[overlap:] if overlap else _without_indent(text, more) + more


def _without_indent(text: str, more: str) -> str:
    """The text without the indentation it ends with, where a continuation begins with that of the whole line."""
    above, _, last = text.rpartition("\n")
    if not last or last.strip():
        return text
    before = next((line for line in reversed(above.split("\n")) if line.strip()), "")
    deepest = len(before) - len(before.lstrip()) + 4 * before.rstrip().endswith((":", "(", "[", "{"))
    is_too_deep = len(last) + len(more) - len(more.lstrip(" \t")) > deepest
    return text[: -len(last)] if is_too_deep or more.startswith("\n") else text


def _without_fence(part: str) -> str:
    """A continuation without the fence that it opens, and the sentence before that."""
    lines = part.split("\n")
    for at, line in enumerate(lines[: _MAX_PROSE + 1]):
        found = FENCE.match(line)
        if found and (found["info"].strip() or at == 0):
            return "\n".join(lines[at + 1 :])
    return part


def _overlap(text: str, more: str) -> int:
    """How many letters at its beginning a continuation repeats."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))][-_MAX_LINES:]
    for start in starts:
        tail = text[start:]
        for repeated in (tail, tail.lstrip(" \t")):
            # A line that was cut off and is begun anew is repeated, however short.
            is_begun = not text.endswith("\n") and len(_bare(repeated)) + ("\n" in repeated) > 1
            if more.startswith(repeated) and (is_begun or _is_long(repeated)):
                return len(repeated)
    longest = min(len(text), len(more), _MAX_OVERLAP)
    length = next((n for n in range(longest, 0, -1) if text.endswith(more[:n])), 0)
    return length if _is_long(more[:length]) else 0


def _is_long(repeated: str) -> bool:
    return len(_bare(repeated)) >= _MIN_OVERLAP


def _bare(text: str) -> str:
    return _SPACE.sub("", text)


def _begins_again(text: str, part: str) -> bool:
    """Whether both begin with the same lines of code."""
    first, second = _bare(_inside(text)), _bare(_inside(part))
    n = min(len(first), len(second), 60)
    return n >= 2 * _MIN_OVERLAP and first[:n] == second[:n]


def _inside(text: str) -> str:
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if FENCE.match(line)), -1)
    return "\n".join(lines[at + 1 :])


def _is_open(text: str) -> bool:
    """Whether a text ends inside of a fence."""
    return sum(bool(FENCE.match(line)) for line in text.split("\n")) % 2 == 1
