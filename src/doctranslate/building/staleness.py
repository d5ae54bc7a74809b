"""Which stores lag behind what they were built from, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.version import InvalidVersion, Version

from doctranslate import distributions
from doctranslate.building.opening import list_stores
from doctranslate.building.origins import KINDS, choose, folder_parts, site_addresses
from doctranslate.building.place import spec_hash, stores_root
from doctranslate.component import Component, requirement
from doctranslate.curation.chunk import CHUNKER
from doctranslate.engines import extract
from doctranslate.errors import CrawlError, DocTranslateError
from doctranslate.prompts.templates import template_hash
from doctranslate.records import Record
from doctranslate.sources.package import PackageSource
from doctranslate.stores.manifest import MANIFEST, Manifest, SourceState, store_folder
from doctranslate.stores.opened import open_folder


class Staleness(Record):
    """Whether a store lags behind.

    Attributes:
        path: Folder of the store.
        component: Name of the component.
        version: Version of the documented distribution; "" when there is no store.
        reasons: Why it lags behind; empty when it does not.
    """

    path: str
    component: str
    version: str = ""
    reasons: tuple[str, ...] = ()


def outdated(
    names: Sequence[str] | None = None, *, stores: Path | str | None = None, ask_sites: bool = False
) -> tuple[Staleness, ...]:
    """Compare stores with what they were built from. Nothing is written.

    A store lags behind when a newer distribution is installed and has no store yet, when the description of the
    component, the splitting, the extraction or the condensing has changed, when a folder holds other files, when a
    site was crawled since, or when the store cannot be opened.

    Args:
        names: Components, with or without ``==version``; None for every store there is.
        stores: Folder of the stores; None for the default place.
        ask_sites: Whether to ask the documentation sites, too, whether their pages have changed.

    Returns:
        One for each store, by path; and one for each name that has no store.

    Raises:
        UnknownComponentError: One of the names is not known.
        UsageError: One of the names is not a name.
        ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids to ask a site.
        MissingExtraError: A package that asking a site needs is not installed.
    """
    wanted = [requirement(name) for name in names] if names is not None else None
    found: list[Staleness] = []
    met: set[str] = set()
    for path in list_stores(stores):
        component, _, version = path.name.partition("@")
        meant = [
            each
            for each in wanted or ()
            if each.component.name == component and each.version in (None, version)
        ]
        met |= {str(each) for each in meant}
        if wanted is None or meant:
            known = meant[0].component if meant else None
            found.append(_look_at(path, known, root=stores_root(stores), ask_sites=ask_sites))
    for each in wanted or ():
        if str(each) not in met:
            now = distributions.installed(each.component.distribution)
            version = each.version or (now.version if now else "")
            path = store_folder(stores_root(stores), each.component.name, version)
            reason = f"there is no store: run  doctranslate build {each}"
            found.append(Staleness(path=str(path), component=each.component.name, reasons=(reason,)))
    return tuple(found)


def _look_at(path: Path, known: Component | None, *, root: Path, ask_sites: bool) -> Staleness:
    try:
        opened = open_folder(path.absolute(), None)
    except DocTranslateError as exc:
        name, _, version = path.name.partition("@")
        return Staleness(path=str(path), component=name, version=version, reasons=(str(exc),))
    opened.tables.close()
    manifest = opened.manifest
    try:
        component = known or requirement(manifest.component).component
    except DocTranslateError as exc:
        reasons: tuple[str, ...] = (str(exc),)
    else:
        reasons = (
            *_of_version(manifest, component, root),
            *_of_making(manifest, component),
            *_of_sources(manifest, component, ask_sites=ask_sites),
        )
    return Staleness(path=str(path), component=manifest.component, version=manifest.version, reasons=reasons)


def _of_version(manifest: Manifest, component: Component, root: Path) -> Iterator[str]:
    now = distributions.installed(component.distribution)
    if now is None or now.version == manifest.version:
        return
    has_store = (store_folder(root, component.name, now.version) / MANIFEST).is_file()
    if not has_store and _is_newer(now.version, manifest.version):
        yield f"{component.distribution} {now.version} is installed, and has no store"


def _of_making(manifest: Manifest, component: Component) -> Iterator[str]:
    if manifest.spec_hash != spec_hash(component):
        yield f"the description of {component.name} has changed"
    if manifest.chunker != CHUNKER:
        yield f"pages are split by {CHUNKER} now, not by {manifest.chunker or 'an unknown splitter'}"
    if manifest.extractor:
        from doctranslate.curation.extract import EXTRACTOR

        if manifest.extractor != EXTRACTOR:
            yield f"pages of HTML are read by {EXTRACTOR} now, not by {manifest.extractor}"
    condensing = (
        extract.extraction_hash()
        if manifest.engine == "offline"
        else template_hash("condense.system", "condense")
    )
    if manifest.prompt_hash and manifest.prompt_hash != condensing:
        yield f"{manifest.engine} condenses by other rules now"


def _of_sources(manifest: Manifest, component: Component, *, ask_sites: bool) -> Iterator[str]:
    kinds = [kind for kind in KINDS if any(each.kind == kind for each in manifest.sources)]
    try:
        every = choose(component, sources=kinds or ["package"], earlier=manifest).component
    except DocTranslateError as exc:
        yield str(exc)  # what it was built from is described no more
        return
    for each in manifest.sources:
        try:
            if each.kind == "package":
                yield from _of_package(each, manifest, component)
            elif each.kind == "folder":
                yield from _of_folder(each, every)
            else:
                yield from _of_sites(each, every, ask_sites=ask_sites)
        except CrawlError as exc:
            yield str(exc)


def _of_package(state: SourceState, manifest: Manifest, component: Component) -> Iterator[str]:
    now = distributions.installed(component.distribution)
    if now is None or now.version != manifest.version:
        return  # what is not installed does not change
    if PackageSource(component, manifest.version).state() != state.state:
        yield f"a package that the API of {component.distribution} reaches into has another version now"


def _of_folder(state: SourceState, component: Component) -> Iterator[str]:
    folders = [each for each in component.folders if each.path == state.location]
    if not folders:
        yield f"the folder {state.location} is described no more"
        return
    (part,) = folder_parts(component.model_copy(update={"folders": tuple(folders[:1])}))
    if part.source.state() != state.state:
        yield f"the files in {state.location} have changed"


def _of_sites(state: SourceState, component: Component, *, ask_sites: bool) -> Iterator[str]:
    from doctranslate.sources.web.source import WebSource

    if site_addresses(component) != state.location:
        yield f"the sites are {site_addresses(component)} now, not {state.location}"
        return
    source = WebSource(component, refresh=False)
    if source.is_crawled and source.state() != state.state:
        yield f"pages of {state.location} were crawled that are not in the store"
    if not ask_sites:
        return
    if not source.is_crawled:
        yield f"the pages of {state.location} are not kept any more: only a build tells whether they changed"
    elif said := source.check():
        yield said


def _is_newer(version: str, than: str) -> bool:
    try:
        return Version(version) > Version(than)
    except InvalidVersion:
        return version != than
