"""The labels of the retrieval benchmark hold, and its measures are right."""

import pytest
from labels import LABELS, first_right, load_labels, mean_reciprocal_rank, recall, symbols_of

from doctranslate.analysis.usages import analyse
from doctranslate.apis import ApiIndex, merge
from doctranslate.component import requirement
from doctranslate.records import Chunk, Digest, Document
from doctranslate.rules import find_rules
from doctranslate.sources.package import PackageSource

RANKS = (1, 3, None, 6)

HEADER = '[[call]]\nn = {n}\nsymbol = "a.b"\nright = ["c.d"]\ncode = "b()"\n'


@pytest.fixture(scope="module")
def documented() -> set[str]:
    """Symbols that have a page of their own, as the store's chunks have."""
    return {page.symbol for page in PackageSource(requirement("dvc").component).pages()}


@pytest.fixture(scope="module")
def api() -> ApiIndex:
    rules = find_rules("gitpython", "dvc")
    assert rules is not None and rules.extra_api is not None
    return merge([PackageSource(requirement("gitpython").component).api(), rules.extra_api])


def test_labels_when_read_then_are_thirty_programs_of_a_few_lines_in_two_halves():
    calls = load_labels()
    assert len(calls) == 30
    assert len({call.code for call in calls}) == 30
    assert sum(call.half == "A" for call in calls) == 15
    assert all(3 <= len([line for line in call.code.splitlines() if line.strip()]) <= 8 for call in calls)


def test_labels_when_compared_with_the_documentation_then_every_right_symbol_has_a_page(documented):
    assert [symbol for call in load_labels() for symbol in call.right if symbol not in documented] == []


def test_labels_when_a_program_is_analysed_then_it_makes_the_call_that_counts(api):
    rules = find_rules("gitpython", "dvc")
    for call in load_labels():
        made = analyse(call.code, api, overrides=rules.overrides if rules else None).usages
        assert call.symbol in {use.symbol for use in made}, call.n


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER.format(n=2), "numbered"),
        (HEADER.format(n=1) + HEADER.format(n=1), "numbered"),
        (HEADER.format(n=1).replace('right = ["c.d"]', "right = []"), "call 1"),
        (HEADER.format(n=1) + "rigth = []\n", "call 1"),
    ],
)
def test_load_labels_when_the_file_is_not_well_formed_then_says_where(tmp_path, text, said):
    path = tmp_path / LABELS.name
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        load_labels(path)


def test_first_right_when_several_are_right_then_is_the_rank_of_the_first():
    ranking = [{"a"}, {"b", "cli:b"}, {"c"}]
    assert first_right(ranking, {"c", "cli:b"}) == 2
    assert first_right(ranking, {"d"}) is None
    assert first_right([], {"d"}) is None


def test_recall_when_some_are_found_then_is_their_share():
    assert recall(RANKS, k=5) == 0.5
    assert recall(RANKS, k=1) == 0.25
    assert recall(RANKS, k=6) == 0.75


def test_mean_reciprocal_rank_when_some_are_found_then_counts_ranks_up_to_k():
    assert mean_reciprocal_rank(RANKS, k=5) == pytest.approx((1 + 1 / 3) / 4)


def test_symbols_of_when_a_command_is_linked_then_it_stands_for_its_function():
    chunk = Chunk(id="1", uri="u", symbol="cli:add", kind="cli", text="x", links=("lib.add",), n_tokens=1)
    assert symbols_of(Document(chunk, Digest(chunk_id="1", description="x"))) == {"cli:add", "lib.add"}
