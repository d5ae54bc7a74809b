import json
import os
import time

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from doctranslate.errors import StoreCorruptError, StoreMismatchError, StoreMissingError
from doctranslate.stores.embedders import LangChainEmbedder, LsaEmbedder
from doctranslate.stores.index import DocIndex
from doctranslate.stores.manifest import FORMAT, Manifest, describe_file

from .samples import API, SAMPLES, LetterEmbedder, write_sample

FILES = ("manifest.json", "docs.sqlite", "vectors.npy", "index.faiss", "api.json", "lsa.npz", "lsa.json")


@pytest.fixture
def folder(tmp_path):
    write_sample(tmp_path / "box@1.0", api=API).close()
    return tmp_path / "box@1.0"


def edit_manifest(folder, *, seal=False, **changes):
    path = folder / "manifest.json"
    data = {**json.loads(path.read_text()), **changes}
    if seal:
        data = Manifest.model_validate(data).sealed().model_dump(mode="json")
    path.write_text(json.dumps(data))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("keep", [0, 0.5, -1])
def test_a_file_cut_off_raises_corrupt_and_says_what_to_run(folder, name, keep):
    path = folder / name
    size = path.stat().st_size
    os.truncate(path, int(size * keep) if keep >= 0 else size - 1)
    if name == "manifest.json" and keep == -1:
        os.truncate(path, size - 3)  # the last bytes are a brace and a line end
    with pytest.raises(StoreCorruptError, match=rf"{name}.*doctranslate build box"):
        DocIndex.open(folder)


@pytest.mark.parametrize("name", [name for name in FILES if name != "manifest.json"])
def test_a_flipped_byte_raises_corrupt(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(StoreCorruptError, match=f"{name} is not the file that was written"):
        DocIndex.open(folder)


@pytest.mark.parametrize("name", [name for name in FILES if name != "manifest.json"])
def test_a_missing_file_raises_corrupt(folder, name):
    (folder / name).unlink()
    with pytest.raises(StoreCorruptError, match="doctranslate build box"):
        DocIndex.open(folder)


@pytest.mark.parametrize(
    "changes", [{"n_chunks": 1}, {"version": "2.0"}, {"embedder": "other"}, {"checksum": ""}, {"files": {}}]
)
def test_a_manifest_edited_by_hand_raises_corrupt(folder, changes):
    edit_manifest(folder, **changes)
    with pytest.raises(StoreCorruptError, match="was changed after it was written"):
        DocIndex.open(folder)


@pytest.mark.parametrize(
    ("changes", "reason"), [({"extra": 1}, "'extra'"), ({"dim": 0}, "'dim'"), ({"files": []}, "'files'")]
)
def test_a_manifest_with_a_wrong_field_raises_corrupt_and_names_it(folder, changes, reason):
    edit_manifest(folder, **changes)
    with pytest.raises(StoreCorruptError, match=reason):
        DocIndex.open(folder)


def test_a_manifest_that_counts_otherwise_than_its_files_raises_corrupt(folder):
    edit_manifest(folder, seal=True, n_chunks=3)
    with pytest.raises(StoreCorruptError, match="holds 11 chunks"):
        DocIndex.open(folder)


def test_a_manifest_that_lists_no_database_raises_corrupt(folder):
    edit_manifest(folder, seal=True, files={})
    with pytest.raises(StoreCorruptError, match=r"no docs\.sqlite is listed"):
        DocIndex.open(folder)


def test_a_database_that_is_listed_and_none_raises_corrupt(folder):
    (folder / "docs.sqlite").write_bytes(b"not a database")
    files = json.loads((folder / "manifest.json").read_text())["files"]
    files["docs.sqlite"] = describe_file(folder / "docs.sqlite").model_dump()
    edit_manifest(folder, seal=True, files=files)
    with pytest.raises(StoreCorruptError, match=r"docs\.sqlite"):
        DocIndex.open(folder)


def test_another_format_raises_mismatch_before_anything_else(folder):
    edit_manifest(folder, format=99, unheard="of")
    with pytest.raises(StoreMismatchError, match=f"format is 99, expected {FORMAT}") as caught:
        DocIndex.open(folder)
    assert caught.value.field == "format"


def test_another_embedder_raises_mismatch_and_says_what_to_run(folder):
    with pytest.raises(StoreMismatchError, match="doctranslate build box") as caught:
        DocIndex.open(folder, LetterEmbedder())
    assert (caught.value.field, caught.value.expected, caught.value.found) == ("embedder", "letters", "lsa")


def test_an_embedder_of_another_dim_raises_mismatch_when_it_is_used(tmp_path):
    write_sample(tmp_path / "s", embedder=LangChainEmbedder(DeterministicFakeEmbedding(size=8), id="fake"))
    other = LangChainEmbedder(DeterministicFakeEmbedding(size=9), id="fake")
    with pytest.raises(StoreMismatchError, match="dim is 8, expected 9"):
        DocIndex.open(tmp_path / "s", other).search("push")


def test_an_unfitted_lsa_is_the_one_of_the_store(folder):
    assert (
        DocIndex.open(folder, LsaEmbedder())
        .search("labels", arms=["dense"])[0]
        .chunk.symbol.endswith("create_label")
    )


def test_no_store_raises_missing(tmp_path):
    with pytest.raises(StoreMissingError, match="doctranslate build dvc"):
        DocIndex.open(tmp_path / "dvc@3.0")


def test_a_folder_without_a_manifest_raises_missing(tmp_path):
    with pytest.raises(StoreMissingError):
        DocIndex.open(tmp_path)


def test_a_file_in_place_of_a_store_raises_missing(tmp_path):
    (tmp_path / "s").write_text("")
    with pytest.raises(StoreMissingError):
        DocIndex.open(tmp_path / "s")


def test_a_store_that_may_only_be_read_opens(folder):
    for path in (*folder.iterdir(), folder, folder.parent):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert len(DocIndex.open(folder)) == len(SAMPLES)
    finally:
        folder.parent.chmod(0o755)
        folder.chmod(0o755)


def test_a_path_with_characters_that_mean_something_in_a_uri_opens(tmp_path):
    write_sample(tmp_path / "a b#c?d%20" / "s")
    assert DocIndex.open(tmp_path / "a b#c?d%20" / "s").search("push")


def test_opening_changes_no_file(folder):
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    time.sleep(0.01)
    DocIndex.open(folder).search("push")
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
