from hypothesis import given
from hypothesis import strategies as st

from doctranslate.records import Chunk, Digest, Document
from doctranslate.retrieval.base import SourceSearch, distinct, interleave, search_all

from .samples import CODE, USAGES, symbols, usage


def document(name: str) -> Document:
    chunk = Chunk(id=name, uri="u", symbol=name, text=name, n_tokens=1)
    return Document(chunk, Digest(chunk_id=name, description=name))


RANKINGS = st.lists(st.lists(st.sampled_from("abcdefgh").map(document), max_size=5), max_size=4)


class TestInterleave:
    def test_takes_all_first_ranks_before_any_second(self):
        rankings = [[document(name) for name in names] for names in ("abc", "x", "pq")]
        assert symbols(interleave(rankings)) == ["a", "x", "p", "b", "q", "c"]

    def test_keeps_a_chunk_at_its_first_place(self):
        rankings = [[document(name) for name in names] for names in ("ab", "ba")]
        assert symbols(interleave(rankings)) == ["a", "b"]

    @given(RANKINGS)
    def test_of_any_rankings_holds_every_chunk_once(self, rankings):
        merged = symbols(interleave(rankings))
        assert sorted(merged) == sorted({name for ranking in rankings for name in symbols(ranking)})

    @given(RANKINGS)
    def test_gives_the_best_of_each_ranking_a_place_among_the_first(self, rankings):
        first = {ranking[0].chunk.id for ranking in rankings if ranking}
        assert {one.chunk.id for one in interleave(rankings)[: len(first)]} == first


def test_distinct_keeps_the_first_of_each_and_the_order():
    assert symbols(distinct([document(name) for name in "abacb"])) == ["a", "b", "c"]


class TestSourceSearch:
    def test_by_calls_asks_once_for_each_distinct_call_in_order(self, crate):
        found = SourceSearch(crate, k=2, query="calls").find(CODE, USAGES)
        assert [one.query for one in found] == ["crate.core.Crate.create_label", "crate.core.Crate.upload"]
        assert [symbols(one.documents)[0] for one in found] == [one.query for one in found]

    def test_by_calls_gives_k_documents_per_call_that_say_which_call_found_them(self, crate):
        (found,) = SourceSearch(crate, k=3, query="calls").find(CODE, USAGES[:1])
        assert len(found.documents) == 3
        assert {one.query for one in found.documents} == {"crate.core.Crate.create_label"}

    def test_by_calls_finds_what_is_near_a_call_without_a_page(self, crate):
        (found,) = SourceSearch(crate, k=1, query="calls").find(CODE, [usage("crate.cmd.Command.upload_all")])
        assert symbols(found.documents) == ["crate.core.Crate.upload"]

    def test_by_calls_with_no_calls_asks_with_the_code(self, crate):
        (found,) = SourceSearch(crate, k=2, query="calls").find(CODE, ())
        assert found.query == CODE

    def test_by_code_asks_once_with_the_code(self, crate):
        (found,) = SourceSearch(crate, k=2, query="code").find(CODE, USAGES)
        assert found.query == CODE
        assert symbols(found.documents)[0] in {"crate.core.Crate.create_label", "crate.core.Crate.upload"}

    def test_of_blank_code_asks_nothing(self, crate):
        assert SourceSearch(crate, k=2, query="code").find(" \n", ()) == []


def test_search_all_leaves_blank_queries_out(box):
    assert [found.query for found in search_all(box, ["push", " ", ""], k=1)] == ["push"]
