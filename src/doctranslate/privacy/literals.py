"""Puts values back into the strings of a program so that each stays the string it was, however it is quoted now."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from doctranslate.privacy.found import Found
from doctranslate.privacy.reading import quiet

if TYPE_CHECKING:
    import libcst as cst

Swap = Callable[[str, Callable[[Found], str]], str]
"""Replaces each placeholder in a text by what is chosen of the value that it stands for."""

_QUOTES = ("'''", '"""', "'", '"')


def put_back(code: str, swap: Swap) -> str | None:
    """Replace the placeholders within string literals.

    A model may write ``"…"`` where the program had ``'…'``; a value that holds a quote would end the string there.

    Args:
        code: A program, or anything else.
        swap: Replaces placeholders.

    Returns:
        The code, with placeholders outside of strings as they were; None when it is no Python.
    """
    import libcst as cst

    class Strings(cst.CSTTransformer):
        def leave_SimpleString(
            self, original_node: cst.SimpleString, updated_node: cst.SimpleString
        ) -> cst.SimpleString:
            return updated_node.with_changes(value=_literal(original_node.value, swap))

        def leave_FormattedString(
            self, original_node: cst.FormattedString, updated_node: cst.FormattedString
        ) -> cst.FormattedString:
            return updated_node.with_changes(
                parts=[_part(part, updated_node, swap) for part in updated_node.parts]
            )

    try:
        return cst.parse_module(code).visit(Strings()).code
    except (cst.ParserSyntaxError, ValueError, RecursionError):
        return None


def _literal(literal: str, swap: Swap) -> str:
    """A literal with the values in it: as the program wrote them where that fits its quotes, else written anew."""
    written = swap(literal, lambda found: found.raw)
    was = _evaluated(literal)
    if written == literal or was is None:
        return written
    if isinstance(was, bytes):
        wanted: str | bytes = swap(was.decode("latin-1"), lambda found: found.value).encode(
            "latin-1", "replace"
        )
    else:
        wanted = swap(was, lambda found: found.value)
    quote = next(each for each in _QUOTES if literal.endswith(each))
    escaped = swap(literal, lambda found: _escaped(found.value, quote))
    return next((each for each in (written, escaped) if _evaluated(each) == wanted), repr(wanted))


def _part(
    part: cst.BaseFormattedStringContent, whole: cst.FormattedString, swap: Swap
) -> cst.BaseFormattedStringContent:
    """The same for the text between the braces of an f-string."""
    text = getattr(part, "value", None)
    if not isinstance(text, str):
        return part
    quote = whole.end
    written = swap(text, lambda found: found.raw)
    if written == text or "r" in whole.start.lower():
        return part.with_changes(value=written)
    escaped = swap(text, lambda found: _escaped(found.value, quote).replace("{", "{{").replace("}", "}}"))
    return part.with_changes(
        value=written if _formatted(written, quote) == _formatted(escaped, quote) else escaped
    )


def _escaped(value: str, quote: str) -> str:
    return (
        repr(value + "'\"")[1:-4]
        .replace("\\'", "'")
        .replace('"', '\\"' if '"' in quote else '"')
        .replace("'", "\\'" if "'" in quote else "'")
    )


def _formatted(text: str, quote: str) -> str | None:
    try:
        tree = quiet(ast.parse, f"f{quote}{text}{quote}", mode="eval").body
    except (SyntaxError, ValueError):
        return None
    parts = tree.values if isinstance(tree, ast.JoinedStr) else []
    if not all(isinstance(part, ast.Constant) for part in parts):
        return None  # a brace of the value became one of the f-string
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def _evaluated(literal: str) -> str | bytes | None:
    try:
        value = quiet(ast.literal_eval, literal)
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str | bytes) else None
