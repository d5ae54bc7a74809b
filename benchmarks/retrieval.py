"""Compares retrieval strategies on labelled calls: ``python benchmarks/retrieval.py [--write] [--misses]``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from labels import LabelledCall, first_right, load_labels, mean_reciprocal_rank, recall, symbols_of
from windows import WINDOW_CHARS, WindowSearch, cut

from doctranslate import build_store, open_store
from doctranslate.analysis.usages import analyse
from doctranslate.apis import merge
from doctranslate.component import requirement
from doctranslate.engines.offline import OfflineEngine
from doctranslate.records import ApiUsage, QueryMode, Strategy
from doctranslate.retrieval.make import make_strategy
from doctranslate.rules import find_rules
from doctranslate.sources.package import PackageSource
from doctranslate.stores.index import DocIndex

SRC, DST = "gitpython", "dvc"
K = 5
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "retrieval.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

Ranking = list[Collection[str]]
"""What each document is about, best first."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Both document stores."""

    src: DocIndex
    dst: DocIndex


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table.

    Attributes:
        name: What is compared.
        query: What the query is made of.
        rank: Ranks documents for a call.
    """

    name: str
    query: str
    rank: Callable[[LabelledCall], Ranking]


def cases(stores: Stores, calls: Sequence[LabelledCall]) -> list[Case]:
    """The rows: the stock baseline, then each strategy with each kind of query."""
    usages: dict[int, Sequence[ApiUsage]] = {c.n: find_usages(c.code, stores.src) for c in calls}
    pages = list(PackageSource(requirement(DST).component).pages())
    stock = WindowSearch(cut(pages))
    rows = [
        Case(
            f"stock: {WINDOW_CHARS:,}-character windows",
            "whole code",
            lambda call: [window.symbols for window in stock.search(call.code, k=K)],
        )
    ]
    chosen: list[tuple[str, Strategy, bool]] = [
        ("`docs`", "docs", False),
        ("`llm-docs`, without rules", "llm-docs", False),
        ("`llm-docs`", "llm-docs", True),
        ("`llm`, without rules", "llm", False),
        ("`llm`", "llm", True),
    ]
    alone = {call.n: [use for use in usages[call.n] if use.symbol == call.symbol] for call in calls}
    modes: list[tuple[str, QueryMode, dict[int, Sequence[ApiUsage]]]] = [
        ("whole code", "code", usages),
        ("each call", "calls", usages),
        ("this call alone", "calls", alone),
    ]
    for name, strategy, use_rules in chosen:
        for shown, query, uses in modes:
            rows.append(Case(name, shown, ranker(stores, uses, strategy, query=query, use_rules=use_rules)))
    return rows


def ranker(
    stores: Stores,
    usages: dict[int, Sequence[ApiUsage]],
    strategy: Strategy,
    *,
    query: QueryMode,
    use_rules: bool,
) -> Callable[[LabelledCall], Ranking]:
    """What a strategy finds for a call."""
    made = make_strategy(
        strategy,
        store_src=stores.src,
        store_dst=stores.dst,
        engine=OfflineEngine(use_rules=use_rules),
        src=SRC,
        dst=DST,
        k=K,
        query=query,
    )

    def rank(call: LabelledCall) -> Ranking:
        found = made.retrieve(call.code, usages=usages[call.n])
        return [known(symbols_of(document), stores.dst) for document in found.docs_dst]

    return rank


def known(symbols: Collection[str], store: DocIndex) -> frozenset[str]:
    """Those that the target really has, by the name it is documented under: an engine may write of others."""
    return frozenset(one.chunk.symbol for symbol in symbols for one in store.by_symbol(symbol))


def find_usages(code: str, store: DocIndex) -> Sequence[ApiUsage]:
    """The calls in a program, found as `doctranslate.translate` finds them."""
    api, rules = store.api(), find_rules(SRC, DST)
    if api is None or rules is None:
        raise SystemExit("the benchmark needs the store's API index, and the rules of the pair")
    index = merge([api, rules.extra_api]) if rules.extra_api is not None else api
    return analyse(code, index, overrides=rules.overrides).usages


def table(rows: Sequence[Case], calls: Sequence[LabelledCall], *, misses: bool = False) -> str:
    """The results as a Markdown table.

    Args:
        rows: What is compared.
        calls: The labelled calls.
        misses: Whether to print which calls of half A had no right document.
    """
    lines = [
        f"| strategy | query | recall@{K} | half A | half B | MRR@{K} |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for row in rows:
        ranks = {call.n: first_right(row.rank(call), call.right) for call in calls}
        halves = [[ranks[call.n] for call in calls if call.half == half] for half in ("A", "B")]
        every = list(ranks.values())
        cells = [f"{recall(given, k=K):.2f}" for given in (every, *halves)]
        mrr = f"{mean_reciprocal_rank(every, k=K):.2f}"
        lines.append(f"| {' | '.join([row.name, row.query, *cells, mrr])} |")
        if misses:
            missed = [c for c in calls if c.half == "A" and (ranks[c.n] or K + 1) > K]
            print(
                f"{row.name} {row.query}: {', '.join(f'{c.n} {c.symbol}' for c in missed) or 'none missed'}"
            )
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the table between its marks in the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def versions() -> str:
    """The documentation that was searched."""
    return ", ".join(f"{name} {version(name)}" for name in ("GitPython", "dvc", "scmrepo"))


def main() -> None:
    """Print the table; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help=f"put the table into docs/benchmarks/{PAGE.name}"
    )
    parser.add_argument("--misses", action="store_true", help="list the calls of half A that were missed")
    parser.add_argument("--opened", action="store_true", help="search the stores there are, not new ones")
    options = parser.parse_args()
    calls = load_labels()
    with tempfile.TemporaryDirectory() as folder:
        source, target = (
            open_store(name) if options.opened else build_store(name, stores=folder) for name in (SRC, DST)
        )
        stores = Stores(source, target)
        compared = table(cases(stores, calls), calls, misses=options.misses)
    text = f"{compared}\n\n{len(calls)} calls; {versions()}."
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()
