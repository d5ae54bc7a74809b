import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctranslate.errors import UsageError
from doctranslate.sources.html.content import content_text

CONTENT = "<h1>Boxes</h1><p>Keep <b>th</b>ings.</p>"


def text(html, selector=""):
    return content_text(html, selector=selector)


class TestFinding:
    @pytest.mark.parametrize(
        "opening",
        [
            "<main>",
            "<div role=main>",
            "<article>",
            '<div class="document"><div class="body">',
            '<div class="wy x rst-content">',
            '<div class="markdown-body">',
            '<div id="content">',
        ],
    )
    def test_without_a_selector_takes_what_sites_call_content(self, opening):
        html = f"<body><div>Menu</div>{opening}{CONTENT}</main></div></div></article><div>Imprint</div>"
        assert text(html).startswith("Boxes Keep things.")
        assert "Menu" not in text(html)

    def test_without_any_sign_takes_the_body(self):
        assert text(f"<title>x</title>{CONTENT}") == "Boxes Keep things."

    def test_takes_the_one_article_in_main_when_it_is_most_of_it(self):
        html = f"<main><div>Other versions</div><article>{CONTENT * 3}</article></main>"
        assert "versions" not in text(html)
        assert "versions" in text(
            f"<main><article>Short</article><div>All versions of it</div>{CONTENT}</main>"
        )

    def test_passes_over_a_main_without_text(self):
        assert text(f"<main></main><article>{CONTENT}</article>") == "Boxes Keep things."

    def test_with_a_selector_takes_all_that_match_and_nothing_twice(self):
        html = "<div class=c>one <div class=c>two</div></div><p>three</p><div class='x c'>four</div>"
        assert text(html, ".c") == "one two four"

    def test_with_a_selector_that_matches_nothing_is_none(self):
        assert text(f"<main>{CONTENT}</main>", "article.doc") is None
        assert text("", "article") is None

    def test_with_a_selector_that_matches_an_empty_element_is_empty(self):
        assert text("<main> </main>", "main") == ""

    @pytest.mark.parametrize("selector", ["main[", "p::first-line", ":nonsense", "a >", "/x"])
    @pytest.mark.parametrize("html", ["", "<p>x"])
    def test_with_a_selector_that_is_none_raises_and_names_it(self, selector, html):
        with pytest.raises(UsageError) as error:
            text(html, selector)
        assert repr(selector) in str(error.value)


class TestChrome:
    @pytest.mark.parametrize(
        "chrome",
        [
            "<nav>CHROME</nav>",
            "<div role=navigation>CHROME</div>",
            "<script>CHROME</script>",
            "<style>CHROME</style>",
            "<noscript>CHROME</noscript>",
            "<template><p>CHROME</p></template>",
            "<svg><text>CHROME</text></svg>",
            "<button>CHROME</button>",
            "<form><input><label>CHROME</label></form>",
            "<footer>CHROME</footer>",
            "<header hidden>CHROME</header>",
            "<header class='site-header'>CHROME</header>",
            "<aside><a href=x>CHROME</a></aside>",
            '<div id="cookie-banner">CHROME</div>',
            '<div class="ch2-cookie-consent x">CHROME</div>',
            '<div id="onetrust-consent-sdk">CHROME</div>',
            "<h2>Title<a class=headerlink href='#t'>CHROME</a></h2>",
            "<h2>Title<a href='#t'>#</a></h2>",
            "<h2>Title<a class='hash-link' href='#t' title='CHROME'>\u200b</a></h2>",
            '<h2><a class="anchor" aria-hidden="true" href="#x">CHROME</a>Title</h2>',
            '<h2>Title<a class="anchor" href="#x">Link to this heading</a></h2>',
            "<a href=e>Edit this page</a>",
            "<a href=e>Edit on GitHub</a>",
            "<a href=s>View page source</a>",
            '<a class="viewcode-link" href="x"><span>[source]</span></a>',
            '<ul class="breadcrumbs"><li>CHROME</li></ul>',
            '<div class="pagination-nav"><a>CHROME</a></div>',
            "<div class='table-of-contents'><a>CHROME</a></div>",
            "<p hidden>CHROME</p>",
            "<p style='color:red; display: none'>CHROME</p>",
            "<span aria-hidden=true>CHROME</span>",
            "<table><td class='linenos'><pre>1\n2</pre></td><td></td></table>",
            "<details><summary>Source code in <code>box.py</code></summary>CHROME</details>",
        ],
    )
    def test_is_dropped(self, chrome):
        found = text(f"<main><p>Before.</p>{chrome}<p>After.</p></main>")
        assert found.replace("Title ", "") == "Before. After."

    @pytest.mark.parametrize(
        "content",
        [
            "<header><h1>CONTENT</h1></header>",
            "<aside class='topic'>CONTENT</aside>",
            "<aside>A long word on CONTENT, with <a href=x>a link</a>.</aside>",
            "<section id='cookies'>CONTENT</section>",
            "<section id='cookie-consent'>CONTENT</section>",
            "<section id='footer'>CONTENT</section>",
            "<div role=tabpanel hidden><pre>CONTENT</pre></div>",
            "<details><summary>More</summary>CONTENT</details>",
            "<h2><a class='anchor' href='#content'>CONTENT</a></h2>",
            "<div class='toctree-wrapper'><a href=x>CONTENT</a></div>",
            "<form><p>CONTENT</p></form>",
            "<pre><span class='nav'>CONTENT</span></pre>",
            "<a href='#x'>CONTENT</a>",
            "<p>See <a href=x>how to edit a docs page of CONTENT in a repository of yours</a></p>",
            "<a href='#x'><img alt='' src=i></a>CONTENT",
            "<div class='admonition sidebar'>CONTENT</div>",
        ],
    )
    def test_is_not_what_looks_like_it(self, content):
        assert "CONTENT" in text(f"<main>{content}</main>")

    def test_of_a_page_without_a_content_element_is_also_its_header_footer_and_asides(self):
        html = f"<body><header>Site</header><aside>Ads and more</aside>{CONTENT}<footer>Imprint</footer>"
        assert text(html) == "Boxes Keep things."


def test_text_has_spaces_between_blocks_and_none_within_words():
    html = (
        "<main><p>a</p><p>b<i>c</i>d</p><table><tr><td>e</td><td>f</td></tr></table><pre>g\n  h</pre>i<br>j"
    )
    assert text(html) == "a bcd e f g h i j"


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                [
                    "<nav>",
                    "</nav>",
                    "<main>",
                    "</main>",
                    "<table>",
                    "<td>",
                    "<p hidden>",
                    "<svg>",
                    "<form>",
                    "x",
                    "</p>",
                ]
            )
        ).map("".join),
    )
)
def test_text_of_anything_is_words_with_single_spaces(html):
    found = text(html)
    assert found is not None
    assert found == " ".join(found.split())


def test_text_of_nested_depth_is_read():
    assert text("<div>" * 1_500 + "deep") == "deep"
    assert text("<div>" * 100_000 + "deep") is not None
