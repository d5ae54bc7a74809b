"""What was embedded is not embedded again, and the same input gives the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from doctranslate.errors import StoreError
from doctranslate.stores.embedders import LSA_FILES, LsaEmbedder
from doctranslate.stores.opened import open_folder
from doctranslate.stores.vectors import VectorCache, embed_texts, text_key

from .samples import API, SAMPLES, LetterEmbedder, Sample, write_sample

ROOT = Path(__file__).resolve().parents[1]
N_RELEVANT = sum(sample.relevant for sample in SAMPLES)
# Enough words that differ for the fit of an embedder to be a real one.
MANY = tuple(
    Sample(f"box.core.Box.do_{n}", f"Does thing number{n % 17} with part{n % 5} of item{n}.")
    for n in range(100)
)
CHANGED = (*MANY[:50], Sample("box.core.Box.do_50", "Does something new with rotors."), *MANY[51:])


class Counting(LetterEmbedder):
    """Remembers what it was given, and fails when it was given enough."""

    def __init__(self, *, fail_after: int = 10**9):
        self.given: list[str] = []
        self.fail_after = fail_after

    def embed_documents(self, texts):
        if len(self.given) + len(texts) > self.fail_after:
            raise RuntimeError("killed")
        self.given += texts
        return super().embed_documents(texts)


class Wider(Counting):
    """The same name, and longer vectors."""

    def embed_documents(self, texts):
        return np.pad(super().embed_documents(texts), ((0, 0), (0, 4)))


def again(folder: Path, samples=SAMPLES, **settings):
    """Build again, going on from the store that is there; gives what it took, and the store."""
    earlier, written = open_folder(folder, None), []
    store = write_sample(folder, samples, earlier=earlier, on_written=written.append, **settings)
    earlier.tables.close()
    return written[0], store


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_after_one_change_only_that_text_is_embedded(tmp_path):
    write_sample(tmp_path / "s", MANY, embedder=LetterEmbedder())
    embedder = Counting()
    written, store = again(tmp_path / "s", CHANGED, embedder=embedder)
    assert (written.n_embedded, written.n_reused, written.up_to_date) == (1, 99, False)
    assert len(embedder.given) == 1 and "rotors" in embedder.given[0]
    fresh = write_sample(tmp_path / "fresh", CHANGED, embedder=LetterEmbedder())
    assert store.manifest.files == fresh.manifest.files


def test_after_one_change_lsa_keeps_its_fit_and_finds_the_new_text(tmp_path):
    write_sample(tmp_path / "s", MANY)
    before = contents(tmp_path / "s")
    written, store = again(tmp_path / "s", CHANGED)
    assert (written.n_embedded, written.n_reused, written.refit) == (1, 99, False)
    after = contents(tmp_path / "s")
    assert [after[name] == before[name] for name in LSA_FILES] == [True, True]
    assert store.search("something new with", k=1)[0].chunk.symbol == "box.core.Box.do_50"


def test_after_many_changes_lsa_is_fitted_anew_as_if_nothing_had_been_there(tmp_path):
    write_sample(tmp_path / "s", MANY[:60])
    written, store = again(tmp_path / "s", MANY)
    assert (written.n_embedded, written.n_reused, written.refit) == (100, 0, True)
    assert store.manifest.files == write_sample(tmp_path / "fresh", MANY).manifest.files


def test_small_changes_that_add_up_end_in_a_new_fit(tmp_path):
    write_sample(tmp_path / "s", MANY)
    refits = []
    for n in range(4, 13, 4):  # four texts more each time: 4, 8, 12 of 100 that the fit has not seen
        samples = [Sample(s.symbol, f"Changed to word{i}.") if i < n else s for i, s in enumerate(MANY)]
        refits.append(again(tmp_path / "s", samples)[0].refit)
    assert refits == [False, True, False]


def test_lsa_of_other_settings_takes_nothing_over(tmp_path):
    write_sample(tmp_path / "s", MANY)
    assert again(tmp_path / "s", MANY, embedder=LsaEmbedder(dim=8))[0].refit


def test_with_another_embedder_nothing_is_reused(tmp_path):
    write_sample(tmp_path / "s", MANY)
    written, _ = again(tmp_path / "s", MANY, embedder=Counting())
    assert (written.n_embedded, written.n_reused) == (100, 0)


def test_when_nothing_changed_the_store_is_not_touched(tmp_path):
    write_sample(tmp_path / "s", api=API)
    before = {path.name: path.stat().st_ino for path in (tmp_path / "s").iterdir()}
    told = []
    written, _ = again(tmp_path / "s", api=API, progress=lambda *step: told.append(step))
    assert written.up_to_date and told == []
    assert {path.name: path.stat().st_ino for path in (tmp_path / "s").iterdir()} == before


@pytest.mark.parametrize("change", [{"api": None}, {"version": "2"}, {"prompt_hash": "x"}, {"urls": ("u",)}])
def test_when_anything_that_a_store_says_changed_it_is_written(tmp_path, change):
    write_sample(tmp_path / "s", api=API)
    written, _ = again(tmp_path / "s", **{"api": API, **change})
    assert (written.up_to_date, written.n_embedded) == (False, 0)


def test_a_build_that_failed_half_way_pays_only_for_the_rest(tmp_path):
    texts = [f"text {n} {'x' * (n % 7)}" for n in range(600)]
    with pytest.raises(RuntimeError, match="killed"):
        embed_texts(
            texts,
            embedder=Counting(fail_after=512),
            cache=VectorCache(tmp_path / "c" / "v.sqlite"),
            progress=lambda *step: None,
        )
    rest = Counting()
    found = embed_texts(
        texts, embedder=rest, cache=VectorCache(tmp_path / "c" / "v.sqlite"), progress=lambda *step: None
    )
    assert (found.n_embedded, found.n_reused, len(rest.given)) == (88, 512, 88)
    assert np.array_equal(found.vectors, LetterEmbedder().embed_documents(texts))


def test_equal_texts_are_embedded_once(tmp_path):
    embedder = Counting()
    found = embed_texts(["a", "b", "a"], embedder=embedder, progress=lambda *step: None)
    assert embedder.given == ["a", "b"]
    assert np.array_equal(found.vectors[0], found.vectors[2])


def test_when_vectors_have_another_length_than_those_kept_all_are_made_anew(tmp_path):
    cache = VectorCache(tmp_path / "v.sqlite")
    embed_texts(["a", "b"], embedder=Counting(), cache=cache, progress=lambda *step: None)
    found = embed_texts(["a", "b", "c"], embedder=Wider(), cache=cache, progress=lambda *step: None)
    assert (found.vectors.shape, found.n_reused) == ((3, 30), 0)
    assert cache.get([text_key("a")], embedder="letters")[text_key("a")].shape == (30,)


def test_a_cache_entry_that_is_no_vector_raises_and_says_what_to_do(tmp_path):
    from doctranslate.cache import Cache

    Cache(tmp_path / "v.sqlite", what="vector").put({"letters\x1fk": b"abc"})
    with pytest.raises(StoreError, match="Delete it"):
        VectorCache(tmp_path / "v.sqlite").get(["k"], embedder="letters")


BUILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from stores.samples import API, write_sample
from stores.test_vectors import MANY
write_sample(Path(sys.argv[1]), MANY, api=API)
"""


def test_two_processes_with_other_hashes_and_other_memory_write_the_same_bytes(tmp_path):
    for name, seed, filler in (("a", "1", "17"), ("b", "2", "203")):
        # glibc fills what it hands out with a byte: memory that nobody set would show in a file.
        env = {**os.environ, "PYTHONHASHSEED": seed, "MALLOC_PERTURB_": filler}
        command = [sys.executable, "-c", BUILD, str(tmp_path / name), str(ROOT)]
        subprocess.run(command, env=env, check=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
