"""Between builds: what the next one learns from the last, and from one that was stopped."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from doctranslate import build_store
from doctranslate.building.build import manifest_before
from doctranslate.building.unfinished import GOES_ON_S, Unfinished
from doctranslate.stores.manifest import MANIFEST, read_manifest

from .samples import build_box, page


def test_note_when_left_then_it_tells_the_moment_for_a_day_and_until_it_is_taken_away(tmp_path: Path) -> None:
    note = Unfinished(tmp_path / "s")
    began = note.leave()
    assert 0 <= time.time() - began < 60
    then = time.time() - GOES_ON_S + 60
    os.utime(tmp_path / ".s.unfinished", (then, then))
    assert abs(Unfinished(tmp_path / "s").leave() - then) < 1  # of the same build: it does not get younger
    assert Unfinished(tmp_path / "other").leave() > then
    os.utime(tmp_path / ".s.unfinished", (then - 120, then - 120))
    assert note.leave() > then
    os.utime(tmp_path / ".s.unfinished", (then + 2 * GOES_ON_S, then + 2 * GOES_ON_S))
    assert note.leave() < then + GOES_ON_S  # a moment that is still to come is none to go on from
    note.take_away()
    note.take_away()
    assert [path.name for path in tmp_path.iterdir()] == [".other.unfinished"]


def edit(folder: Path, **fields: object) -> None:
    manifest = read_manifest(folder).model_copy(update=fields).sealed()
    (folder / MANIFEST).write_text(manifest.model_dump_json())


def test_manifest_before_when_there_is_no_store_of_this_version_then_that_of_the_last_one(
    tmp_path: Path,
) -> None:
    assert manifest_before(tmp_path, tmp_path / "box@3", "box") is None
    build_box(tmp_path / "box@1", [page(1)])
    shutil.copytree(tmp_path / "box@1", tmp_path / "box@2")
    edit(tmp_path / "box@1", urls=("https://one/",))
    edit(tmp_path / "box@2", urls=("https://two/",))
    os.utime(tmp_path / "box@2" / MANIFEST, (1, 1))
    found = manifest_before(tmp_path, tmp_path / "box@3", "box")
    assert found is not None and found.urls == ("https://one/",)
    same = manifest_before(tmp_path, tmp_path / "box@2", "box")
    assert same is not None and same.urls == ("https://two/",)
    (tmp_path / "box@1" / MANIFEST).write_text("{")
    left = manifest_before(tmp_path, tmp_path / "box@3", "box")
    assert left is not None and left.urls == ("https://two/",)


def test_build_when_another_version_was_built_from_a_folder_then_the_new_store_is_too(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# Chapter\n\nWhere the gimbal is turned.\n")
    store = build_store("platformdirs", folders=[tmp_path / "docs"], stores=tmp_path / "s")
    store.close()
    store.path.rename(store.path.with_name("platformdirs@0.1"))
    again = build_store("platformdirs", stores=tmp_path / "s")
    assert again.manifest.source == "package+folder"
    again.close()
