"""Writes a document store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from doctranslate.apis import ApiIndex
from doctranslate.errors import StoreError
from doctranslate.records import Chunk, Digest
from doctranslate.stores.base import Embedder, FittedEmbedder, Progress, Vectors
from doctranslate.stores.manifest import (
    API,
    INDEX,
    MANIFEST,
    TABLES,
    VECTORS,
    Manifest,
    SourceState,
    describe_file,
)
from doctranslate.stores.opened import Opened
from doctranslate.stores.swap import BuildLock, build_lock, staged
from doctranslate.stores.tables import Row, own_name, write_tables
from doctranslate.stores.vectors import VectorCache, embed_texts, text_key

if TYPE_CHECKING:
    from doctranslate.stores.local import DocStore

_MAX_EMBEDDED_CHARS = 6_000  # about 2,000 tokens: what embedding models take, and more than a vector can say
_MAX_EMBEDDED_TEXT = 1_500


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a store took.

    Attributes:
        n_embedded: How many texts the embedder was given.
        n_reused: How many texts had a vector already.
        refit: Whether the embedder learnt anew from all texts.
        up_to_date: Whether nothing had changed, and the store was left as it was.
    """

    n_embedded: int = 0
    n_reused: int = 0
    refit: bool = False
    up_to_date: bool = False


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
    sources: Sequence[SourceState] = (),
    folders: Sequence[str] = (),
    urls: Sequence[str] = (),
    chunker: str = "",
    extractor: str = "",
    prompt_hash: str = "",
    metadatas: Mapping[str, Mapping[str, Any]] | None = None,
    lock: BuildLock | None = None,
    wait_s: float = 0.0,
    earlier: Opened | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
    on_written: Callable[[Written], None] | None = None,
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
        sources: Each of them, for the manifest.
        folders: Folders that were given for this store, for the manifest.
        urls: Documentation sites that were given for this store, for the manifest.
        chunker: How pages were split, for the manifest.
        extractor: How pages of HTML were read, for the manifest.
        prompt_hash: Of the prompt that the digests were made by.
        metadatas: More metadata for LangChain documents, by chunk id; it must fit into JSON.
        lock: The build lock, when the caller holds it already.
        wait_s: How long to wait for another process that builds the same store.
        earlier: The store that is there, to be gone on from: vectors and fit of the embedder are taken over
            where they still hold, and when nothing has changed it is left as it is.
        cache: Vectors that were paid for.
        progress: Called with ``embed`` or ``write``, how much is done, and how much there is.
        on_written: Called with what it took, before the store is opened.

    Returns:
        The store, open.

    Raises:
        StoreError: Another process is building it; there is nothing to store, a digest is missing, or the
            files cannot be written.
        ModelError: The embedding model failed.
    """
    from doctranslate.stores.local import DocStore

    rows = _rows(chunks, digests, metadatas=metadatas or {})
    n_relevant = sum(row.digest.relevant for row in rows)
    texts = [embedded_text(row.chunk, row.digest) for row in rows[:n_relevant]]
    said = Manifest(
        component=component,
        version=version,
        source=source,
        sources=tuple(sources),
        folders=tuple(folders),
        urls=tuple(urls),
        spec_hash=spec_hash,
        chunker=chunker,
        extractor=extractor,
        engine=engine_name,
        prompt_hash=prompt_hash,
        embedder=embedder.id,
        dim=1,
        n_chunks=len(rows),
        n_relevant=n_relevant,
        content=_content(rows, api),
        files={},
    )
    tell = progress or (lambda stage, done, total: None)
    with ExitStack() as stack:
        held = lock or stack.enter_context(build_lock(folder, wait_s=wait_s))
        if earlier is not None and _is_same(earlier, said, embedder=embedder, texts=texts):
            written = Written(n_reused=n_relevant, up_to_date=True)
        else:
            new = stack.enter_context(staged(held))
            found = embed_texts(texts, embedder=embedder, earlier=earlier, cache=cache, progress=tell)
            written = Written(found.n_embedded, found.n_reused, found.refit)
            tell("write", 0, len(rows))
            _write_files(new, rows, found.vectors, embedder=embedder, api=api, said=said)
            tell("write", len(rows), len(rows))
    if on_written:
        on_written(written)
    return DocStore.open(folder, embedder)


def _is_same(earlier: Opened, said: Manifest, *, embedder: Embedder, texts: Sequence[str]) -> bool:
    """Whether a store of this manifest would be the one that is there."""
    kept = {"dim": said.dim, "files": said.files, "checksum": said.checksum}
    if earlier.manifest.model_copy(update=kept) != said:
        return False
    return not isinstance(embedder, FittedEmbedder) or embedder.adopt(earlier.contents, texts)


def _write_files(
    folder: Path,
    rows: Sequence[Row],
    vectors: Vectors,
    *,
    embedder: Embedder,
    api: ApiIndex | None,
    said: Manifest,
) -> None:
    write_tables(folder / TABLES, rows)
    _write_vectors(folder, vectors)
    if isinstance(embedder, FittedEmbedder):
        embedder.save(folder)
    if api is not None:
        (folder / API).write_text(api.to_json(), encoding="utf-8")
    files = {path.name: describe_file(path) for path in sorted(folder.iterdir())}
    manifest = said.model_copy(update={"dim": vectors.shape[1], "files": files}).sealed()
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _content(rows: Sequence[Row], api: ApiIndex | None) -> str:
    content = hashlib.sha256()
    for row in rows:
        parts = (row.chunk.model_dump_json(), row.digest.model_dump_json(), row.metadata, row.embedded, "")
        content.update("\x1f".join(parts).encode())
    content.update(api.to_json().encode() if api is not None else b"")
    return content.hexdigest()


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
    rows = []
    for number, chunk in enumerate(unique, start=1):
        digest = by_id[chunk.id]
        metadata = json.dumps(dict(metadatas.get(chunk.id, {})), ensure_ascii=False)
        embedded = text_key(embedded_text(chunk, digest)) if digest.relevant else ""
        rows.append(Row(number, chunk, digest, metadata, embedded))
    return rows


def embedded_text(chunk: Chunk, digest: Digest) -> str:
    """What of a chunk, and of what was said of it, its vector stands for.

    Args:
        chunk: The chunk.
        digest: Its digest.
    """
    parts = [own_name(chunk), *chunk.headings, digest.description, digest.search_words]
    if chunk.kind not in ("api", "cli"):
        # The digest says what an object is for; signatures and help texts would add the words of others. Of a
        # guide, it says only how it begins.
        parts.append(chunk.text[:_MAX_EMBEDDED_TEXT])
    return "\n".join(part for part in dict.fromkeys(parts) if part)[:_MAX_EMBEDDED_CHARS]


def _write_vectors(folder: Path, vectors: Vectors) -> None:
    import faiss

    np.save(folder / VECTORS, vectors, allow_pickle=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / INDEX))
