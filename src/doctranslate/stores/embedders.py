"""The embedders: LSA, which needs no model and no network, and any LangChain embedding model."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from doctranslate.config import is_offline
from doctranslate.errors import ConfigError, MissingExtraError, ModelError, StoreCorruptError, UsageError
from doctranslate.stores.base import Embedder, Vectors, unit
from doctranslate.stores.tokens import words

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

LSA_FILES = ("lsa.npz", "lsa.json")
ENOUGH_ALIKE = 0.95
"""Share of a store's texts that must be those an LSA embedder was fitted on, for it to serve them too."""


def make_embedder(name: str) -> Embedder:
    """The embedder of a name.

    Args:
        name: ``lsa``, or what LangChain's ``init_embeddings`` knows: ``openai:text-embedding-3-small``.

    Returns:
        The embedder; ``lsa`` is not fitted yet.

    Raises:
        MissingExtraError: LangChain, or the provider's package, is not installed.
        UsageError: No embedder has this name.
    """
    return LsaEmbedder() if name == "lsa" else LangChainEmbedder.from_name(name)


class LsaEmbedder:
    """Latent semantic analysis: TF-IDF over identifiers and their parts, reduced by a truncated SVD.

    Deterministic, fitted on one store's documents and kept with them. scikit-learn is needed to fit; a query
    needs numpy alone.

    Args:
        dim: Length of a vector, at most; small stores get by with less.
        max_words: Size of the vocabulary, at most.

    Source:
        S. Deerwester, S. T. Dumais, G. W. Furnas, T. K. Landauer, R. Harshman: Indexing by latent semantic
        analysis. Journal of the American Society for Information Science 41(6), 1990, pages 391-407.
    """

    id = "lsa"

    def __init__(self, dim: int = 256, *, max_words: int = 20_000) -> None:
        if dim < 1:
            raise UsageError(f"an embedding needs at least one dimension, got dim={dim}")
        self._max_dim = dim
        self._max_words = max_words
        self._vocabulary: dict[str, int] = {}
        self._idf: Vectors = np.zeros(0, dtype=np.float32)
        self._components: Vectors = np.zeros((0, dim), dtype=np.float32)
        self._fitted_on = _fingerprints(())

    @property
    def dim(self) -> int:
        """Length of a vector: what fitting gave, or the most it may give before that."""
        return int(self._components.shape[1])

    def fit(self, texts: Sequence[str]) -> None:
        """Learn vocabulary, weights and components.

        Args:
            texts: All documents of a store.
        """
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._fitted_on = _fingerprints(texts)
        vectorizer = TfidfVectorizer(
            analyzer=words,
            sublinear_tf=True,
            min_df=2 if len(texts) >= 50 else 1,
            max_features=self._max_words,
            dtype=np.float32,
        )
        if not any(words(text) for text in texts):
            self._vocabulary, self._components = {}, np.zeros((0, self._max_dim), dtype=np.float32)
            return
        matrix = vectorizer.fit_transform(texts)
        self._vocabulary = {word: int(row) for word, row in vectorizer.vocabulary_.items()}
        self._idf = vectorizer.idf_.astype(np.float32)
        if min(matrix.shape) <= self._max_dim:
            # The randomized solver wants fewer components than either side has; so small a matrix is cheap.
            components = np.linalg.svd(matrix.toarray(), full_matrices=False)[2]
        else:
            # Seven rounds are the default; two lose nothing that search results show, at a third of the time.
            components = TruncatedSVD(self._max_dim, n_iter=2, random_state=0).fit(matrix).components_
        # Half precision: the file is the largest of a store, and is hashed whenever the store is opened.
        self._components = components.T.astype(np.float16).astype(np.float32)

    def adopt(self, saved: Mapping[str, bytes], texts: Sequence[str]) -> bool:
        """Take over an earlier fit with equal settings, made on nearly the same texts (`ENOUGH_ALIKE`).

        It is compared with the texts of the fit, not with those of the last store: many small changes add up.

        Args:
            saved: What the files of an earlier store hold, by name.
            texts: All documents of this store.

        Returns:
            Whether it was taken over.
        """
        try:
            earlier = LsaEmbedder.from_bytes(*(saved[name] for name in LSA_FILES))
        except (KeyError, StoreCorruptError):
            return False
        fitted_on, wanted = earlier._fitted_on, _fingerprints(texts)
        n_alike = len(np.intersect1d(fitted_on, wanted, assume_unique=True))
        if n_alike < ENOUGH_ALIKE * max(len(fitted_on), len(wanted)):
            return False
        if (earlier._max_dim, earlier._max_words) != (self._max_dim, self._max_words):
            return False
        self._vocabulary, self._idf, self._components = earlier._vocabulary, earlier._idf, earlier._components
        self._fitted_on = fitted_on
        return True

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed documents; see `Embedder`."""
        return (
            np.stack([self.embed_query(text) for text in texts])
            if texts
            else np.zeros((0, self.dim), np.float32)
        )

    def embed_query(self, text: str) -> Vectors:
        """Embed a query; see `Embedder`. A text with no known word gives the zero vector."""
        counts = Counter(row for word in words(text) if (row := self._vocabulary.get(word)) is not None)
        if not counts:
            return np.zeros(self.dim, dtype=np.float32)
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        weights = np.fromiter((1 + math.log(n) for n in counts.values()), dtype=np.float32, count=len(counts))
        return unit((weights * self._idf[rows]) @ self._components[rows])

    def save(self, folder: Path) -> None:
        """Write ``lsa.npz`` (weights, components, texts, settings) and ``lsa.json`` (vocabulary, in order)."""
        np.savez(
            folder / LSA_FILES[0],
            idf=self._idf,
            components=self._components.astype(np.float16),
            fitted_on=self._fitted_on,
            settings=np.array([self._max_dim, self._max_words], dtype=np.int64),
        )
        vocabulary = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        (folder / LSA_FILES[1]).write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def from_bytes(cls, arrays: bytes, vocabulary: bytes) -> LsaEmbedder:
        """Read what `save` wrote.

        Args:
            arrays: Content of ``lsa.npz``.
            vocabulary: Content of ``lsa.json``.

        Returns:
            The fitted embedder.

        Raises:
            StoreCorruptError: The content is not what `save` writes.
        """
        try:
            with np.load(BytesIO(arrays), allow_pickle=False) as saved:
                idf, components = saved["idf"], saved["components"]
                fitted_on, (max_dim, max_words) = saved["fitted_on"], saved["settings"].tolist()
            listed = json.loads(vocabulary)
        except (ValueError, KeyError, OSError, EOFError, BadZipFile) as exc:
            raise StoreCorruptError(f"the state of the LSA embedder cannot be read: {exc}") from exc
        if not len(listed) == len(idf) == len(components):
            raise StoreCorruptError("the state of the LSA embedder has parts of different length")
        embedder = cls(max_dim, max_words=max_words)
        embedder._fitted_on = fitted_on
        embedder._vocabulary = {word: row for row, word in enumerate(listed)}
        embedder._idf = idf.astype(np.float32)
        embedder._components = components.astype(np.float32)
        return embedder


def _fingerprints(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Eight bytes of the SHA-256 of each text, sorted, each once."""
    found = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts]
    return np.unique(np.array(found, dtype=np.uint64))


class LangChainEmbedder:
    """Any LangChain embedding model.

    Args:
        embeddings: The model.
        id: Name that the store's manifest keeps, such as ``openai:text-embedding-3-small``.
        remote: Whether it calls another machine, which ``$DOCTRANSLATE_OFFLINE`` forbids.
    """

    def __init__(self, embeddings: Embeddings, *, id: str, remote: bool = False) -> None:
        self._embeddings = embeddings
        self._id = id
        self._remote = remote
        self._dim = 0

    @classmethod
    def from_name(cls, name: str) -> LangChainEmbedder:
        """A model by the name that LangChain's ``init_embeddings`` gives it.

        Args:
            name: ``provider:model``.

        Raises:
            MissingExtraError: LangChain, or OpenAI's package for it, is not installed.
            UsageError: The name is not known, or its provider cannot be set up.
        """
        needed_for = f"the embedder {name!r}"
        try:
            from langchain.embeddings import init_embeddings
        except ImportError as exc:
            raise MissingExtraError("langchain", extra="openai", needed_for=needed_for) from exc
        try:
            model: Any = init_embeddings(name)
        except ImportError as exc:
            if name.startswith("openai:"):
                raise MissingExtraError("langchain_openai", extra="openai", needed_for=needed_for) from exc
            raise UsageError(f"{needed_for} cannot be set up: {exc}") from exc
        except Exception as exc:  # each provider has errors of its own: no key, no such model, bad settings
            raise UsageError(
                f"{needed_for} cannot be set up: {exc} Name 'lsa', or a provider and model such as "
                f"'openai:text-embedding-3-small', and see that the provider's key is set."
            ) from exc
        return cls(model, id=name, remote=not _is_local(name))

    @property
    def id(self) -> str:
        """Name of the model."""
        return self._id

    @property
    def dim(self) -> int:
        """Length of a vector; asks the model once when nothing was embedded yet."""
        return self._dim or len(self.embed_query("dimension"))

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed documents; see `Embedder`."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return self._checked(lambda: self._embeddings.embed_documents(list(texts)), shape=(len(texts),))

    def embed_query(self, text: str) -> Vectors:
        """Embed a query; see `Embedder`."""
        return self._checked(lambda: self._embeddings.embed_query(text), shape=())

    def _checked(self, ask: Callable[[], Any], *, shape: tuple[int, ...]) -> Vectors:
        if self._remote and is_offline():
            raise ConfigError(
                f"DOCTRANSLATE_OFFLINE is set, and {self._id} is not on this machine: unset it, or build with "
                "embedder='lsa'"
            )
        try:
            vectors = np.asarray(ask(), dtype=np.float32)
        except Exception as exc:  # whatever the provider's client raises, the caller sees one error
            raise ModelError(f"the embedder {self._id!r} failed: {exc}", model=self._id) from exc
        expected = (*shape, self._dim or (vectors.shape[-1] if vectors.ndim else 0))
        if vectors.shape != expected or not expected[-1] or not np.isfinite(vectors).all():
            raise ModelError(
                f"the embedder {self._id!r} gave an array of shape {vectors.shape}, expected finite numbers "
                f"of shape {expected}",
                model=self._id,
            )
        self._dim = vectors.shape[-1]
        return unit(vectors)


def _is_local(name: str) -> bool:
    """Whether a model of this name answers on this machine: behind ``$OPENAI_BASE_URL``, or run by Ollama."""
    provider = name.partition(":")[0]
    address = {"openai": "OPENAI_BASE_URL", "ollama": "OLLAMA_HOST"}.get(provider, "")
    given = os.environ.get(address, "http://localhost" if provider == "ollama" else "")
    return urlsplit(given).hostname in ("localhost", "127.0.0.1", "::1")
