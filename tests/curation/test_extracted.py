"""Extraction: each page of HTML once, whatever else changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from doctranslate.curation.extracted import Extraction, ExtractionCache, page_key
from doctranslate.errors import StoreError
from doctranslate.records import Page


def page(n: int, text: str = "<p>x</p>", **fields: object) -> Page:
    return Page.model_validate(
        {"uri": f"https://x/{n}", "title": str(n), "media_type": "text/html", "text": text, **fields}
    )


def halves(page: Page) -> tuple[Page, ...]:
    """Two pages of one, as a reference page gives one for each object."""
    return tuple(
        page.model_copy(update={"uri": f"{page.uri}#{n}", "media_type": "text/markdown"}) for n in (0, 1)
    )


def extraction(tmp_path: Path, extractor: str = "e1") -> Extraction:
    return Extraction(halves, extractor, ExtractionCache(tmp_path / "c" / "extracted.sqlite"))


PAGES = [page(n) for n in range(40)]


def test_pages_when_extracted_then_they_are_in_order_and_equal_with_and_without_a_cache(
    tmp_path: Path,
) -> None:
    plain = list(Extraction(halves, "e1").pages(PAGES))
    assert [one.uri for one in plain] == [f"https://x/{n}#{part}" for n in range(40) for part in (0, 1)]
    assert list(extraction(tmp_path).pages(PAGES)) == plain
    assert list(extraction(tmp_path).pages(PAGES)) == plain


def test_pages_when_one_of_many_changed_then_that_one_is_extracted(tmp_path: Path) -> None:
    first = extraction(tmp_path)
    list(first.pages(PAGES))
    second = extraction(tmp_path)
    list(second.pages([*PAGES[:7], page(7, "<p>new</p>"), *PAGES[8:]]))
    assert (first.n_extracted, second.n_extracted) == (40, 1)


def test_pages_when_only_the_time_of_reading_changed_then_nothing_is_extracted(tmp_path: Path) -> None:
    list(extraction(tmp_path).pages(PAGES[:1]))
    again = extraction(tmp_path)
    list(again.pages([PAGES[0].model_copy(update={"fetched_at": datetime(2026, 1, 1, tzinfo=UTC)})]))
    assert again.n_extracted == 0


@pytest.mark.parametrize("change", [{"selector": "main"}, {"symbol": "x.y"}, {"uri": "https://y/"}])
def test_page_key_when_anything_else_of_the_page_changes_then_so_does_the_key(
    change: dict[str, str],
) -> None:
    assert page_key(PAGES[0].model_copy(update=change), "e") != page_key(PAGES[0], "e")


def test_pages_when_the_extractor_changed_then_all_are_extracted(tmp_path: Path) -> None:
    list(extraction(tmp_path).pages(PAGES))
    other = extraction(tmp_path, "e2")
    list(other.pages(PAGES))
    assert other.n_extracted == 40


def test_pages_when_they_are_not_html_then_they_are_neither_kept_nor_counted(tmp_path: Path) -> None:
    given = extraction(tmp_path)
    assert len(list(given.pages([page(0, media_type="text/markdown")]))) == 2
    assert given.n_extracted == 0


def test_pages_when_it_stops_half_way_then_what_was_extracted_is_kept(tmp_path: Path) -> None:
    def fails_late():
        yield from PAGES[:20]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(extraction(tmp_path).pages(fails_late()))
    again = extraction(tmp_path)
    list(again.pages(PAGES))
    assert again.n_extracted == 24


def test_get_when_an_entry_is_garbage_then_raises_and_says_what_to_do(tmp_path: Path) -> None:
    from doctranslate.cache import Cache

    Cache(tmp_path / "x.sqlite", what="extraction").put({page_key(PAGES[0], "e"): b"{"})
    with pytest.raises(StoreError, match="Delete it"):
        list(Extraction(halves, "e", ExtractionCache(tmp_path / "x.sqlite")).pages(PAGES[:1]))
