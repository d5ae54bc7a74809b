"""Builds the document store of a library from its sources, doing again only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from doctranslate.building.origins import Kind, Origins, choose, open_parts, site_part
from doctranslate.building.place import Progress, as_embedder, stores_root, version_of
from doctranslate.building.unfinished import Unfinished
from doctranslate.component import Requirement, requirement
from doctranslate.errors import CrawlError, StoreError

if TYPE_CHECKING:
    from doctranslate.building.report import BuildReport
    from doctranslate.engines.base import Engine
    from doctranslate.sources.web.source import WebSource
    from doctranslate.stores.base import Embedder
    from doctranslate.stores.local import DocStore
    from doctranslate.stores.manifest import Manifest
    from doctranslate.stores.swap import BuildLock


def build_store(
    name: str,
    *,
    sources: Sequence[Kind] | None = None,
    folders: Sequence[Path | str] = (),
    urls: Sequence[str] = (),
    engine: Engine | str | None = "offline",
    embedder: Embedder | str | None = None,
    workers: int = 16,
    webdriver_url: str | None = None,
    force: bool = False,
    stores: Path | str | None = None,
    progress: Progress | None = None,
    on_report: Callable[[BuildReport], None] | None = None,
) -> DocStore:
    """Read, condense, embed and store the documentation of a library, in place of the store it may have.

    What has not changed since the last build is not extracted, condensed or embedded again; when nothing has,
    the store is left as it is. A build that is stopped at any point goes on where it was when it is run again.

    Args:
        name: A component or distribution, with ``==version`` for another version than the installed one.
        sources: Kinds of source: ``package``, ``folder``, ``web``; None for those that the present store was
            built from, or the package and the component's folders when there is none.
        folders: Folders of documentation files, or zip files, to read besides the component's; remembered.
        urls: Documentation sites to read in place of the component's, three links deep; remembered.
        engine: What condenses the chunks; see `translate`.
        embedder: What embeds them: an embedder, ``lsa`` (the default), or a name such as
            ``openai:text-embedding-3-small``.
        workers: Pages of a site that are read at the same time.
        webdriver_url: Address of a remote WebDriver or a Selenium Grid; None for a browser of this machine.
        force: Write the store even when nothing has changed, with vectors of its own: nothing is taken over
            from the present one. Digests, and vectors that were paid for, are kept all the same.
        stores: Folder of the stores; None for the default place.
        progress: Called with each stage.
        on_report: Called with what was done, before the store is opened.

    Returns:
        The new store, open. The old one stays until the new one is whole.

    Raises:
        UsageError: There is no such kind of source, or nothing to read of that kind.
        UnknownComponentError: No such library.
        CrawlError: Its documentation cannot be read.
        MissingExtraError: A package that reading needs is not installed.
        ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids to read a site, or to ask a model.
        ModelError: The engine or the embedding model failed.
        StoreError: Another process is building it, or it cannot be written.
    """
    from doctranslate.stores.manifest import store_folder
    from doctranslate.stores.swap import build_lock

    wanted = requirement(name)
    root = stores_root(stores)
    folder = store_folder(root, wanted.component.name, version_of(wanted))
    with build_lock(folder) as lock:
        earlier = manifest_before(root, folder, wanted.component.name)
        return build_locked(
            wanted,
            lock,
            origins=choose(wanted.component, sources=sources, folders=folders, urls=urls, earlier=earlier),
            engine=engine,
            embedder=embedder or "lsa",
            workers=workers,
            webdriver_url=webdriver_url,
            force=force,
            progress=progress,
            on_report=on_report,
        )


def manifest_before(root: Path, folder: Path, component: str) -> Manifest | None:
    """What the present store says of itself, or else the store of another version, the one written last.

    Args:
        root: Folder of the stores.
        folder: Where the store is, or is to be.
        component: Name of the component.
    """
    from doctranslate.stores.manifest import MANIFEST, read_manifest

    found: list[tuple[int, Manifest]] = []
    for each in (folder, *root.glob(f"{folder.name.partition('@')[0]}@*")):
        with suppress(StoreError, FileNotFoundError):  # another process may be replacing it
            manifest = read_manifest(each)
            if each == folder:
                return manifest
            if manifest.component == component:
                found.append(((each / MANIFEST).stat().st_mtime_ns, manifest))
    return max(found, key=lambda one: one[0])[1] if found else None


def build_locked(
    wanted: Requirement,
    lock: BuildLock,
    *,
    origins: Origins | None = None,
    engine: Engine | str | None,
    embedder: Embedder | str,
    workers: int = 16,
    webdriver_url: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
    on_report: Callable[[BuildReport], None] | None = None,
) -> DocStore:
    """`build_store` for who holds the lock already.

    Args:
        wanted: The component and its version.
        lock: Of the store.
        origins: What to read; None for the package and the component's folders.
        engine: See `build_store`.
        embedder: See `build_store`.
        workers: See `build_store`.
        webdriver_url: See `build_store`.
        force: See `build_store`.
        progress: See `build_store`.
        on_report: See `build_store`.

    Raises:
        DocTranslateError: See `build_store`.
    """
    from doctranslate.building.assemble import assemble
    from doctranslate.building.report import Stopwatch
    from doctranslate.engines.pick import pick_engine
    from doctranslate.sources.package import PackageSource

    tell = Stopwatch(progress)
    origins = origins or choose(wanted.component)
    chosen = pick_engine(engine)
    made = as_embedder(embedder)
    tell("read", 0, 0)
    package = PackageSource(wanted.component, wanted.version)
    parts = open_parts(origins, package)  # before a crawl, which may take long: a folder may be missing
    with _crawled(origins, lock, workers=workers, webdriver_url=webdriver_url, tell=tell) as web:
        store, report = assemble(
            lock,
            [*parts, site_part(web)] if web else parts,
            component=wanted.component,
            version=package.version,
            api=package.api(),
            origins=origins,
            engine=chosen,
            embedder=made,
            force=force,
            tell=tell,
            crawl=web.report if web else None,
        )
    if on_report:
        on_report(report)
    return store


@contextmanager
def _crawled(
    origins: Origins, lock: BuildLock, *, workers: int, webdriver_url: str | None, tell: Progress
) -> Iterator[WebSource | None]:
    """The component's sites, read; None when they are not wanted."""
    if "web" not in origins.kinds:
        yield None
        return
    from doctranslate.sources.web.source import WebSource

    unfinished = Unfinished(lock.folder)
    source = WebSource(
        origins.component,
        workers=workers,
        webdriver_url=webdriver_url,
        fresh_from=unfinished.leave(),
        progress=tell,
    )
    try:
        source.crawl()
    except CrawlError:
        if source.report is None or source.report.complete:
            unfinished.take_away()  # the next build is to look at the site again
        raise
    tell("read", 0, 0)
    yield source
    unfinished.take_away()
