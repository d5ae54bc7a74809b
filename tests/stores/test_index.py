from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from doctranslate.errors import StoreCorruptError, UsageError
from doctranslate.stores.base import unit
from doctranslate.stores.index import DocIndex
from doctranslate.stores.local import DocStore
from doctranslate.stores.write import embedded_text

from .samples import API, SAMPLES, Sample, symbols, write_sample


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stores") / "box@1.0"
    write_sample(folder, api=API).close()
    return DocIndex.open(folder)


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "symbol"),
        [
            ("upload files to remote storage", "box.core.Box.push"),
            ("labels", "box.core.Box.create_label"),
            ("record a message", "box.index.Index.commit"),
            ("box.core.Box.pull", "box.core.Box.pull"),
            ("Box.switch", "box.core.Box.switch"),
            ("x = box.create_label('v1')", "box.core.Box.create_label"),
        ],
    )
    def test_of_words_names_and_code_finds_the_object(self, store, query, symbol):
        assert store.search(query)[0].chunk.symbol == symbol

    @pytest.mark.parametrize("arm", ["dense", "lexical"])
    def test_with_one_arm_finds_by_it_alone(self, store, arm):
        assert store.search("download into the workspace", arms=[arm])[0].chunk.symbol == "box.core.Box.pull"

    def test_with_the_symbol_arm_alone_finds_names_only(self, store):
        assert store.search("download into the workspace", arms=["symbol"]) == []
        assert set(symbols(store.search("Box.create_label", arms=["symbol"]))) == {
            "box.core.Box.create_label"
        }

    def test_of_an_ambiguous_name_uses_the_other_arms(self, store):
        assert store.search("add", arms=["symbol"]) == []
        assert {"box.index.Index.add"} < set(symbols(store.search("add")))

    def test_gives_at_most_k_documents_best_first_with_scores_in_range(self, store):
        found = store.search("files storage", k=3)
        scores = [one.score for one in found]
        assert len(found) == 3
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)

    def test_says_of_each_document_what_found_it_and_where_it_is_from(self, store):
        found = store.search("push")[0]
        assert (found.query, found.component, found.generated) == ("push", "box", False)

    @pytest.mark.parametrize("arm", ["dense", "lexical"])
    def test_finds_by_search_words_that_the_documentation_does_not_have(self, tmp_path, arm):
        samples = [
            *SAMPLES,
            Sample("box.core.Box.stow", "Does it.", search_words="put aside unfinished work"),
        ]
        found = write_sample(tmp_path / "s", samples).search("unfinished work aside", arms=[arm])
        assert symbols(found)[0] == "box.core.Box.stow"

    def test_leaves_out_what_is_not_relevant(self, store):
        found = store.search("Releases: create label, push, pull, add, switch.", k=20)
        assert all(one.digest.relevant for one in found)
        assert len(found) < len(SAMPLES)

    def test_gives_of_a_command_and_the_function_behind_it_only_the_better_one(self, store):
        found = symbols(store.search("put files under control", k=20))
        assert len({"cli:add", "box.core.Box.add"} & set(found)) == 1

    def test_gives_of_the_pages_about_one_thing_only_the_best_one_and_examples(self, tmp_path):
        samples = [
            *SAMPLES,
            Sample(
                "cli:add", "Control: put files under it, page one.", kind="guide", links=("box.core.Box.add",)
            ),
            Sample(
                "cli:add", "Control: put files under it, page two.", kind="guide", links=("box.core.Box.add",)
            ),
            Sample("box.core.Box.push", "Upload to storage, as the site has it.", kind="guide"),
            Sample("box.core.Box.push", "Upload to storage: box.push()", kind="example"),
        ]
        with_pages = write_sample(tmp_path / "s", samples)
        found = [one.chunk for one in with_pages.search("put files under control", k=20)]
        assert len([one for one in found if one.symbol in ("cli:add", "box.core.Box.add")]) == 1
        found = [one.chunk for one in with_pages.search("upload to storage", k=20)]
        kinds = sorted(one.kind for one in found if one.symbol == "box.core.Box.push")
        assert kinds in (["api", "example"], ["example", "guide"])
        assert len([one for one in found if not one.symbol]) == 1

    def test_gives_an_example_besides_the_object_it_is_of(self, store):
        kinds = [
            one.chunk.kind
            for one in store.search("create_label")
            if one.chunk.symbol.endswith("create_label")
        ]
        assert sorted(kinds) == ["api", "example"]

    def test_gives_for_a_page_about_a_command_the_object_behind_it(self, tmp_path):
        page = Sample(
            "cli:add",
            "Track data and put it under the box's control.",
            kind="guide",
            links=("box.core.Box.add",),
        )
        found = write_sample(tmp_path / "s", [*SAMPLES, page]).search(
            "track data and put it under control", k=3
        )
        assert symbols(found)[0] == "box.core.Box.add" and "cli:add" not in symbols(found)

    def test_gives_one_example_of_each_thing(self, tmp_path):
        more = [
            Sample("box.core.Box.create_label", f"box.create_label('v{n}')", kind="example") for n in (2, 3)
        ]
        found = write_sample(tmp_path / "s", [*SAMPLES, *more]).search("create_label", k=20)
        kinds = [one.chunk.kind for one in found if one.chunk.symbol == "box.core.Box.create_label"]
        assert sorted(kinds) == ["api", "example"]

    def test_gives_an_example_that_two_sources_have_once(self, tmp_path):
        samples = [*SAMPLES, Sample("box.Box.create_label", "box.create_label('v1') ", kind="example")]
        found = write_sample(tmp_path / "s", samples).search("create_label", k=20, kinds=["example"])
        assert [one.chunk.text.strip() for one in found] == ["box.create_label('v1')"]

    def test_with_kinds_gives_those_alone(self, store):
        assert {one.chunk.kind for one in store.search("files storage add", k=20, kinds=["guide"])} == {
            "guide"
        }
        assert symbols(store.search("add", kinds=["cli"]))[0] == "cli:add"

    def test_of_more_chunks_than_sqlite_has_variables_works(self, tmp_path):
        samples = [
            Sample(f"m.f{n}", f"Push the thing number {n}.", kind="guide" if n else "api")
            for n in range(1_200)
        ]
        store = write_sample(tmp_path / "s", samples)
        assert len(store.search("push thing", k=20, kinds=["guide"])) == 20

    def test_with_weights_lets_one_arm_decide(self, store):
        words = store.search("hash files once", weights={"dense": 0.0})
        assert words[0].score == pytest.approx(1 / 4)  # first of the words alone: 1 of 3 + 1

    @pytest.mark.parametrize(
        "query", ["", "   ", "???", '"', "'; DROP TABLE chunks --", "NEAR(a b)", "a*", "\x00", "AND"]
    )
    def test_of_text_without_words_or_with_query_syntax_finds_little_and_fails_never(self, store, query):
        assert len(store.search(query)) <= 4

    def test_of_a_whole_program_finds_what_it_uses(self, store):
        code = "import box\n" + "x = 1\n" * 5_000 + "b = box.Box('.')\nb.create_label('v1')\n"
        assert "box.core.Box.create_label" in symbols(store.search(code, k=8))

    @pytest.mark.parametrize("settings", [{"k": 0}, {"k": -1}, {"arms": ["smell"]}])
    def test_with_wrong_settings_raises(self, store, settings):
        with pytest.raises(UsageError, match="search needs k"):
            store.search("push", **settings)

    def test_from_several_threads_gives_what_it_gives_from_one(self, store):
        queries = [sample.description for sample in SAMPLES] * 5
        expected = [symbols(store.search(query)) for query in queries]
        fresh = DocIndex.open(store.path)
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda query: symbols(fresh.search(query)), queries)) == expected


class TestBySymbol:
    @pytest.mark.parametrize(
        "name", ["box.core.Box.create_label", "Box.create_label", "create_label", "box.Box.create_label"]
    )
    def test_of_a_name_or_its_end_gives_the_api_first(self, store, name):
        found = store.by_symbol(name)
        assert [one.chunk.kind for one in found] == ["api", "example"]
        assert {one.chunk.symbol for one in found} == {"box.core.Box.create_label"}

    @pytest.mark.parametrize("name", ["add", "nothing.here", "", "box.core.Box.nothing"])
    def test_of_an_ambiguous_or_unknown_name_gives_nothing(self, store, name):
        assert store.by_symbol(name) == []

    def test_of_an_alias_that_only_the_api_knows_gives_the_object(self, tmp_path):
        api = type(API)("box", "1.0", API.objects, {"box.Upload": "box.core.Box.push"}, ("box",))
        store = write_sample(tmp_path / "s", api=api)
        assert store.by_symbol("box.Upload")[0].chunk.symbol == "box.core.Box.push"

    def test_gives_what_a_search_leaves_out_last(self, tmp_path):
        samples = [Sample("m.f", "old", text="one", relevant=False), Sample("m.f", "new", text="two")]
        found = write_sample(tmp_path / "s", samples).by_symbol("m.f")
        assert [one.digest.description for one in found] == ["new", "old"]


class TestApi:
    def test_of_a_store_with_one_is_it_and_read_once(self, store):
        assert store.api() == API
        assert store.api() is store.api()

    def test_of_a_store_without_is_none(self, tmp_path):
        assert write_sample(tmp_path / "s").api() is None


def test_repr_names_component_version_size_and_embedder(store):
    assert repr(store) == "DocIndex(box==1.0, 11 chunks, lsa)"


def test_a_store_is_true_however_small(store):
    assert store


def test_a_closed_store_raises_when_it_is_used(tmp_path):
    store = write_sample(tmp_path / "s")
    store.close()
    with pytest.raises(StoreCorruptError, match="closed"):
        store.search("push")


class TestReadingAll:
    def test_documents_gives_each_once_and_those_without_a_vector_last(self, store):
        found = list(store.documents())
        assert len({one.chunk.id for one in found}) == len(found) == len(store) == len(SAMPLES)
        n_relevant = len(store.vectors)
        assert [one.digest.relevant for one in found] == [n < n_relevant for n in range(len(found))]
        assert {one.component for one in found} == {"box"}

    def test_vectors_are_those_of_the_documents_in_their_order(self, tmp_path):
        embedder = DeterministicFakeEmbedding(size=16)
        texts = ["push data", "create a tag", "switch branches", "list files"]
        store = DocStore.from_texts(texts, embedder, path=tmp_path / "some@1")
        documents = list(store.documents())
        expected = [embedder.embed_query(embedded_text(one.chunk, one.digest)) for one in documents]
        assert [one.chunk.text for one in documents] == texts
        assert np.allclose(store.vectors, unit(expected), atol=1e-6)

    def test_vectors_cannot_be_changed(self, store):
        with pytest.raises(ValueError, match="read-only"):
            store.vectors[0] = 0.0
