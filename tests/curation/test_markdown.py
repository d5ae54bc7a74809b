import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctranslate.curation.code_blocks import find_code_blocks
from doctranslate.curation.markdown import anchors, markdown, read_blocks
from doctranslate.sources.html.content import find_content
from doctranslate.sources.html.dom import parse_html


def blocks(html):
    return [block for one in find_content(parse_html(f"<main>{html}</main>")) for block in read_blocks(one)]


def text(html):
    return markdown(blocks(html))


class TestProse:
    @pytest.mark.parametrize(
        ("html", "expected"),
        [
            ("<p>One\n  two</p><p>three</p>", "One two\n\nthree\n"),
            ("loose <b>text</b><p>p</p>more", "loose text\n\np\n\nmore\n"),
            (
                "<p>Call <code>allow_unsafe_options</code> or *args, a_b_c</p>",
                "Call `allow_unsafe_options` or *args, a_b_c\n",
            ),
            ("<p>See <a href=x>the <tt>Box</tt> page</a>.</p>", "See the `Box` page.\n"),
            ("<p><code>a ` b</code></p>", "``a ` b``\n"),
            ("<p>a<br>b</p>", "a b\n"),
            ("<p>x<img src=a.png alt='a diagram'></p><img src=b.png alt='../b.png'>", "xa diagram\n"),
            ("<p># no heading</p>", "\\# no heading\n"),
            ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
            ("<blockquote><ul><li>a</li></ul></blockquote>", "- a\n"),
            ("<span><p>a</p><div>b</div></span>", "a\n\nb\n"),
            ("<details><summary>More</summary><p>b</p></details>", "More\n\nb\n"),
            ("<hr><p>a</p><hr>", "a\n"),
            ("<p>f is <span class=math>\\(x_1^2\\)</span></p>", "f is \\(x_1^2\\)\n"),
            (
                "<p><math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></semantics></math></p>",
                "x^2\n",
            ),
            (
                '<p>f is <span class="MathJax">drawn</span><script type="math/tex">x_1^2</script></p><script>no</script>',
                "f is \\(x_1^2\\)\n",
            ),
            ("", ""),
        ],
    )
    def test_is_kept_without_escapes_and_addresses(self, html, expected):
        assert text(html) == expected

    def test_of_an_admonition_begins_with_its_title(self):
        html = '<div class="admonition note"><p class="admonition-title">Note</p><p>Mind it.</p><pre>x = 1</pre></div>'
        assert text(html) == "Note: Mind it.\n\n```\nx = 1\n```\n"
        assert text(
            '<div class="admonition tip"><p class="admonition-title">Tip</p><pre>x</pre></div>'
        ).startswith("Tip:\n\n```")

    def test_deeper_than_pages_are_is_flattened_and_not_lost(self):
        assert text("<div><b>" * 400 + "deep_name" + "</b></div>" * 400) == "deep_name\n"
        assert text("<ul><li>" * 400 + "deep_name").strip(" -\n") == "deep_name"


class TestLists:
    def test_are_nested_by_indentation(self):
        html = "<ul><li>a<ul><li>b</li><li><p>c</p><p>d</p></li></ul></li><li>e</li></ul><ol start=3><li>f<li>g</ol>"
        assert text(html) == "- a\n  - b\n  - c\n    d\n- e\n\n3. f\n4. g\n"

    def test_with_code_have_it_at_the_margin_byte_for_byte(self):
        html = "<ul><li>a<pre>    def f():\n        pass\n</pre>b</li><li>c</li></ul>"
        assert text(html) == "- a\n\n```\n    def f():\n        pass\n```\n\n  b\n- c\n"

    def test_of_terms_have_each_with_what_is_said_about_it(self):
        html = (
            "<dl><dt>X<span class=classifier>array-like</span></dt><dd><p>The input.</p><p>Or not.</p></dd>"
            "<dt>y</dt><dt>z</dt><dd><ul><li>one</li></ul></dd><dt>none</dt><dd></dd></dl>"
        )
        assert text(html) == "- X : array-like: The input.\n  Or not.\n- y, z:\n  - one\n- none\n"

    def test_of_field_lists_are_lines(self):
        html = '<dl class="field-list simple"><dt>Raises<span>:</span></dt><dd><p>BoxError: when full</p></dd></dl>'
        assert text(html) == "Raises: BoxError: when full\n"


class TestTables:
    def test_have_pipes_and_all_cells(self):
        html = (
            "<table><caption>Options</caption><thead><tr><th>Name<th>Means</tr></thead>"
            "<tr><td><code>-q | -v</code><td><p>less</p><p>or more</p><tr><td colspan=2>both<tr><td>a</table>"
        )
        assert text(html) == (
            "Options\n\n| Name | Means |\n| --- | --- |\n| `-q \\| -v` | less or more |\n| both |  |\n| a |  |\n"
        )

    def test_without_a_head_have_a_blank_one(self):
        assert text("<table><tr><td>a<td>b</table>") == "|  |  |\n| --- | --- |\n| a | b |\n"

    def test_around_code_leave_the_code_verbatim(self):
        html = '<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td><td class="code"><pre>x = 1\ny</pre></table>'
        assert text(html) == "```\nx = 1\ny\n```\n"


class TestCode:
    @pytest.mark.parametrize(
        ("html", "language"),
        [
            (
                '<div class="highlight-python3 notranslate"><div class="highlight"><pre>x</pre></div></div>',
                "python",
            ),
            (
                '<div class="highlight-default notranslate"><div class="highlight"><pre>x = 1</pre></div></div>',
                "python",
            ),
            ('<div class="highlight-default"><pre>&gt;&gt;&gt; f(\n...</pre></div>', "python"),
            ('<div class="highlight-default"><pre>$ box add</pre></div>', ""),
            ('<div class="highlight-none notranslate"><div class="highlight"><pre>x</pre></div></div>', ""),
            ('<pre><code class="language-bash">x</code></pre>', "bash"),
            ('<pre class="lang-yaml">x</pre>', "yaml"),
            ('<pre><code class="hljs javascript">x</code></pre>', "javascript"),
            ('<pre class="sourceCode python">x</pre>', "python"),
            ('<div class="highlight highlight-source-shell"><pre>x</pre></div>', "shell"),
            ('<pre data-lang="toml">x</pre>', "toml"),
            ('<div class="language-text"><pre><code>x</code></pre></div>', ""),
            (
                '<div class="language-python highlight"><table class="highlighttable"><tr><td class="code"><div><pre>x',
                "python",
            ),
            ('<div class="admonition note"><pre>x</pre></div>', ""),
            ("<pre>x</pre>", ""),
        ],
    )
    def test_has_its_language(self, html, language):
        assert text(html).splitlines()[0] == f"```{language}"

    @pytest.mark.parametrize(
        ("html", "code"),
        [
            (
                "<pre><span></span><b>def</b> f(a_b):\n    <i>return</i> '*'\n\n</pre>",
                "def f(a_b):\n    return '*'",
            ),
            ("<pre>\n\n  indented\n\tby tab</pre>", "  indented\n\tby tab"),
            ("<pre>a<br>b</pre>", "a\nb"),
            (
                '<pre><code><div class="token-line">a</div><div class="token-line"> b</div></code></pre>',
                "a\n b",
            ),
            ('<pre><span class="token-line">a<br></span><span class="token-line">b<br></span></pre>', "a\nb"),
            ("<pre>&lt;tag&gt; &amp;amp;</pre>", "<tag> &amp;"),
            ("<pre>x<button>Copy</button></pre>", "x"),
            ('<pre><span class="linenos">1 </span>x\n<span class="linenos">2 </span>y</pre>', "x\ny"),
        ],
    )
    def test_is_verbatim(self, html, code):
        assert text(html) == f"```\n{code}\n```\n"

    def test_with_backticks_has_a_longer_fence(self):
        assert text("<pre>````\nx\n````</pre>") == "`````\n````\nx\n````\n`````\n"

    def test_of_nothing_is_none(self):
        assert blocks("<pre> \n </pre>") == []

    @settings(max_examples=200, deadline=None)
    @given(st.text(alphabet="ab >`~#|<&\n\t'*_-", max_size=60))
    def test_of_any_text_is_found_again_verbatim(self, code):
        escaped = code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        written = text(f"<ul><li><pre>{escaped}</pre></li></ul>")
        if not code.strip():
            assert written == ""
            return
        assert f"\n{code.strip(chr(10))}\n" in written
        assert len(find_code_blocks(written.split("\n"), "text/markdown")) == 1


class TestHeadings:
    def test_have_the_anchor_of_their_section_their_own_or_that_of_the_permalink(self):
        html = (
            "<section id=top><h1>The <code>box</code> <i>guide</i></h1><p>a</p>"
            "<section id=one><span id=older></span><h2>One</h2><h3>Inner</h3></section></section>"
            "<h2 id=two>Two</h2><h2><a class=anchor href='#three' aria-hidden=true></a>Three</h2>"
            "<h2><a name=four></a>Four</h2><h2>Five</h2><h2></h2>"
        )
        found = blocks(html)
        assert [(block.level, block.text, block.anchor) for block in found if block.level] == [
            (1, "# The box guide", "top"),
            (2, "## One", "one"),
            (3, "### Inner", ""),
            (2, "## Two", "two"),
            (2, "## Three", "three"),
            (2, "## Four", "four"),
            (2, "## Five", ""),
        ]
        lines = markdown(found).split("\n")
        assert {lines[number]: anchor for number, anchor in anchors(found).items()} == {
            "# The box guide": "top",
            "## One": "one",
            "## Two": "two",
            "## Three": "three",
            "## Four": "four",
        }
