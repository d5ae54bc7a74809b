"""What a store is built from: what is asked for, what it was built from before, or the usual."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctranslate.building.origins import choose
from doctranslate.component import Component, DocSite, Folder
from doctranslate.errors import UsageError
from doctranslate.stores.manifest import Manifest

PLAIN = Component(name="box", distribution="box", imports=("box",))
SITE = "https://box.example/docs/"
FULL = PLAIN.model_copy(update={"docs": (DocSite(url=SITE),), "folders": (Folder(path="docs"),)})


def manifest(source: str, **fields: object) -> Manifest:
    given = {"component": "box", "version": "1", "engine": "offline", "embedder": "lsa", "dim": 1}
    counts = {"n_chunks": 0, "n_relevant": 0, "files": {}}
    return Manifest.model_validate({**given, **counts, "source": source, **fields})


def test_choose_when_nothing_is_said_then_the_package_and_the_component_s_folders() -> None:
    assert choose(PLAIN).kinds == ("package",)
    assert choose(FULL).kinds == ("package", "folder")


def test_choose_when_there_is_a_store_then_what_it_was_built_from() -> None:
    assert choose(FULL, earlier=manifest("package+web")).kinds == ("package", "web")


def test_choose_when_kinds_are_named_then_these_in_the_order_of_the_pages() -> None:
    assert choose(FULL, sources=["web", "package"], earlier=manifest("folder")).kinds == ("package", "web")


def test_choose_when_folders_and_sites_are_given_then_folders_join_and_sites_replace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = choose(FULL, folders=["more"], urls=["https://other.example/", SITE])
    assert found.kinds == ("package", "folder", "web")
    assert found.folders == (str(tmp_path / "more"),)
    assert found.urls == ("https://other.example/", SITE)
    assert [site.url for site in found.component.docs] == ["https://other.example/", SITE]
    assert found.component.docs[1] == FULL.docs[0]
    assert [folder.path for folder in found.component.folders] == ["docs", str(tmp_path / "more")]


def test_choose_when_they_were_given_before_then_they_are_used_again_and_once() -> None:
    before = manifest("package+folder+web", folders=("/a",), urls=("https://x/",))
    found = choose(PLAIN, folders=["/a", "/b"], earlier=before)
    assert (found.kinds, found.folders, found.urls) == (
        ("package", "folder", "web"),
        ("/a", "/b"),
        ("https://x/",),
    )
    assert choose(PLAIN, urls=["https://y/"], earlier=before).urls == ("https://y/",)
    without = choose(PLAIN, sources=["package"], earlier=before)
    assert (without.folders, without.urls) == ((), ())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sources": ["net"]}, "not net"),
        ({"sources": []}, "not nothing"),
        ({"sources": ["web"]}, "--url"),
        ({"sources": ["folder"]}, "--folder"),
        ({"urls": ["ftp://x/"]}, "ftp://x/"),
        ({"urls": ["docs"]}, "docs"),
    ],
)
def test_choose_when_there_is_nothing_to_read_then_the_error_says_what_to_do(
    settings: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        choose(PLAIN, **settings)  # type: ignore[arg-type]


def test_choose_when_a_folder_is_named_then_its_pages_document_what_those_of_the_site_do() -> None:
    symbols = {r"/api/(\w+)$": r"box.\1"}
    described = PLAIN.model_copy(update={"docs": (DocSite(url=SITE, symbols=symbols),)})
    assert choose(described, folders=["docs"]).component.folders[0].symbols == symbols
