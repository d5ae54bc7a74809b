"""Reciprocal rank fusion: one ranking out of several whose scores cannot be compared."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from doctranslate.errors import UsageError

K = TypeVar("K", bound=Hashable)
C = 60
"""Damps the lead of the first ranks; the value of the paper."""


@dataclass(frozen=True, slots=True)
class Fused(Generic[K]):
    """A key with its fused score; higher is better."""

    key: K
    score: float


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[K]], *, weights: Sequence[float] | None = None, c: float = C
) -> list[Fused[K]]:
    """Fuse rankings: each gives ``weight / (c + rank)`` to what it ranks (ranks from 1).

    Args:
        rankings: Keys, best first; a key that a ranking repeats counts at its best rank.
        weights: One per ranking, not negative; None weighs all the same.
        c: Positive constant.

    Returns:
        Every key of a ranking whose weight is not 0, best first; equal scores in the order of appearance.

    Raises:
        UsageError: There is not one weight per ranking, or a weight is negative.

    Source:
        G. V. Cormack, C. L. A. Clarke, S. Büttcher: Reciprocal Rank Fusion outperforms Condorcet and
        individual Rank Learning Methods. SIGIR 2009, pages 758-759. The weights are a
        later addition.
    """
    given = [1.0] * len(rankings) if weights is None else list(weights)
    if len(given) != len(rankings) or any(weight < 0 for weight in given):
        raise UsageError(
            f"fusion of {len(rankings)} rankings needs as many weights of 0 or more, got {given}"
        )
    scores: dict[K, float] = {}
    for ranking, weight in zip(rankings, given, strict=True):
        if weight == 0:
            continue
        for rank, key in enumerate(dict.fromkeys(ranking), start=1):
            scores[key] = scores.get(key, 0.0) + weight / (c + rank)
    return sorted((Fused(key, score) for key, score in scores.items()), key=lambda fused: -fused.score)
