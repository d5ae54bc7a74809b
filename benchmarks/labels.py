"""The labelled calls of the retrieval benchmark, and how a ranking is judged by them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from doctranslate.records import Document

LABELS = Path(__file__).with_name("retrieval_labels.toml")

Half = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """A call on the source library, and the target documents that answer it.

    Attributes:
        n: Its number, from 1.
        symbol: The call that counts.
        right: Symbols of the target; a document about any of them is right.
        code: A program of a few lines around the call.
    """

    n: int
    symbol: str
    right: frozenset[str]
    code: str

    @property
    def half(self) -> Half:
        """``A`` may be looked at while retrieval is worked on, ``B`` may not."""
        return "A" if self.n % 2 else "B"


def load_labels(path: Path = LABELS) -> list[LabelledCall]:
    """Read the labels.

    Args:
        path: The file.

    Returns:
        In order of their numbers.

    Raises:
        ValueError: A field is missing or unknown, or the numbers are not 1, 2, 3…
    """
    calls = []
    for raw in tomllib.loads(path.read_text(encoding="utf-8"))["call"]:
        if set(raw) != {"n", "symbol", "right", "code"} or not raw["right"]:
            raise ValueError(
                f"{path.name}: call {raw.get('n')} needs n, symbol, right and code, nothing else"
            )
        calls.append(LabelledCall(raw["n"], raw["symbol"], frozenset(raw["right"]), raw["code"]))
    if [call.n for call in calls] != list(range(1, len(calls) + 1)):
        raise ValueError(f"{path.name}: calls are not numbered 1 to {len(calls)}")
    return calls


def symbols_of(document: Document) -> frozenset[str]:
    """What a document is about: its object, and what says the same elsewhere (a command and its function)."""
    return frozenset({document.chunk.symbol, *document.chunk.links} - {""})


def first_right(ranking: Sequence[Collection[str]], right: Collection[str]) -> int | None:
    """Rank of the first right entry.

    Args:
        ranking: What each entry is about, best first.
        right: What is right.

    Returns:
        From 1, or None when no entry is right.
    """
    wanted = set(right)
    return next((rank for rank, about in enumerate(ranking, start=1) if wanted & set(about)), None)


def recall(ranks: Sequence[int | None], *, k: int) -> float:
    """Share of the calls with a right document among the first k.

    Args:
        ranks: Of each call, as `first_right` gives it.
        k: How many documents count.

    Returns:
        In [0, 1].
    """
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None], *, k: int) -> float:
    """Mean of 1/rank over the calls, 0 for those without a right document among the first k.

    Args:
        ranks: Of each call, as `first_right` gives it.
        k: How many documents count.

    Returns:
        In [0, 1].

    Source:
        E. M. Voorhees: The TREC-8 Question Answering Track Report. Proceedings of the 8th Text REtrieval
        Conference, 1999, pages 77-82.
    """
    return sum(1 / rank for rank in ranks if rank is not None and rank <= k) / len(ranks)
