"""Writes HTML as Markdown that keeps what a translation needs: code, signatures, names, tables, headings.

Text is never escaped (``allow_unsafe_options`` stays a name one can search for), links are their text, and code stands
at the margin between fences, byte for byte, also where the page has it within a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from doctranslate.curation.code_html import fenced
from doctranslate.curation.tables import pipe_table
from doctranslate.sources.html.dom import Element, squeezed, words

_MAX_DEPTH = 100  # of elements within each other; what is deeper becomes one line of text
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = words(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark math nobr output q rp rt
    ruby s samp script small span strike strong sub sup time tt u var wbr annotation semantics
    """
)
_CODE = words("code tt kbd samp")
_ADMONITIONS = re.compile(r"\b(admonition|theme-admonition|markdown-alert|custom-block|callout|alert)\b")
_FILE_NAME = re.compile(r"\.(png|svg|jpe?g|gif|webp)$", re.IGNORECASE)
_TITLE_CLASSES = re.compile(
    r"admonition-title|admonitionHeading|markdown-alert-title|custom-block-title|callout-title"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, a list, a table or code.

    Attributes:
        text: Its lines.
        level: Of a heading, from 1; 0 for all else.
        anchor: Of a heading, or "".
        is_code: Whether it is between fences.
    """

    text: str
    level: int = 0
    anchor: str = ""
    is_code: bool = False


def markdown(blocks: Sequence[Block]) -> str:
    """The text of blocks, with a blank line between two."""
    return "\n\n".join(block.text for block in blocks) + "\n" if blocks else ""


def anchors(blocks: Sequence[Block]) -> dict[int, str]:
    """Line of each heading in what `markdown` makes of the blocks, from 0, to its anchor."""
    found: dict[int, str] = {}
    line = 0
    for block in blocks:
        if block.anchor:
            found[line] = block.anchor
        line += block.text.count("\n") + 2
    return found


def read_blocks(element: Element) -> list[Block]:
    """The blocks within an element.

    Args:
        element: Content without what surrounds it (`doctranslate.sources.html.content.find_content`).
    """
    blocks: list[Block] = []
    for block in _within(element, 0):
        # The text in place of a picture is often its caption.
        if not blocks or block != blocks[-1] or block.is_code:
            blocks.append(block)
    return blocks


def inline(element: Element, *, is_plain: bool = False) -> str:
    """The text of an element as one line.

    Args:
        element: A paragraph, a cell, a term.
        is_plain: Whether code goes without backticks, as in headings.
    """
    return squeezed("".join(_inline(element, is_plain=is_plain, depth=0)))


def _within(element: Element, depth: int) -> Iterator[Block]:
    """The blocks of an element, where text stands between them as well."""
    if depth > _MAX_DEPTH:
        yield from _paragraph(squeezed(element.text_content()))
        return
    line = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):
            line.append(child.tail or "")
            continue
        if _is_inline(child):
            line += [*_inline_child(child, is_plain=False, depth=depth), child.tail or ""]
            continue
        yield from _paragraph(squeezed("".join(line)))
        yield from _block(child, depth + 1)
        line = [child.tail or ""]
    yield from _paragraph(squeezed("".join(line)))


def _is_inline(element: Element) -> bool:
    if element.tag not in _INLINE:
        return False
    # Some sites have whole blocks within a span, or a link.
    return element.tag in _CODE or not any(
        one.tag in ("p", "pre", "div", "ul", "table") for one in element.iter()
    )


def _block(element: Element, depth: int) -> Iterator[Block]:
    tag = element.tag
    if tag in _HEADINGS:
        title = inline(element, is_plain=True)
        if title:
            level = _HEADINGS[tag]
            yield Block(f"{'#' * level} {title}", level=level, anchor=_anchor(element))
    elif tag == "pre":
        if code := fenced(element):
            yield Block(code, is_code=True)
    elif tag in ("ul", "ol", "menu"):
        yield from _joined(_items(element, depth), depth)
    elif tag == "dl" and "field-list" in element.get("class", "").split():
        yield from _fields(element, depth)
    elif tag == "dl":
        yield from _joined(_terms(element, depth), depth)
    elif tag == "table":
        yield from _table(element, depth)
    elif tag == "blockquote":
        yield from _quote(list(_within(element, depth)))
    elif tag == "p":
        yield from _within(element, depth)
    elif _ADMONITIONS.search(element.get("class", "")):
        yield from _admonition(element, depth)
    elif tag != "hr":
        yield from _within(element, depth)


def _paragraph(text: str) -> Iterator[Block]:
    if text:
        # A paragraph that begins like a heading must not become one.
        yield Block(f"\\{text}" if re.match(r"#{1,6}\s", text) else text)


def _anchor(heading: Element) -> str:
    """The id that leads to a heading: its own, or that of the section that it opens."""
    if heading.get("id"):
        return str(heading.get("id"))
    parent = heading.getparent()
    if parent is not None and parent.get("id") and parent.tag in ("section", "div", "article"):
        earlier = [one for one in heading.itersiblings(preceding=True) if one.tag in _HEADINGS]
        if not earlier:
            return str(parent.get("id"))
    inner = heading.xpath("(.//@id | .//a/@name)[1]")
    return str(inner[0]) if inner else ""


def _items(element: Element, depth: int) -> Iterator[tuple[str, list[Block]]]:
    start = element.get("start", "1")
    number = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
    for item in element:
        if not isinstance(item.tag, str):
            continue
        blocks = list(_within(item, depth + 1)) if item.tag == "li" else list(_block(item, depth + 1))
        if blocks:
            yield (f"{number}. " if element.tag == "ol" else "- "), blocks
            number += 1


def _terms(element: Element, depth: int) -> Iterator[tuple[str, list[Block]]]:
    """Each term with what is said about it; ``Parameters:`` and the like are terms, too."""
    term, blocks = "", list[Block]()
    for child in _parts(element):
        if child.tag == "dt":
            if blocks:
                yield _term(term, blocks)
                term, blocks = "", []
            text = _term_text(child)
            term = f"{term}, {text}" if term else text
        else:
            blocks += _within(child, depth + 1)
    if term or blocks:
        yield _term(term, blocks)


def _fields(element: Element, depth: int) -> Iterator[Block]:
    """Parameters, Returns, Raises: each a line that ends in a colon, or goes on with what is returned."""
    name = ""
    for child in _parts(element):
        if child.tag == "dt":
            name = _term_text(child)
            continue
        blocks = list(_within(child, depth + 1))
        if blocks and not blocks[0].is_code:
            gap = " " if _is_text(blocks[0]) else "\n"
            blocks[0] = Block(f"{name}:{gap}{blocks[0].text}")
        yield from blocks or [Block(f"{name}:")]


def _is_text(block: Block) -> bool:
    return not (block.is_code or block.level or re.match(r"(- |\d+\. |\||> )", block.text))


def _parts(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag == "div":  # allowed, to group a term with its description
            yield from _parts(child)


def _term_text(term: Element) -> str:
    for classifier in term.iterdescendants("span"):
        if "classifier" in classifier.get("class", "").split():
            classifier.text = f" : {classifier.text or ''}"
    return inline(term).rstrip(": ")


def _term(term: str, blocks: list[Block]) -> tuple[str, list[Block]]:
    head = f"{term}:" if blocks else term
    if not term:
        return "- ", blocks
    first = blocks[0] if blocks else None
    if first is None or not _is_text(first):
        return "- ", [Block(head), *blocks]
    return "- ", [Block(f"{head} {first.text}"), *blocks[1:]]


def _joined(items: Iterable[tuple[str, list[Block]]], depth: int) -> Iterator[Block]:
    """A list as one block; code in it ends the block, stands at the margin, and the list goes on below."""
    lines: list[str] = []
    for marker, blocks in items:
        first = True
        for block in blocks:
            if block.is_code:
                if lines:
                    yield Block("\n".join(lines))
                    lines = []
                yield block
                continue
            indent = " " * len(marker)
            for line in block.text.split("\n"):
                lines.append(f"{marker if first else indent}{line}")
                first = False
    if lines:
        yield Block("\n".join(lines))


def _quote(blocks: list[Block]) -> Iterator[Block]:
    if not all(_is_text(block) for block in blocks):
        yield from blocks  # documentation tools indent code and lists by a quote
    elif blocks:
        yield Block("\n>\n".join("\n".join(f"> {line}" for line in one.text.split("\n")) for one in blocks))


def _admonition(element: Element, depth: int) -> Iterator[Block]:
    title = ""
    for child in element.iterdescendants():
        if isinstance(child.tag, str) and _TITLE_CLASSES.search(child.get("class", "")):
            title = inline(child, is_plain=True).rstrip(":")
            child.drop_tree()
            break
    blocks = list(_within(element, depth))
    if title and blocks and not (blocks[0].is_code or blocks[0].level):
        blocks[0] = Block(f"{title}: {blocks[0].text}")
    elif title:
        blocks.insert(0, Block(f"{title}:"))
    yield from blocks


def _table(element: Element, depth: int) -> Iterator[Block]:
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table"), None) is element]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    caption = next((inline(one) for one in element.iterchildren("caption")), "")
    yield from _paragraph(caption)
    if next(element.iter("pre"), None) is not None or all(len(row) < 2 for row in cells):
        # It holds code, or is there for its looks: what is in it counts.
        for row in cells:
            for cell in row:
                yield from _within(cell, depth + 1)
        return
    texts = [[(inline(cell), _span(cell)) for cell in row] for row in cells]
    has_head = bool(cells) and all(cell.tag == "th" for cell in cells[0])
    if text := pipe_table(texts, has_head=has_head):
        yield Block(text)


def _span(cell: Element) -> int:
    span = cell.get("colspan", "1")
    return int(span) if re.fullmatch(r"[1-9]\d?", span) else 1


def _inline(element: Element, *, is_plain: bool, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        yield element.text_content()
        return
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            # Words of two cells, or of two items, are two words.
            gap = "" if child.tag in _INLINE else " "
            yield gap
            yield from _inline_child(child, is_plain=is_plain, depth=depth + 1)
            yield gap
        yield child.tail or ""


def _inline_child(element: Element, *, is_plain: bool, depth: int) -> Iterator[str]:
    tag = element.tag
    if tag in _CODE and not is_plain:
        yield _code_span(element.text_content())
    elif tag == "br":
        yield " "
    elif tag == "img":
        alt = element.get("alt") or ""
        yield "" if _FILE_NAME.search(alt) else alt
    elif tag == "script":
        yield f"\\({element.text}\\)" if element.text else ""  # MathJax; no other script is left
    elif tag == "math":
        source = element.xpath(".//annotation[@encoding='application/x-tex']/text()")
        yield (source[0] if source else element.get("alttext")) or element.text_content()
    else:
        yield from _inline(element, is_plain=is_plain, depth=depth + 1)


def _code_span(text: str) -> str:
    code = squeezed(text)
    if not code:
        return text
    if "`" in code:
        code = f" {code} " if code.startswith("`") or code.endswith("`") else code
        return f"``{code}``"
    lead, trail = " " * (text[0].isspace()), " " * (text[-1].isspace())
    return f"{lead}`{code}`{trail}"
