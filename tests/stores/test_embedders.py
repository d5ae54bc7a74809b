"""One contract for every embedder, and what each has of its own."""

import sys

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from doctranslate.errors import ConfigError, MissingExtraError, ModelError, StoreCorruptError, UsageError
from doctranslate.stores.base import FittedEmbedder
from doctranslate.stores.embedders import LSA_FILES, LangChainEmbedder, LsaEmbedder, make_embedder

from .samples import SAMPLES, LetterEmbedder, is_unit

TEXTS = [f"{sample.symbol} {sample.description}" for sample in SAMPLES]


def fitted(**settings) -> LsaEmbedder:
    embedder = LsaEmbedder(**settings)
    embedder.fit(TEXTS)
    return embedder


def reloaded(tmp_path) -> LsaEmbedder:
    fitted().save(tmp_path)
    return LsaEmbedder.from_bytes(*((tmp_path / name).read_bytes() for name in LSA_FILES))


@pytest.fixture(params=["lsa", "lsa-reloaded", "langchain", "letters"])
def embedder(request, tmp_path):
    match request.param:
        case "lsa":
            return fitted()
        case "lsa-reloaded":
            return reloaded(tmp_path)
        case "langchain":
            return LangChainEmbedder(DeterministicFakeEmbedding(size=24), id="fake")
        case _:
            return LetterEmbedder()


class TestContract:
    def test_documents_embedded_give_float32_unit_rows_of_the_said_dim(self, embedder):
        vectors = embedder.embed_documents(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), embedder.dim)
        assert is_unit(vectors)

    def test_query_embedded_gives_one_unit_vector(self, embedder):
        vector = embedder.embed_query(TEXTS[0])
        assert (vector.dtype, vector.shape) == (np.float32, (embedder.dim,))
        assert is_unit(vector)

    def test_embedding_twice_gives_the_same_vectors(self, embedder):
        assert np.array_equal(embedder.embed_documents(TEXTS), embedder.embed_documents(TEXTS))

    def test_a_document_embedded_alone_or_with_others_is_the_same(self, embedder):
        together = embedder.embed_documents(TEXTS)[3]
        assert np.allclose(embedder.embed_documents([TEXTS[3]])[0], together, atol=1e-6)

    def test_a_query_that_repeats_a_document_is_nearest_to_it(self, embedder):
        vectors = embedder.embed_documents(TEXTS)
        for number, text in enumerate(TEXTS):
            assert int(np.argmax(vectors @ embedder.embed_query(text))) == number

    def test_no_documents_give_no_rows(self, embedder):
        assert embedder.embed_documents([]).shape == (0, embedder.dim)

    def test_id_is_a_name(self, embedder):
        assert isinstance(embedder.id, str)
        assert embedder.id


class TestLsa:
    def test_is_one_that_is_fitted(self):
        assert isinstance(LsaEmbedder(), FittedEmbedder)
        assert not isinstance(LetterEmbedder(), FittedEmbedder)

    def test_fitted_twice_gives_the_same_vectors(self):
        assert np.array_equal(fitted().embed_documents(TEXTS), fitted().embed_documents(TEXTS))

    def test_reloaded_gives_the_same_vectors(self, tmp_path):
        assert np.array_equal(reloaded(tmp_path).embed_documents(TEXTS), fitted().embed_documents(TEXTS))

    def test_more_documents_than_dimensions_uses_the_dimensions_asked_for(self):
        assert fitted(dim=5).embed_query("push").shape == (5,)

    def test_a_query_of_unknown_words_gives_the_zero_vector(self):
        assert not fitted().embed_query("zzz qqq").any()

    def test_fitting_texts_without_words_gives_zero_vectors(self):
        embedder = LsaEmbedder()
        embedder.fit(["", "…", "a"])
        assert not embedder.embed_documents(["", "x"]).any()

    def test_a_plain_word_finds_the_identifier_it_is_part_of(self):
        embedder = fitted()
        scores = embedder.embed_documents(TEXTS) @ embedder.embed_query("labels")
        assert SAMPLES[int(np.argmax(scores))].symbol.endswith("create_label")

    def test_a_dim_below_one_raises(self):
        with pytest.raises(UsageError, match="dim=0"):
            LsaEmbedder(0)

    @pytest.mark.parametrize(
        "damage", [lambda a, v: (a[:50], v), lambda a, v: (a, v[:-9]), lambda a, v: (a, b'["x"]')]
    )
    def test_damaged_state_raises_corrupt(self, tmp_path, damage):
        fitted().save(tmp_path)
        contents = [(tmp_path / name).read_bytes() for name in LSA_FILES]
        with pytest.raises(StoreCorruptError, match="LSA"):
            LsaEmbedder.from_bytes(*damage(*contents))


class Failing(Embeddings):
    def embed_documents(self, texts):
        raise ConnectionError("no route")

    embed_query = embed_documents


class Shrinking(Embeddings):
    def embed_documents(self, texts):
        return [[1.0, 2.0]]

    def embed_query(self, text):
        return [float("nan"), 1.0]


class TestLangChain:
    def test_a_model_that_fails_raises_our_error_with_its_name(self):
        with pytest.raises(ModelError, match="'far' failed: no route") as caught:
            LangChainEmbedder(Failing(), id="far").embed_query("x")
        assert isinstance(caught.value.__cause__, ConnectionError)

    def test_a_model_that_gives_too_few_vectors_raises(self):
        with pytest.raises(ModelError, match=r"shape \(1, 2\), expected"):
            LangChainEmbedder(Shrinking(), id="short").embed_documents(["a", "b"])

    def test_a_model_that_gives_no_numbers_raises(self):
        with pytest.raises(ModelError, match="finite"):
            LangChainEmbedder(Shrinking(), id="nan").embed_query("a")

    def test_an_unknown_provider_raises_and_names_what_can_be_named(self):
        with pytest.raises(UsageError, match="'lsa'"):
            make_embedder("nobody:none")

    @pytest.mark.parametrize("name", ["openai:text-embedding-3-small"])
    def test_without_langchain_the_extra_is_named(self, name):
        hidden = {
            key: sys.modules.pop(key)
            for key in list(sys.modules)
            if key.startswith("langchain.") or key == "langchain"
        }
        sys.modules["langchain.embeddings"] = None  # what the import system itself does for a missing module
        try:
            with pytest.raises(MissingExtraError, match=r"pip install 'doctranslate\[openai\]'"):
                make_embedder(name)
        finally:
            del sys.modules["langchain.embeddings"]
            sys.modules.update(hidden)

    def test_a_model_elsewhere_is_not_called_when_that_is_forbidden(self, monkeypatch):
        monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
        with pytest.raises(ConfigError, match="DOCTRANSLATE_OFFLINE is set, and far is not on this machine"):
            LangChainEmbedder(Failing(), id="far", remote=True).embed_query("x")

    @pytest.mark.parametrize(
        ("address", "error"),
        [("http://127.0.0.1:9/v1", ModelError), ("https://api.example.org/v1", ConfigError)],
    )
    def test_a_model_by_name_is_elsewhere_unless_its_address_is_here(self, monkeypatch, address, error):
        monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        with pytest.raises(error):
            make_embedder("openai:text-embedding-3-small").embed_query("x")

    def test_lsa_by_name_is_lsa(self):
        assert isinstance(make_embedder("lsa"), LsaEmbedder)
