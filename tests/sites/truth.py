"""Which pages a crawl must find, told from the files of a site and not by a crawler."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html

from tests.sites.static import StaticSite

Links = Callable[[str], "Collection[str] | None"]
"""Paths that the page at a path leads to, or None when there is no such page."""


@dataclass(frozen=True)
class Truth:
    """Each page's depth, by its path, and the paths that pages lead to without anything being there."""

    depths: dict[str, int]
    broken: frozenset[str]

    def within(self, depth: int) -> set[str]:
        """The pages within a depth."""
        return {path for path, at in self.depths.items() if at <= depth}


def walk(links: Links, *, starts: Iterable[str] = ("/",)) -> Truth:
    """Go breadth-first through a site, whole.

    Args:
        links: What a page leads to.
        starts: The pages of depth 0.
    """
    depths: dict[str, int] = {}
    broken = set()
    level, depth = list(starts), 0
    while level:
        found: list[str] = []
        for path in level:
            if path in depths or path in broken:
                continue
            leads_to = links(path)
            if leads_to is None:
                broken.add(path)
            else:
                depths[path] = depth
                found += leads_to
        level, depth = found, depth + 1
    return Truth(depths, frozenset(broken))


def links_in(site: StaticSite, *, skip: str = r"(?!)") -> Links:
    """What the HTML files of a folder lead to: other HTML files of it, each under one path.

    Args:
        site: The folder.
        skip: Regular expression of the paths that do not count.
    """

    def links(path: str) -> Collection[str] | None:
        file = site.file(path)
        if file is None:
            return None
        found = set()
        for href in hrefs(file.read_bytes()):
            target = urlsplit(urljoin(f"http://site{path}", href))
            if target.scheme != "http" or target.netloc != "site" or re.search(skip, target.path):
                continue
            leads_to = site.file(target.path)
            if leads_to is None or leads_to.suffix == ".html":
                found.add(target.path if leads_to is None else site.path(leads_to))
        return {one for one in found if one.startswith(f"{site.base}/")}

    return links


def hrefs(html: bytes | str) -> list[str]:
    """Where the links of a document lead, without fragments, as they are written."""
    if not html.strip():
        return []
    text = html.decode() if isinstance(html, bytes) else html
    found = lxml.html.document_fromstring(text).iterfind(".//a[@href]")
    return [urldefrag(a.get("href").strip())[0] for a in found]


def inventory_pages(file: Path, *, base: str = "") -> set[str]:
    """The paths that Sphinx's ``objects.inv`` lists, ``index.html`` as its folder."""
    content = file.read_bytes().split(b"\n", 4)[4]
    pages = set()
    for line in zlib.decompress(content).decode().splitlines():
        place = line.rsplit(" ", 2)[1] if line.endswith(" -") else _place(line)
        pages.add(f"{base}/" + re.sub(r"(^|/)index\.html$", r"\1", place.partition("#")[0]))
    return pages


def _place(line: str) -> str:
    # name domain:role priority uri dispname
    match = re.match(r"(?x)(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)", line)
    return match[4] if match else ""


def content_text(html: bytes | str, selector: str) -> str:
    """The text of the first element that a selector finds, its white space folded; "" when there is none.

    What is not text to a reader is left out: scripts, styles, what is shown without scripts alone, the permalinks of
    headings and the buttons that Sphinx's scripts add to code.
    """
    text = html.decode() if isinstance(html, bytes) else html
    found = lxml.html.document_fromstring(text).cssselect(selector)
    if not found:
        return ""
    for element in found[0].cssselect("script, style, noscript, .headerlink, .copybutton"):
        element.drop_tree()
    return " ".join(found[0].text_content().split())
