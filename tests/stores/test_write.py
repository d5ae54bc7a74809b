import json

import numpy as np
import pytest

from doctranslate.errors import StoreError
from doctranslate.stores.embedders import LsaEmbedder
from doctranslate.stores.index import DocIndex
from doctranslate.stores.manifest import FORMAT, SourceState, read_manifest, store_folder
from doctranslate.stores.write import write_store

from .samples import API, SAMPLES, BrokenEmbedder, LetterEmbedder, sample_chunk, sample_digest, write_sample

N_RELEVANT = sum(sample.relevant for sample in SAMPLES)


def test_store_written_and_opened_holds_the_same(tmp_path):
    write_sample(tmp_path / "box@1.0", api=API).close()
    store = DocIndex.open(tmp_path / "box@1.0")
    assert len(store) == len(SAMPLES)
    found = store.by_symbol("box.core.Box.push")[0]
    assert (found.chunk, found.digest) == (sample_chunk(SAMPLES[2]), sample_digest(SAMPLES[2]))
    assert store.api() == API


def test_manifest_says_what_the_store_holds_and_how_it_was_made(tmp_path):
    state = SourceState(kind="package", location="box==1.0", state="x", n_pages=3)
    store = write_sample(
        tmp_path / "s",
        source="package",
        sources=[state],
        folders=["/docs"],
        urls=["https://x/"],
        prompt_hash="p",
        chunker="c",
        extractor="e",
    )
    manifest = read_manifest(tmp_path / "s")
    assert manifest == store.manifest
    assert manifest.model_dump(exclude={"files", "checksum", "dim", "format", "content"}) == {
        "component": "box",
        "version": "1.0",
        "source": "package",
        "sources": (state.model_dump(),),
        "folders": ("/docs",),
        "urls": ("https://x/",),
        "spec_hash": "abc",
        "chunker": "c",
        "extractor": "e",
        "engine": "offline",
        "prompt_hash": "p",
        "embedder": "lsa",
        "metric": "inner-product",
        "n_chunks": len(SAMPLES),
        "n_relevant": N_RELEVANT,
    }


def test_manifest_lists_every_other_file_of_the_folder(tmp_path):
    store = write_sample(tmp_path / "s", api=API)
    assert {path.name for path in (tmp_path / "s").iterdir()} == {*store.manifest.files, "manifest.json"}


def test_store_written_twice_is_the_same_byte_for_byte(tmp_path):
    one, other = (write_sample(tmp_path / name, api=API).manifest.files for name in ("a", "b"))
    assert one == other


def test_faiss_file_is_one_that_faiss_reads(tmp_path):
    import faiss

    write_sample(tmp_path / "s")
    index = faiss.read_index(str(tmp_path / "s" / "index.faiss"))
    vectors = np.load(tmp_path / "s" / "vectors.npy", allow_pickle=False)
    assert (index.ntotal, index.d) == vectors.shape
    assert index.metric_type == faiss.METRIC_INNER_PRODUCT


def test_chunks_that_are_not_relevant_have_no_vector(tmp_path):
    write_sample(tmp_path / "s")
    assert len(np.load(tmp_path / "s" / "vectors.npy")) == N_RELEVANT < len(SAMPLES)


def test_a_store_of_chunks_none_of_which_is_relevant_opens_and_finds_nothing(tmp_path):
    store = write_sample(tmp_path / "s", [sample for sample in SAMPLES if not sample.relevant])
    assert store.search("create label") == []


def test_a_chunk_given_twice_is_kept_once(tmp_path):
    assert len(write_sample(tmp_path / "s", [*SAMPLES, SAMPLES[0]])) == len(SAMPLES)


def test_no_chunks_raise(tmp_path):
    with pytest.raises(StoreError, match="nothing to store"):
        write_sample(tmp_path / "s", [])


def test_a_chunk_without_a_digest_raises_and_is_named(tmp_path):
    settings = {"component": "box", "version": "1", "embedder": LsaEmbedder()}
    with pytest.raises(StoreError, match=r"box\.core\.Box\.create_label.*no digest"):
        write_store(tmp_path / "s", [sample_chunk(SAMPLES[0])], [], **settings)


def test_progress_is_told_from_nothing_to_all(tmp_path):
    told = []
    write_sample(tmp_path / "s", progress=lambda *step: told.append(step))
    assert told == [
        ("embed", 0, N_RELEVANT),
        ("embed", N_RELEVANT, N_RELEVANT),
        ("write", 0, len(SAMPLES)),
        ("write", len(SAMPLES), len(SAMPLES)),
    ]


def test_a_build_that_fails_leaves_the_old_store_and_no_rubbish(tmp_path):
    write_sample(tmp_path / "s")
    with pytest.raises(RuntimeError, match="out of service"):
        write_sample(tmp_path / "s", SAMPLES[:3], embedder=BrokenEmbedder())
    assert len(DocIndex.open(tmp_path / "s")) == len(SAMPLES)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".s.lock", "s"]


def test_a_store_that_is_open_goes_on_working_when_it_is_replaced(tmp_path):
    old = write_sample(tmp_path / "s")
    new = write_sample(tmp_path / "s", SAMPLES[:3], embedder=LetterEmbedder())
    assert (len(old), len(new)) == (len(SAMPLES), 3)
    assert old.search("record staged paths")[0].chunk.symbol == "box.index.Index.commit"
    assert old.by_symbol("box.core.Box.switch")


def test_a_place_that_cannot_be_written_raises(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="DOCTRANSLATE_STORES"):
        write_sample(tmp_path / "file" / "s")


def test_no_file_of_a_store_is_a_pickle(tmp_path):
    write_sample(tmp_path / "s", api=API)
    assert {path.suffix for path in (tmp_path / "s").iterdir()} == {
        ".json",
        ".sqlite",
        ".npy",
        ".faiss",
        ".npz",
    }
    with np.load(tmp_path / "s" / "lsa.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fiu" for name in arrays)


def test_store_folder_of_a_name_that_file_systems_refuse_is_made_safe(tmp_path):
    assert store_folder(tmp_path, "a/..\\b", "1.0+x:y") == tmp_path / "a_.._b@1.0+x_y"
    assert store_folder(tmp_path, "dvc", "3.67.1") == tmp_path / "dvc@3.67.1"


def test_manifest_is_json_with_a_format(tmp_path):
    write_sample(tmp_path / "s")
    assert json.loads((tmp_path / "s" / "manifest.json").read_text())["format"] == FORMAT
