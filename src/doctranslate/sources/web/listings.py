"""Files in which sites list their own pages: sitemaps, Sphinx inventories, llms.txt.

What a file lists is taken as written and relative to the file; whatever is wrong with it, what came before counts.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from doctranslate.errors import MissingExtraError
from doctranslate.sources.web.urls import normalise

MAX_ADDRESSES = 50_000
"""Addresses that are taken from one file, at most; what the sitemaps protocol allows for one."""

MAX_BYTES = 20_000_000
"""Size of a file, unpacked; what is longer is cut off."""

_GZIP = b"\x1f\x8b"
_INVENTORY = re.compile(rb"# Sphinx inventory version 2\r?\n#[^\n]*\n#[^\n]*\n#[^\n]*zlib[^\n]*\n")
# The target of a Markdown link. Without the text before it: brackets in there may be nested.
_LINK = re.compile(r"\]\(\s*<?([^()\s<>]+)")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a file lists.

    Attributes:
        pages: Addresses, normalised, in order and without repetitions.
        more: Of a sitemap index: addresses of further sitemaps.
        problem: What is wrong with the file, for people; "" for nothing.
    """

    pages: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    problem: str = ""


def read_sitemap(body: bytes, *, url: str) -> Listing:
    """Read a sitemap or an index of sitemaps: XML, or a text with one address per line, packed by gzip or not.

    Args:
        body: The file.
        url: Where it lies.

    Raises:
        MissingExtraError: lxml is not installed.

    Source: https://www.sitemaps.org/protocol.html
    """
    cut = ""
    if body.startswith(_GZIP):
        body, cut = _unpacked(body, wbits=31)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        lines = body.decode("utf-8-sig", errors="replace").split()
        found = [line for line in lines if line.startswith(("http://", "https://"))]
        return Listing(_addresses(found, url), problem=cut or ("" if found else "not a sitemap"))
    pages, more, problem = _locations(body)
    if not pages and not more:
        return Listing(problem=cut or problem or "not a sitemap")
    return Listing(_addresses(pages, url), _addresses(more, url), cut or problem)


def read_inventory(body: bytes, *, url: str) -> Listing:
    """Read a Sphinx inventory (``objects.inv``, version 2) for the pages that its objects are on.

    Args:
        body: The file.
        url: Where it lies.

    Source: Sphinx, sphinx/util/inventory.py.
    """
    head = _INVENTORY.match(body)
    if head is None:
        return Listing(problem="not an inventory of version 2")
    data, problem = _unpacked(body[head.end() :], wbits=15)
    pages: dict[str, None] = {}
    for line in data.decode("utf-8", errors="replace").splitlines():
        page = _inventory_page(line)
        if page is not None:
            pages[page] = None
    return Listing(_addresses(pages, url), problem=problem or ("" if pages else "lists nothing"))


def read_llms(body: bytes, *, url: str) -> Listing:
    """Read an ``llms.txt`` for its links, without those of its section "Optional".

    Args:
        body: The file.
        url: Where it lies.

    Source: https://llmstxt.org
    """
    text = body.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] == "<":
        return Listing(problem="not Markdown")
    links: list[str] = []
    is_optional = False
    for line in text.splitlines():
        if line.startswith("## "):
            is_optional = line.strip("# \t").lower() == "optional"
        elif not is_optional:
            links += _LINK.findall(line)
    return Listing(_addresses(links, url), problem="" if links else "lists nothing")


def _locations(body: bytes) -> tuple[list[str], list[str], str]:
    """What a sitemap's XML lists: pages, further sitemaps, and what is wrong with it."""
    try:
        from lxml import etree
    except ImportError as exc:
        raise MissingExtraError("lxml", extra="crawl", needed_for="reading sitemaps") from exc
    found: dict[str, list[str]] = {"url": [], "sitemap": []}
    # Nothing is loaded, no entity is replaced, and libxml2's own limits of size and depth stay on.
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        for _, element in etree.iterparse(BytesIO(body), events=("end",), remove_comments=True, **safe):
            space, _, name = str(element.tag).rpartition("}")
            parent = element.getparent()
            above = "" if parent is None else str(parent.tag)
            # Of the same namespace: an image in a page's entry has a loc of its own.
            for kind, found_here in found.items():
                if name == "loc" and above == (f"{space}}}{kind}" if space else kind):
                    found_here.append((element.text or "").strip())
            if name in found:
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            if len(found["url"]) >= MAX_ADDRESSES:
                return found["url"], found["sitemap"], f"cut off after {MAX_ADDRESSES:,} addresses"
    except (etree.LxmlError, ValueError) as exc:
        return found["url"], found["sitemap"], f"broken XML: {' '.join(str(exc).split())[:100]}"
    return found["url"], found["sitemap"], ""


def _inventory_page(line: str) -> str | None:
    """The page of a line ``name domain:role priority uri display name``, whose name may have spaces."""
    words = line.split()
    for n in range(1, len(words) - 2):
        if ":" in words[n] and words[n + 1].lstrip("-").isdecimal():
            uri = words[n + 2]
            if uri.endswith("$"):
                uri = uri[:-1] + " ".join(words[:n])
            return uri.partition("#")[0]
    return None


def _unpacked(data: bytes, *, wbits: int) -> tuple[bytes, str]:
    unpacker = zlib.decompressobj(wbits)
    try:
        unpacked = unpacker.decompress(data, MAX_BYTES)
    except zlib.error:
        return b"", "cannot be unpacked"
    if unpacker.unconsumed_tail:
        return unpacked, f"cut off after {MAX_BYTES:,} bytes"
    return unpacked, "" if unpacker.eof else "cut off"


def _addresses(found: list[str] | dict[str, None], url: str) -> tuple[str, ...]:
    distinct = islice(dict.fromkeys(found), MAX_ADDRESSES)
    normal = (normalise(address, base=url) for address in distinct if address)
    return tuple(dict.fromkeys(filter(None, normal)))
