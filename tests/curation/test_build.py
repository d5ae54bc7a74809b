import pytest

from doctranslate.curation.build import curate, verbatim
from doctranslate.curation.digests import DigestCache
from doctranslate.errors import MalformedReplyError, ModelRateLimitError, StoreError
from doctranslate.records import Chunk, Digest, Page

PAGES = [
    Page(
        uri=f"pypi:box#{name}", title=name, symbol=f"box.{name}", kind="api", text=f"{name}()\n\nDoes {name}."
    )
    for name in ("add", "push", "pull")
]


class Condenser:
    """Condenses to the first line, and remembers what it was asked."""

    def __init__(self, name: str = "m", *, fail_at: int = 0) -> None:
        self.name = name
        self.asked: list[str] = []
        self.fail_at = fail_at

    def __call__(self, chunks):
        for chunk in chunks:
            if self.fail_at and len(self.asked) == self.fail_at:
                raise ModelRateLimitError("slow down", model="m")
            self.asked.append(chunk.symbol)
            yield Digest(chunk_id=chunk.id, description=chunk.text.split("\n")[0], engine=self.name)


def cached(tmp_path, condense, pages=PAGES, **settings):
    given = {"engine_name": "m", "prompt_hash": "p", "cache": DigestCache(tmp_path / "c" / "digests.sqlite")}
    return curate(pages, condense, **{**given, **settings})


class TestCurate:
    def test_gives_a_digest_for_each_chunk_in_order(self):
        done = curate(PAGES, Condenser())
        assert [digest.chunk_id for digest in done.digests] == [chunk.id for chunk in done.chunks]
        assert [digest.description for digest in done.digests] == ["add()", "push()", "pull()"]
        assert (done.n_pages, done.n_cached) == (3, 0)

    def test_with_no_pages_gives_nothing(self):
        assert curate([], Condenser()).chunks == ()

    def test_with_the_same_page_twice_keeps_its_chunks_once(self):
        assert len(curate([*PAGES, PAGES[0]], Condenser()).chunks) == 3

    def test_a_second_time_asks_for_nothing(self, tmp_path):
        first = cached(tmp_path, Condenser())
        condense = Condenser()
        second = cached(tmp_path, condense)
        assert condense.asked == []
        assert (second.digests, second.n_cached) == (first.digests, 3)

    def test_after_a_one_page_change_asks_for_that_page_only(self, tmp_path):
        cached(tmp_path, Condenser())
        changed = [PAGES[0], PAGES[1].model_copy(update={"text": "push()\n\nOther."}), PAGES[2]]
        condense = Condenser()
        cached(tmp_path, condense, changed)
        assert condense.asked == ["box.push"]

    def test_does_not_keep_what_another_engine_stood_in_for(self, tmp_path):
        cached(tmp_path, Condenser("offline"))
        condense = Condenser()
        cached(tmp_path, condense)
        assert len(condense.asked) == 3

    @pytest.mark.parametrize("change", [{"engine_name": "other"}, {"prompt_hash": "other"}])
    def test_with_another_engine_or_prompt_asks_anew(self, tmp_path, change):
        cached(tmp_path, Condenser())
        condense = Condenser()
        cached(tmp_path, condense, **change)
        assert len(condense.asked) == 3

    def test_that_failed_half_way_goes_on_where_it_was(self, tmp_path):
        with pytest.raises(ModelRateLimitError):
            cached(tmp_path, Condenser(fail_at=2), batch_size=64)
        condense = Condenser()
        cached(tmp_path, condense)
        assert condense.asked == ["box.pull"]

    def test_tells_its_progress(self):
        told = []
        curate(PAGES, Condenser(), batch_size=2, progress=lambda *step: told.append(step))
        assert told == [
            ("pages", 1, 0),
            ("pages", 2, 0),
            ("pages", 3, 0),
            ("condense", 0, 3),
            ("condense", 1, 3),
            ("condense", 2, 3),
            ("condense", 3, 3),
        ]

    @pytest.mark.parametrize("break_", [lambda ds: ds[1:], lambda ds: ds[::-1], lambda ds: [*ds, ds[0]]])
    def test_with_digests_that_are_not_the_chunks_raises(self, break_):
        with pytest.raises(MalformedReplyError, match="given 3 chunks"):
            curate(PAGES, lambda chunks: break_(list(Condenser()(chunks))), engine_name="m")


def linked(symbol, text, link, **fields) -> Page:
    return Page(uri=f"pypi:box#{symbol}", title=symbol, symbol=symbol, text=text, links=(link,), **fields)


class TestLinked:
    pages = (
        linked("box.Box.add", "", "cli:add", kind="api", signatures=("add(targets)",)),
        linked("cli:add", "Track files.", "box.Box.add", kind="cli"),
        linked("box.Box.get", "get()", "cli:nothing", kind="api"),
    )

    def test_an_object_s_description_says_what_the_help_of_its_command_says(self):
        digests = curate(self.pages, Condenser()).digests
        assert [one.description for one in digests] == ["add(targets) Track files.", "Track files.", "get()"]

    def test_what_it_says_already_is_not_said_twice(self):
        page = self.pages[0].model_copy(update={"text": "add. Track files. And more"})
        assert (
            curate([page, self.pages[1]], Condenser()).digests[0].description == "add. Track files. And more"
        )

    def test_what_is_cached_is_what_the_engine_wrote(self, tmp_path):
        first = cached(tmp_path, Condenser(), self.pages)
        assert cached(tmp_path, Condenser(), self.pages).digests == first.digests
        alone = cached(tmp_path, Condenser(), self.pages[:1])
        assert alone.digests[0].description == "add(targets)"


class TestVerbatim:
    chunk = Chunk(
        id="1",
        uri="u",
        text="f(x, y=1)\n\n>>> f(2)\n3\n\n    indented()",
        signatures=("f(x, y=1)",),
        n_tokens=9,
    )

    def test_gives_back_signatures_that_a_model_changed(self):
        assert verbatim(
            self.chunk, Digest(chunk_id="1", description="d", signatures=("f(x)",))
        ).signatures == ("f(x, y=1)",)

    @pytest.mark.parametrize("example", [">>> f(2)\n3", "f(2)", "indented()", "", "f(2)\n\n  3"])
    def test_keeps_an_example_that_is_in_the_text(self, example):
        assert verbatim(self.chunk, Digest(chunk_id="1", description="d", example=example)).example == example

    @pytest.mark.parametrize("example", ["f(3)", "import f\nf(2)"])
    def test_drops_an_example_that_is_not(self, example):
        assert verbatim(self.chunk, Digest(chunk_id="1", description="d", example=example)).example == ""

    def test_of_a_guide_s_signatures_keeps_those_that_are_lines_of_its_text(self):
        guide = self.chunk.model_copy(update={"signatures": ()})
        digest = Digest(chunk_id="1", description="d", signatures=("f(x, y=1)", "f(x)"))
        held = verbatim(guide, digest)
        assert (held.signatures, held.n_dropped) == (("f(x, y=1)",), 1)

    def test_counts_each_line_that_a_model_invented(self):
        digest = Digest(
            chunk_id="1", description="d", signatures=("f(x, y=1)", "f(z)"), example="f(2)\ng()\n\nh()"
        )
        held = verbatim(self.chunk, digest)
        assert (held.signatures, held.example, held.n_dropped) == (("f(x, y=1)",), "", 3)

    def test_with_all_of_it_in_the_chunk_counts_nothing(self):
        digest = Digest(chunk_id="1", description="d", signatures=("f(x, y=1)",), example=">>> f(2)\n3")
        assert verbatim(self.chunk, digest) == digest


class TestCache:
    chunk = Chunk(id="a", uri="u", text="f()", signatures=("f()",), n_tokens=1)
    digest = Digest(chunk_id="a", description="été", signatures=("f()",), relevant=False)

    def test_gives_only_what_is_there(self, tmp_path):
        DigestCache(tmp_path / "d.sqlite").put([(self.chunk, self.digest)], engine="m", prompt_hash="p")
        other = self.chunk.model_copy(update={"id": "b", "text": "g()"})
        cache = DigestCache(tmp_path / "d.sqlite")
        assert cache.get([self.chunk, other], engine="m", prompt_hash="p") == {"a": self.digest}
        assert cache.get([self.chunk], engine="m", prompt_hash="q") == {}

    @pytest.mark.parametrize(
        ("change", "is_known"),
        [({"signatures": ()}, False), ({"kind": "api"}, False), ({"links": ("cli:f",)}, True)],
    )
    def test_of_a_chunk_read_otherwise_is_another_digest_where_the_engine_sees_it(
        self, tmp_path, change, is_known
    ):
        cache = DigestCache(tmp_path / "d.sqlite")
        cache.put([(self.chunk, self.digest)], engine="m", prompt_hash="p")
        changed = self.chunk.model_copy(update=change)
        assert bool(cache.get([changed], engine="m", prompt_hash="p")) == is_known

    def test_holds_what_it_gives_to_the_chunk(self, tmp_path):
        cache = DigestCache(tmp_path / "c" / "digests.sqlite")
        (chunk,) = curate(PAGES[:1], Condenser()).chunks
        invented = Digest(chunk_id=chunk.id, description="d", example="box.explode()", engine="m")
        cache.put([(chunk, invented)], engine="m", prompt_hash="p")
        done = cached(tmp_path, Condenser(), PAGES[:1])
        assert (done.digests[0].example, done.n_dropped, done.n_cached) == ("", 1, 1)

    def test_of_a_file_that_is_none_raises_and_says_what_to_do(self, tmp_path):
        (tmp_path / "d.sqlite").write_bytes(b"garbage" * 100)
        with pytest.raises(StoreError, match="Delete it"):
            DigestCache(tmp_path / "d.sqlite")

    def test_at_a_place_that_cannot_be_raises(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(StoreError, match="digest cache"):
            DigestCache(tmp_path / "file" / "d.sqlite")
