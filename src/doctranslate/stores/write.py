"""Writes a document store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doctranslate.apis import ApiIndex
from doctranslate.errors import StoreError
from doctranslate.records import Chunk, Digest
from doctranslate.stores.base import Embedder, FittedEmbedder, Progress, Vectors
from doctranslate.stores.manifest import API, INDEX, MANIFEST, TABLES, VECTORS, Manifest, describe_file
from doctranslate.stores.swap import BuildLock, build_lock, staged
from doctranslate.stores.tables import Row, own_name, write_tables

if TYPE_CHECKING:
    from doctranslate.stores.local import DocStore

_BATCH = 256
_MAX_EMBEDDED_CHARS = 6_000  # about 2,000 tokens: what embedding models take, and more than a vector can say
_MAX_EMBEDDED_TEXT = 1_500


def write_store(
    folder: Path,
    chunks: Sequence[Chunk],
    digests: Sequence[Digest],
    *,
    component: str,
    version: str,
    embedder: Embedder,
    api: ApiIndex | None = None,
    engine_name: str = "",
    spec_hash: str = "",
    source: str = "",
    chunker: str = "",
    prompt_hash: str = "",
    metadatas: Mapping[str, Mapping[str, Any]] | None = None,
    lock: BuildLock | None = None,
    wait_s: float = 0.0,
    progress: Progress | None = None,
) -> DocStore:
    """Write a store, in place of the one that may be there, and open it.

    Args:
        folder: Where it is to be; see `doctranslate.stores.manifest.store_folder`.
        chunks: What it holds; a chunk given twice is kept once.
        digests: One for each chunk, in any order.
        component: Name of the component.
        version: Version of the documented distribution.
        embedder: Makes the vectors. One that is fitted is fitted here, and kept in the store.
        api: Objects of the distribution, kept beside the documents.
        engine_name: What condensed the chunks.
        spec_hash: Hash of the component's specification.
        source: Kinds of source, for the manifest.
        chunker: How pages were split, for the manifest.
        prompt_hash: Of the prompt that the digests were made by.
        metadatas: More metadata for LangChain documents, by chunk id; it must fit into JSON.
        lock: The build lock, when the caller holds it already.
        wait_s: How long to wait for another process that builds the same store.
        progress: Called with ``embed`` or ``write``, how much is done, and how much there is.

    Returns:
        The store, open.

    Raises:
        StoreError: Another process is building it; there is nothing to store, a digest is missing, or the
            files cannot be written.
        ModelError: The embedding model failed.
    """
    from doctranslate.stores.local import DocStore

    rows = _rows(chunks, digests, metadatas=metadatas or {})
    tell = progress or (lambda stage, done, total: None)
    with ExitStack() as stack:
        held = lock or stack.enter_context(build_lock(folder, wait_s=wait_s))
        new = stack.enter_context(staged(held))
        n_relevant = sum(row.digest.relevant for row in rows)
        vectors = _embed([_embedded_text(row) for row in rows[:n_relevant]], embedder=embedder, tell=tell)
        tell("write", 0, len(rows))
        write_tables(new / TABLES, rows)
        _write_vectors(new, vectors)
        if isinstance(embedder, FittedEmbedder):
            embedder.save(new)
        if api is not None:
            (new / API).write_text(api.to_json(), encoding="utf-8")
        manifest = Manifest(
            component=component,
            version=version,
            source=source,
            spec_hash=spec_hash,
            chunker=chunker,
            engine=engine_name,
            prompt_hash=prompt_hash,
            embedder=embedder.id,
            dim=vectors.shape[1],
            n_chunks=len(rows),
            n_relevant=n_relevant,
            files={path.name: describe_file(path) for path in sorted(new.iterdir())},
        ).sealed()
        (new / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
        tell("write", len(rows), len(rows))
    return DocStore.open(folder, embedder)


def _rows(
    chunks: Sequence[Chunk], digests: Sequence[Digest], *, metadatas: Mapping[str, Mapping[str, Any]]
) -> list[Row]:
    by_id = {digest.chunk_id: digest for digest in digests}
    unique = list({chunk.id: chunk for chunk in chunks}.values())
    if not unique:
        raise StoreError("there is nothing to store: the component's sources gave no text")
    for chunk in unique:
        if chunk.id not in by_id:
            raise StoreError(f"chunk {chunk.id} ({chunk.symbol or chunk.uri}) has no digest")
    # What is relevant comes first: row i has vector i - 1, and the rest needs none.
    unique.sort(key=lambda chunk: not by_id[chunk.id].relevant)
    return [
        Row(number, chunk, by_id[chunk.id], json.dumps(dict(metadatas.get(chunk.id, {})), ensure_ascii=False))
        for number, chunk in enumerate(unique, start=1)
    ]


def _embedded_text(row: Row) -> str:
    chunk, digest = row.chunk, row.digest
    parts = [own_name(chunk), *chunk.headings, digest.description, digest.search_words]
    if chunk.kind not in ("api", "cli"):
        # The digest says what an object is for; signatures and help texts would add the words of others. Of a
        # guide, it says only how it begins.
        parts.append(chunk.text[:_MAX_EMBEDDED_TEXT])
    return "\n".join(part for part in dict.fromkeys(parts) if part)[:_MAX_EMBEDDED_CHARS]


def _embed(texts: Sequence[str], *, embedder: Embedder, tell: Progress) -> Vectors:
    tell("embed", 0, len(texts))
    if isinstance(embedder, FittedEmbedder):
        embedder.fit(texts)
    batches = []
    for start in range(0, len(texts), _BATCH):
        batches.append(embedder.embed_documents(texts[start : start + _BATCH]))
        tell("embed", min(start + _BATCH, len(texts)), len(texts))
    return np.concatenate(batches) if batches else embedder.embed_documents([])


def _write_vectors(folder: Path, vectors: Vectors) -> None:
    import faiss

    np.save(folder / VECTORS, vectors, allow_pickle=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / INDEX))
