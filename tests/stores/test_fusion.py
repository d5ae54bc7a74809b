import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctranslate.errors import UsageError
from doctranslate.stores.fusion import reciprocal_rank_fusion

RANKINGS = st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), min_size=1, max_size=4)


def keys(fused):
    return [one.key for one in fused]


def test_fusion_of_two_rankings_prefers_what_both_rank():
    assert keys(reciprocal_rank_fusion([["a", "b"], ["c", "b"]]))[0] == "b"


def test_fusion_scores_are_those_of_the_formula():
    fused = {one.key: one.score for one in reciprocal_rank_fusion([["a", "b"], ["b"]], weights=[1, 2])}
    assert fused == {"b": pytest.approx(1 / 62 + 2 / 61), "a": pytest.approx(1 / 61)}


def test_fusion_with_a_repeated_key_counts_its_best_rank_only():
    assert reciprocal_rank_fusion([["a", "a"]])[0].score == pytest.approx(1 / 61)


def test_fusion_with_weight_zero_leaves_the_ranking_out():
    assert keys(reciprocal_rank_fusion([["a"], ["b"]], weights=[1, 0])) == ["a"]


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0]])
def test_fusion_with_wrong_weights_raises(weights):
    with pytest.raises(UsageError, match="as many weights"):
        reciprocal_rank_fusion([["a"], ["b"]], weights=weights)


@given(RANKINGS)
def test_fusion_of_any_rankings_holds_every_key_once_best_first(rankings):
    fused = reciprocal_rank_fusion(rankings)
    assert sorted(keys(fused)) == sorted({key for ranking in rankings for key in ranking})
    assert [one.score for one in fused] == sorted((one.score for one in fused), reverse=True)


@given(st.lists(st.integers(), unique=True, max_size=10), st.integers(1, 4))
def test_fusion_of_equal_rankings_keeps_their_order(ranking, times):
    assert keys(reciprocal_rank_fusion([ranking] * times)) == ranking


@given(RANKINGS, st.randoms(use_true_random=False))
def test_fusion_gives_each_key_the_same_score_whatever_the_order_of_rankings(rankings, random):
    shuffled = random.sample(rankings, len(rankings))
    one = {fused.key: fused.score for fused in reciprocal_rank_fusion(rankings)}
    other = {fused.key: fused.score for fused in reciprocal_rank_fusion(shuffled)}
    assert one == {key: pytest.approx(score) for key, score in other.items()}
