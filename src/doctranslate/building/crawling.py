"""Crawls documentation sites without building a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from doctranslate.building.place import Progress
from doctranslate.building.sites import named_site
from doctranslate.component import Component, DocSite, requirement

if TYPE_CHECKING:
    from doctranslate.sources.web.report import CrawlReport


def crawl(
    target: str,
    *,
    depth: int | None = None,
    render: Literal["auto", "http", "browser"] | None = None,
    workers: int = 16,
    webdriver_url: str | None = None,
    progress: Progress | None = None,
) -> CrawlReport:
    """Crawl the documentation sites of a library, or one site, and keep the pages.

    A build of the library from the web goes on from them. A crawl that is stopped goes on where it was when it is
    run again.

    Args:
        target: A component or distribution, or the address that a site is to be read from.
        depth: How many links away from a starting point a page may be, 0 to 20; None for what the description says,
            or 3.
        render: Whether a browser reads pages; None for what the description says, or ``auto``.
        workers: Pages that are read at the same time.
        webdriver_url: Address of a remote WebDriver or a Selenium Grid; None for a browser of this machine.
        progress: Called now and then.

    Returns:
        What became of each address.

    Raises:
        UnknownComponentError: No such library.
        UsageError: The address, the depth or ``render`` is not one.
        ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids it.
        CrawlError: There is no site, it gave no page or fewer than expected, or another process crawls it.
        MissingExtraError: A package that crawling needs is not installed.
    """
    from doctranslate.sources.web.source import crawl_site

    given = {"depth": depth, "render": render}
    changes = {key: value for key, value in given.items() if value is not None}
    what: Component | DocSite
    if "://" in target:
        what = named_site(target, changes)
    else:
        component = requirement(target).component
        sites = tuple(named_site(site.url, {**site.model_dump(), **changes}) for site in component.docs)
        what = component.model_copy(update={"docs": sites})
    return crawl_site(what, workers=workers, webdriver_url=webdriver_url, progress=progress)
