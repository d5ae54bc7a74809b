import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doctranslate.sources.html.links import PageLinks, read_links, read_markdown_links

URL = "https://docs.box.org/guide/start.html"
TAGS = [
    "a",
    "p",
    "div",
    "base",
    "link",
    "meta",
    "title",
    "svg",
    "script",
    "table",
    "template",
    "body",
    "html",
]


def links(html, url=URL):
    return read_links(html, url=url).links


class TestLinks:
    def test_are_absolute_in_order_and_each_once(self):
        html = (
            '<a href="b.html">B</a><a href="/c">C</a><map><area href="../d/"></map><a href="b.html#x">B</a>'
        )
        assert links(html) == (
            "https://docs.box.org/guide/b.html",
            "https://docs.box.org/c",
            "https://docs.box.org/d/",
        )

    def test_of_a_page_with_a_base_start_there(self):
        assert links('<base href="/v2/"><a href="x">x</a>') == ("https://docs.box.org/v2/x",)

    @pytest.mark.parametrize(
        "href",
        ["#top", "", "  ", "mailto:a@b.org", "javascript:void(0)", "data:text/html,x", "ftp://x.org/a"],
    )
    def test_that_lead_to_no_other_page_are_left_out(self, href):
        assert links(f'<a href="{href}">x</a>') == ()

    @pytest.mark.parametrize("href", ["http://[::1", "https://[x]/", "//[", "http://a]b"])
    def test_that_are_not_addresses_are_left_out(self, href):
        assert links(f'<a href="{href}">x</a><a href="/y">y</a>')[-1] == "https://docs.box.org/y"

    @pytest.mark.parametrize("rel", ["nofollow", "external NoFollow", "noopener nofollow ugc"])
    def test_that_are_not_to_be_followed_are_left_out(self, rel):
        assert links(f'<a rel="{rel}" href="/x">x</a><area rel="{rel}" href="/y">') == ()

    def test_next_and_previous_page_of_the_head_are_links_and_nothing_else_there_is(self):
        html = (
            '<link rel="stylesheet" href="/s.css"><link rel="next" href="/n"><link rel="Prev" href="/p">'
            '<link rel="canonical" href="/c"><link rel="alternate" hreflang="de" href="/de"><iframe src="/i">'
        )
        assert links(html) == ("https://docs.box.org/n", "https://docs.box.org/p")

    def test_with_white_space_and_entities_are_read_as_a_browser_reads_them(self):
        assert links('<a href=" /a\n/b?x=1&amp;y=2 ">x</a>') == ("https://docs.box.org/a/b?x=1&y=2",)

    def test_in_a_comment_are_none(self):
        assert links('<!-- <a href="/x">x</a> --><p>y') == ()


class TestPage:
    def test_says_its_title_and_canonical_address(self):
        html = '<svg><title>icon</title></svg><title>\n The  Box &mdash; guide\n</title><link rel=canonical href="/g">'
        found = read_links(html, url=URL)
        assert (found.title, found.canonical) == ("The Box — guide", "https://docs.box.org/g")

    @pytest.mark.parametrize(
        ("content", "follow", "index"),
        [
            ("noindex", True, False),
            ("index, NOFOLLOW", False, True),
            ("none", False, False),
            ("all", True, True),
            ("", True, True),
        ],
    )
    def test_says_what_robots_may_do(self, content, follow, index):
        found = read_links(f'<meta NAME="Robots" content="{content}"><a href="/x">x</a>', url=URL)
        assert (found.follow, found.index) == (follow, index)
        assert found.links == ("https://docs.box.org/x",)


class TestHostilePages:
    def test_with_100_000_nested_tags_is_read_without_harm(self):
        assert (
            links('<a href="/x">x</a>' + "<div>" * 100_000 + '<a href="/y">y</a>')[0]
            == "https://docs.box.org/x"
        )

    def test_nested_as_deep_as_pages_are_loses_nothing(self):
        assert links("<div>" * 1_500 + '<a href="/y">y</a>') == ("https://docs.box.org/y",)

    @pytest.mark.parametrize(
        "flood",
        [
            "".join(f" a{n}" for n in range(300_000)),
            "".join(f" a{n}='>'" for n in range(300_000)),
            " =" * 300_000,
        ],
    )
    def test_with_a_tag_of_300_000_attributes_is_read_to_its_end(self, flood):
        html = f'<a href="/x">x</a><p{flood}><a href="/y">y</a>'
        assert links(html) == ("https://docs.box.org/x", "https://docs.box.org/y")

    @pytest.mark.parametrize(
        "before",
        [
            '<script><x a="</script>',
            '<SCRIPT type=x><x a="</script>',
            "<title><x a='</title>",
            '<!-- <x a="-->',
            '<! <x a=">',
            '</ <x a=">',
            f'<script {" b" * 300}><x a="</script>',
        ],
    )
    def test_with_a_flood_behind_what_looks_like_an_open_quote_is_read_to_its_end(self, before):
        flood = "".join(f" a{n}" for n in range(300_000))
        assert links(f'{before}<p{flood}><a href="/y">y</a>') == ("https://docs.box.org/y",)

    def test_with_an_attribute_of_many_kilobytes_keeps_it(self):
        html = f'<img src="data:image/png;base64,{"A/B+" * 50_000}"><a href="/y?{"q" * 5_000}">y</a>'
        assert len(links(html)[0]) > 5_000

    @pytest.mark.parametrize(
        "html",
        [
            "",
            " \n",
            "<",
            "<!-- only -->",
            "<!doctype html>",
            "<frameset><frame src=a></frameset>",
            "\x00",
            "\ufeff",
            "\ud800",
        ],
    )
    def test_that_is_hardly_one_has_no_links(self, html):
        assert read_links(html, url=URL) == PageLinks()

    @pytest.mark.parametrize(
        "head",
        ['<?xml version="1.0" encoding="utf-16"?>', '<meta charset="latin-1">', '<meta charset="nonsense">'],
    )
    def test_that_declares_another_encoding_is_read_as_the_text_it_is(self, head):
        found = read_links(f'{head}<title>ü → ñ</title><a href="/ü">x</a>', url=URL)
        assert (found.title, found.links) == ("ü → ñ", ("https://docs.box.org/ü",))

    def test_with_nul_bytes_keeps_the_links_around_them(self):
        assert links('<p>a\x00b<a href="/y">c</a>\x00<a href="/z">') == (
            "https://docs.box.org/y",
            "https://docs.box.org/z",
        )


MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(
            [
                ' href="',
                " rel=next",
                ' content="',
                ">",
                '"',
                "'",
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "&#0;",
                "/",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(MARKUP, st.text(), st.binary().map(lambda content: content.decode("latin-1"))))
@example("<a href='http://[")
@example("<base href='http://['><a href=x>")
def test_any_text_is_read_and_gives_absolute_links_each_once(text):
    for found in (read_links(text, url=URL), read_markdown_links(text, url=URL)):
        assert all(link.lower().startswith(("http://", "https://")) for link in found.links)
        assert len(set(found.links)) == len(found.links)


class TestMarkdown:
    def test_links_are_those_of_its_prose(self):
        text = (
            '# The `box` guide #\n\n[one](a.md "Title"), [two](<b c.md>), ![image](i.png), [![x](i.png)](d.md)\n'
            "[three][r] and <https://x.org/auto>, see https://x.org/bare. Also [wiki](https://e.org/A_(b)).\n"
            '<a class="x" href="/html">h</a> `[code](no.md)`\n\n```\n[code](no.md)\n```\n\n[r]: /ref\n'
        )
        found = read_markdown_links(text, url="https://x.org/docs/")
        assert found.title == "The `box` guide"
        assert found.links == (
            "https://x.org/docs/a.md",
            "https://x.org/docs/b c.md",
            "https://x.org/docs/d.md",
            "https://x.org/auto",
            "https://x.org/bare",
            "https://e.org/A_(b)",
            "https://x.org/html",
            "https://x.org/ref",
        )

    def test_links_of_restructured_text_are_its_targets(self):
        text = "Box\n===\n\nSee `Box <https://x.org/box>`_.\n\n.. _other: https://x.org/other\n"
        assert read_markdown_links(text, url=URL).links == ("https://x.org/box", "https://x.org/other")

    def test_links_of_llms_txt_are_listed(self):
        text = "# Box\n\n> Keeps things.\n\n## Docs\n\n- [Start](/start.md): first steps\n- [API](https://x.org/api.md)\n"
        assert read_markdown_links(text, url=URL).links == (
            "https://docs.box.org/start.md",
            "https://x.org/api.md",
        )

    @pytest.mark.parametrize(
        "text", ["[" * 50_000, "](" * 50_000, "`" * 50_000, "![" * 50_000, "<a " * 50_000, "](a(" * 20_000]
    )
    def test_of_nothing_but_brackets_is_read(self, text):
        assert isinstance(read_markdown_links(text, url=URL), PageLinks)
