"""A browser session: one page after another, until it is quit or something goes wrong with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from doctranslate.component_spec import DocSite
from doctranslate.errors import BrowserError
from doctranslate.sources.web.chromedriver import LocalDriver
from doctranslate.sources.web.chromium import BLOCKED, options_for
from doctranslate.sources.web.gate import is_loopback
from doctranslate.sources.web.waiting import LIMIT_MS, SETTLE, WATCH, settle_arguments

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

ERROR_PAGE = "chrome-error:"
"""How the address of the page begins that Chromium shows when it could not load one."""

BLANK = "about:blank"

START_TIMEOUT_S = 90.0
QUIT_TIMEOUT_S = 5.0
LEAVE_TIMEOUT_S = 5.0
GRACE_S = 10.0
LOOK_GRACE_S = 5.0
_LEAST_SETTLE_MS = 500
_N_LOOKS = 4


class RestlessError(Exception):
    """A page that does not stay: its scripts lead on each time that it could be read."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document as a browser has it.

    Attributes:
        url: Its address, as the browser writes it.
        status: HTTP status; 0 where the browser does not tell.
        content_type: Without parameters.
        text: HTML as it stands, or the text of what is not HTML; "" when it is too long.
        n_characters: Length of the text, also when it is too long.
        is_new: False when the browser stayed with the document it had: a download, or no content.
    """

    url: str
    status: int
    content_type: str
    text: str
    n_characters: int
    is_new: bool


class Session:
    """A session of a WebDriver.

    Args:
        url: Address of the WebDriver.
        site: Says how long a page may be, and take, and what to wait for.
        local: The driver when it is our own, or None.
        proxy_url: Proxy for every connection; "" for none.

    Attributes:
        n_pages: How many pages it was asked for.
        is_stuck: Whether it cannot go on, though its last page was read.

    Raises:
        BrowserError: The browser does not start, or there is no WebDriver at this address.
    """

    def __init__(
        self, url: str, site: DocSite, *, local: LocalDriver | None = None, proxy_url: str = ""
    ) -> None:
        self.n_pages = 0
        self.is_stuck = False
        self._site = site
        self._born = 0.0
        self._script_timeout_s = min(site.page_timeout_s, LIMIT_MS / 1000 + GRACE_S)
        self._profile = Path(tempfile.mkdtemp(prefix="profile-", dir=local.folder)) if local else None
        self._pid: int | None = None
        options = options_for(
            is_here=is_loopback(urlsplit(url).hostname or ""),
            proxy_url=proxy_url,
            browser=local.browser if local else "",
            profile=self._profile,
        )
        self._driver = self._start(url, options)
        try:
            self._prepare()
        except Exception as exc:
            self.discard()
            raise BrowserError(f"the browser at {url} was started and does not answer: {exc}") from exc
        except BaseException:
            self.discard()
            raise

    def _start(self, url: str, options: Any) -> WebDriver:
        from selenium import webdriver
        from selenium.webdriver.common.proxy import Proxy, ProxyType
        from selenium.webdriver.remote.client_config import ClientConfig

        direct = Proxy({"proxyType": ProxyType.DIRECT}) if self._profile else None
        config = ClientConfig(
            remote_server_addr=url,
            timeout=START_TIMEOUT_S,  # type: ignore[arg-type] # goes to urllib3, which takes parts of seconds
            proxy=direct,  # whatever proxy the environment names leads away from loopback
            init_args_for_pool_manager={"init_args_for_pool_manager": {"retries": False}},
        )
        try:
            return webdriver.Remote(command_executor=url, options=options, client_config=config)
        except Exception as exc:
            reason = str(getattr(exc, "msg", None) or exc).strip().partition("\n")[0]
            self._remove_profile()
            raise BrowserError(f"no browser session from {url}: {reason or type(exc).__name__}") from exc

    def _prepare(self) -> None:
        pid = self._driver.caps.get("goog:processID")
        self._pid = pid if self._profile and isinstance(pid, int) and pid > 1 else None
        self._command("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        self._command("Network.enable", {})
        self._command("Network.setBlockedURLs", {"urls": list(BLOCKED)})
        self._command("Network.setBypassServiceWorker", {"bypass": True})
        self._command("Browser.setDownloadBehavior", {"behavior": "deny"})
        # Last, since the driver holds commands to it as well, and a browser that has just been started is slow.
        timeout_s = self._site.page_timeout_s
        self._driver.set_script_timeout(self._script_timeout_s)
        self._driver.set_page_load_timeout(timeout_s)
        self._set_timeout(timeout_s + GRACE_S)

    def read(self, url: str) -> Rendered:
        """Load a page, wait until it has settled, and read it.

        Args:
            url: Its address.

        Returns:
            What the browser has then, which may be another page than the one that was asked for.

        Raises:
            RestlessError: It led on to another page again and again.
            selenium.common.exceptions.WebDriverException: It could not be loaded or read.
            urllib3.exceptions.HTTPError: The WebDriver does not answer.
        """
        self.n_pages += 1
        until = time.monotonic() + self._site.page_timeout_s
        self._set_timeout(self._site.page_timeout_s + GRACE_S)
        self._driver.get(url)
        for _ in range(_N_LOOKS):
            found = self._look(max(min(LIMIT_MS, (until - time.monotonic()) * 1000), _LEAST_SETTLE_MS))
            if found is not None:
                # Chromium's own page of an error runs nothing, and still knows where it was to lead.
                if not str(found["url"]).startswith(ERROR_PAGE):
                    self._leave()
                return self._rendered(found)
            if time.monotonic() > until:
                break
        self._leave()
        raise RestlessError(url)

    def _leave(self) -> None:
        """Leave the page: what it has started would go on, and a reload of its own come in between later."""
        try:
            self._set_timeout(LEAVE_TIMEOUT_S)
            self._driver.get(BLANK)
        except Exception:
            self.is_stuck = True

    def _look(self, limit_ms: float) -> dict[str, Any] | None:
        """The settled document; None when the page has led on to another one, or a dialog was in the way."""
        from selenium.common.exceptions import (
            JavascriptException,
            TimeoutException,
            UnexpectedAlertPresentException,
        )

        started = time.monotonic()
        # The driver knows of no time limit while a script of the page's does not let go.
        self._set_timeout(limit_ms / 1000 + LOOK_GRACE_S)
        arguments = settle_arguments(
            selector=self._site.selector, limit_ms=limit_ms, max_characters=self._site.max_page_bytes
        )
        try:
            found: dict[str, Any] = self._driver.execute_async_script(SETTLE, arguments)
        except (JavascriptException, UnexpectedAlertPresentException):
            return None
        except TimeoutException:
            # The driver says so as well when the page went away under the script.
            if time.monotonic() - started > 0.9 * self._script_timeout_s:
                raise
            return None
        return found

    def _rendered(self, found: dict[str, Any]) -> Rendered:
        born, self._born = self._born, float(found["born"])
        url = str(found["url"])
        return Rendered(
            url=url,
            status=int(found["status"]),
            content_type=str(found["type"]),
            text=str(found["text"]),
            n_characters=int(found["length"]),
            is_new=born != self._born and url.startswith(("http:", "https:", ERROR_PAGE)),
        )

    def address(self) -> str:
        """Where the browser is, or wanted to go when that failed; "" when it does not answer."""
        try:
            return str(self._driver.current_url)
        except Exception:
            return ""

    def quit(self) -> None:
        """End the session in good order; never raises, and takes seconds at most."""
        with contextlib.suppress(Exception):
            self._set_timeout(QUIT_TIMEOUT_S)
            self._driver.quit()
        self._kill()
        self._remove_profile()

    def discard(self) -> None:
        """End a session that something is wrong with: its browser is killed where it is ours."""
        self._kill()
        self.quit()

    def _kill(self) -> None:
        if self._pid is not None:
            with contextlib.suppress(OSError):
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            self._pid = None

    def _remove_profile(self) -> None:
        if self._profile is not None:
            shutil.rmtree(self._profile, ignore_errors=True)

    def _set_timeout(self, seconds: float) -> None:
        executor: Any = self._driver.command_executor
        executor.client_config.timeout = seconds

    def _command(self, name: str, parameters: dict[str, Any]) -> None:
        # Not execute_cdp_cmd: older releases have it for local drivers only.
        self._driver.execute("executeCdpCommand", {"cmd": name, "params": parameters})
