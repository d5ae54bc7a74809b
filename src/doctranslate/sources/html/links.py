"""What a page says of other pages: its links, its canonical address, and what robots may do with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from doctranslate.sources.html.dom import parse_html, squeezed, xpath

_LOWER = "translate({}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
_NOT_NOFOLLOW = f"not(contains({_LOWER.format('@rel')}, 'nofollow'))"
_ANCHORS = f"//a[{_NOT_NOFOLLOW}]/@href | //area[{_NOT_NOFOLLOW}]/@href"
_ROBOTS = f"//meta[{_LOWER.format('@name')} = 'robots']/@content"
_TITLES = "//title[not(ancestor::svg)]"

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(`+)(?!`)[^`<\n]{1,500}?\1(?!`)")  # without "<": `a link <https://…>`_ is one
_INLINE = re.compile(r"(?<!\\)\]\(\s*(?:<([^<>\n]{1,2000})>|([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,999}\]:\s+<?([^\s>]+)>?")
_RST_TARGET = re.compile(r"^\s*\.\. _[^:\n]{1,200}: +(\S+)\s*$")
_BARE = re.compile(r"(?<!\]\()https?://[^\s<>\"'`\])}]+")
_HREF = re.compile(r"""<a\s[^<>]{0,500}?href\s*=\s*["']([^"'<>]+)["']""", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\](?:\([^()\n]{0,2000}\))")
_ATX = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*$")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page says of itself and of others.

    Attributes:
        links: Absolute http and https addresses in the order of the page, each once, without fragments and not
            normalised; links within the page, and those that are not to be followed, are left out.
        canonical: Address that the page says it should be known by, absolute, or "".
        title: Of the page, or "".
        follow: Whether robots may follow its links (`<meta name="robots" content="nofollow">`). They are listed
            all the same.
        index: Whether robots may keep it (`noindex`).
    """

    links: tuple[str, ...] = ()
    canonical: str = ""
    title: str = ""
    follow: bool = True
    index: bool = True


def read_links(html: str, *, url: str) -> PageLinks:
    """What a page of HTML says of itself and of others.

    Args:
        html: The page; broken HTML is read as far as it can be.
        url: Its address.

    Returns:
        Links of ``a`` and ``area`` without ``rel=nofollow``, and ``link`` with ``rel=next`` or ``prev``.

    Raises:
        MissingExtraError: lxml is not installed.
    """
    root = parse_html(html)
    if root is None:
        return PageLinks()
    base = _joined(url, next(iter(xpath("//base/@href")(root)), "")) or url
    relations = _relations(root)
    beside = [href for relation, href in relations if relation & {"next", "prev"}]
    canonical = next((href for relation, href in relations if "canonical" in relation), "")
    robots = {word for content in xpath(_ROBOTS)(root) for word in re.findall(r"\w+", content.lower())}
    return PageLinks(
        links=tuple(_absolute([*xpath(_ANCHORS)(root), *beside], base=base)),
        canonical=_joined(base, canonical) if canonical else "",
        title=next((title for one in xpath(_TITLES)(root) if (title := squeezed(one.text or ""))), ""),
        follow=not robots & {"nofollow", "none"},
        index=not robots & {"noindex", "none"},
    )


def read_markdown_links(text: str, *, url: str) -> PageLinks:
    """What a page of Markdown, or of plain text, says of others.

    Args:
        text: Markdown, such as ``llms.txt``; reStructuredText and plain text, where addresses stand by themselves.
        url: Its address.

    Returns:
        Links outside code: inline, by reference, as HTML, and bare addresses. Images are no links. The title is
        the first heading.
    """
    lines = list(_prose(text))
    targets = [target for line in lines for target in _targets(_IMAGE.sub("", _CODE_SPAN.sub("", line)))]
    headings = (_ATX.match(line) for line in lines if line.lstrip().startswith("#"))
    title = next((found[1] for found in headings if found), "")
    return PageLinks(links=tuple(_absolute(targets, base=url)), title=squeezed(title))


def _relations(root: Any) -> list[tuple[set[str], str]]:
    links = xpath("//link[@rel and @href]")(root)
    return [(set(link.get("rel").lower().split()), link.get("href")) for link in links]


def _absolute(hrefs: Iterable[str], *, base: str) -> Iterator[str]:
    # Most of what a reference page links to is itself: fragments go before anything is done about an address.
    bare = dict.fromkeys(href.partition("#")[0].strip() for href in hrefs)
    yield from dict.fromkeys(joined for href in bare if href and (joined := _joined(base, href)))


def _joined(base: str, href: str) -> str:
    """The absolute address, or "" for what is not an address of the web."""
    try:
        joined = urljoin(base, re.sub(r"[\t\n\r]", "", href.strip()))
    except ValueError:
        return ""
    return joined if joined[:8].lower().startswith(("http://", "https://")) else ""


def _prose(text: str) -> Iterator[str]:
    """The lines outside fences."""
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif found:
            fence = found[1]
        else:
            yield line


def _targets(line: str) -> Iterator[str]:
    found = [(match.start(), match[1] or match[2] or "") for match in _INLINE.finditer(line)]
    if "[" in line[:4] or line.lstrip().startswith(".. _"):
        found += [(0, match[1]) for match in [_REFERENCE.match(line) or _RST_TARGET.match(line)] if match]
    if "http" in line:
        found += [(match.start(), match[0].rstrip(".,;:!?*_")) for match in _BARE.finditer(line)]
    if "<a" in line.lower():
        found += [(match.start(), match[1]) for match in _HREF.finditer(line)]
    yield from (target for _, target in sorted(found, key=lambda one: one[0]))
