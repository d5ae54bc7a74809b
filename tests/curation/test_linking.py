import pytest

from doctranslate.apis import ApiIndex, ApiObject
from doctranslate.curation.chunk import chunk_page
from doctranslate.curation.linking import canonical, with_linked_descriptions
from doctranslate.engines.offline import OfflineEngine
from doctranslate.records import Page

API = ApiIndex(
    "box",
    "1.0",
    {
        "box.core.Box": ApiObject("box.core.Box", "class"),
        "box.core.Box.add": ApiObject("box.core.Box.add", "function"),
        "box.core.Crate": ApiObject("box.core.Crate", "class", bases=("box.core.Box",)),
    },
    {"box.Box": "box.core.Box", "box.Crate": "box.core.Crate"},
    ("box",),
)


def page(symbol, text="Text about it.", kind="guide", **fields) -> Page:
    address = {"api": "pypi:box@1#", "cli": "pypi:box@1#"}.get(kind, "https://x.org/")
    return Page(uri=f"{address}{symbol}", title=symbol, text=text, symbol=symbol, kind=kind, **fields)


class TestCanonical:
    @pytest.mark.parametrize(
        ("symbol", "expected"),
        [
            ("box.Box.add", "box.core.Box.add"),
            ("box.Box", "box.core.Box"),
            ("box.core.Box.add", "box.core.Box.add"),
            ("box.Crate.add", "box.core.Box.add"),
            ("box.Box.gone", "box.Box.gone"),
            ("other.thing", "other.thing"),
            ("cli:add", "cli:add"),
            ("", ""),
        ],
    )
    def test_gives_pages_the_name_where_the_object_is_defined(self, symbol, expected):
        (found,) = canonical([page(symbol)], API)
        assert found.symbol == expected
        assert (found.uri, found.title, found.text) == (f"https://x.org/{symbol}", symbol, "Text about it.")

    def test_without_an_api_leaves_names_alone(self):
        assert next(canonical([page("box.Box.add")], None)).symbol == "box.Box.add"

    def test_gives_the_page_of_a_command_the_links_of_its_help(self):
        pages = [
            page("box.core.Box.add", kind="api", links=("cli:add",)),
            page("cli:add", kind="cli", links=("box.core.Box.add",)),
            page("cli:push", kind="cli"),
            page("cli:add", links=("cli:more",)),
            page("cli:push"),
            page("box.Box.add"),
            page(""),
        ]
        found = list(canonical(pages, API))
        assert [one.links for one in found] == [
            ("cli:add",),
            ("box.core.Box.add",),
            (),
            ("cli:more", "box.core.Box.add"),
            (),
            ("cli:add",),
            (),
        ]
        assert found[:3] == pages[:3]

    def test_reads_pages_as_they_come(self):
        def pages():
            yield page("box.Box")
            raise AssertionError("read ahead")

        assert next(canonical(pages(), API)).symbol == "box.core.Box"


def described(*pages) -> dict[tuple[str, str], str]:
    chunks = [chunk for one in pages for chunk in chunk_page(one)]
    digests = with_linked_descriptions(chunks, list(OfflineEngine().condense(chunks)))
    return {
        (chunk.symbol, chunk.kind): digest.description for chunk, digest in zip(chunks, digests, strict=True)
    }


BARE = page("box.core.Box.add", "add(targets)\n\nBases: object\n", kind="api", signatures=("add(targets)",))
HELP = "usage: box add [-h] targets\n\nTrack files with the box.\n"


class TestDescriptions:
    def test_of_an_object_without_docstring_has_what_its_command_says(self):
        linked = BARE.model_copy(update={"links": ("cli:add",)})
        found = described(linked, page("cli:add", HELP, kind="cli", links=("box.core.Box.add",)))
        assert found["box.core.Box.add", "api"].endswith("Track files with the box.")
        assert found["cli:add", "cli"] == "Track files with the box."

    def test_of_an_object_whose_command_has_no_help_has_what_the_page_of_the_command_says(self):
        linked = BARE.model_copy(update={"links": ("cli:add",)})
        found = described(linked, page("cli:add", "Put data files under control.\n"))
        assert found["box.core.Box.add", "api"].endswith("Put data files under control.")

    def test_of_an_object_without_docstring_has_what_its_page_says(self):
        found = described(BARE, page("box.core.Box.add", "Put data files under control.\n\nAnd more."))
        assert found["box.core.Box.add", "api"].endswith("Put data files under control.")

    def test_of_an_object_with_a_docstring_stays_its_own(self):
        full = BARE.model_copy(update={"text": "add(targets)\n\nAdds targets to it.\n"})
        found = described(full, page("box.core.Box.add", "Put data files under control.\n"))
        assert found["box.core.Box.add", "api"] == "Adds targets to it."

    def test_of_an_object_with_a_page_that_says_nothing_stays_its_own(self):
        again = BARE.model_copy(update={"uri": "https://x.org/#box.core.Box.add"})
        found = described(BARE, again)
        assert found == described(BARE)
