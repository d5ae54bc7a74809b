"""The two ways to read a page, with one gate for both; a browser is started when the first page needs it."""

from __future__ import annotations

import threading

from doctranslate.component_spec import DocSite
from doctranslate.errors import BrowserError, MissingExtraError
from doctranslate.sources.web.base import Fetcher
from doctranslate.sources.web.gate import Gate
from doctranslate.sources.web.http import HttpFetcher

N_DRIVERS = 8
"""Browser sessions at a time, at most. With 4, 6 and 8, pages of a site that answers after 300 ms were read at 3.7, 4.6
and 5.9 a second (two busy processors); each is a browser of its own in memory."""


class Fetchers:
    """Plain HTTP and, from its first use, a browser.

    Args:
        site: The site.
        n_workers: How many pages are read at the same time.
        webdriver_url: Address of a remote WebDriver or a Selenium Grid; None for a browser of this machine.

    Raises:
        MissingExtraError: urllib3 is not installed.
    """

    def __init__(self, site: DocSite, *, n_workers: int, webdriver_url: str | None = None) -> None:
        self._site = site
        self._gate = Gate.of_site(site)
        self._n_workers = n_workers
        self._webdriver_url = webdriver_url
        self._lock = threading.Lock()
        self._browser: Fetcher | None = None
        self._closed = False
        self.problem = ""
        self.http = HttpFetcher(site, gate=self._gate, n_connections=n_workers)

    def browser(self) -> Fetcher:
        """The browser.

        Raises:
            BrowserError: There is none, or it cannot be started.
            MissingExtraError: Selenium is not installed.
        """
        with self._lock:
            if self._browser is None:
                if self._closed:
                    raise BrowserError("the crawl is over")
                from doctranslate.sources.web.browser import BrowserFetcher  # selenium is heavy

                self._browser = BrowserFetcher(
                    self._site,
                    gate=self._gate,
                    n_drivers=min(N_DRIVERS, self._n_workers),
                    webdriver_url=self._webdriver_url,
                )
            return self._browser

    def has_browser(self) -> bool:
        """Whether there is a browser to be had; why not, is in ``problem``."""
        if not self.problem:
            try:
                self.browser()
            except (BrowserError, MissingExtraError) as exc:
                self.problem = str(exc)
        return not self.problem

    def close(self) -> None:
        """Let go of everything, also while pages are read: their outcome is then a failure."""
        self.http.close()
        with self._lock:
            self._closed = True
            browser, self._browser = self._browser, None
        if browser is not None:
            browser.close()
