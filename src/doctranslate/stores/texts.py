"""A document store of plain texts, for who wants one without a component."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doctranslate.errors import UsageError
from doctranslate.records import Chunk, Digest
from doctranslate.stores.embedders import LangChainEmbedder, LsaEmbedder
from doctranslate.stores.write import write_store

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from doctranslate.stores.local import DocStore


def write_texts(
    texts: Sequence[str],
    embedding: Embeddings | None = None,
    *,
    metadatas: Sequence[Mapping[str, Any]] | None = None,
    ids: Sequence[str] | None = None,
    path: Path | None = None,
) -> DocStore:
    """Write a store of plain texts, and open it.

    Args:
        texts: The texts; equal ones are kept once.
        embedding: A LangChain embedding model, or None for LSA.
        metadatas: One for each text, such as fits into JSON.
        ids: One for each text, in place of content hashes.
        path: Where to write it; None for a temporary folder that goes when the store does.

    Returns:
        The store.

    Raises:
        StoreError: There are no texts, or the place cannot be written.
        ModelError: The embedding model failed.
        UsageError: There are not as many ids or metadatas as texts.
    """
    if any(given is not None and len(given) != len(texts) for given in (metadatas, ids)):
        raise UsageError(f"{len(texts)} texts need as many metadatas and ids")
    names = list(ids) if ids is not None else [Chunk.make_id("text:", "", (), text) for text in texts]
    pairs = zip(names, texts, strict=True)
    chunks = [Chunk(id=name, uri=f"text:{name}", text=text, n_tokens=0) for name, text in pairs]
    with ExitStack() as stack:
        if path is None:
            temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="doctranslate-"))
            path = Path(temporary) / "texts"
        store = write_store(
            path,
            chunks,
            [Digest(chunk_id=chunk.id, description=chunk.text) for chunk in chunks],
            component="texts",
            version="",
            embedder=LsaEmbedder()
            if embedding is None
            else LangChainEmbedder(embedding, id=_name(embedding)),
            metadatas=dict(zip(names, metadatas or (), strict=False)),
        )
        weakref.finalize(store, stack.pop_all().close)
    return store


def _name(embedding: Embeddings) -> str:
    model = getattr(embedding, "model", None) or getattr(embedding, "model_name", None)
    return f"{type(embedding).__name__}:{model}" if isinstance(model, str) else type(embedding).__name__
