"""Which sources a store is built from: those asked for, those it was built from before, or the usual ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from doctranslate.building.sites import named_site
from doctranslate.component import Component, Folder
from doctranslate.errors import UsageError

if TYPE_CHECKING:
    from doctranslate.sources.base import Source
    from doctranslate.sources.package import PackageSource
    from doctranslate.sources.web.source import WebSource
    from doctranslate.stores.manifest import Manifest

Kind = Literal["package", "folder", "web"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of source, in the order that their pages have in a store."""


@dataclass(frozen=True, slots=True)
class Origins:
    """What a store is built from.

    Attributes:
        component: The component, with the folders that were given besides its own, and the sites in place of them.
        kinds: Kinds of source, in the order of `KINDS`.
        folders: Absolute paths that were given besides the component's.
        urls: Sites that were given in place of the component's.
    """

    component: Component
    kinds: tuple[Kind, ...]
    folders: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One source, ready to be read.

    Attributes:
        kind: Its kind.
        location: What a person would call it: a distribution, a folder, addresses.
        source: Delivers the pages.
    """

    kind: Kind
    location: str
    source: Source


def choose(
    component: Component,
    *,
    sources: Sequence[str] | None = None,
    folders: Sequence[Path | str] = (),
    urls: Sequence[str] = (),
    earlier: Manifest | None = None,
) -> Origins:
    """Say what a store is to be built from.

    Args:
        component: As it is described.
        sources: Kinds of source; None for those of the earlier store, or the package and the component's folders.
        folders: Folders, or zip files, to read besides the component's.
        urls: Documentation sites to read in place of the component's.
        earlier: What the present store says of itself: what was given for it is used again.

    Raises:
        UsageError: There is no such kind of source, or nothing to read of that kind, or a site is no address.
    """
    unknown = sorted(set(sources or ()) - set(KINDS))
    if unknown or (sources is not None and not sources):
        raise UsageError(f"a source is one of {', '.join(KINDS)}, not {', '.join(unknown) or 'nothing'}")
    kinds = set(sources) if sources is not None else _usual(component, earlier)
    kinds |= {"folder"} if folders else set()
    kinds |= {"web"} if urls else set()
    more_folders = [
        *(earlier.folders if earlier else ()),
        *(str(Path(f).expanduser().absolute()) for f in folders),
    ]
    chosen_folders = tuple(dict.fromkeys(more_folders)) if "folder" in kinds else ()
    described = {site.url: site for site in component.docs}
    given = tuple(urls) or (earlier.urls if earlier else ())
    chosen_urls = tuple(dict.fromkeys(given)) if "web" in kinds else ()
    # Of a folder that was named nobody says what its pages document; most likely it is what a site was made from.
    symbols = {pattern: to for site in component.docs for pattern, to in site.symbols.items()}
    every = component.model_copy(
        update={
            "folders": (*component.folders, *(Folder(path=path, symbols=symbols) for path in chosen_folders)),
            "docs": tuple(described.get(url) or named_site(url) for url in chosen_urls) or component.docs,
        }
    )
    if "folder" in kinds and not every.folders:
        raise UsageError(
            f"no folder of documentation is known for {component.name}: name one with folders, or --folder"
        )
    if "web" in kinds and not every.docs:
        raise UsageError(f"no documentation site is known for {component.name}: name one with urls, or --url")
    return Origins(every, tuple(kind for kind in KINDS if kind in kinds), chosen_folders, chosen_urls)


def open_parts(origins: Origins, package: PackageSource) -> list[Part]:
    """The sources that are on this machine, in the order of `KINDS`; `site_part` comes after them.

    Args:
        origins: What is to be read.
        package: The distribution.

    Raises:
        CrawlError: A folder cannot be read.
        MissingExtraError: A package that reading needs is not installed.
    """
    component = origins.component
    parts: list[Part] = []
    if "package" in origins.kinds:
        parts.append(Part("package", f"{component.distribution}=={package.version}", package))
    if "folder" in origins.kinds:
        parts += folder_parts(component)
    return parts


def site_part(web: WebSource) -> Part:
    """The sites of a component as one source.

    Args:
        web: The sites.
    """
    return Part("web", site_addresses(web.component), web)


def folder_parts(component: Component) -> list[Part]:
    """The folders of a component as sources.

    Args:
        component: The component, with the folders that were given.

    Raises:
        CrawlError: A folder cannot be read.
        MissingExtraError: A package that reading needs is not installed.
    """
    from doctranslate.sources.folder import FolderSource

    return [Part("folder", each.path, FolderSource(each)) for each in component.folders]


def site_addresses(component: Component) -> str:
    """The sites of a component as one text."""
    return ", ".join(site.url for site in component.docs)


def _usual(component: Component, earlier: Manifest | None) -> set[str]:
    found = set((earlier.source if earlier else "").split("+")) & set(KINDS)
    return found or ({"package", "folder"} if component.folders else {"package"})
