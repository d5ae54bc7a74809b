"""Makes pages with structure out of a page of HTML: one for each object that it documents, and one for its prose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doctranslate.curation.markdown import Block, anchors, inline, markdown, read_blocks
from doctranslate.curation.prose import clean
from doctranslate.curation.sphinx import DocumentedObject, take_objects, with_flat_signatures
from doctranslate.records import Page
from doctranslate.sources.html.content import find_content
from doctranslate.sources.html.dom import Element, parse_html, squeezed, xpath

EXTRACTOR = "html/1"
"""Written into manifests and caches; raised when the same page would be extracted otherwise."""

_SEPARATORS = (" — ", " \u2013 ", " | ", " · ", " :: ", " - ")


def extract(page: Page) -> tuple[Page, ...]:
    """Make pages with structure out of a page.

    Args:
        page: As a source delivers it.

    Returns:
        A page of kind ``api`` for each object in it, in its order, with the object's name as symbol and its anchor in
        the address; and before them one with all else, as Markdown, when there is more than headings. Nothing for a
        page without content. A page that is not HTML is one page, without tags and addresses of links.

    Raises:
        UsageError: ``page.selector`` is not a CSS selector.
        MissingExtraError: lxml or cssselect is not installed.
    """
    if page.media_type != "text/html":
        return (_cleaned(page),)
    root = parse_html(with_flat_signatures(page.text))
    if root is None:
        return ()
    site_title = next((squeezed(one.text or "") for one in xpath("//title[not(ancestor::svg)]")(root)), "")
    content = find_content(root, selector=page.selector)
    if content is None:
        return ()
    title = _heading(content) or page.title or _without_site(site_title)
    objects = take_objects(content)
    blocks = [block for element in content for block in read_blocks(element)]
    if objects:
        blocks = _without_bare_headings(blocks)
    prose = [_prose(page, blocks, title=title)] if _says_something(blocks) else []
    return (*prose, *_objects(page, objects))


def _cleaned(page: Page) -> Page:
    if page.kind != "guide":
        return page
    cleaned = clean(page.text, page.media_type)
    if cleaned.text == page.text:
        return page
    return page.model_copy(update={"text": cleaned.text, "anchors": {**page.anchors, **cleaned.anchors}})


def _heading(content: Sequence[Element]) -> str:
    headings = (heading for element in content for heading in element.iter("h1"))
    return next((title for one in headings if (title := inline(one, is_plain=True))), "")


def _without_site(title: str) -> str:
    """The title of a page without the name of the site, that browsers show after it."""
    for separator in _SEPARATORS:
        if separator in title:
            return title.partition(separator)[0].strip()
    return title


def _without_bare_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the headings under which nothing is left."""
    kept: list[Block] = []
    level_below = 0  # of the heading that comes next; 0 when there is none or text comes first
    has_text = False
    for block in reversed(blocks):
        if not block.level:
            kept.append(block)
            has_text = True
        elif has_text or level_below > block.level:
            kept.append(block)
            has_text, level_below = False, block.level
    return kept[::-1]


def _says_something(blocks: Sequence[Block]) -> bool:
    return any(not block.level for block in blocks)


def _prose(page: Page, blocks: Sequence[Block], *, title: str) -> Page:
    changes = {
        "title": title,
        "media_type": "text/markdown",
        "text": markdown(blocks),
        "selector": "",
        "anchors": anchors(blocks),
    }
    return page.model_copy(update=changes)


def _objects(page: Page, objects: Sequence[DocumentedObject]) -> Iterator[Page]:
    taken: set[str] = set()
    address = page.uri.partition("#")[0]
    for each in objects:
        members = [Block(f"Members: {', '.join(each.members)}")] if each.members else []
        text = "\n".join(each.signatures) + "\n\n" + markdown([*each.blocks, *members])
        if not text.strip():
            continue  # a broken page: a name, and nothing about it
        uri = f"{address}#{each.anchor}" if each.anchor else address
        if f"{each.symbol} {text}" in taken:
            continue  # documented twice on one page
        taken.add(f"{each.symbol} {text}")
        yield Page(
            uri=uri,
            title=each.symbol,
            media_type="text/markdown",
            text=text.strip("\n") + "\n",
            symbol=each.symbol,
            kind="api",
            signatures=each.signatures,
            fetched_at=page.fetched_at,
        )
