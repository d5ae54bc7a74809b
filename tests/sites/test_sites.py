"""The sites that the crawler is measured by, and the truth about them."""

import json
import zlib
from pathlib import Path

import pytest

from tests.sites.server import Reply, Request
from tests.sites.spa import MarkdownSite
from tests.sites.static import StaticSite
from tests.sites.truth import content_text, inventory_pages, links_in, walk


@pytest.fixture
def html(tmp_path: Path) -> Path:
    pages = {
        "index.html": "<a href='a.html#x'>a</a> <a href='sub/'>s</a> <a href='gone.html'>-</a> <a href='x.png'>i</a>",
        "a.html": "<a href='index.html'>up</a> <a href='https://elsewhere.example/b.html'>out</a>",
        "sub/index.html": "<main>one <b>two</b>\n three</main><a href='b.html'>b</a>",
        "sub/b.html": "<a href='/a.html'>a</a><a href='../_sources/c.html'>c</a>",
        "_sources/c.html": "",
        "alone.html": "",
        "x.png": "",
    }
    for name, text in pages.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def get(site, target: str) -> Reply:
    return site(Request("GET", target, {"host": "site"}))


def test_walk_over_files_gives_each_page_its_least_depth(html):
    truth = walk(links_in(StaticSite(html), skip="/_sources/"))
    assert truth.depths == {"/": 0, "/a.html": 1, "/sub/": 1, "/sub/b.html": 2}
    assert truth.broken == {"/gone.html"}
    assert truth.within(1) == {"/", "/a.html", "/sub/"}


def test_static_site_answers_as_a_web_server_does(html):
    site = StaticSite(html, base="/docs", sitemap=True)
    assert get(site, "/docs/sub").headers["Location"] == "/docs/sub/"
    assert get(site, "/docs/a.html").etag
    assert {get(site, path).status for path in ("/a.html", "/docs/../a.html", "/docs/no")} == {404}
    assert b"one" in get(site, "/docs/sub/").body
    assert "<loc>http://site/docs/alone.html</loc>" in get(site, "/docs/sitemap.xml").body


def test_static_site_with_a_link_out_of_its_folder_does_not_follow_it(html, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.html"
    outside.write_text("secret")
    (html / "link.html").symlink_to(outside)
    assert get(StaticSite(html), "/link.html").status == 404


def test_content_text_is_what_a_reader_reads():
    html = (
        "<nav>n</nav><main><style>a{}</style><h1>One<a class='headerlink' href='#one'>¶</a></h1>\n two"
        "<noscript>no</noscript><script>x</script><pre><span class='copybutton'>&gt;&gt;&gt;</span>code</pre>tail</main>"
    )
    assert content_text(html, "main") == "One twocodetail"
    assert content_text(html, "article") == ""


def test_inventory_pages_of_an_inventory_are_its_addresses_without_anchors(tmp_path):
    lines = [
        "a.b py:function 1 api.html#$ -",
        "intro std:doc -1 sub/index.html Two words",
        "s std:label -1 a.html#s S",
    ]
    head = b"# Sphinx inventory version 2\n# Project: p\n# Version: 1\n# zlib\n"
    (tmp_path / "objects.inv").write_bytes(head + zlib.compress("\n".join(lines).encode()))
    assert inventory_pages(tmp_path / "objects.inv") == {"/api.html", "/sub/", "/a.html"}


@pytest.fixture
def markdown(tmp_path: Path) -> Path:
    (tmp_path / "guide").mkdir()
    (tmp_path / "index.md").write_text("# Home\n\nSee [the guide](/guide) and [more](guide/more#x).")
    (tmp_path / "guide" / "index.md").write_text(
        "---\ntitle: x\n---\n# Guide & all\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    (tmp_path / "guide" / "more.md").write_text("# More\n\n```python\nx = 1\n```\n[gone](/nowhere)")
    return tmp_path


def test_markdown_site_in_both_modes_says_the_same(markdown):
    spa, static = MarkdownSite(markdown), MarkdownSite(markdown, mode="static")
    for path, name in (("/", "index"), ("/guide", "guide"), ("/guide/more", "guide/more")):
        fragment = json.loads(get(spa, f"/content/{name}.json").body)
        served = get(static, path).body
        assert content_text(served, "main article") == content_text(fragment["html"], "*")
        assert get(spa, path).body == get(spa, "/").body
    assert "<td>1</td>" in get(static, "/guide").body
    assert "title: x" not in get(static, "/guide").body
    assert {get(site, "/nowhere").status for site in (spa, static)} == {404}


def test_markdown_site_walked_finds_what_content_and_navigation_lead_to(markdown):
    truth = walk(MarkdownSite(markdown).links)
    assert truth.depths == {"/": 0, "/guide": 1, "/guide/more": 1}
    assert truth.broken == {"/nowhere"}
