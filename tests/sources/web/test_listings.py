"""What sites list of themselves, whole and broken."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from doctranslate.sources.web.listings import (
    MAX_ADDRESSES,
    MAX_BYTES,
    Listing,
    read_inventory,
    read_llms,
    read_sitemap,
)

AT = "https://example.org/docs/"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(*pages: str, xmlns: str = XMLNS) -> bytes:
    entries = "".join(f"<url><loc> {page} </loc><lastmod>2024-01-01</lastmod></url>" for page in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {xmlns}>{entries}</urlset>'.encode()


def inventory(*lines: str, packed: bytes | None = None) -> bytes:
    head = b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# The remainder of this file is compressed using zlib.\n"
    return head + (zlib.compress("\n".join(lines).encode()) if packed is None else packed)


@pytest.mark.parametrize("xmlns", [XMLNS, "", 'xmlns="https://www.google.com/schemas/sitemap/0.84"'])
def test_read_sitemap_when_it_lists_pages_then_they_come_normalised(xmlns):
    body = sitemap(
        f"{AT}a#x", "b.html", "HTTPS://EXAMPLE.ORG/c?utm_source=x", f"{AT}a", "mailto:x", xmlns=xmlns
    )
    expected = Listing((f"{AT}a", f"{AT}b.html", "https://example.org/c"))
    assert read_sitemap(body, url=f"{AT}sitemap.xml") == expected
    assert read_sitemap(gzip.compress(body), url=f"{AT}sitemap.xml.gz") == expected


def test_read_sitemap_when_it_is_an_index_then_it_leads_to_more():
    body = f"<sitemapindex {XMLNS}><sitemap><loc>{AT}1.xml</loc></sitemap></sitemapindex>".encode()
    assert read_sitemap(body, url=AT) == Listing(more=(f"{AT}1.xml",))


def test_read_sitemap_when_entries_have_images_then_these_are_no_pages():
    image = f'xmlns:i="http://www.google.com/schemas/sitemap-image/1.1" {XMLNS}'
    body = f"<urlset {image}><url><loc>{AT}a</loc><i:image><i:loc>{AT}b.png</i:loc></i:image><i:loc>{AT}c</i:loc></url></urlset>"
    assert read_sitemap(body.encode(), url=AT).pages == (f"{AT}a",)


def test_read_sitemap_when_it_is_a_text_then_its_lines_count():
    assert read_sitemap(b"\xef\xbb\xbfhttps://a.example/x\r\nnonsense\nhttp://b.example\n", url=AT) == (
        Listing(("https://a.example/x", "http://b.example/"))
    )


@pytest.mark.parametrize(
    ("body", "pages", "problem"),
    [
        (b"", (), "not a sitemap"),
        (b"nothing here", (), "not a sitemap"),
        (b"<html><body>Not found</body></html>", (), "not a sitemap"),
        (b"<!doctype html><html><body>Not found<br></body></html>", (), "broken XML"),
        (sitemap(f"{AT}a", f"{AT}b")[:-60], (f"{AT}a",), "broken XML"),
        (b"\x1f\x8bnot gzip at all", (), "cannot be unpacked"),
        (gzip.compress(sitemap(f"{AT}a"))[:-20], (), "cut off"),
    ],
)
def test_read_sitemap_when_it_is_broken_then_what_came_before_counts(body, pages, problem):
    found = read_sitemap(body, url=AT)
    assert found.problem.startswith(problem)
    assert found.pages == pages or problem == "cut off"


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "'
        + "&a;" * 50
        + '"><!ENTITY c "'
        + "&b;" * 50
        + '"><!ENTITY x "'
        + "&c;" * 50
        + '">',
    ],
)
def test_read_sitemap_when_it_has_entities_then_they_are_not_replaced(entity):
    body = f"<!DOCTYPE urlset [{entity}]><urlset><url><loc>{AT}&x;</loc></url><url><loc>{AT}b</loc></url></urlset>"
    found = read_sitemap(body.encode(), url=AT)
    assert not [page for page in found.pages if "root" in page or "aaa" in page]


def test_read_sitemap_when_it_is_a_bomb_then_memory_stays_bounded():
    bomb = gzip.compress(b"<urlset>" + b" " * 300_000_000)
    tracemalloc.start()
    found = read_sitemap(bomb, url=AT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.problem == f"cut off after {MAX_BYTES:,} bytes"
    assert peak < 5 * MAX_BYTES


def test_read_sitemap_when_it_has_too_many_pages_then_the_first_ones_count():
    found = read_sitemap(sitemap(*(str(n) for n in range(MAX_ADDRESSES + 10))), url=AT)
    assert (len(found.pages), found.problem) == (MAX_ADDRESSES, f"cut off after {MAX_ADDRESSES:,} addresses")


def test_read_sitemap_when_elements_are_nested_without_end_then_it_is_broken():
    assert read_sitemap(b"<a>" * 100_000, url=AT).problem.startswith("broken XML")


def test_read_inventory_when_it_lists_objects_then_their_pages_come_without_anchors():
    body = inventory(
        "git.Repo py:class 1 reference.html#$ -",
        "git.Repo.git py:attribute 1 reference.html#git.Repo.git -",
        "an odd name std:label -1 guide/a%20b.html#an-odd-name An odd name: with spaces",
        "tutorial std:doc -1 tutorial.html GitPython Tutorial",
        "index std:doc -1 folder/$ -",
        "dir std:doc -1 sub/ -",
        "nonsense",
        "also py:class x y -",
    )
    assert read_inventory(body, url=f"{AT}objects.inv") == Listing(
        tuple(
            AT + page
            for page in ("reference.html", "guide/a%20b.html", "tutorial.html", "folder/index", "sub/")
        )
    )


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not an inventory of version 2"),
        (
            b"# Sphinx inventory version 1\n# Project: x\n# Version: 1\na mod b.html\n",
            "not an inventory of version 2",
        ),
        (b"<html></html>", "not an inventory of version 2"),
        (inventory(packed=b"this is not zlib"), "cannot be unpacked"),
        (inventory(), "lists nothing"),
    ],
)
def test_read_inventory_when_it_is_broken_then_it_says_so(body, problem):
    assert read_inventory(body, url=AT) == Listing(problem=problem)


def test_read_inventory_when_it_is_cut_off_then_what_came_before_counts():
    lines = [f"name{n} py:class 1 page{n * 7919}.html -" for n in range(2_000)]
    body = inventory(*lines)
    found = read_inventory(body[: len(body) // 2], url=AT)
    assert found.problem == "cut off"
    assert 100 < len(found.pages) < 2_000


def test_read_inventory_when_it_is_a_bomb_then_memory_stays_bounded():
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(b"x" * 1_000_000) for _ in range(300)) + packer.flush()
    tracemalloc.start()
    found = read_inventory(inventory(packed=packed), url=AT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == Listing(problem=f"cut off after {MAX_BYTES:,} bytes")
    assert peak < 8 * MAX_BYTES


def test_read_llms_when_it_has_links_then_they_come_without_the_optional_ones():
    body = b"""\
# Project
> About [itself](/about).
## Docs
- [Start](start.md): how to
- [A [nested] name](https://example.org/b.html#x "title")
## Optional
- [More](more.md)
## Optional things
- [API](<api.md>)
"""
    pages = ("https://example.org/about", f"{AT}start.md", "https://example.org/b.html", f"{AT}api.md")
    assert read_llms(body, url=f"{AT}llms.txt") == Listing(pages)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "lists nothing"),
        (b" <!doctype html><a href=x>[a](b)</a>", "not Markdown"),
        (b"\xff\x00", "lists nothing"),
    ],
)
def test_read_llms_when_it_is_none_then_it_says_so(body, problem):
    assert read_llms(body, url=AT) == Listing(problem=problem)


@pytest.mark.parametrize(
    "body", [b"## " + b" #" * 1_000_000, b"](" * 1_000_000, b"](  " * 500_000, b"[" * 2_000_000]
)
def test_read_llms_when_it_is_made_to_take_long_then_it_does_not(body):
    assert len(read_llms(body, url=AT).pages) <= 1
