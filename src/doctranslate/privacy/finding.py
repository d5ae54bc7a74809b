"""Finds what of a program must not leave the machine."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from doctranslate.privacy.addresses import addresses
from doctranslate.privacy.found import HOST_END, Found
from doctranslate.privacy.named import named
from doctranslate.privacy.names import says_secret
from doctranslate.privacy.providers import assigned, key_blocks, known, random_looking
from doctranslate.privacy.reading import HOLE, Program, Text, text_of

_BREAK = re.compile(r"[\r\n\x00]+")
_WORD = re.compile(r"[A-Za-z_][\w-]*")


def find(program: Program) -> tuple[Found, ...]:
    """Everything to hide, each value once per way it counts, in the order of the program.

    Args:
        program: As `doctranslate.privacy.reading.read` gives it.
    """
    found: dict[tuple[str, str], Found] = {}
    for each in (*_written(program), *_under_names(program), *_in_texts(program)):
        # What is found first knows best what it is: a provider's key before a name before mere entropy.
        found.setdefault((each.raw, each.behind), each)
    secret_lines = {each.line for each in found.values()}
    for each in _random(program, secret_lines):
        if not any(each.raw in other.raw or other.raw in each.raw for other in tuple(found.values())):
            found.setdefault((each.raw, each.behind), each)
    return tuple(
        sorted(found.values(), key=lambda each: (program.code.find(each.raw), each.behind, each.raw))
    )


def _written(program: Program) -> Iterator[Found]:
    """What shows by its form in the program as written, and in strings that are put together."""
    line_of = _Lines(program.code)
    for start, end, ahead in key_blocks(program.code):
        raw = program.code[start:end]
        yield Found("private key", raw, raw, line_of(start), ahead=ahead)
    for kind, start, end in known(program.code):
        raw = program.code[start:end]
        if "\n" not in raw:
            yield Found(kind, raw, raw, line_of(start))
    for text in program.texts:
        if text.text not in text.source and HOLE not in text.text:
            for kind, start, end in known(text.text):
                yield from _spelled(text, kind, start, end)


def _under_names(program: Program) -> Iterator[Found]:
    if program.tree is None:
        return
    at = {(text.line, text.text): text for text in reversed(program.texts)}
    for kind, _, node in named(program.tree):
        value = text_of(node) or ""
        ends = HOST_END if kind == "private host" else ""
        text = at.get((node.lineno, value)) or Text(value, node.lineno, "string", value)
        for start, end in _lines_of(value):
            yield from _spelled(text, kind, start, end, ends=ends)


def _in_texts(program: Program) -> Iterator[Found]:
    for text in program.texts:
        for piece in addresses(text.text):
            yield from _spelled(
                text, piece.kind, piece.start, piece.end, behind=piece.behind, ends=piece.ends
            )
        for kind, start, end in assigned(text.text, is_prose=text.role == "prose"):
            yield from _spelled(text, kind, start, end)


def _random(program: Program, secret_lines: Iterable[int]) -> Iterator[Found]:
    lines = program.code.splitlines()
    near = set(secret_lines)
    for text in program.texts:
        if len(text.text) < 20:
            continue
        source = lines[text.line - 1] if text.line <= len(lines) else ""
        is_near = text.line in near or any(says_secret(word) for word in _WORD.findall(source))
        for start, end in random_looking(text.text, is_whole=text.role == "string", near_secret=is_near):
            yield from _spelled(text, "high-entropy string", start, end)


def _spelled(
    text: Text, kind: str, start: int, end: int, *, behind: str = "", ends: str = ""
) -> Iterator[Found]:
    """A part of a text as the program writes it; in several when it is put together from several literals."""
    line = text.line + (text.text.count("\n", 0, start) if text.role == "prose" else 0)
    raws = text.spelled(start, end)
    for raw in raws:
        value = text.text[start:end] if len(raws) == 1 else raw
        if raw.strip() and not (len(raws) > 1 and len(raw) < 3):
            yield Found(kind, raw, value, line, behind=behind, ends=ends)


def _lines_of(value: str) -> Iterator[tuple[int, int]]:
    """The lines of a value, which are hidden one by one so that a program keeps its number of lines."""
    at = 0
    for gap in (*_BREAK.finditer(value), None):
        end = gap.start() if gap else len(value)
        if end - at >= 3 and value[at:end].strip():
            yield at, end
        at = gap.end() if gap else end


class _Lines:
    def __init__(self, code: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", code))]

    def __call__(self, offset: int) -> int:
        return bisect_right(self._starts, offset)
