"""Finds the objects that a page of an API reference documents: Sphinx's ``dl.py``, and mkdocstrings' ``doc-object``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doctranslate.curation.markdown import Block, read_blocks
from doctranslate.sources.html.dom import Element, squeezed, words, xpath

_KINDS = words(
    """
    class function method classmethod staticmethod attribute data exception property module decorator decoratormethod
    type
    """
)
_OTHER_DOMAINS = words("c cpp js rst std option cmake rust go java php py-option envvar glossary field-list")
_HEAD, _HEAD_END = '<dt class="sig', "</dt>"
_LINES = "sig-lines"
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class DocumentedObject:
    """An object, as a page documents it.

    Attributes:
        symbol: Its qualified name.
        anchor: Where on the page it is, or "".
        signatures: Its signatures, each as one line.
        blocks: Its description.
        members: Names of the objects within it, which are objects of their own.
    """

    symbol: str
    anchor: str
    signatures: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    members: tuple[str, ...] = ()


def with_flat_signatures(html: str) -> str:
    """A page in which no signature has a list in it.

    Sphinx gives each parameter of a long signature a line, as a ``dl`` in the ``dt``; libxml2 ends the ``dt`` there.

    Args:
        html: The page.
    """
    parts: list[str] = []
    at = 0
    while (
        "<dl>" in html and (start := html.find(_HEAD, at)) >= 0 and (end := html.find(_HEAD_END, start)) >= 0
    ):
        parts += [html[at:start], _flat(html[start:end])]
        at = end
    return "".join([*parts, html[at:]])


def _flat(head: str) -> str:
    lines = head.replace("<dl>", f'<span class="{_LINES}">').replace("</dl>", "</span>")
    return re.sub(r"</?dd>", " ", lines)


def take_objects(content: Sequence[Element]) -> list[DocumentedObject]:
    """Read the objects of a page, and remove them from it.

    Args:
        content: The page's content. It is changed.

    Returns:
        The objects in the order of the page; a class comes before its members.
    """
    found = [one for element in content for one in element.iter("dl", "div") if _is_object(one)]
    read: list[list[DocumentedObject]] = []
    heads = {element: _heads(element) for element in found}
    names: dict[Element, list[str]] = {}
    for element in found:
        owner = next((one for one in element.iterancestors() if names.get(one)), None)
        names[element] = _symbols(heads[element], owner=names[owner][0] if owner is not None else "")
    # What has no name that Python could have (``set < other``) stays in the prose.
    found = [element for element in found if names[element]]
    members: dict[Element, list[str]] = {}
    # From the last to the first: members are taken out before the class they are in is read.
    for element in reversed(found):
        owner = next((one for one in element.iterancestors() if names.get(one)), None)
        if owner is not None:
            short = [name.rpartition(".")[2] for name in names[element]]
            members.setdefault(owner, [])[:0] = [name for name in short if not name.startswith("__")]
        read.append(list(_read(element, heads[element], names[element], members.get(element, []))))
        if element.getparent() is not None:
            element.drop_tree()
    return [one for objects in reversed(read) for one in objects]


def _is_object(element: Element) -> bool:
    classes = set(element.get("class", "").split())
    if element.tag == "div":
        return "doc-object" in classes and _mkdocs_heading(element) is not None
    if "py" in classes:
        return bool(_heads(element))
    return (
        bool(classes & _KINDS) and not classes & _OTHER_DOMAINS and any(h.get("id") for h in _heads(element))
    )


def _heads(element: Element) -> list[Element]:
    if element.tag == "div":
        heading = _mkdocs_heading(element)
        return [] if heading is None else [heading]
    return [child for child in element if child.tag == "dt"]


def _mkdocs_heading(element: Element) -> Element | None:
    headings = (child for child in element if "doc-heading" in child.get("class", "").split())
    heading = next(headings, None)
    return heading if heading is not None and _NAME.fullmatch(heading.get("id", "")) else None


def _symbols(heads: Sequence[Element], *, owner: str) -> list[str]:
    """The qualified names of the objects that share a description, in order."""
    names: list[str] = []
    for head in heads:
        name = _symbol(head, owner=owner)
        # An overload has neither an anchor nor a module of its own.
        if name and not (
            names and not head.get("id") and names[-1].rpartition(".")[2] == name.rpartition(".")[2]
        ):
            names.append(name)
    return list(dict.fromkeys(names))


def _symbol(head: Element, *, owner: str) -> str:
    anchor = str(head.get("id", ""))
    own = (_text_of(head, "descname") or _text_of(head, "sig-name")).partition("(")[0].strip(".")
    if _NAME.fullmatch(anchor) and (not own or anchor.rpartition(".")[2] == own.rpartition(".")[2]):
        return anchor
    if not _NAME.fullmatch(own):
        return ""
    prefix = (_text_of(head, "descclassname") or _text_of(head, "sig-prename")).strip(".") or owner
    return f"{prefix}.{own}" if _NAME.fullmatch(prefix) else own


def _text_of(head: Element, name: str) -> str:
    found = xpath(".//*[contains(concat(' ', normalize-space(@class), ' '), concat(' ', $name, ' '))][1]")
    return squeezed("".join(element.text_content() for element in found(head, name=name)[:1]))


def _read(
    element: Element, heads: list[Element], symbols: list[str], members: list[str]
) -> Iterator[DocumentedObject]:
    if element.tag == "div":
        signatures = _mkdocs_signatures(element, heads[0])
        blocks = tuple(block for child in element if child is not heads[0] for block in read_blocks(child))
    else:
        signatures = tuple(dict.fromkeys(line for head in heads if (line := signature(head))))
        blocks = tuple(block for child in element if child.tag == "dd" for block in read_blocks(child))
    for symbol in symbols:
        own = _own(symbol, symbols, heads, signatures)
        anchor = next((head.get("id") for head in heads if head.get("id") == symbol), "") or heads[0].get(
            "id", ""
        )
        yield DocumentedObject(symbol, anchor, own, blocks, tuple(members) if len(symbols) == 1 else ())


def _own(
    symbol: str, symbols: list[str], heads: list[Element], signatures: tuple[str, ...]
) -> tuple[str, ...]:
    """The signatures of one of the objects that share a description."""
    if len(symbols) == 1:
        return signatures
    own, current = list[str](), ""
    for head in heads:
        current = head.get("id") if head.get("id") in symbols else current
        if current == symbol and (line := signature(head)):
            own.append(line)
    return tuple(dict.fromkeys(own)) or signatures


def signature(head: Element) -> str:
    """A signature as one line, with ``->`` for the arrow.

    Args:
        head: The ``dt``, without permalinks and links to the source.
    """
    text = squeezed(head.text_content().replace("\u2192", "->").replace("¶", ""))
    if head.find(f".//span[@class='{_LINES}']") is not None:
        # A long signature has a comma after its last parameter.
        text = re.sub(r"([(\[])\s+", r"\1", re.sub(r",?\s+([)\]])", r"\1", text))
    return text


def _mkdocs_signatures(element: Element, heading: Element) -> tuple[str, ...]:
    found = xpath(".//*[contains(concat(' ', normalize-space(@class), ' '), ' doc-signature ')]")(element)
    lines = tuple(dict.fromkeys(squeezed(one.text_content()) for one in found))
    for one in found:
        if one.getparent() is not None:
            one.drop_tree()
    return lines or (squeezed(heading.text_content()),)
