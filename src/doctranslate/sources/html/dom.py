"""Parses HTML, whatever its state, into a tree that lxml searches.

lxml reads a page about ten times faster than Beautiful Soup does, and every page of a crawl is read for its links.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeAlias

from doctranslate.errors import MissingExtraError

Element: TypeAlias = Any
"""`lxml.html.HtmlElement`; lxml ships no types."""

_ATTRIBUTE = (
    r"[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)"
    r"""(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+"""
)
_TAG = r"</?[a-zA-Z][^\s/>]*+"
_TAG_END = r"[\s/]*+(?:>|\Z)"
_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
_RAW_TEXTS = {name: rf"(?:[^<]++|<(?!/{name}))*+" for name in _RAW}
_RAW_ELEMENTS = "|".join(
    # Written out for each: capturing groups within possessive ones are broken in Python 3.11.
    rf"<{name}(?=[\s/>])(?:{_ATTRIBUTE}){{0,200}}+{_TAG_END}{text}"
    for name, text in _RAW_TEXTS.items()
)
# One match runs over the whole page, and stops before a tag of more than 200 attributes: libxml2 takes a time
# that grows with the square of their number, hours for a page made of one tag. It has to agree with libxml2 on what
# is a tag: nothing is one in a comment, nor in the text of a script.
_SANE = re.compile(
    rf"(?:[^<]++|(?!<(?:{'|'.join(_RAW)})[\s/>]){_TAG}(?:{_ATTRIBUTE}){{0,200}}+{_TAG_END}|{_RAW_ELEMENTS}"
    r"|<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|<(?:[!?]|/(?![a-z]))[^>]*+(?:>|\Z)|<(?![/!?a-z]))*+",
    re.IGNORECASE,
)
_FLOODED = re.compile(rf"({_TAG})(?:{_ATTRIBUTE})*+[\s/]*+>?")


def parse_html(html: str) -> Element | None:
    """Parse a page, or a part of one.

    Args:
        html: Any text. What it declares of its encoding is not heeded: it is decoded already.

    Returns:
        Its outermost element, without comments; None when there is nothing in it. Elements below some 2,000
        others, and attributes of a tag that has more than 200, are lost.

    Raises:
        MissingExtraError: lxml is not installed.
    """
    lxml_html = _lxml_html()
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    content = _without_floods(html).encode("utf-8", "replace")
    try:
        return lxml_html.document_fromstring(content, parser=parser, ensure_head_body=False)
    except (lxml_html.etree.LxmlError, ValueError):
        return None  # empty, or nothing but comments


def _without_floods(html: str) -> str:
    end = _SANE.match(html).end()  # type: ignore[union-attr] # it matches the empty text, too
    if end == len(html):
        return html
    parts, start = [], 0
    while end < len(html):
        flooded = _FLOODED.match(html, end)
        if flooded is None:
            break
        parts += [html[start:end], f"{flooded[1]}>"]
        start = flooded.end()
        if raw := _RAW_TEXTS.get(flooded[1][1:].lower()):
            text = re.compile(raw, re.IGNORECASE).match(html, start)
            parts.append(text[0] if text else "")
            start += len(parts[-1])
        end = _SANE.match(html, start).end()  # type: ignore[union-attr]
    return "".join([*parts, html[start:]])


@lru_cache(maxsize=256)
def xpath(expression: str) -> Any:
    """A compiled XPath expression that gives plain strings.

    Args:
        expression: An expression of ours; one that is wrong is a mistake in doctranslate.

    Raises:
        MissingExtraError: lxml is not installed.
    """
    return _lxml_html().etree.XPath(expression, smart_strings=False)


def _lxml_html() -> Any:
    try:
        import lxml.html
    except ImportError as exc:
        raise MissingExtraError("lxml", extra="crawl", needed_for="reading HTML") from exc
    return lxml.html


def squeezed(text: str) -> str:
    """A text with each run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def words(text: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(text.split())
