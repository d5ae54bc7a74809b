"""The sites that the crawler is measured on, with all that is known about them from their files."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmarks.debian_docs import SKIP, NoDocs, debian_docs
from tests.sites.server import Site
from tests.sites.spa import CORPUS, SELECTOR, MarkdownSite
from tests.sites.static import StaticSite
from tests.sites.truth import Truth, content_text, links_in, walk

from doctranslate.component_spec import DocSite

Render = Literal["auto", "browser", "http"]


@dataclass(frozen=True)
class Known:
    """A site and the truth about it.

    Attributes:
        name: For people.
        serve: Answers requests.
        truth: Its pages, each with its depth.
        content: Content text of the page at a path, from its file.
        path: The one path of what is at an address' path, or None when nothing is there.
        selector: Of the content.
        skip: What lies beside the pages.
        lists_pages: Whether there is a sitemap, which makes every page a starting point.
    """

    name: str
    serve: Site
    truth: Truth
    content: Callable[[str], str]
    path: Callable[[str], str | None]
    selector: str
    skip: tuple[str, ...] = ()
    lists_pages: bool = False

    def pages(self, depth: int) -> set[str]:
        """The pages within a depth; what only leads on to another page, or holds no text without scripts, is none.

        Args:
            depth: Links from a starting point.
        """
        return {path for path in self.truth.within(depth) if self.content(path)}

    def describe(self, url: str, *, depth: int, render: Render) -> DocSite:
        """Its description.

        Args:
            url: Where it is served.
            depth: Links from a starting point.
            render: How its pages are read.
        """
        return DocSite(
            url=f"{url}/",
            depth=depth,
            render=render,
            selector=self.selector,
            skip=self.skip,
            discover=("sitemap",) if self.lists_pages else (),
            rate=1000,
            allow_private=True,
        )


def sphinx(package: str, *, sitemap: bool = False) -> Known:
    """A documentation package of Debian.

    Args:
        package: Its name.
        sitemap: Whether the server has a sitemap of all its files of HTML.

    Raises:
        NoDocs: It cannot be had here.
    """
    site = StaticSite(debian_docs(package).folder, sitemap=sitemap)

    def path(asked: str) -> str | None:
        file = site.file(asked)
        return site.path(file) if file is not None else None

    @functools.cache
    def content(asked: str) -> str:
        file = site.file(asked)
        return content_text(file.read_bytes(), "[role=main]") if file is not None else ""

    truth = walk(links_in(site, skip=SKIP), starts=["/", *(site.paths() if sitemap else ())])
    name = f"{package}{', sitemap' if sitemap else ''}"
    return Known(name, site, truth, content, path, "[role=main]", skip=(SKIP,), lists_pages=sitemap)


def dvc(mode: Literal["spa", "static"]) -> Known:
    """DVC's documentation, rendered by scripts or by the server.

    Raises:
        NoDocs: The texts are not here.
    """
    if not CORPUS.is_dir():
        raise NoDocs("DVC's documentation is not at ../shared/corpora/dvc")
    site = MarkdownSite(CORPUS, mode=mode)

    def path(asked: str) -> str | None:
        found = asked.rstrip("/") or "/"
        return found if found in site.pages else None

    @functools.cache
    def content(asked: str) -> str:
        return content_text(f"<article>{site.pages[asked]}</article>", "article")

    name = "DVC, client-side" if mode == "spa" else "DVC, static"
    return Known(name, site, walk(site.links), content, path, SELECTOR)
