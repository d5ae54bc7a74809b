"""The documentation sites of a component as a source of pages."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from pathlib import Path

from doctranslate.component import Component
from doctranslate.component_spec import DocSite
from doctranslate.config import cache_dir
from doctranslate.errors import CrawlError
from doctranslate.records import Page
from doctranslate.sources.symbols import symbol_of
from doctranslate.sources.web.crawl import Progress, SiteCrawl
from doctranslate.sources.web.report import CrawlReport, SiteReport
from doctranslate.sources.web.urls import host_of

_N_REASONS = 3


def crawls_dir() -> Path:
    """Where crawled pages are kept: ``crawls/`` in the user's cache directory for doctranslate."""
    return cache_dir() / "crawls"


class WebSource:
    """The documentation sites of a component.

    Args:
        component: Says which sites, and what of them.
        folder: Where pages and reports are kept; None for `crawls_dir`.
        workers: Pages that are read at the same time.
        webdriver_url: Address of a remote WebDriver or a Selenium Grid; None for a browser of this machine.
        refresh: Whether to look for changes when an earlier crawl is finished.
        fresh_from: Crawls that were finished at this moment or later, in seconds since 1970, are taken as they are.
        progress: Called now and then while crawling.
    """

    name = "web"
    version = ""

    def __init__(
        self,
        component: Component,
        *,
        folder: Path | None = None,
        workers: int = 16,
        webdriver_url: str | None = None,
        refresh: bool = True,
        fresh_from: float = math.inf,
        progress: Progress | None = None,
    ) -> None:
        self.component = component
        self._refresh = refresh
        self._fresh_from = fresh_from
        self._folder = folder or crawls_dir()
        self._crawls = [
            SiteCrawl(
                site,
                self._folder / f"{_file_name(component.name, site)}.sqlite",
                workers=workers,
                webdriver_url=webdriver_url,
                progress=progress,
            )
            for site in component.docs
        ]
        self.report: CrawlReport | None = None

    @property
    def report_path(self) -> Path:
        """The file that the report of the last crawl is kept in."""
        return self._folder / f"{self.component.name}.report.json"

    @property
    def is_crawled(self) -> bool:
        """Whether pages of an earlier crawl are there for each site."""
        return bool(self._crawls) and all(crawl.path.exists() for crawl in self._crawls)

    def crawl(self) -> CrawlReport:
        """Crawl every site, or go on where a crawl was interrupted; keeps the report.

        Raises:
            UsageError: A site's selector is not one, or one of its addresses cannot be one of a page.
            ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids it.
            CrawlError: There is no site; one gave no page, or fewer than the component expects; it is not read to
                its end; or another process crawls it.
            BrowserError: A browser is needed, and there is none.
            MissingExtraError: A package that crawling needs is not installed.
        """
        if not self._crawls:
            raise CrawlError(
                f"{self.component.name} has no documentation site: name one with [[docs]] in its description, "
                "or with --url"
            )
        sites = tuple(crawl.run(refresh=self._refresh, fresh_from=self._fresh_from) for crawl in self._crawls)
        self.report = CrawlReport(component=self.component.name, sites=sites)
        try:
            whole = self.report_path.with_suffix(".new")
            whole.write_text(self.report.model_dump_json(indent=1) + "\n", encoding="utf-8")
            whole.replace(self.report_path)
        except OSError as exc:
            raise CrawlError(f"the report cannot be kept at {self.report_path}: {exc}") from exc
        self._check(self.report)
        return self.report

    def pages(self) -> Iterator[Page]:
        """Every page that was read and counts, site by site, sorted by address.

        Raises:
            CrawlError: See `crawl`.
        """
        if self.report is None:
            self.crawl()
        for crawl in self._crawls:
            for page in crawl.pages():
                yield Page(
                    uri=page.url,
                    title=page.title,
                    media_type=page.media_type,
                    text=page.text,
                    symbol=symbol_of(page.url, crawl.site.symbols),
                    selector=crawl.site.selector,
                    fetched_at=page.fetched_at,
                )

    def state(self) -> str:
        """SHA-256 (hex) over the addresses and texts of all pages that count.

        Raises:
            CrawlError: The pages cannot be read.
        """
        found = hashlib.sha256()
        for crawl in self._crawls:
            for url, sha256 in crawl.hashes():
                found.update(f"{url} {sha256}\n".encode())
        return found.hexdigest()

    def check(self) -> str:
        """What has changed on the sites since they were crawled; see `SiteCrawl.check`."""
        return next((said for crawl in self._crawls if (said := crawl.check())), "")

    def _check(self, report: CrawlReport) -> None:
        for site in report.sites:
            if not site.complete:
                raise CrawlError(
                    f"the crawl of {site.url} is not at its end: {site.stopped}. {site.n_read} pages are read and "
                    f"kept, {site.count('queued')} or more are not"
                )
            if not site.n_read:
                raise CrawlError(_nothing(site, self.report_path))
        expected = self.component.expect.get("min_pages", 0)
        if report.n_read < expected:
            raise CrawlError(
                f"{report.n_read} pages of {self.component.name} were read, and min_pages = {expected} are "
                f"expected: see {self.report_path}, and correct the description where the site has changed"
            )


def _nothing(site: SiteReport, path: Path) -> str:
    told = [page for page in site.pages if page.outcome != "queued"]
    reasons = dict.fromkeys(f"{page.url} {page.outcome}: {page.reason}" for page in told)
    shown = "; ".join(list(reasons)[:_N_REASONS]) or "no address was asked"
    more = f"; and {len(reasons) - _N_REASONS} more" if len(reasons) > _N_REASONS else ""
    return f"not one page of {site.url} could be read: {shown}{more}. The whole report: {path}"


def crawl_site(
    target: Component | DocSite,
    *,
    folder: Path | None = None,
    workers: int = 16,
    webdriver_url: str | None = None,
    progress: Progress | None = None,
) -> CrawlReport:
    """Crawl the sites of a component, or one site, and keep the pages for a later build.

    Args:
        target: What to crawl.
        folder: Where pages are kept; None for `crawls_dir`.
        workers: Pages that are read at the same time.
        webdriver_url: Address of a remote WebDriver or a Selenium Grid; None for a browser of this machine.
        progress: Called now and then.

    Returns:
        What became of each address.

    Raises:
        UsageError: The selector is not one, or one of the addresses cannot be one of a page.
        ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids it.
        CrawlError: See `WebSource.crawl`.
        BrowserError: A browser is needed, and there is none.
        MissingExtraError: A package that crawling needs is not installed.
    """
    if isinstance(target, DocSite):
        name = re.sub(r"[^A-Za-z0-9]+", "-", host_of(target.url)).strip("-")
        target = Component(name=name, distribution=name, imports=(name,), docs=(target,))
    source = WebSource(target, folder=folder, workers=workers, webdriver_url=webdriver_url, progress=progress)
    return source.crawl()


def _file_name(name: str, site: DocSite) -> str:
    host = re.sub(r"[^\w.-]", "_", host_of(site.url))
    return f"{name}-{host}-{hashlib.sha256(site.url.encode()).hexdigest()[:8]}"
