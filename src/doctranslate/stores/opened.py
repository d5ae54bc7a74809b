"""Opening a store's folder: every file is compared with the manifest before anything in it is used."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from doctranslate.errors import StoreCorruptError, StoreError, StoreMismatchError, StoreMissingError
from doctranslate.stores.base import Embedder, Vectors
from doctranslate.stores.embedders import LSA_FILES
from doctranslate.stores.manifest import (
    API,
    MANIFEST,
    TABLES,
    VECTORS,
    FileEntry,
    Manifest,
    describe_file,
    parse_manifest,
    read_bytes,
    remedy,
)
from doctranslate.stores.swap import SWAP_S, is_between, recover
from doctranslate.stores.tables import Tables

_KEPT = (VECTORS, API, *LSA_FILES)


@dataclass(frozen=True, slots=True)
class Opened:
    """A store whose files are the ones that its manifest lists.

    Attributes:
        manifest: The manifest.
        tables: The database.
        vectors: float32 ``[n_relevant, dim]``.
        contents: What the smaller files hold: read once, so that what was verified is what is used.
    """

    manifest: Manifest
    tables: Tables
    vectors: Vectors
    contents: Mapping[str, bytes]


def open_folder(path: Path, embedder: Embedder | None) -> Opened:
    """Verify and open a store.

    Args:
        path: The store's folder, absolute.
        embedder: What it must have been built with, or None for any.

    Raises:
        StoreMissingError: There is none.
        StoreMismatchError: Another version of doctranslate, or another embedder, built it.
        StoreCorruptError: It was cut off, or edited.
        StoreError: It is replaced all the time.
    """
    deadline = time.monotonic() + SWAP_S
    while True:
        recover(path)
        before = _peek(path)
        opened, problem = None, None
        try:
            opened = _open(path, read_bytes(path), embedder=embedder)
        except (StoreMissingError, StoreCorruptError) as exc:
            problem = exc
        # Another process may have put a new store in place between two of our looks: then look again.
        if not is_between(path) and _peek(path) == before:
            if opened is not None:
                return opened
            if problem is not None:
                raise problem
        if opened is not None:
            opened.tables.close()
        if time.monotonic() > deadline:
            raise StoreError(f"store {path} is being replaced over and over: wait, then try again.")


def _peek(path: Path) -> tuple[int, int] | None:
    """Which store is there. Not by its content: one that was replaced twice may have the same bytes again."""
    try:
        found = (path / MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _open(path: Path, content: bytes, *, embedder: Embedder | None) -> Opened:
    manifest = parse_manifest(path, content)
    if embedder is not None and embedder.id != manifest.embedder:
        raise StoreMismatchError(
            path, field="embedder", expected=embedder.id, found=manifest.embedder, remedy=remedy(path)
        )
    missing = {TABLES, VECTORS} - set(manifest.files)
    if missing:
        raise StoreCorruptError(f"store {path}: no {min(missing)} is listed in its manifest. {remedy(path)}")
    try:
        tables = Tables(
            path / TABLES
        )  # before it is verified, so that it is the verified one that stays open
        contents = {name: _verified(path, name, entry=entry) for name, entry in manifest.files.items()}
        vectors = np.load(BytesIO(contents[VECTORS]), allow_pickle=False)
    except (OSError, ValueError) as exc:
        raise StoreCorruptError(f"store {path} cannot be read: {exc}. {remedy(path)}") from exc
    n_rows = tables.n_rows()
    if vectors.shape != (manifest.n_relevant, manifest.dim) or n_rows != manifest.n_chunks:
        raise StoreCorruptError(
            f"store {path} holds {n_rows} chunks and vectors of shape {vectors.shape}, expected "
            f"{manifest.n_chunks} and {(manifest.n_relevant, manifest.dim)}. {remedy(path)}"
        )
    return Opened(manifest, tables, vectors, contents)


def _verified(path: Path, name: str, *, entry: FileEntry) -> bytes:
    """Content of a file that is kept in memory, or nothing for the others, when it is what was written."""
    if name in _KEPT:
        content = (path / name).read_bytes()
        found = FileEntry(size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    else:
        content, found = b"", describe_file(path / name)
    if found.size_bytes != entry.size_bytes:
        raise StoreCorruptError(
            f"store {path}: {name} has {found.size_bytes} bytes, expected {entry.size_bytes}. {remedy(path)}"
        )
    if found != entry:
        raise StoreCorruptError(f"store {path}: {name} is not the file that was written. {remedy(path)}")
    return content
