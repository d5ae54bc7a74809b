"""Finds the content of a page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from doctranslate.errors import MissingExtraError, UsageError
from doctranslate.sources.html.chrome import drop_chrome
from doctranslate.sources.html.dom import Element, parse_html, squeezed, words, xpath

_CANDIDATES = (
    "main, [role=main]",
    "article",
    # Sphinx without a role, Read the Docs, Docusaurus, MkDocs, GitHub, wikis
    ".rst-content .document, .rst-content, div.document div.body, .theme-doc-markdown, .md-content, .markdown-body, "
    ".vp-doc, #mw-content-text, #main-content, #content, #main, .main-content, .page-content, .documentation, .content",
)
_BLOCKS = words(
    """
    address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5
    h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul
    """
)


def find_content(root: Element, *, selector: str = "") -> list[Element] | None:
    """The elements that hold a page's content, without what is not content. The tree is changed.

    Args:
        root: A page, from `parse_html`.
        selector: CSS selector; "" looks for ``main``, an ``article`` and what else sites call it, and takes the
            body when there is nothing of the kind.

    Returns:
        The elements in the order of the page, none within another; None when the selector matches nothing.

    Raises:
        UsageError: The selector is not one.
        MissingExtraError: cssselect is not installed.
    """
    if selector:
        found = _outermost(_css(selector)(root))
        is_body = any(one.tag in ("body", "html") for one in found)
    else:
        found = _guessed(root)
        is_body = not found
        found = found or xpath("//body")(root) or [root]
    for element in found:
        drop_chrome(element, found=not is_body)
    return found or None


def content_text(html: str, *, selector: str = "") -> str | None:
    """The text of a page's content, to be compared and searched; not to be read.

    Args:
        html: The page.
        selector: CSS selector of the content; "" lets it be found.

    Returns:
        Its words, with one space between each; "" for a page without content, None when the selector matches
        nothing.

    Raises:
        UsageError: The selector is not one.
        MissingExtraError: lxml or cssselect is not installed.
    """
    if selector:
        _css(selector)  # a wrong one is told, also where the page is empty
    root = parse_html(html)
    if root is None:
        return None if selector else ""
    found = find_content(root, selector=selector)
    return None if found is None else " ".join(text for one in found if (text := visible_text(one)))


def visible_text(element: Element) -> str:
    """The words of an element, with a space between those of two blocks. The tree is changed.

    Args:
        element: Without chrome.
    """
    for block in element.iter(*_BLOCKS):
        block.text = f" {block.text or ''}"
        block.tail = f" {block.tail or ''}"
    return squeezed("".join(element.itertext()))


def _guessed(root: Element) -> list[Element]:
    for selector in _CANDIDATES:
        found = [one for one in _outermost(_css(selector)(root)) if one.text_content().strip()]
        if len(found) == 1:
            return [_narrowed(found[0])]
        if found:
            return found
    return []


def _narrowed(element: Element) -> Element:
    """The one article in it, when that is most of it; beside it there are lists of links."""
    articles = _outermost(xpath(".//article")(element))
    if len(articles) == 1 and 2 * len(articles[0].text_content()) > len(element.text_content()):
        return articles[0]
    return element


def _outermost(elements: list[Element]) -> list[Element]:
    found = set(elements)
    return [one for one in elements if not any(parent in found for parent in one.iterancestors())]


@lru_cache(maxsize=64)
def _css(selector: str) -> Any:
    try:
        import cssselect
        from lxml.cssselect import CSSSelector
    except ImportError as exc:
        raise MissingExtraError(
            "cssselect", extra="crawl", needed_for="finding the content of a page"
        ) from exc
    try:
        return CSSSelector(selector, translator="html")
    except cssselect.SelectorError as exc:
        raise UsageError(f"{selector!r} is not a CSS selector that can be used: {exc}") from exc
