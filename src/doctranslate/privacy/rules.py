"""Where a value counts, and how else it may be written."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from doctranslate.privacy.found import HOST_END, Found


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a value is written.

    Attributes:
        number: Of the value, from 0; the same for all its ways.
        letter: Tells the ways apart: "" as the program has it, ``r`` at run time, ``u`` in a URL, ``e`` and ``j``
            escaped for Python and JSON, ``b`` in base64, ``l`` in lower case.
        found: The value, written so.
        pattern: A regular expression for where it is to be replaced.
    """

    number: int
    letter: str
    found: Found = field(repr=False)
    pattern: str = field(repr=False)


LETTERS = "rulejb"


def rules(founds: list[Found], *, outside: str) -> list[Rule]:
    """How all values are recognised, the longest first.

    Args:
        founds: The values.
        outside: What of the program is neither string nor comment, and stays as it is.
    """
    made: dict[str, Rule] = {}
    for number, found in enumerate(founds):
        pattern = _pattern(found, outside)
        made.setdefault(pattern, Rule(number, "", found, pattern))
    for number, found in enumerate(founds):
        for letter, form in _forms(found, outside):
            pattern = _pattern(form, outside)
            made.setdefault(pattern, Rule(number, letter, form, pattern))
    return sorted(made.values(), key=lambda rule: len(rule.found.raw), reverse=True)


def is_weak(value: str, outside: str) -> bool:
    """Whether a value is too short or too common to be replaced wherever it occurs.

    Args:
        value: As written.
        outside: What of the program is neither string nor comment.
    """
    return len(value) < 6 or value.isdigit() or (value.isalpha() and len(value) < 8) or value in outside


def _pattern(found: Found, outside: str) -> str:
    escaped = re.escape(found.raw)
    if found.behind or found.ahead:
        behind = f"(?<={re.escape(found.behind)})" if found.behind else ""
        return f"{behind}{escaped}" + (f"(?={found.ahead})" if found.ahead else "")
    if not is_weak(found.raw, outside):
        return escaped
    held = rf"(?<=['\"`]){escaped}(?=['\"`\\])|(?<=://){escaped}(?=[.:/'\"@\s]|$)|(?<=:){escaped}(?=@)"
    if found.raw in outside:
        return held
    return rf"{held}|(?<=[:=]){escaped}(?=['\";&\s]|$)"


def _forms(found: Found, outside: str) -> Iterator[tuple[str, Found]]:
    if found.behind or found.ahead:
        return
    value = found.value
    forms = {
        "r": value,
        "u": quote(value, safe="", errors="replace"),
        "l": value.lower() if found.ends == HOST_END else found.raw,
        "e": repr(value)[1:-1],
        "j": json.dumps(value)[1:-1],
    }
    if not is_weak(found.raw, outside):
        forms["b"] = base64.b64encode(value.encode(errors="replace")).decode().rstrip("=")
    for letter, form in forms.items():
        if form != found.raw:
            yield letter, replace(found, raw=form, value=value if letter in "ej" else form)
