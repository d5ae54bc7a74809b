"""Building again: what has not changed costs nothing, and the bytes do not depend on the way there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doctranslate.building.report import BuildReport
from doctranslate.records import Digest
from doctranslate.stores.index import DocIndex

from .samples import Condensing, Letters, build_box, contents, page

PAGES = [page(n) for n in range(200)]
CHANGED = [*PAGES[:77], page(77, "Turns the rotor. New words: azimuth, gimbal."), *PAGES[78:]]


def test_build_when_one_of_200_pages_changed_then_its_chunks_alone_are_condensed_and_embedded(
    tmp_path: Path,
) -> None:
    engine, embedder = Condensing(), Letters()
    first = build_box(tmp_path / "s", PAGES, engine=engine, embedder=embedder)
    assert (first.n_condensed, first.n_embedded) == (200, 200)
    engine, embedder = Condensing(), Letters()
    second = build_box(tmp_path / "s", CHANGED, engine=engine, embedder=embedder)
    assert engine.condensed == ["box.do_77"]
    assert len(embedder.given) == 1 and "rotor" in embedder.given[0]
    assert (second.n_condensed, second.n_digests_reused) == (1, 199)
    assert (second.n_embedded, second.n_vectors_reused) == (1, 199)
    assert not second.up_to_date


def test_build_when_one_page_changed_then_lsa_keeps_its_fit_and_the_page_is_found(tmp_path: Path) -> None:
    build_box(tmp_path / "s", PAGES)
    report = build_box(tmp_path / "s", CHANGED)
    assert (report.n_embedded, report.refit) == (1, False)
    store = DocIndex.open(tmp_path / "s")
    assert store.search("azimuth of the gimbal", k=1)[0].chunk.symbol == "box.do_77"
    store.close()


def test_build_when_nothing_changed_then_the_store_is_left_as_it_is(tmp_path: Path) -> None:
    build_box(tmp_path / "s", PAGES)
    before = (tmp_path / "s").stat().st_ino
    report = build_box(tmp_path / "s", PAGES)
    assert report.up_to_date
    assert (report.n_condensed, report.n_embedded, report.n_vectors_reused) == (0, 0, 200)
    assert (tmp_path / "s").stat().st_ino == before


def test_build_when_forced_then_it_is_written_as_if_nothing_had_been_there(tmp_path: Path) -> None:
    build_box(tmp_path / "s", PAGES)
    build_box(tmp_path / "s", CHANGED)
    report = build_box(tmp_path / "s", CHANGED, force=True)
    assert (report.up_to_date, report.refit, report.n_condensed) == (False, True, 0)
    build_box(tmp_path / "fresh", CHANGED)
    assert contents(tmp_path / "s") == contents(tmp_path / "fresh")


def test_build_when_it_is_repeated_from_the_same_store_then_the_bytes_are_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_box(tmp_path / name, PAGES)
        build_box(tmp_path / name, CHANGED)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_build_when_pages_come_and_go_then_what_is_gone_is_not_found(tmp_path: Path) -> None:
    build_box(tmp_path / "s", PAGES)
    report = build_box(tmp_path / "s", PAGES[:150])
    assert (report.n_chunks, report.n_condensed, report.refit) == (150, 0, True)
    store = DocIndex.open(tmp_path / "s")
    assert store.by_symbol("box.do_199") == []
    store.close()


def test_build_when_it_was_stopped_half_way_then_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_box(tmp_path / "s", PAGES, engine=Condensing(fail_after=130))
    engine = Condensing()
    report = build_box(tmp_path / "s", PAGES, engine=engine)
    assert (len(engine.condensed), report.n_digests_reused) == (70, 130)


def test_build_when_the_store_there_is_broken_then_all_is_embedded_and_the_store_is_whole(
    tmp_path: Path,
) -> None:
    build_box(tmp_path / "s", PAGES)
    (tmp_path / "s" / "vectors.npy").write_bytes(b"")
    report = build_box(tmp_path / "s", PAGES)
    assert (report.up_to_date, report.n_embedded, report.n_condensed) == (False, 200, 0)
    DocIndex.open(tmp_path / "s").close()


class Inventing(Condensing):
    """Adds a signature and a line of code that are nowhere in the documentation."""

    def condense(self, chunks):
        return [
            Digest(
                chunk_id=digest.chunk_id,
                description=digest.description,
                signatures=("do(force=True)",),
                example=f"{digest.example}\nbox.explode()",
                engine=self.name,
            )
            for digest in super().condense(chunks)
        ]


def test_build_when_the_engine_invents_then_nothing_of_it_is_stored_and_it_is_counted(tmp_path: Path) -> None:
    for _ in range(2):  # new, and from the cache
        report = build_box(tmp_path / "s", PAGES[:10], engine=Inventing())
        assert report.n_dropped == 20
        assert "20 invented lines dropped" in str(report)
    store = DocIndex.open(tmp_path / "s")
    for document in store.search("move part", k=10):
        assert "explode" not in document.digest.example and document.digest.signatures == ()
    store.close()


def test_report_when_made_then_it_has_every_stage_and_survives_json(tmp_path: Path) -> None:
    report = build_box(tmp_path / "s", PAGES[:5])
    assert {"pages", "condense", "embed", "write", "all"} <= set(report.seconds)
    assert report.pages == {"package": 5}
    assert BuildReport.model_validate(json.loads(report.model_dump_json())) == report
    assert str(report).startswith("box==1.0: built in ")
