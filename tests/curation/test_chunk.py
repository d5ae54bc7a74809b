import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctranslate.curation.chunk import approximate_tokens, chunk_page
from doctranslate.errors import UsageError
from doctranslate.records import Page

GUIDE = """\
# Storage

Files are kept once.

## Remotes

A remote is a place elsewhere. Add one:

```python
box.remote("s3://bucket")
```

Then push.

### Types

Many types of places there are.

## Cache

The cache is local.
"""
RST = """\
=======
Storage
=======

Files are kept once. Look::

    box.add("data")
    box.push()

Remotes
=======

A remote is elsewhere: a place that keeps what you push.

Types
-----

Many types of places there are.
"""


def guide(text, media_type="text/markdown", **fields) -> Page:
    return Page(uri="https://x.org/guide", title="Storage", media_type=media_type, text=text, **fields)


def api(text, **fields) -> Page:
    given = {"uri": "pypi:box@1#box.add", "title": "box.add", "symbol": "box.add", "kind": "api", **fields}
    return Page(media_type="text/x-python-api", text=text, **given)


def squeezed(text) -> str:
    return re.sub(r"\s", "", text)


def kept(chunks) -> str:
    return squeezed("".join(chunk.text for chunk in chunks if chunk.kind != "example"))


def examples(chunks) -> list[str]:
    return [chunk.text for chunk in chunks if chunk.kind == "example"]


class TestObjects:
    def test_a_page_of_an_object_is_one_chunk_however_long(self):
        page = api(
            "add(targets)\n\n" + "Put files under control. " * 500,
            signatures=("add(targets)",),
            links=("cli:add",),
        )
        (chunk,) = chunk_page(page, max_tokens=50)
        assert chunk.text == page.text.rstrip()
        assert (chunk.symbol, chunk.kind, chunk.uri) == ("box.add", "api", "pypi:box@1#box.add")
        assert (chunk.signatures, chunk.links) == (("add(targets)",), ("cli:add",))
        assert chunk.n_tokens == approximate_tokens(chunk.text)

    def test_an_object_without_text_is_found_by_its_signature(self):
        assert chunk_page(api("", signatures=("add(targets)",)))[0].text == "add(targets)"

    def test_a_doctest_of_a_docstring_is_a_chunk_on_top(self):
        chunks = chunk_page(api("Add files.\n\n>>> box.add('a')\n1\n>>> box.add('b')\n2\n\nThat is all."))
        assert [chunk.kind for chunk in chunks] == ["api", "example"]
        assert examples(chunks) == [">>> box.add('a')\n1\n>>> box.add('b')\n2"]
        assert chunks[1].symbol == "box.add"

    def test_a_command_keeps_its_kind(self):
        page = api("usage: box add", symbol="cli:add", kind="cli")
        assert chunk_page(page)[0].kind == "cli"


class TestGuides:
    def test_a_guide_that_fits_is_one_chunk_with_its_examples(self):
        chunks = chunk_page(guide(GUIDE))
        assert [chunk.kind for chunk in chunks] == ["guide", "example"]
        assert chunks[0].text == GUIDE.rstrip()
        assert examples(chunks) == ['box.remote("s3://bucket")']

    def test_a_long_guide_is_split_by_headings(self):
        chunks = [chunk for chunk in chunk_page(guide(GUIDE), max_tokens=40) if chunk.kind == "guide"]
        assert [(chunk.headings, chunk.uri) for chunk in chunks] == [
            (("Storage",), "https://x.org/guide#storage"),
            (("Storage", "Remotes"), "https://x.org/guide#remotes"),
            (("Storage", "Remotes", "Types"), "https://x.org/guide#types"),
            (("Storage", "Cache"), "https://x.org/guide#cache"),
        ]
        assert chunks[2].text == "### Types\n\nMany types of places there are."

    def test_restructured_text_is_split_by_underlined_headings(self):
        chunks = [c for c in chunk_page(guide(RST, "text/x-rst"), max_tokens=32) if c.kind == "guide"]
        assert [chunk.headings for chunk in chunks] == [
            ("Storage",),
            ("Storage", "Remotes"),
            ("Storage", "Remotes", "Types"),
        ]
        assert chunks[0].text.startswith("=======\nStorage\n=======")

    def test_a_heading_without_text_goes_with_what_follows(self):
        text = "# Storage\n\n## Remotes\n\n" + "word " * 20 + "\n\n## Cache\n\n" + "word " * 20
        chunks = chunk_page(guide(text), max_tokens=40)
        assert [chunk.text.splitlines()[0] for chunk in chunks] == ["# Storage", "## Cache"]
        assert "## Remotes" in chunks[0].text

    def test_a_long_section_is_split_between_paragraphs(self):
        paragraphs = [f"paragraph {n} " + "word " * 12 for n in range(6)]
        chunks = chunk_page(guide("\n\n".join(paragraphs)), max_tokens=45)
        assert [chunk.text.count("paragraph") for chunk in chunks] == [2, 2, 2]

    def test_code_that_fits_is_never_split(self):
        code = "\n\n".join(f"line_{n} = {n}" for n in range(6))
        text = f"{'word ' * 25}\n\n```\n{code}\n```\n\n{'word ' * 25}"
        chunks = [chunk for chunk in chunk_page(guide(text), max_tokens=60) if chunk.kind == "guide"]
        assert sum(f"```\n{code}\n```" in chunk.text for chunk in chunks) == 1

    def test_a_hash_in_code_is_no_heading(self):
        text = "# Title\n\n" + "word " * 30 + "\n\n```\n# a comment\nx = 1\n```\n"
        assert {chunk.headings for chunk in chunk_page(guide(text), max_tokens=45)} == {("Storage", "Title")}

    def test_the_title_of_the_page_is_the_outermost_heading(self):
        assert chunk_page(guide("Only text."))[0].headings == ("Storage",)

    def test_a_page_of_kind_example_is_split_and_gives_no_examples_on_top(self):
        chunks = chunk_page(guide("```\nx = 1\n```", kind="example"))
        assert [chunk.kind for chunk in chunks] == ["example"]

    @pytest.mark.parametrize("text", ["", "  \n\n\t\n"])
    def test_a_blank_page_gives_nothing(self, text):
        assert chunk_page(guide(text)) == []

    def test_front_matter_is_no_heading(self):
        text = "---\ntitle: Storage\n---\n\n" + " ".join(f"word{n}" for n in range(40))
        assert {chunk.headings for chunk in chunk_page(guide(text), max_tokens=30)} == {("Storage",)}

    def test_a_budget_below_one_raises(self):
        with pytest.raises(UsageError, match="max_tokens=0"):
            chunk_page(guide("x"), max_tokens=0)

    def test_tokens_are_counted_by_what_is_given(self):
        chunks = chunk_page(guide("one two three four"), max_tokens=2, count=lambda text: len(text.split()))
        assert [chunk.text.strip() for chunk in chunks] == ["one two", "three four"]


LINES = st.sampled_from(
    [
        "",
        "",
        "# One",
        "## Two",
        "Title",
        "=====",
        "-----",
        "---",
        "```",
        "~~~",
        "Look::",
        "    indented(code)",
        "\ttab",
        ">>> f(1)",
        "1",
        ".. code-block:: python",
        "   :linenos:",
        ".. note::",
        "- item",
        "Some words of a paragraph that goes on.",
        "x" * 90,
        "été 木 🙂",
        "\r",
        "a\x0cb\u2028c",
        "Example:",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=40).map("\n".join)
PAGES = st.builds(
    lambda text, media_type, kind: guide(text, media_type, kind=kind),
    TEXTS,
    st.sampled_from(["text/markdown", "text/x-rst", "text/plain", "text/x-python-api", "text/html"]),
    st.sampled_from(["guide", "api", "cli"]),
)


class TestInvariants:
    @given(PAGES, st.integers(1, 60))
    @settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def test_no_text_is_lost_and_its_order_is_kept(self, page, max_tokens):
        assert kept(chunk_page(page, max_tokens=max_tokens)) == squeezed(page.text)

    @given(PAGES, st.integers(60, 200))
    @settings(max_examples=100, deadline=None)
    def test_whole_lines_stay_whole_where_they_fit(self, page, max_tokens):
        lines = {line for chunk in chunk_page(page, max_tokens=max_tokens) for line in chunk.text.split("\n")}
        stripped = {line.strip() for line in lines}
        assert all(line.strip() in stripped for line in page.text.split("\n") if line.strip())

    @given(PAGES, st.integers(1, 60))
    @settings(max_examples=100, deadline=None)
    def test_ids_are_distinct_and_the_same_whenever_the_page_is_split(self, page, max_tokens):
        ids = [chunk.id for chunk in chunk_page(page, max_tokens=max_tokens)]
        chunk_page(guide("another page"))
        assert ids == [chunk.id for chunk in chunk_page(page, max_tokens=max_tokens)]
        assert len(set(ids)) == len(ids)

    @given(TEXTS, st.integers(5, 60))
    @settings(max_examples=100, deadline=None)
    def test_chunks_of_a_guide_keep_to_the_budget(self, text, max_tokens):
        chunks = chunk_page(guide(text), max_tokens=max_tokens)
        assert all(chunk.n_tokens <= max_tokens for chunk in chunks)

    @given(st.text())
    def test_tokens_are_never_negative_and_grow_with_the_text(self, text):
        assert 0 <= approximate_tokens(text) <= approximate_tokens(text + "word")


def test_the_same_paragraph_twice_gives_two_ids():
    text = "## A\n\n" + "same words here\n\n" * 2
    chunks = chunk_page(guide(text), max_tokens=6)
    assert [chunk.text for chunk in chunks].count("same words here") == 2
    assert len({chunk.id for chunk in chunks}) == len(chunks)


def test_a_change_in_one_section_leaves_the_ids_of_the_others():
    before = {chunk.id for chunk in chunk_page(guide(GUIDE), max_tokens=40)}
    after = {chunk.id for chunk in chunk_page(guide(GUIDE.replace("is local", "is near")), max_tokens=40)}
    assert len(before - after) == len(after - before) == 1


def test_a_guide_of_20_000_lines_is_split_in_seconds():
    text = "\n".join(f"## Section {n}\n\n{'word ' * 60}\n" for n in range(5_000))
    assert len(chunk_page(guide(text))) >= 5_000


class TestAnchors:
    def test_of_a_heading_that_names_one_are_that_and_no_part_of_the_title(self):
        page = guide(GUIDE.replace("## Remotes", "## Remotes {#add-remote}"))
        chunks = [chunk for chunk in chunk_page(page, max_tokens=40) if chunk.kind == "guide"]
        assert (chunks[1].headings, chunks[1].uri) == (
            ("Storage", "Remotes"),
            "https://x.org/guide#add-remote",
        )

    def test_that_the_page_knows_come_before_those_of_the_heading_and_its_words(self):
        line = GUIDE.split("\n").index("## Cache")
        page = guide(GUIDE.replace("## Cache", "## Cache {#x}"), anchors={line: "the-cache", 0: "top"})
        uris = [chunk.uri for chunk in chunk_page(page, max_tokens=40) if chunk.kind == "guide"]
        assert uris == [
            f"https://x.org/guide#{anchor}" for anchor in ("top", "remotes", "types", "the-cache")
        ]
