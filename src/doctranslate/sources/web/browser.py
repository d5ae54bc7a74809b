"""Pages as Chromium renders them, through Selenium: several sessions at a time, each replaced when it fails."""

from __future__ import annotations

import queue
import re
import threading

from doctranslate.component_spec import DocSite
from doctranslate.errors import BrowserError, MissingExtraError
from doctranslate.sources.web.base import Failed, Fetched, Outcome, Skipped, Validators
from doctranslate.sources.web.chromedriver import LocalDriver
from doctranslate.sources.web.gate import Gate
from doctranslate.sources.web.http import RETRY_STATUSES, answers
from doctranslate.sources.web.http_heads import OWN_ANSWER
from doctranslate.sources.web.media import is_read, media_type
from doctranslate.sources.web.proxy import GateProxy
from doctranslate.sources.web.sessions import ERROR_PAGE, Rendered, RestlessError, Session
from doctranslate.sources.web.urls import normalise

_CLOSED = Failed("the browser was closed", retry=True)
_ERROR = re.compile(r"\bERR_[A-Z0-9_]+")
_LASTING = re.compile(r"ERR_(CERT|SSL|TOO_MANY_REDIRECTS|UNSAFE|INVALID|UNKNOWN_URL|DISALLOWED|BLOCKED)")


class BrowserFetcher:
    """Reads pages in Chromium: our own, or those of a remote WebDriver or a Selenium Grid.

    Our own go through `doctranslate.sources.web.proxy`, so that the gate sees every connection. Those of a remote
    WebDriver cannot: there the gate is asked about a page's address before it is loaded, and about the one that it
    has led to, and no more.

    Args:
        site: The site.
        gate: Lets connections out, or not.
        n_drivers: Sessions at a time, at most; each is started when it is first needed. A further thread waits.
        webdriver_url: Address of a remote WebDriver; None for a browser of this machine.
        recycle_after: Pages after which a session is replaced, since browsers grow.

    Raises:
        BrowserError: There is no browser, or its driver does not start.
        MissingExtraError: Selenium is not installed.
    """

    def __init__(
        self,
        site: DocSite,
        *,
        gate: Gate,
        n_drivers: int = 4,
        webdriver_url: str | None = None,
        recycle_after: int = 100,
    ) -> None:
        _need_selenium()
        self._site = site
        self._gate = gate
        self._recycle_after = recycle_after
        self._lock = threading.Lock()
        self._closed = False
        self._live: set[Session] = set()
        # Last in, first out: no more sessions are started than fetches overlap.
        self._slots: queue.LifoQueue[Session | None] = queue.LifoQueue()
        for _ in range(n_drivers):
            self._slots.put(None)
        self._local: LocalDriver | None = None
        self._proxy: GateProxy | None = None
        self._webdriver_url = webdriver_url or ""
        if not self._webdriver_url:
            self._local = LocalDriver()
            self._webdriver_url = self._local.url
            try:
                self._proxy = GateProxy(gate, max_bytes_per_answer=site.max_page_bytes)
            except BaseException:
                self._local.close()
                raise

    @property
    def refused(self) -> list[tuple[str, str]]:
        """What pages asked for and the gate refused, with its reason; empty for a remote WebDriver."""
        return self._proxy.refused if self._proxy else []

    def fetch(self, url: str, *, known: Validators | None = None) -> Outcome:
        """Render a page.

        Args:
            url: Its address, normalised.
            known: Makes no difference: what scripts have made of a page has no version.

        Returns:
            What came of it; of a page that has led on to another one, that one.

        Raises:
            BrowserError: No session can be started.
        """
        if self._local is None and (reason := self._gate.refusal(url)):
            return Skipped(reason)
        session = self._slots.get()
        try:
            if self._closed:
                return _CLOSED
            session = session or self._new_session()
            outcome, is_sound = self._read(session, url)
            if self._closed:
                return _CLOSED
            if not is_sound or session.n_pages >= self._recycle_after:
                self._drop(session, is_sound=is_sound)
                session = None
            return outcome
        except BrowserError:
            if self._closed:  # while the session was being started
                return _CLOSED
            raise
        except BaseException:
            # An interrupt, among others: nobody knows what the session is doing.
            if session is not None:
                self._drop(session, is_sound=False)
                session = None
            raise
        finally:
            self._slots.put(session)

    def close(self) -> None:
        """End every browser. Can be called twice, and while others fetch: what they get is a failure."""
        with self._lock:
            self._closed = True
            live, self._live = self._live, set()
        if self._local is not None:
            self._local.close()  # takes the sessions with it, whatever they are doing
        else:
            _quit_all(live)
        if self._proxy is not None:
            self._proxy.close()

    def _new_session(self) -> Session:
        try:
            session = self._start_session()
        except BrowserError:
            if self._closed:
                raise
            session = self._start_session()  # a machine may be short of something for a moment
        with self._lock:
            if not self._closed:
                self._live.add(session)
                return session
        session.discard()
        return session

    def _start_session(self) -> Session:
        proxy_url = self._proxy.url if self._proxy else ""
        return Session(self._webdriver_url, self._site, local=self._local, proxy_url=proxy_url)

    def _drop(self, session: Session, *, is_sound: bool) -> None:
        with self._lock:
            self._live.discard(session)
        if is_sound:
            session.quit()
        else:
            session.discard()

    def _read(self, session: Session, url: str) -> tuple[Outcome, bool]:
        """What came of a page, and whether the session can go on."""
        from selenium.common.exceptions import TimeoutException, WebDriverException
        from urllib3.exceptions import HTTPError, TimeoutError

        try:
            page = session.read(url)
            if page.is_new and page.url.startswith(ERROR_PAGE):
                found = _ERROR.search(page.text)
                return self._net_error(session, url, found[0] if found else "that it cannot be loaded"), True
            return self._outcome(page), not session.is_stuck
        except RestlessError:
            return Failed("its scripts lead on to another page again and again"), not session.is_stuck
        except (TimeoutException, TimeoutError):
            if self._was_cut(url):
                return self._too_long(), False
            return Failed(f"took longer than {self._site.page_timeout_s:g} s"), False
        except WebDriverException as exc:
            message = str(exc.msg or "").strip().partition("\n")[0]
            if "net::" in message and (found := _ERROR.search(message)):
                return self._net_error(session, url, found[0]), True
            return Failed(f"the browser failed: {message or type(exc).__name__}", retry=True), False
        except (HTTPError, OSError) as exc:
            return Failed(f"the browser does not answer: {type(exc).__name__}", retry=True), False

    def _net_error(self, session: Session, url: str, error: str) -> Outcome:
        if error == "ERR_ABORTED":
            return Skipped("a download")
        if self._proxy is not None and error == "ERR_TUNNEL_CONNECTION_FAILED":
            reason = self._proxy.refusal_of(session.address()) or self._proxy.refusal_of(url)
            if reason:
                return Skipped(reason)
        return Failed(f"the browser says {error}", retry=_LASTING.match(error) is None)

    def _outcome(self, page: Rendered) -> Outcome:
        if not page.is_new:
            return Skipped("a download, or no content")
        if reason := self._refusal(page):
            return Skipped(reason)
        if self._was_cut(page.url) or page.n_characters > self._site.max_page_bytes:
            return self._too_long()
        if self._proxy is not None and page.status == 502 and page.text.startswith(OWN_ANSWER):
            return Failed("nobody answers there", retry=True)
        if page.status >= 400:
            retry = page.status in RETRY_STATUSES
            return Failed(answers(page.status), retry=retry, status=page.status)
        kind = media_type(page.content_type, page.url)
        if not is_read(kind):
            return Skipped(f"media type {kind[:100] or 'unknown'}")
        address = normalise(page.url)
        if address is None:
            return Skipped("led to an address that is not one of a page")
        n_bytes = len(page.text.encode(errors="replace"))
        return Fetched(address, kind, page.text, "browser", status=page.status or 200, n_bytes=n_bytes)

    def _was_cut(self, url: str) -> bool:
        return self._proxy is not None and self._proxy.was_cut(url)

    def _too_long(self) -> Skipped:
        return Skipped(f"longer than {self._site.max_page_bytes:,} bytes")

    def _refusal(self, page: Rendered) -> str:
        if self._proxy is None:
            return self._gate.refusal(page.url)
        return self._proxy.refusal_of(page.url) if page.status == 403 else ""


def _need_selenium() -> None:
    try:
        import selenium.webdriver  # noqa: F401 # missing it is to be known at once
    except ImportError as exc:
        raise MissingExtraError("selenium", extra="crawl", needed_for="reading pages in a browser") from exc


def _quit_all(sessions: set[Session]) -> None:
    threads = [threading.Thread(target=session.quit, daemon=True) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
