"""Vectors of texts: those that are known already are kept, and only the others are made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from doctranslate.cache import Cache
from doctranslate.stores.base import Embedder, FittedEmbedder, Progress, Vectors
from doctranslate.stores.opened import Opened

_BATCH = 256


class VectorCache:
    """Vectors on disk, by embedder and text, so that a build that is killed pays for nothing twice.

    Args:
        path: The SQLite file; it and its folder are made when missing.
        read_only: Make and change nothing; a file that is missing is an empty cache.

    Raises:
        StoreError: The file cannot be opened, or is not such a cache.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._cache = Cache(path, what="vector", read_only=read_only)

    def get(self, keys: Sequence[str], *, embedder: str) -> dict[str, Vectors]:
        """The vectors that are there, float32 ``[dim]``, by key.

        Args:
            keys: Of the texts; see `text_key`.
            embedder: Id of the embedder that is to have made them.

        Raises:
            StoreError: The file cannot be read.
        """
        named = {f"{embedder}\x1f{key}": key for key in keys}
        found = self._cache.get(named)
        try:
            return {named[name]: np.frombuffer(value, dtype="<f4") for name, value in found.items()}
        except ValueError as exc:
            raise self._cache.error(exc) from exc

    def put(self, vectors: Mapping[str, Vectors], *, embedder: str) -> None:
        """Keep vectors.

        Args:
            vectors: By key.
            embedder: Id of the embedder that made them.

        Raises:
            StoreError: The file cannot be written.
        """
        self._cache.put(
            {f"{embedder}\x1f{key}": vector.astype("<f4").tobytes() for key, vector in vectors.items()}
        )


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of texts, and what it took.

    Attributes:
        vectors: float32 ``[n_texts, dim]``, unit length.
        n_embedded: How many texts the embedder was given.
        n_reused: How many of the texts had a vector already.
        refit: Whether the embedder learnt anew from all texts.
    """

    vectors: Vectors
    n_embedded: int
    n_reused: int
    refit: bool = False


def text_key(text: str) -> str:
    """Names a text that is embedded: its SHA-256, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def embed_texts(
    texts: Sequence[str],
    *,
    embedder: Embedder,
    earlier: Opened | None = None,
    cache: VectorCache | None = None,
    progress: Progress,
) -> Embedded:
    """Embed texts; a text that was embedded before by the same embedder keeps its vector.

    Args:
        texts: The texts.
        embedder: Makes vectors. One that is fitted takes over the fit of the earlier store where that still
            serves, and learns anew from all texts where it does not.
        earlier: The store that these texts are to replace.
        cache: Where vectors are looked up and kept, batch by batch; not for an embedder that is fitted.
        progress: Called with ``embed``, how many texts have a vector, and how many there are.

    Returns:
        The vectors in the order of the texts.

    Raises:
        ModelError: The embedding model failed.
        StoreError: The cache cannot be used, or the earlier store cannot be read.
    """
    if earlier is not None and earlier.manifest.embedder != embedder.id:
        earlier = None
    refit = False
    progress("embed", 0, len(texts))
    if isinstance(embedder, FittedEmbedder):
        cache = None
        if earlier is None or not embedder.adopt(earlier.contents, texts):
            earlier, refit = None, True
            embedder.fit(texts)
    keys = [text_key(text) for text in texts]
    known = _of_store(earlier, keys) if earlier else {}
    if cache:
        known |= cache.get([key for key in dict.fromkeys(keys) if key not in known], embedder=embedder.id)
    if n_reused := sum(key in known for key in keys):
        progress("embed", n_reused, len(texts))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    made = _made(missing, embedder=embedder, cache=cache, n_done=n_reused, n_all=len(texts), tell=progress)
    if len({vector.shape for vector in (*known.values(), *made.values())}) > 1:
        # The model behind the name gives vectors of another length than it once did: the old ones are of no use.
        every = dict(zip(keys, texts, strict=True))
        known, n_reused, missing = {}, 0, every
        made = _made(every, embedder=embedder, cache=cache, n_done=0, n_all=len(texts), tell=progress)
    known |= made
    vectors = np.stack([known[key] for key in keys]) if keys else embedder.embed_documents([])
    return Embedded(vectors.astype(np.float32), len(missing), n_reused, refit)


def _of_store(store: Opened, keys: Sequence[str]) -> dict[str, Vectors]:
    wanted = set(keys)
    return {
        key: vector
        for key, vector in zip(store.tables.embedded(), store.vectors, strict=True)
        if key in wanted
    }


def _made(
    texts: Mapping[str, str],
    *,
    embedder: Embedder,
    cache: VectorCache | None,
    n_done: int,
    n_all: int,
    tell: Progress,
) -> dict[str, Vectors]:
    made: dict[str, Vectors] = {}
    keys = list(texts)
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        vectors = dict(zip(some, embedder.embed_documents([texts[key] for key in some]), strict=True))
        if cache:
            cache.put(vectors, embedder=embedder.id)
        made |= vectors
        tell("embed", min(n_done + len(made), n_all), n_all)
    return made
