import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from doctranslate.curation.chunk import chunk_page
from doctranslate.curation.extract import EXTRACTOR, extract
from doctranslate.errors import UsageError
from doctranslate.records import Page

from .test_sphinx import CLASS


def page(text, **fields) -> Page:
    return Page(uri="https://x.org/api.html", title="", media_type="text/html", text=text, **fields)


def test_extract_of_other_media_types_then_the_page_is_as_it_was():
    for given_page in (
        Page(uri="file:a.txt", title="A", text="<p>[x](y)</p>"),
        Page(uri="pypi:a#A", title="A", media_type="text/markdown", text="<p>[x](y)</p>", kind="api"),
        Page(uri="file:a.md", title="A", media_type="text/markdown", text="# A\n\nText.\n"),
    ):
        assert extract(given_page) == (given_page,)


def test_extract_of_a_guide_in_markdown_then_tags_and_addresses_are_gone():
    given_page = Page(
        uri="file:a.md", title="A", media_type="text/markdown", text="# A {#a}\n\nThe <abbr>box</abbr>.\n"
    )
    (found,) = extract(given_page)
    assert (found.text, dict(found.anchors), found.title) == ("# A\n\nThe box.\n", {0: "a"}, "A")


@pytest.mark.parametrize(
    "html", ["", " ", "<main></main>", "<main><h1>Title alone</h1></main>", "<nav>x</nav>"]
)
def test_extract_of_a_page_without_content_then_there_is_nothing(html):
    assert extract(page(html)) == ()


def test_extract_of_objects_then_there_is_a_page_for_each_and_one_for_the_prose():
    found = extract(
        page(
            f"<title>API — Box 1</title><main><section id=api><h1>API</h1><p>All of it.</p>{CLASS}</section></main>"
        )
    )
    assert [(one.kind, one.symbol, one.uri, one.title) for one in found] == [
        ("guide", "", "https://x.org/api.html", "API"),
        ("api", "box.Box", "https://x.org/api.html#box.Box", "box.Box"),
        ("api", "box.Box.add", "https://x.org/api.html#box.Box.add", "box.Box.add"),
        ("api", "box.Box.size", "https://x.org/api.html#box.Box.size", "box.Box.size"),
        ("api", "box.Box.__slots__", "https://x.org/api.html#box.Box.__slots__", "box.Box.__slots__"),
    ]
    assert {one.media_type for one in found} == {"text/markdown"}
    assert found[0].text == "# API\n\nAll of it.\n"
    assert found[1].text == 'box.Box(path: str = ".")\n\nHolds files.\n\nSince 1.0.\n\nMembers: add, size\n'
    assert found[3].text == "size = 0\n"
    assert found[2].signatures == ("add(path, force=False) -> int",)


def test_extract_of_nothing_but_objects_then_bare_headings_are_no_page():
    html = f"<main><h1>API</h1><h2>Box</h2>{CLASS}<h2>Rest</h2></main>"
    assert [one.kind for one in extract(page(html))] == ["api"] * 4


def test_extract_of_headings_over_objects_then_those_without_text_go():
    html = f"<main><h1>API</h1><h2>Box</h2>{CLASS}<h2>Rest</h2><h3>More</h3><p>Text.</p><h2>End</h2></main>"
    assert extract(page(html))[0].text == "# API\n\n## Rest\n\n### More\n\nText.\n"


def test_extract_of_a_documented_symbol_then_the_prose_keeps_symbol_and_links():
    (found,) = extract(page("<main><h1>add</h1><p>Adds.</p>", symbol="cli:add", links=("box.Box.add",)))
    assert (found.symbol, found.links, found.title) == ("cli:add", ("box.Box.add",), "add")


@pytest.mark.parametrize(
    ("html", "given_title", "title"),
    [
        ("<title>Guide — Box 1.0 documentation</title><h1>The Guide</h1>", "x", "The Guide"),
        ("<title>Guide — Box 1.0 documentation</title>", "Given", "Given"),
        ("<title>Guide — Box 1.0 documentation</title>", "", "Guide"),
        ("<title>Guide | Box</title>", "", "Guide"),
        ("", "", ""),
    ],
)
def test_extract_then_the_title_is_the_heading_or_what_the_page_is_called(html, given_title, title):
    (found,) = extract(page(f"{html}<p>x</p>").model_copy(update={"title": given_title}))
    assert found.title == title


def test_extract_then_chunks_have_the_anchors_of_the_page():
    sections = "".join(
        f'<section id="part{n}"><h2>Part {n}</h2><p>{"word " * 60}</p></section>' for n in range(3)
    )
    (found,) = extract(page(f'<main><section id="top"><h1>Guide</h1>{sections}</section></main>'))
    chunks = chunk_page(found, max_tokens=100)
    assert [chunk.uri for chunk in chunks] == [f"https://x.org/api.html#part{n}" for n in range(3)]


def test_extract_with_a_selector_then_that_is_the_content():
    html = "<main><p>no</p></main><div class=doc><p>yes</p></div>"
    assert extract(page(html, selector="div.doc"))[0].text == "yes\n"
    assert extract(page(html, selector="div.nothing")) == ()
    with pytest.raises(UsageError, match=r"'div\['"):
        extract(page(html, selector="div["))


def test_extract_of_the_same_page_then_it_gives_the_same():
    html = f"<main><h1>API</h1><p>x</p>{CLASS}</main>"
    assert extract(page(html)) == extract(page(html))
    assert EXTRACTOR.startswith("html/")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<main>",
                "<dl class='py class'>",
                "<dt id='a.b'>",
                "<dd>",
                "</dl>",
                "</dt>",
                "<pre>",
                "</pre>",
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
                "<ul>",
                "<li>",
                "<h2>",
                "</h2>",
                "<p>",
                "text",
                "<code>",
                "<dl>",
                "</div>",
                "\x00",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_extract_of_broken_html_then_it_gives_pages_with_text(html):
    for found in extract(page(html)):
        assert found.text.strip()
        assert found.media_type == "text/markdown"


@pytest.mark.parametrize(
    "html",
    [
        "<dl class='py class'><dt id='a.b'>x</dt><dd>" * 500,
        "<table><tr><td>" * 300,
        "<div>" * 100_000 + "x",
        "<dl>" * 1_000,
    ],
)
def test_extract_of_a_depth_bomb_then_it_ends(html):
    assert isinstance(extract(page(html)), tuple)


@pytest.fixture(scope="module")
def debian_page() -> str:
    """GitPython's real reference page, from Debian's package when it is there."""
    folder = Path(os.environ.get("DOCTRANSLATE_GIT_DOC", "/usr/share/doc/python-git-doc/html"))
    if not (folder / "reference.html").is_file():
        pytest.skip("GitPython's documentation is not here: apt-get install python-git-doc")
    return (folder / "reference.html").read_text()


def test_extract_of_gitpythons_reference_page_then_all_signatures_and_code_blocks_survive(debian_page):
    found = extract(page(debian_page))
    soup = BeautifulSoup(debian_page, "html.parser")
    for mark in soup.select(".headerlink"):
        mark.decompose()
    signatures = {line for one in found for line in one.signatures}
    heads = [" ".join(head.get_text().replace("→", "->").split()) for head in soup.select("dl.py > dt")]
    assert len(heads) > 900
    assert [head for head in heads if head not in signatures] == []
    text = "\n".join(one.text for one in found)
    blocks = [block.get_text().strip("\n") for block in soup.select("div.highlight pre")]
    assert [block for block in blocks if f"\n{block}\n```" not in text] == []
