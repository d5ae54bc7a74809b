"""Stores from several sources: package, folder and site in one, remembered, and done again only where changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from doctranslate import BuildReport, build_store, outdated, plan_build
from doctranslate.errors import CrawlError
from doctranslate.stores.index import DocIndex
from doctranslate.stores.manifest import read_manifest

from .samples import Condensing, contents
from .site import served, write_page, write_site

LIBRARY = "platformdirs"
N_PAGES = 30


class Site:
    """A site, and a folder of stores that are built from it."""

    def __init__(self, root: Path, url: str, asked: list[str]) -> None:
        self.root, self.url, self.asked = root, url, asked
        self.stores = root / "stores"

    def build(self, **settings: object) -> BuildReport:
        reports: list[BuildReport] = []
        given = {"stores": self.stores, "on_report": reports.append, **settings}
        build_store(LIBRARY, **given).close()  # type: ignore[arg-type]
        return reports[0]

    def change(self, n: int, text: str) -> None:
        write_page(self.root / "site", n, text)
        later = time.time() + 60  # servers tell times to the second
        os.utime(self.root / "site" / f"p{n}.html", (later, later))

    def reasons(self, **settings: bool) -> tuple[str, ...]:
        (found,) = outdated([LIBRARY], stores=self.stores, **settings)
        return found.reasons


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    write_site(tmp_path / "site", N_PAGES)
    with served(tmp_path / "site") as (url, asked):
        yield Site(tmp_path, url, asked)


def write_folder(folder: Path) -> Path:
    folder.mkdir()
    for n in range(5):
        (folder / f"a{n}.md").write_text(f"# Chapter {n}\n\nWhere gimbal{n} is turned.\n")
        (folder / f"b{n}.html").write_text(
            f"<html><body><main><h1>Sheet {n}</h1><p>When azimuth{n} is read.</p></main></body></html>"
        )
    return folder


def test_build_when_a_site_is_given_then_its_pages_join_the_package_s_and_are_found(site: Site) -> None:
    report = site.build(urls=[site.url])
    assert report.pages["web"] == report.n_extracted == N_PAGES + 1
    assert report.pages["package"] > 100
    assert report.crawl is not None and report.crawl.n_read == N_PAGES + 1
    store = DocIndex.open(Path(report.path))
    found = store.search("do_7(force=True)", k=5)
    assert f"{site.url}p7.html" in [document.chunk.uri.partition("#")[0] for document in found]
    assert not any("Menu of the site" in document.chunk.text for document in found)
    assert (store.manifest.source, store.manifest.urls) == ("package+web", (site.url,))
    assert [(each.kind, each.location) for each in store.manifest.sources][1] == ("web", site.url)
    store.close()


def test_build_when_one_page_of_the_site_changed_then_that_one_is_extracted_condensed_and_embedded(
    site: Site,
) -> None:
    first = site.build(urls=[site.url])
    site.change(7, "The new text speaks of rotors.")
    second = site.build()
    assert second.pages == first.pages
    assert second.n_extracted == 1
    assert 1 <= second.n_condensed <= 2  # the page, and the example on it
    assert second.n_embedded == second.n_condensed and not second.refit
    store = DocIndex.open(Path(second.path))
    assert "rotors" in store.search("new text of rotors", k=1)[0].chunk.text
    store.close()


def test_build_when_nothing_changed_then_the_site_is_asked_and_the_store_left_as_it_is(site: Site) -> None:
    first = site.build(urls=[site.url])
    before = contents(Path(first.path))
    n_asked = len(site.asked)
    second = site.build()
    assert second.up_to_date and second.n_extracted == 0
    assert len(site.asked) > n_asked
    assert contents(Path(first.path)) == before


def test_build_when_it_is_stopped_after_the_crawl_then_the_next_one_asks_for_nothing_again(
    site: Site,
) -> None:
    with pytest.raises(KeyboardInterrupt):
        site.build(urls=[site.url], sources=["web"], engine=Condensing(fail_after=10))
    asked = list(site.asked)
    assert {f"/p{n}.html" for n in range(N_PAGES)} <= set(asked)
    report = site.build(urls=[site.url], sources=["web"], engine=Condensing())
    assert site.asked == asked
    assert (report.pages["web"], report.n_extracted) == (N_PAGES + 1, 0)
    site.build(engine=Condensing())
    assert len(site.asked) > len(asked)  # that one was done: now changes are looked for


def test_build_when_the_crawl_fails_then_the_next_one_looks_again(site: Site) -> None:
    (site.root / "site").rename(site.root / "away")
    with pytest.raises(CrawlError, match="not one page"):
        site.build(urls=[site.url])
    (site.root / "away").rename(site.root / "site")
    assert site.build(urls=[site.url]).pages["web"] == N_PAGES + 1


def test_build_when_made_twice_from_nothing_then_the_bytes_are_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for name in ("a", "b"):
        monkeypatch.setenv("DOCTRANSLATE_CACHE", str(site.root / f"cache-{name}"))
        report = site.build(urls=[site.url], stores=site.root / name)
        made.append(contents(Path(report.path)))
    assert made[0] == made[1]


def test_outdated_when_the_site_changed_then_it_is_told_when_asked_and_after_a_crawl(site: Site) -> None:
    from doctranslate.building.sites import named_site
    from doctranslate.component import component
    from doctranslate.sources.web.source import WebSource

    site.build(urls=[site.url])
    assert site.reasons(ask_sites=True) == ()
    site.change(3, "Something else.")
    assert site.reasons() == ()
    (reason,) = site.reasons(ask_sites=True)
    assert "p3.html has changed" in reason
    WebSource(component(LIBRARY).model_copy(update={"docs": (named_site(site.url),)})).crawl()
    (reason,) = site.reasons()
    assert "not in the store" in reason
    site.build()
    assert site.reasons(ask_sites=True) == ()


def test_plan_when_the_site_was_not_crawled_then_it_is_and_nothing_is_kept(
    site: Site, own_cache: Path
) -> None:
    plan = plan_build(LIBRARY, stores=site.stores, urls=[site.url])
    assert (plan.pages["web"], plan.n_extracted) == (N_PAGES + 1, N_PAGES + 1)
    assert not list(own_cache.rglob("*")) and not site.stores.exists()


def test_plan_when_the_site_was_crawled_then_it_is_not_asked(site: Site, own_cache: Path) -> None:
    report = site.build(urls=[site.url])
    asked, files = list(site.asked), {path: path.read_bytes() for path in own_cache.rglob("*.sqlite")}
    plan = plan_build(LIBRARY, stores=site.stores)
    assert site.asked == asked
    assert (plan.pages, plan.n_chunks, plan.n_extracted) == (report.pages, report.n_chunks, 0)
    assert (plan.n_condensed, plan.n_embedded) == (0, 0)
    assert {path: path.read_bytes() for path in own_cache.rglob("*.sqlite")} == files


def test_build_when_a_folder_is_given_then_it_is_read_remembered_and_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "docs")
    here = Site(tmp_path, "", [])
    monkeypatch.chdir(tmp_path)
    first = here.build(folders=["docs"])
    assert (first.pages["folder"], first.n_extracted) == (10, 5)
    manifest = read_manifest(Path(first.path))
    assert (manifest.source, manifest.folders) == ("package+folder", (str(tmp_path / "docs"),))
    monkeypatch.chdir("/")
    assert here.build().up_to_date and here.reasons() == ()
    (tmp_path / "docs" / "b3.html").write_text("<main><h1>Sheet 3</h1><p>Rotors, now.</p></main>")
    (reason,) = here.reasons()
    assert "have changed" in reason
    second = here.build()
    assert (second.n_extracted, second.n_condensed, second.n_embedded) == (1, 1, 1)
    assert here.reasons() == ()
    third = here.build(sources=["package"])
    assert third.pages == {"package": first.pages["package"]}
    assert read_manifest(Path(third.path)).folders == ()


def test_build_when_a_folder_is_gone_then_it_fails_and_the_old_store_stays(tmp_path: Path) -> None:
    here = Site(tmp_path, "", [])
    report = here.build(folders=[write_folder(tmp_path / "docs")])
    before = contents(Path(report.path))
    (tmp_path / "docs").rename(tmp_path / "away")
    (reason,) = here.reasons()
    assert "no folder" in reason
    with pytest.raises(CrawlError, match="no folder"):
        here.build()
    assert contents(Path(report.path)) == before


def test_build_when_all_three_are_given_then_pages_come_as_package_folder_site(site: Site) -> None:
    report = site.build(urls=[site.url], folders=[write_folder(site.root / "docs")])
    assert list(report.pages) == ["package", "folder", "web"]
    manifest = read_manifest(Path(report.path))
    assert [each.kind for each in manifest.sources] == ["package", "folder", "web"]
    assert [each.n_pages for each in manifest.sources] == list(report.pages.values())
