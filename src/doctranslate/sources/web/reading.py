"""What the crawl takes from a page: where it leads, what it says its own address is, and its content text."""

from __future__ import annotations

from doctranslate.sources.html.content import content_text
from doctranslate.sources.html.links import read_links, read_markdown_links
from doctranslate.sources.web.base import Fetched
from doctranslate.sources.web.frontier import Reading
from doctranslate.sources.web.scope import Scope
from doctranslate.sources.web.urls import normalise

THIN_CHARS = 20
"""A page with less content than this may be one that scripts are to fill."""


def read(page: Fetched, scope: Scope, *, selector: str) -> Reading:
    """Read a page.

    Args:
        page: As it was served or rendered.
        scope: Links that leave it are left out.
        selector: CSS selector of the content; "" lets it be found.
    """
    if page.media_type != "text/html":
        markdown = read_markdown_links(page.text, url=page.url)
        content = " ".join(page.text.split()) or None
        return Reading(title=markdown.title, links=_within(markdown.links, scope), content=content)
    found = read_links(page.text, url=page.url)
    canonical = (found.canonical and normalise(found.canonical)) or ""
    links = found.links if found.follow else ()
    return Reading(
        title=found.title,
        canonical=canonical if scope.is_within(canonical) else "",
        links=_within((*links, canonical), scope),
        content=content_text(page.text, selector=selector),
    )


def is_thin(reading: Reading) -> bool:
    """Whether there is hardly any content."""
    return len(reading.content or "") < THIN_CHARS


def _within(links: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
    normal = {normalise(link) for link in links if link}
    return tuple(sorted(link for link in normal if link and scope.is_within(link)))
