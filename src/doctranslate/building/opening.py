"""Opens document stores of libraries, and builds them on first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from doctranslate.building.build import build_locked
from doctranslate.building.place import Progress, as_embedder, spec_hash, stores_root, version_of
from doctranslate.component import Requirement, requirement
from doctranslate.errors import StoreMismatchError, StoreMissingError

if TYPE_CHECKING:
    from doctranslate.stores.base import Embedder
    from doctranslate.stores.index import DocIndex
    from doctranslate.stores.local import DocStore

_Store = TypeVar("_Store", bound="DocIndex")

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
    given = as_embedder(embedder) if embedder is not None else None
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

    folder = store_folder(stores_root(stores), wanted.component.name, version_of(wanted))
    given = as_embedder(embedder) if embedder is not None else None
    with build_lock(folder, wait_s=FIRST_USE_WAIT_S) as lock:
        try:
            return _opened_as(kind, wanted, stores=stores, embedder=given)
        except StoreMissingError:
            build_locked(wanted, lock, engine="offline", embedder=given or "lsa", progress=progress).close()
    return _opened_as(kind, wanted, stores=stores, embedder=given)


def _opened_as(
    kind: type[_Store], wanted: Requirement, *, stores: Path | str | None, embedder: Embedder | None = None
) -> _Store:
    from doctranslate.stores.manifest import store_folder

    folder = store_folder(stores_root(stores), wanted.component.name, version_of(wanted))
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


def list_stores(stores: Path | str | None = None) -> Iterator[Path]:
    """Folders that hold a store, or something that was one, by name.

    Args:
        stores: Folder of the stores; None for the default place.
    """
    root = stores_root(stores)
    found: Iterable[Path] = root.iterdir() if root.is_dir() else ()
    yield from sorted(
        path for path in found if path.is_dir() and "@" in path.name and not path.name.startswith(".")
    )
