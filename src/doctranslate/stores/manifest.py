"""What a store says of itself, and whether its files still are what it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from doctranslate.errors import StoreCorruptError, StoreMismatchError, StoreMissingError
from doctranslate.records import Record

FORMAT = 4
"""Raised whenever the layout, the tables or the splitting into search words change."""

MANIFEST = "manifest.json"
TABLES = "docs.sqlite"
VECTORS = "vectors.npy"
INDEX = "index.faiss"
API = "api.json"


class FileEntry(Record):
    """One file of a store."""

    size_bytes: int = Field(ge=0)
    sha256: str


class SourceState(Record):
    """One source of a store's pages, as it was when the store was built.

    Attributes:
        kind: ``package``, ``folder`` or ``web``.
        location: The distribution with its version, the folder, or the addresses of the sites.
        state: Hash over what was read; another one later means that the store lags behind.
        n_pages: How many pages came from it.
    """

    kind: Literal["package", "folder", "web"]
    location: str
    state: str = ""
    n_pages: int = Field(default=0, ge=0)


class Manifest(Record):
    """What a store holds and how it was made.

    Attributes:
        format: Version of the layout on disk.
        component: Name of the component.
        version: Version of the documented distribution.
        source: Kinds of source the pages came from: ``package``, ``package+folder``…
        sources: Each of them, in the order of the pages.
        folders: Folders that were given for this store, besides those of the component; absolute.
        urls: Documentation sites that were given for this store, besides those of the component.
        spec_hash: Hash of the component's specification.
        chunker: How pages were split.
        extractor: How pages of HTML were read.
        engine: What condensed the chunks.
        prompt_hash: Of the prompt, or extraction rules, it condensed by.
        embedder: Id of the embedder.
        dim: Length of a vector.
        metric: How vectors are compared; they are of unit length.
        n_chunks: How many chunks there are.
        n_relevant: How many of them can be retrieved: those have a vector.
        content: SHA-256 over chunks, digests and API: equal content, and nothing is written anew.
        files: Every other file of the store.
        checksum: SHA-256 over all fields above.
    """

    format: int = FORMAT
    component: str
    version: str
    source: str = ""
    sources: tuple[SourceState, ...] = ()
    folders: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    spec_hash: str = ""
    chunker: str = ""
    extractor: str = ""
    engine: str
    prompt_hash: str = ""
    embedder: str
    dim: int = Field(ge=1)
    metric: Literal["inner-product"] = "inner-product"
    n_chunks: int = Field(ge=0)
    n_relevant: int = Field(ge=0)
    content: str = ""
    files: Mapping[str, FileEntry]
    checksum: str = ""

    def sealed(self) -> Manifest:
        """The manifest with its checksum filled in."""
        return self.model_copy(update={"checksum": self._sum()})

    @property
    def is_sealed(self) -> bool:
        """Whether the checksum is that of the fields."""
        return self.checksum == self._sum()

    def _sum(self) -> str:
        fields = self.model_dump(mode="json", exclude={"checksum"})
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def store_folder(root: Path, component: str, version: str) -> Path:
    """The folder of a component's store.

    Args:
        root: Where stores are kept; see `doctranslate.config.stores_dir`.
        component: Name of the component.
        version: Version of its distribution.

    Returns:
        ``root/component@version``, with what file systems may refuse replaced by ``_``.
    """
    return root / re.sub(r"[^\w.+@-]", "_", f"{component}@{version}")


def read_manifest(folder: Path) -> Manifest:
    """Read a store's manifest; the files are not looked at.

    Args:
        folder: The store.

    Raises:
        StoreMissingError: There is no such folder, or it holds no manifest.
        StoreMismatchError: It was written by another version of doctranslate.
        StoreCorruptError: It cannot be read, or was edited.
    """
    return parse_manifest(folder, read_bytes(folder))


def read_bytes(folder: Path) -> bytes:
    """The manifest's content.

    Raises:
        StoreMissingError: There is none.
    """
    try:
        return (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise StoreMissingError(f"no document store at {folder}. {remedy(folder)}") from exc
    except OSError as exc:
        raise StoreCorruptError(
            f"store {folder}: {MANIFEST} cannot be read: {exc}. {remedy(folder)}"
        ) from exc


def parse_manifest(folder: Path, content: bytes) -> Manifest:
    """Make a manifest of a file's content; see `read_manifest`.

    Raises:
        StoreMismatchError: It was written by another version of doctranslate.
        StoreCorruptError: It is not a manifest, or was edited.
    """
    try:
        raw = json.loads(content)
        found = raw["format"]
    except (ValueError, KeyError, TypeError) as exc:
        raise StoreCorruptError(
            f"store {folder}: {MANIFEST} cannot be read: {exc!r}. {remedy(folder)}"
        ) from exc
    if found != FORMAT:
        raise StoreMismatchError(folder, field="format", expected=FORMAT, found=found, remedy=remedy(folder))
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise StoreCorruptError(
            f"store {folder}: {MANIFEST}, field '{where}': {first['msg']}. {remedy(folder)}"
        ) from exc
    if not manifest.is_sealed:
        raise StoreCorruptError(
            f"store {folder}: {MANIFEST} was changed after it was written. {remedy(folder)}"
        )
    return manifest


def remedy(folder: Path) -> str:
    """The sentence that says how to make a store anew."""
    component = folder.name.partition("@")[0] or "COMPONENT"
    return f"Run  doctranslate build {component}"


def describe_file(path: Path) -> FileEntry:
    """Size and hash of a file."""
    with path.open("rb") as stream:
        return FileEntry(
            size_bytes=path.stat().st_size, sha256=hashlib.file_digest(stream, "sha256").hexdigest()
        )
