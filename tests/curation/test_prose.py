import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctranslate.curation.code_blocks import find_code_blocks
from doctranslate.curation.prose import clean

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"


def markdown(text):
    return clean(text, "text/markdown").text


def rst(text):
    return clean(text, "text/x-rst").text


class TestMarkdown:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("See [the guide](/guide#x) now.", "See the guide now."),
            ("[undo `box add`](/x (y) 'T')", "[undo `box add`](/x (y) 'T')"),
            ("[undo `box add`](/x_(y) 'T').", "undo `box add`."),
            ("[long\nname](<a b>)", "long\nname"),
            ("[A [b] c](/x)", "A [b] c"),
            ("[![build](b.svg)](https://ci)", "build"),
            ("![a diagram](/d.png)", "a diagram"),
            ("[text][ref] and [Ref] and [other]\n\n[ref]: /x\n", "text and Ref and [other]"),
            ("[`core.x`]\n\n[`core.x`]:\n  /user-guide#core\n\nmore", "`core.x`\n\nmore"),
            ("`a[0](x)` and `[b](c)`", "`a[0](x)` and `[b](c)`"),
            ("<https://x.org>", "https://x.org"),
            ("The <abbr>cache</abbr> of <abbr>DVC\nprojects</abbr>", "The cache of DVC\nprojects"),
            ("add <path> or <file_name>", "add <path> or <file_name>"),
            ('<admon type="tip">\n\nMind it.\n\n</admon>\n', "Mind it."),
            ('<tabs>\n<tab title="Linux">\n\ntext\n\n</tab>\n</tabs>', "Linux\n\ntext"),
            ('<img src="x.svg" alt="CML" />', "CML"),
            ("a <!-- not\nthis --> b", "a  b"),
            ("a<script>x < y</script>b<style>p {}</style>c", "abc"),
            ("a <!-- never closed", "a <!-- never closed"),
            ("x&nbsp;&lt; y", "x < y"),
            ("- [ ] todo\n- [x] done", "- [ ] todo\n- [x] done"),
            ("[^1]: a footnote", "[^1]: a footnote"),
            ("a_b *c* allow_unsafe_options", "a_b *c* allow_unsafe_options"),
        ],
    )
    def test_loses_tags_and_addresses_alone(self, text, expected):
        assert markdown(text) == expected + "\n"

    def test_keeps_code_as_it_is(self):
        code = "```html\n<abbr>[x](y)</abbr> <!-- z -->\n\n\n\n[r]: /x\n```"
        assert markdown(f"<abbr>a</abbr>\n\n{code}\n\n[b](c)") == f"a\n\n{code}\n\nb\n"

    def test_takes_anchors_out_of_headings(self):
        cleaned = clean("# Box\n\n## Add [it](x) {#add-it}\n\n```\n## no {#no}\n```\n", "text/markdown")
        assert cleaned.text == "# Box\n\n## Add it\n\n```\n## no {#no}\n```\n"
        assert cleaned.anchors == {2: "add-it"}


class TestRestructuredText:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (":class:`git.Repo <git.repo.base.Repo>` and :py:meth:`~box.add`", "git.Repo and `~box.add`"),
            ("`Box <https://x.org>`__, `pip`_.\n\n.. _pip: https://p.org", "Box, pip."),
            (".. _label:\n\nTitle\n=====\n\ntext", "Title\n=====\n\ntext"),
            (".. note:: Mind it.", "Note: Mind it."),
            ("a\n\n.. automodule:: git\n   :members:\n\n   x\n\nb", "a\n\n\nb"),
            ("use ``:a:`b``` as is", "use ``:a:`b``` as is"),
            (".. code-block:: python\n\n   :x: `a <b>`_\n", ".. code-block:: python\n\n   :x: `a <b>`_"),
        ],
    )
    def test_loses_labels_roles_and_what_is_built(self, text, expected):
        assert rst(text) == expected + "\n"


def test_clean_of_plain_text_then_it_stays_as_it_is():
    assert clean("<abbr>[a](b)</abbr>", "text/plain").text == "<abbr>[a](b)</abbr>"


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="ab`[]()<>!#{}-\n :/\"'~&;", max_size=80),
    st.sampled_from(["text/markdown", "text/x-rst"]),
)
def test_clean_of_any_text_then_it_ends_in_one_newline_and_holds_no_placeholder(text, media_type):
    cleaned = clean(text, media_type).text
    assert cleaned.endswith("\n")
    assert "\x00" not in cleaned


@pytest.mark.parametrize(
    "piece", ["[", "](", "`", "![", "<a ", "<!--", "<script>", "[a](", "[x]: ", "[a\n", "``a` ", "[["]
)
def test_clean_of_a_piece_repeated_without_end_then_it_ends(piece):
    start = time.monotonic()
    clean(piece * 50_000, "text/markdown")
    assert time.monotonic() - start < 60  # minutes, when it is quadratic


@pytest.mark.skipif(not (CORPORA / "dvc").is_dir(), reason="the corpora are not beside this checkout")
def test_clean_of_the_documentation_of_dvc_then_all_code_is_kept_and_no_tag_is_left():
    for path in sorted((CORPORA / "dvc").rglob("*.md")):
        text = path.read_text()
        cleaned = markdown(text)
        blocks = [block.code for block in find_code_blocks(text.split("\n"), "text/markdown")]
        after = [block.code for block in find_code_blocks(cleaned.split("\n"), "text/markdown")]
        assert [code for code in blocks if code not in after] == [], path
        assert "<abbr>" not in cleaned
        assert "</admon>" not in cleaned
        assert not re.search(r"\w\]\(/", cleaned), path
