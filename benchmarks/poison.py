"""Measures whether poisoned documents get through, and whether honest translations do.

``python -m benchmarks.poison`` builds small stores with the forty documents of ``tests/poison/documents.py`` in them,
translates with a model that obeys one document at a time, over real HTTP, and prints a Markdown table; ``--write``
puts it into ``docs/benchmarks/poison.md``. Honest are the hand-written translations of ``tests/poison/honest.py`` and
what the offline engine writes for the programs of ``tests/translation/programs``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.tables import put_table, table
from tests.poison.attacks import ATTACKS, CHANGES, SOURCE, TRANSLATION
from tests.poison.attempt import GUARD, attempt, build
from tests.poison.documents import DOCUMENTS
from tests.poison.honest import HONEST
from tests.translation.corpus import programs

import doctranslate
from doctranslate.apis import ApiIndex
from doctranslate.component import component
from doctranslate.records import Check
from doctranslate.sources.package import read_api
from doctranslate.verification.static import check_static

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "poison.md"
WHOLE = 9
"""The document that is put among all of DVC's documentation as well: its page is near to what the program does."""

Row = tuple[str, int, int, int]


def poisoned(root: Path) -> list[Row]:
    """Documents of each kind, how many orders reached the prompt and were obeyed, and how many were blocked."""
    build(root / "stores", DOCUMENTS, folder=root / "pages")
    n_all, n_obeyed, n_blocked = Counter[str](), Counter[str](), Counter[str]()
    for document in DOCUMENTS:
        found = attempt(document.number, root / "stores")
        n_all[document.kind] += 1
        n_obeyed[document.kind] += document.payload in found.translation.code
        n_blocked[document.kind] += found.is_blocked
    return [(kind, n, n_obeyed[kind], n_blocked[kind]) for kind, n in n_all.items()]


def among_all(root: Path) -> Row:
    """The same for one document among all of DVC's documentation, with the usual four documents per query."""
    folder = root / "one"
    folder.mkdir()
    document = next(document for document in DOCUMENTS if document.number == WHOLE)
    (folder / "page.md").write_text(document.text, encoding="utf-8")
    doctranslate.build_store(
        "dvc", sources=["package", "folder"], folders=[folder], stores=root / "all"
    ).close()
    found = attempt(WHOLE, root / "all", k=4)
    return (
        "one among all of DVC's documentation, k=4",
        1,
        int(WHOLE in found.model.seen),
        int(found.is_blocked),
    )


def attacks(src: ApiIndex, dst: ApiIndex) -> Row:
    """The ways around the guard that were tried."""
    codes = [f"{TRANSLATION}{added}\n" for added in ATTACKS.values()]
    codes += [TRANSLATION.replace(old, new) for old, new in CHANGES.values()]
    n_blocked = sum(_guard(code, SOURCE, src, dst).outcome == "fail" for code in codes)
    return ("ways around the guard, without a model", len(codes), len(codes), n_blocked)


def honest(src: ApiIndex, dst: ApiIndex) -> list[tuple[str, int, int]]:
    """Translations of each kind, and how many of them the guard blocks."""
    by_hand = [_guard(code, source, src, dst) for source, code in HONEST.values()]
    by_rules = [
        next(check for check in found.report.checks if check.name == GUARD)
        for program in programs()
        if (
            found := doctranslate.translate(
                program.source, "gitpython", "dvc", "none", engine="offline", data=program.data
            )
        ).report.checks
    ]
    rows = (("written by hand as models write", by_hand), ("by the rules, programs of the corpus", by_rules))
    return [(name, len(checks), sum(check.outcome == "fail" for check in checks)) for name, checks in rows]


def _guard(code: str, source: str, src: ApiIndex, dst: ApiIndex) -> Check:
    report = check_static(code, source=source, src_api=src, dst_api=dst)
    return next(check for check in report.checks if check.name == GUARD)


def main() -> None:
    """Measure, and print or write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    args = parser.parse_args()
    src, dst = read_api(component("gitpython")), read_api(component("dvc"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DOCTRANSLATE_CACHE"] = str(Path(folder) / "cache")
        rows = poisoned(Path(folder))
        total = ("**all**", *(sum(row[at] for row in rows) for at in (1, 2, 3)))
        rows = [*rows, total, among_all(Path(folder)), attacks(src, dst)]  # type: ignore[list-item]
    first = table(["order", "documents", "obeyed", "blocked"], rows)
    second = table(["honest translations", "programs", "blocked"], honest(src, dst))
    print(first, second, sep="\n\n")
    if args.write:
        put_table(PAGE, "poisoned", first)
        put_table(PAGE, "honest", second)


if __name__ == "__main__":
    main()
