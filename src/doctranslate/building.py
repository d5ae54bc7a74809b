"""Document stores of libraries: build them, open them, build them on first use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from doctranslate import distributions
from doctranslate.component import Component, Requirement, requirement
from doctranslate.config import cache_dir, stores_dir
from doctranslate.errors import DistributionError, StoreMismatchError, StoreMissingError

if TYPE_CHECKING:
    from doctranslate.engines.base import Engine
    from doctranslate.stores.base import Embedder
    from doctranslate.stores.index import DocIndex
    from doctranslate.stores.local import DocStore
    from doctranslate.stores.swap import BuildLock

_Store = TypeVar("_Store", bound="DocIndex")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0 when that is not known)."""

FIRST_USE_WAIT_S = 600.0
"""How long a first use waits for another process that builds the same store."""


def open_store(
    name: str,
    *,
    build: bool = True,
    embedder: Embedder | str | None = None,
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> DocStore:
    """Open the document store of a library; build it on first use.

    Args:
        name: A component or distribution, with ``==version`` for another version than the installed one.
        build: Whether to build a store that is missing.
        embedder: What it must have been built with: an embedder or a name; None takes the one it was built with.
        stores: Folder of the stores; None for the default place (`doctranslate.config.stores_dir`).
        progress: Called while it is built.

    Returns:
        The store.

    Raises:
        UnknownComponentError: No such library.
        StoreMissingError: There is none, and ``build`` is False.
        StoreMismatchError: It was built from another specification, or with another embedder.
        StoreCorruptError: It was cut off, or edited.
    """
    from doctranslate.stores.local import DocStore

    wanted = requirement(name)
    given = _embedder(embedder) if embedder is not None else None
    try:
        return _opened_as(DocStore, wanted, stores=stores, embedder=given)
    except StoreMissingError:
        if not build:
            raise
        return _first_use(DocStore, wanted, embedder=embedder, stores=stores, progress=progress)


def open_index(name: str, *, stores: Path | str | None = None, progress: Progress | None = None) -> DocIndex:
    """`open_store` without LangChain around the store, whose import takes longer than a translation.

    Args:
        name: See `open_store`.
        stores: Folder of the stores; None for the default place.
        progress: Called while the store is built on first use.

    Raises:
        UnknownComponentError: No such library.
        StoreError: It cannot be built or opened.
    """
    from doctranslate.stores.index import DocIndex

    wanted = requirement(name)
    try:
        return _opened_as(DocIndex, wanted, stores=stores)
    except StoreMissingError:
        return _first_use(DocIndex, wanted, stores=stores, progress=progress)


def _first_use(
    kind: type[_Store],
    wanted: Requirement,
    *,
    embedder: Embedder | str | None = None,
    stores: Path | str | None,
    progress: Progress | None,
) -> _Store:
    """Build a missing store, or wait for the process that is building it just now."""
    from doctranslate.stores.manifest import store_folder
    from doctranslate.stores.swap import build_lock

    folder = store_folder(_root(stores), wanted.component.name, _version(wanted))
    given = _embedder(embedder) if embedder is not None else None
    with build_lock(folder, wait_s=FIRST_USE_WAIT_S) as lock:
        try:
            return _opened_as(kind, wanted, stores=stores, embedder=given)
        except StoreMissingError:
            _build(wanted, lock, engine="offline", embedder=given or "lsa", progress=progress).close()
    return _opened_as(kind, wanted, stores=stores, embedder=given)


def _opened_as(
    kind: type[_Store], wanted: Requirement, *, stores: Path | str | None, embedder: Embedder | None = None
) -> _Store:
    from doctranslate.stores.manifest import store_folder

    folder = store_folder(_root(stores), wanted.component.name, _version(wanted))
    store = kind.open(folder, embedder)
    if store.manifest.spec_hash != spec_hash(wanted.component):
        store.close()
        raise StoreMismatchError(
            folder,
            field="specification",
            expected=spec_hash(wanted.component)[:12],
            found=store.manifest.spec_hash[:12],
            remedy=f"The description of {wanted.component.name} has changed: run 'doctranslate build {wanted}'.",
        )
    return store


def build_store(
    name: str,
    *,
    engine: Engine | str | None = "offline",
    embedder: Embedder | str | None = None,
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> DocStore:
    """Read, condense, embed and store the documentation of a library, in place of the store it may have.

    Args:
        name: A component or distribution, with ``==version`` for another version than the installed one.
        engine: What condenses the chunks; see `translate`.
        embedder: What embeds them: an embedder, ``lsa`` (the default), or a name such as
            ``openai:text-embedding-3-small``.
        stores: Folder of the stores; None for the default place.
        progress: Called with each stage.

    Returns:
        The new store, open. The old one stays until the new one is whole.

    Raises:
        UnknownComponentError: No such library.
        CrawlError: Its documentation cannot be read.
        ModelError: The engine or the embedding model failed.
        StoreError: Another process is building it, or it cannot be written.
    """
    from doctranslate.stores.manifest import store_folder
    from doctranslate.stores.swap import build_lock

    wanted = requirement(name)
    folder = store_folder(_root(stores), wanted.component.name, _version(wanted))
    with build_lock(folder) as lock:
        return _build(wanted, lock, engine=engine, embedder=embedder or "lsa", progress=progress)


def _build(
    wanted: Requirement,
    lock: BuildLock,
    *,
    engine: Engine | str | None,
    embedder: Embedder | str,
    progress: Progress | None,
) -> DocStore:
    from doctranslate.curation.build import curate
    from doctranslate.curation.chunk import CHUNKER
    from doctranslate.curation.digests import DigestCache
    from doctranslate.engines.pick import pick_engine
    from doctranslate.sources.package import PackageSource
    from doctranslate.stores.write import write_store

    chosen = pick_engine(engine)
    made = _embedder(embedder)
    tell = progress or (lambda stage, done, total: None)
    tell("read", 0, 0)
    source = PackageSource(wanted.component, wanted.version)
    condense_hash = getattr(chosen, "condense_hash", "")
    curated = curate(
        source.pages(),
        chosen.condense,
        engine_name=chosen.name,
        prompt_hash=condense_hash,
        # What costs nothing to make again needs no cache.
        cache=DigestCache(cache_dir() / "digests.sqlite") if chosen.is_model else None,
        progress=tell,
    )
    return write_store(
        lock.folder,
        curated.chunks,
        curated.digests,
        component=wanted.component.name,
        version=source.version,
        embedder=made,
        api=source.api(),
        engine_name=chosen.name,
        spec_hash=spec_hash(wanted.component),
        source=source.name,
        chunker=CHUNKER,
        prompt_hash=condense_hash,
        lock=lock,
        progress=tell,
    )


def list_stores(stores: Path | str | None = None) -> Iterator[Path]:
    """Folders that hold a store, or something that was one, by name.

    Args:
        stores: Folder of the stores; None for the default place.
    """
    root = _root(stores)
    found: Iterable[Path] = root.iterdir() if root.is_dir() else ()
    yield from sorted(
        path for path in found if path.is_dir() and "@" in path.name and not path.name.startswith(".")
    )


def spec_hash(component: Component) -> str:
    """SHA-256 (hex) of a component's description: a store built from another one is out of date."""
    return hashlib.sha256(component.model_dump_json().encode()).hexdigest()


def _version(wanted: Requirement) -> str:
    if wanted.version is not None:
        return wanted.version
    found = distributions.installed(wanted.component.distribution)
    if found is None:
        found = distributions.find(wanted.component.distribution)
    if not found.version:
        raise DistributionError(f"{wanted.component.distribution} does not say its version")
    return found.version


def _root(stores: Path | str | None) -> Path:
    return Path(stores) if stores is not None else stores_dir()


def _embedder(embedder: Embedder | str) -> Embedder:
    from doctranslate.stores.embedders import make_embedder

    return make_embedder(embedder) if isinstance(embedder, str) else embedder
