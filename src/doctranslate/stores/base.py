"""What an embedder is: text in, unit vectors out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""float32, rows of unit length (or all zero, where a text holds nothing the embedder knows)."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how near two texts are in meaning."""

    @property
    def id(self) -> str:
        """Names the embedder in a store's manifest: ``lsa``, ``openai:text-embedding-3-small``."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed texts that are to be found.

        Args:
            texts: Any number of texts.

        Returns:
            float32 ``[n_texts, dim]``, unit length.

        Raises:
            ModelError: The embedding model failed.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Embed what is searched for.

        Args:
            text: A query.

        Returns:
            float32 ``[dim]``, unit length.

        Raises:
            ModelError: The embedding model failed.
        """
        ...


@runtime_checkable
class FittedEmbedder(Protocol):
    """An embedder that learns from the documents of one store, and is kept with them."""

    def fit(self, texts: Sequence[str]) -> None:
        """Learn from all documents of a store.

        Args:
            texts: The documents.
        """
        ...

    def adopt(self, saved: Mapping[str, bytes], texts: Sequence[str]) -> bool:
        """Take over what was learnt for an earlier store, where that still fits the documents of this one.

        Args:
            saved: What the files hold that `save` wrote for the earlier store, by name; other files may be among
                them.
            texts: The documents of this store.

        Returns:
            Whether it was taken over; `fit` is needed when it was not.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write what was learnt, without pickle.

        Args:
            folder: An existing folder.
        """
        ...


def unit(vectors: npt.ArrayLike) -> Vectors:
    """Scale to unit length along the last axis; zero vectors stay zero.

    Args:
        vectors: Numbers ``[..., dim]``.

    Returns:
        float32 of the same shape.
    """
    array = np.asarray(vectors, dtype=np.float32)
    length = np.linalg.norm(array, axis=-1, keepdims=True)
    return np.ascontiguousarray(array / np.where(length > 1e-12, length, 1.0), dtype=np.float32)
