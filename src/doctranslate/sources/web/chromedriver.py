"""One chromedriver of our own: found, started under the warden, and gone when it is closed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from doctranslate.config import is_offline
from doctranslate.errors import BrowserError, MissingExtraError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
START_TIMEOUT_S = 60.0
CLOSE_TIMEOUT_S = 15.0
_STARTS = 3
_READY = re.compile(rb"started successfully on port (\d+)")
_INSTALL = (
    "Install one (Debian and Ubuntu: apt-get install chromium chromium-driver), name one with "
    "DOCTRANSLATE_CHROMIUM and DOCTRANSLATE_CHROMEDRIVER, or set webdriver_url to a remote one"
)


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the browser and its driver are."""

    browser: str
    driver: str


def find_programs() -> Programs:
    """Find Chromium or Chrome, and a chromedriver.

    ``$DOCTRANSLATE_CHROMIUM`` and ``$DOCTRANSLATE_CHROMEDRIVER`` go first, then the search path; for what is not there
    Selenium Manager is asked, which may download it, except when ``$DOCTRANSLATE_OFFLINE`` is set.

    Raises:
        BrowserError: One of them is missing, or a name that was given leads nowhere.
        MissingExtraError: Selenium is not installed, and would be needed to find them.
    """
    browser = _given("DOCTRANSLATE_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    driver = _given("DOCTRANSLATE_CHROMEDRIVER") or shutil.which("chromedriver") or ""
    if browser and driver:
        return Programs(browser, driver)
    return _ask_selenium_manager(browser, driver)


def _given(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        return ""
    found = shutil.which(value)
    if found is None:
        raise BrowserError(f"{name} is {value!r}, which is not a program that can be started")
    return found


def _ask_selenium_manager(browser: str, driver: str) -> Programs:
    try:
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.common.selenium_manager import SeleniumManager
    except ImportError as exc:
        raise MissingExtraError("selenium", extra="crawl", needed_for="reading pages in a browser") from exc
    arguments = ["--browser", "chrome", "--avoid-stats"]
    arguments += ["--browser-path", browser] if browser else []
    arguments += ["--offline"] if is_offline() else []
    try:
        found = SeleniumManager().binary_paths(arguments)
    except WebDriverException as exc:
        raise BrowserError(f"no browser to read pages with: {exc.msg or exc}. {_INSTALL}") from exc
    programs = Programs(browser or str(found["browser_path"]), driver or str(found["driver_path"]))
    for path in (programs.browser, programs.driver):
        if not path or not Path(path).is_file():
            raise BrowserError(f"no browser to read pages with: {path or 'nothing was found'}. {_INSTALL}")
    return programs


class LocalDriver:
    """A chromedriver on a free port of loopback, and a folder for what its browsers leave on the disk.

    It runs under `doctranslate.sources.web.warden`: it, its browsers and the folder are gone soon after this process
    is, whatever ended it. Any process of this machine can reach the port while it is open, as with every
    chromedriver; pages cannot, where `doctranslate.sources.web.proxy` stands between.

    Attributes:
        url: ``http://127.0.0.1:PORT``.
        browser: The browser's program.
        folder: For profiles and temporary files; deleted at the end.

    Raises:
        BrowserError: There is no browser or no driver, or the driver does not start.
        MissingExtraError: Selenium is not installed, and would be needed to find them.
    """

    def __init__(self) -> None:
        programs = find_programs()
        self.browser = programs.browser
        for attempt in range(1, _STARTS + 1):
            self.folder = Path(tempfile.mkdtemp(prefix="doctranslate-browser-"))
            try:
                self._process = self._start(programs.driver)
            except OSError as exc:
                shutil.rmtree(self.folder, ignore_errors=True)
                raise BrowserError(f"{programs.driver} cannot be started: {exc}") from exc
            try:
                port = self._read_port()
            except BaseException:
                self.close()
                raise
            if port is not None:
                self.url = f"http://127.0.0.1:{port}"
                return
            has_ended = not self._reader.is_alive()
            self.close()
            # It takes a free port of IPv4 and then wants the same one of IPv6, and ends when another program has it.
            if not has_ended or attempt == _STARTS:
                raise BrowserError(f"{programs.driver} did not say that it was ready. {_INSTALL}")

    def _start(self, driver: str) -> subprocess.Popen[bytes]:
        warden = [sys.executable, "-m", "doctranslate.sources.web.warden", "--remove", str(self.folder)]
        # What Chromium leaves outside of its profile (locks, crash reports, shader caches) goes to the folder too.
        ours = {name: str(self.folder) for name in ("TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        return subprocess.Popen(
            [*warden, driver, "--port=0", "--log-level=SEVERE"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ours},
            start_new_session=True,  # Ctrl-C is for us: the driver must still be there to close its browsers
        )

    def _read_port(self) -> int | None:
        found: list[int] = []
        ready = threading.Event()

        def read() -> None:
            # To the end, long after the port was found: a full pipe would hold the driver up.
            for line in self._process.stdout or ():
                if not found and (match := _READY.search(line)):
                    found.append(int(match[1]))
                    ready.set()
            ready.set()

        self._reader = threading.Thread(target=read, name="chromedriver-output", daemon=True)
        self._reader.start()
        ready.wait(START_TIMEOUT_S)
        return found[0] if found else None

    def close(self) -> None:
        """End the driver, its browsers, and delete the folder. Can be called twice, and from another thread."""
        process = self._process
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()  # the sign that the warden waits for
        try:
            process.wait(CLOSE_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader = getattr(self, "_reader", None)
        if reader is not None:
            reader.join(CLOSE_TIMEOUT_S)
        if process.stdout is not None and not (reader and reader.is_alive()):
            process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
