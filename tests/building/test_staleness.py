"""Which stores lag behind, and why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from doctranslate import build_store, outdated
from doctranslate.errors import UnknownComponentError
from doctranslate.stores.manifest import MANIFEST, read_manifest

LIBRARY = "platformdirs"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in it, to be copied."""
    root = tmp_path_factory.mktemp("built")
    build_store(LIBRARY, stores=root).close()
    return root


@pytest.fixture
def stores(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "stores")
    return tmp_path / "stores"


def edit(stores: Path, **fields: object) -> None:
    """Let the store say something else of itself."""
    (folder,) = (path for path in stores.iterdir() if path.is_dir())
    manifest = read_manifest(folder).model_copy(update=fields).sealed()
    (folder / MANIFEST).write_text(manifest.model_dump_json())


def reasons(stores: Path, **settings: bool) -> tuple[str, ...]:
    (found,) = outdated(stores=stores, **settings)
    return found.reasons


def test_outdated_when_a_store_was_just_built_then_it_does_not_lag(stores: Path) -> None:
    (found,) = outdated([LIBRARY], stores=stores)
    assert (found.component, found.reasons) == (LIBRARY, ())
    assert outdated(stores=stores) == (found,)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("spec_hash", "description of platformdirs has changed"),
        ("chunker", "not by other"),
        ("extractor", "not by other"),
        ("prompt_hash", "condenses by other rules"),
    ],
)
def test_outdated_when_it_was_made_in_another_way_then_it_says_in_which(
    stores: Path, field: str, said: str
) -> None:
    edit(stores, **{field: "other"})
    (reason,) = reasons(stores)
    assert said in reason


def test_outdated_when_the_installed_version_is_newer_then_it_says_so_unless_that_has_a_store(
    stores: Path,
) -> None:
    (folder,) = (path for path in stores.iterdir() if path.is_dir())
    old = stores / f"{LIBRARY}@0.1"
    shutil.copytree(folder, old)
    shutil.rmtree(folder)
    edit(stores, version="0.1")
    (reason,) = reasons(stores)
    assert "is installed, and has no store" in reason
    build_store(LIBRARY, stores=stores).close()
    assert [each.reasons for each in outdated(stores=stores)] == [(), ()]


def test_outdated_when_a_package_that_it_reaches_into_changed_then_it_says_so(stores: Path) -> None:
    (folder,) = (path for path in stores.iterdir() if path.is_dir())
    (state,) = read_manifest(folder).sources
    edit(stores, sources=(state.model_copy(update={"state": "other"}),))
    (reason,) = reasons(stores)
    assert "another version" in reason


def test_outdated_when_a_store_cannot_be_opened_then_that_is_the_reason(stores: Path) -> None:
    (folder,) = (path for path in stores.iterdir() if path.is_dir())
    (folder / "vectors.npy").write_bytes(b"")
    (reason,) = reasons(stores)
    assert "vectors.npy" in reason and "doctranslate build" in reason


def test_outdated_when_there_is_no_such_store_then_that_is_the_reason(stores: Path) -> None:
    (found,) = outdated(["packaging"], stores=stores)
    assert (found.component, found.version) == ("packaging", "")
    assert "doctranslate build packaging" in found.reasons[0]


def test_outdated_when_its_component_is_not_known_then_that_is_the_reason(stores: Path) -> None:
    edit(stores, component="no-such-library-x")
    (reason,) = reasons(stores)
    assert "no-such-library-x" in reason


def test_outdated_when_a_name_is_not_known_then_raises(stores: Path) -> None:
    with pytest.raises(UnknownComponentError):
        outdated(["no-such-library-x"], stores=stores)


def test_outdated_when_it_is_shown_as_json_then_nothing_is_lost(stores: Path) -> None:
    (found,) = outdated(stores=stores)
    assert type(found).model_validate(json.loads(found.model_dump_json())) == found
