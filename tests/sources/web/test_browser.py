"""Pages in a real Chromium, from servers on loopback that do what pages do to browsers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.errors import BrowserError
from doctranslate.sources.web.agent import user_agent
from doctranslate.sources.web.base import Failed, Fetched, Skipped
from doctranslate.sources.web.browser import BrowserFetcher
from doctranslate.sources.web.chromedriver import LocalDriver
from doctranslate.sources.web.gate import Gate
from tests.sites.left_behind import MARK, left_behind, marked, new_mark

from .http_servers import Answer, HttpSite

pytest.importorskip("selenium", reason="the extra 'crawl' is not installed")
pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="chromium and chromedriver are not installed: scripts/system-packages installs them",
)

TEXT = "<p>" + "Enough words to be a page of its own. " * 20 + "</p>"


def page(body: str, head: str = "") -> Answer:
    return Answer(
        f"<!doctype html><html><head><title>t</title>{head}</head><body>{body}</body></html>".encode()
    )


def script(code: str) -> str:
    return f"<script>{code}</script>"


def plain(text: str, content_type: str) -> Answer:
    return Answer(text.encode(), content_type=content_type)


def to(place: str) -> Answer:
    return Answer(status=302, headers={"Location": place})


def slow_json(handler: Any) -> None:
    time.sleep(0.4)
    body = b'{"text": "from the server"}'
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def slow_script(handler: Any) -> None:
    time.sleep(0.4)
    body = b"document.querySelector('nav').innerHTML = '<a href=/from-script>x</a>';"
    handler.send_response(200)
    handler.send_header("Content-Type", "text/javascript")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def endless(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"<p>" + b"x" * 100_000)


ROUTES = {
    "/": page(TEXT),
    "/rendered": page(
        "<div id=app></div>"
        + script(
            "fetch('/slow.json').then(a => a.json()).then(found => setTimeout(() => {"
            "document.querySelector('#app').innerHTML = `<main><h1>${found.text}</h1></main>`; }, 200));"
        )
    ),
    "/slow.json": slow_json,
    "/loads-script": page(
        f"<nav></nav>{TEXT}"
        + script("const s = document.createElement('script'); s.src = '/slow.js'; document.head.append(s);")
    ),
    "/slow.js": slow_script,
    "/late-links": page(
        f"<nav></nav>{TEXT}"
        + script(
            "setTimeout(() => { document.querySelector('nav').innerHTML = '<a href=/late>x</a>'; }, 700);"
        )
    ),
    "/scrolled": page(
        f"{TEXT}<div style='height: 9000px'></div><nav></nav>"
        + script(
            "const nav = document.querySelector('nav');"
            "new IntersectionObserver((seen) => { if (seen.some(one => one.isIntersecting) && !nav.firstChild)"
            " setTimeout(() => { nav.innerHTML = '<a href=/in-view>x</a>'; }, 30); }).observe(nav);"
        )
    ),
    "/clock": page(
        f"{TEXT}<i></i>"
        + script(
            "const i = document.querySelector('i'); let n = 1000;"
            "const go = () => { i.textContent = n++; setTimeout(go, 10); }; go();"
        )
    ),
    "/async-clock": page(
        f"{TEXT}<i></i>"
        + script(
            "(async () => { for (let n = 1000;; n++) { document.querySelector('i').textContent = n;"
            "await new Promise(done => setTimeout(done, 10)); } })();"
        )
    ),
    "/dialogs": page(
        script("alert(1); if (confirm(2)) document.title = 'yes'; prompt(3); onbeforeunload = () => 'stay';")
        + TEXT
        + "<iframe srcdoc='<script>parent.document.title; alert(4)</script>'></iframe>"
    ),
    "/never-ends": page(TEXT + script("while (true) {}")),
    "/never-ends-later": page(TEXT + script("setTimeout(() => { while (true) {} }, 20);")),
    "/hangs-after": page(TEXT + script("setTimeout(() => { while (true) {} }, 1200);")),
    "/reloads-after": page(TEXT + script("setTimeout(() => { location.reload(); }, 1200);")),
    "/restless": page(script("setTimeout(() => { location.reload(); }, 30);") + TEXT),
    "/leads-on": page(script("location.replace('/rendered');")),
    "/file": plain("x", "application/octet-stream"),
    "/attachment": Answer(TEXT.encode(), headers={"Content-Disposition": "attachment; filename=a.html"}),
    "/empty": Answer(status=204),
    "/notes.txt": plain("1 < 2\n", "text/plain"),
    "/notes.md": plain("# Notes\n", "text/markdown"),
    "/data": plain('{"a": 1}', "application/json"),
    "/gone": Answer(TEXT.encode(), status=404),
    "/busy": Answer(TEXT.encode(), status=503),
    "/moved": to("/notes.txt"),
    "/round": to("/round"),
    "/to-metadata": to("http://169.254.169.254/latest/meta-data/"),
    "/to-metadata-tls": to("https://169.254.169.254/latest/meta-data/"),
    "/script-to-metadata": page(script("location.href = 'https://169.254.169.254/latest/';")),
    "/long": Answer(b"<html>" + b"<p>word</p>" * 200_000),
    "/endless": endless,
    "/expands": page(script(f"document.write('{'word ' * 1000}'.repeat(600));")),
    "/pictures": page(
        TEXT
        + "<img src=/a.png><img src=/drawn><img srcset='/b.webp 2x' src=/c.jpg><video src=/film.mp4 autoplay></video>"
        "<div style='background: url(/back.svg)'>x</div><p style='font-family: f'>x</p>",
        head="<link rel=icon href=/icon.png><link rel=stylesheet href=/style.css>"
        "<style>@font-face { font-family: f; src: url(/font.woff2); }</style>",
    ),
    "/style.css": plain("p { color: black }", "text/css"),
}


def site_of(url: str, **settings: Any) -> DocSite:
    settings = {"page_timeout_s": 20.0, "max_page_bytes": 1_000_000, **settings}
    return DocSite(url=url, allow_private=True, **settings)


@contextlib.contextmanager
def fetcher(site: DocSite, **settings: Any) -> Iterator[BrowserFetcher]:
    found = BrowserFetcher(site, gate=Gate.of_site(site), **settings)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture(scope="module")
def server() -> Iterator[HttpSite]:
    with HttpSite(ROUTES) as found:
        yield found


@pytest.fixture(scope="module")
def browser(server: HttpSite) -> Iterator[BrowserFetcher]:
    with fetcher(site_of(server.url), n_drivers=2) as found:
        yield found


@pytest.fixture
def read(server: HttpSite, browser: BrowserFetcher):
    def read(path: str):
        server.asked.clear()
        return browser.fetch(server.url + path.lstrip("/"))

    return read


class TestWhatIsRead:
    def test_page_then_is_its_document(self, server, read) -> None:
        found = read("/")
        assert isinstance(found, Fetched)
        assert (found.url, found.media_type, found.status, found.how) == (
            server.url,
            "text/html",
            200,
            "browser",
        )
        assert "Enough words" in found.text
        assert found.n_bytes == len(found.text.encode())

    def test_page_then_is_asked_for_by_our_name_and_by_no_browser_s(self, server, read) -> None:
        server.headers.clear()
        read("/")
        assert [headers["User-Agent"] for headers in server.headers] == [user_agent()]

    def test_page_that_a_script_builds_from_an_answer_then_is_whole(self, read) -> None:
        assert "<main><h1>from the server</h1></main>" in read("/rendered").text

    @pytest.mark.parametrize(
        ("path", "link"),
        [("/loads-script", "/from-script"), ("/late-links", "/late"), ("/scrolled", "/in-view")],
    )
    def test_links_that_come_later_then_are_there(self, read, path: str, link: str) -> None:
        assert f'href="{link}"' in read(path).text

    @pytest.mark.parametrize("path", ["/clock", "/async-clock"])
    def test_page_with_a_clock_then_is_read_all_the_same(self, read, path: str) -> None:
        assert isinstance(read(path), Fetched)

    def test_text_and_markdown_then_are_as_they_were_written(self, read) -> None:
        text, markdown = read("/notes.txt"), read("/notes.md")
        assert (text.media_type, text.text) == ("text/plain", "1 < 2\n")
        assert (markdown.media_type, markdown.text) == ("text/markdown", "# Notes\n")

    @pytest.mark.parametrize(("path", "end"), [("/moved", "notes.txt"), ("/leads-on", "rendered")])
    def test_page_that_leads_on_then_is_the_last_one_with_its_address(
        self, server, read, path: str, end: str
    ) -> None:
        assert read(path).url == server.url + end

    def test_pictures_fonts_and_films_then_are_not_asked_for(self, server, read) -> None:
        assert isinstance(read("/pictures"), Fetched)
        assert sorted(server.asked) == ["/pictures", "/style.css"]


class TestWhatIsNotRead:
    def test_dialogs_then_stop_nothing(self, read) -> None:
        found = read("/dialogs")
        assert "Enough words" in found.text
        assert "<title>t</title>" in found.text
        assert isinstance(read("/"), Fetched)

    @pytest.mark.parametrize("path", ["/file", "/attachment", "/empty"])
    def test_download_then_is_skipped_and_kept_nowhere(self, read, path: str, tmp_path: Path) -> None:
        assert read(path) == Skipped("a download, or no content")

    def test_other_media_types_then_are_skipped(self, read) -> None:
        assert read("/data") == Skipped("media type application/json")

    def test_status_of_an_error_then_is_a_failure(self, read) -> None:
        assert read("/gone") == Failed("answers 404 Not Found", status=404)
        assert read("/busy") == Failed("answers 503 Service Unavailable", retry=True, status=503)

    def test_redirects_in_a_circle_then_are_a_failure_for_good(self, read) -> None:
        assert read("/round") == Failed("the browser says ERR_TOO_MANY_REDIRECTS")

    def test_page_that_never_stays_then_is_a_failure(self, read) -> None:
        assert read("/restless") == Failed("its scripts lead on to another page again and again")

    @pytest.mark.parametrize("path", ["/long", "/endless", "/expands"])
    def test_page_that_is_too_long_then_is_skipped(self, read, path: str) -> None:
        assert read(path) == Skipped("longer than 1,000,000 bytes")

    def test_nobody_there_then_may_be_tried_again(self) -> None:
        with HttpSite() as gone:
            site = site_of(gone.url)
        with fetcher(site, n_drivers=1) as found:
            outcome = found.fetch(site.url)
        assert outcome == Failed("nobody answers there", retry=True)


class TestWhatIsRefused:
    @pytest.mark.parametrize("path", ["/to-metadata", "/to-metadata-tls", "/script-to-metadata"])
    def test_redirect_to_a_metadata_address_then_is_refused(self, read, path: str) -> None:
        found = read(path)
        assert isinstance(found, Skipped)
        assert found.reason.startswith(
            "169.254.169.254 leads to 169.254.169.254, which is not a public address"
        )

    def test_everything_on_another_port_of_this_machine_then_is_refused(self, server, browser) -> None:
        with HttpSite({"/secret": page(TEXT)}) as other:
            url = other.url
            asks = f"for (const u of ['{url}secret', '{url.replace('http', 'ws')}', '{url.replace('http', 'https')}'])"
            server.routes["/prying"] = page(
                TEXT
                + f"<iframe src={url}secret></iframe><script src={url}a.js></script>"
                + script(
                    f"{asks} {{ fetch(u, {{mode: 'no-cors'}}).catch(() => 0); new WebSocket('{url}ws'); }}"
                )
                + script("fetch('/slow.json').then(a => a.text()).then(t => document.body.append(t));")
            )
            server.routes["/to-secret"] = to(url + "secret")
            found, redirected = browser.fetch(server.url + "prying"), browser.fetch(server.url + "to-secret")
            assert "from the server" in found.text
            assert isinstance(redirected, Skipped)
            assert other.n_connections == 0
            assert url + "secret" in dict(browser.refused)


class TestSessions:
    def test_page_whose_script_never_ends_then_is_given_up_and_the_next_one_is_read(self, server) -> None:
        with fetcher(site_of(server.url, page_timeout_s=3.0), n_drivers=1) as found:
            for path in ("never-ends", "never-ends-later"):
                assert found.fetch(server.url + path) == Failed("took longer than 3 s")
            assert isinstance(found.fetch(server.url), Fetched)

    @pytest.mark.parametrize("path", ["hangs-after", "reloads-after"])
    def test_page_that_goes_on_after_it_was_read_then_does_not_spoil_the_next_one(
        self, server, path: str
    ) -> None:
        with fetcher(site_of(server.url), n_drivers=1) as found:
            assert isinstance(found.fetch(server.url + path), Fetched)
            server.asked.clear()
            time.sleep(1.5)
            assert server.asked == []
            assert found.fetch(server.url + "notes.txt").text == "1 < 2\n"

    def test_content_selector_then_is_waited_for(self, server) -> None:
        late = "setTimeout(() => { document.body.innerHTML += '<main>late</main>'; }, 1500);"
        server.routes["/late-content"] = page(TEXT + script(late))
        with fetcher(site_of(server.url, selector="main"), n_drivers=1) as found:
            assert "<main>late</main>" in found.fetch(server.url + "late-content").text

    def test_fetches_from_many_threads_then_share_as_many_browsers_as_allowed(
        self, server, monkeypatch
    ) -> None:
        mark = new_mark()
        monkeypatch.setenv(MARK, mark)
        with fetcher(site_of(server.url), n_drivers=2) as found, ThreadPoolExecutor(6) as threads:
            outcomes = list(threads.map(found.fetch, [server.url] * 12))
            assert all(isinstance(outcome, Fetched) for outcome in outcomes)
            assert n_browsers(mark) == 2
        assert left_behind(mark, within_s=0) == {}

    def test_browser_after_its_pages_then_is_replaced(self, server, monkeypatch) -> None:
        mark = new_mark()
        monkeypatch.setenv(MARK, mark)
        seen: set[int] = set()
        with fetcher(site_of(server.url), n_drivers=1, recycle_after=2) as found:
            for _ in range(4):
                assert isinstance(found.fetch(server.url), Fetched)
                seen |= browsers(mark).keys()
                assert n_browsers(mark) <= 1
        assert len(seen) == 2

    def test_browser_that_is_killed_then_fails_its_page_and_is_replaced(self, server, monkeypatch) -> None:
        mark = new_mark()
        monkeypatch.setenv(MARK, mark)
        with fetcher(site_of(server.url), n_drivers=1) as found:
            assert isinstance(found.fetch(server.url), Fetched)
            [pid] = browsers(mark)
            os.kill(pid, signal.SIGKILL)
            outcome = found.fetch(server.url)
            assert isinstance(outcome, Failed)
            assert outcome.retry
            assert isinstance(found.fetch(server.url), Fetched)

    def test_close_while_a_page_loads_then_is_a_failure_at_once(self, server, monkeypatch) -> None:
        mark = new_mark()
        monkeypatch.setenv(MARK, mark)
        with fetcher(site_of(server.url), n_drivers=1) as found:
            found.fetch(server.url)
            with ThreadPoolExecutor(1) as thread:
                waiting = thread.submit(found.fetch, server.url + "never-ends")
                until = time.monotonic() + 10
                while "/never-ends" not in server.asked and time.monotonic() < until:
                    time.sleep(0.02)
                found.close()
                assert waiting.result(timeout=15) == Failed("the browser was closed", retry=True)
            found.close()
            assert found.fetch(server.url) == Failed("the browser was closed", retry=True)
        assert left_behind(mark, within_s=0) == {}

    def test_remote_webdriver_then_is_used_by_its_address_and_its_sessions_are_ended(self, server) -> None:
        with LocalDriver() as remote:
            with fetcher(site_of(server.url), n_drivers=1, webdriver_url=remote.url) as found:
                assert "from the server" in found.fetch(server.url + "rendered").text
                refused = found.fetch("http://169.254.169.254/")
                assert isinstance(refused, Skipped)
                assert isinstance(found.fetch(server.url + "to-metadata"), Skipped | Failed)
            with fetcher(site_of(server.url), n_drivers=1, webdriver_url=remote.url) as again:
                assert isinstance(again.fetch(server.url), Fetched)

    def test_remote_webdriver_that_is_not_there_then_is_an_error(self, server) -> None:
        with HttpSite() as gone:
            url = gone.url.rstrip("/")
        with (
            fetcher(site_of(server.url), n_drivers=1, webdriver_url=url) as found,
            pytest.raises(BrowserError, match="no browser session"),
        ):
            found.fetch(server.url)


CRAWLING = """
import sys
from doctranslate.component_spec import DocSite
from doctranslate.sources.web.browser import BrowserFetcher
from doctranslate.sources.web.gate import Gate
url = sys.argv[1]
site = DocSite(url=url, allow_private=True)
fetcher = BrowserFetcher(site, gate=Gate.of_site(site), n_drivers=1)
try:
    print(type(fetcher.fetch(url)).__name__, fetcher._local.folder, flush=True)
    fetcher.fetch(url + "never-ends")
finally:
    fetcher.close()
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_crawling_process_that_is_stopped_then_leaves_no_browser_and_no_folder(
    server, sign: signal.Signals
) -> None:
    mark = new_mark()
    server.asked.clear()
    with subprocess.Popen(
        [sys.executable, "-c", CRAWLING, server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, MARK: mark},
    ) as process:
        kind, folder = process.stdout.readline().decode().split()
        until = time.monotonic() + 20
        while "/never-ends" not in server.asked and time.monotonic() < until:
            time.sleep(0.02)
        assert (kind, n_browsers(mark)) == ("Fetched", 1)
        process.send_signal(sign)
    assert left_behind(mark) == {}
    assert not Path(folder).exists()


def browsers(mark: str) -> dict[int, str]:
    """The main processes of Chromium, one for each session."""
    return {
        pid: command
        for pid, command in marked(mark).items()
        if "chromium/chromium" in command and "--type=" not in command
    }


def n_browsers(mark: str) -> int:
    return len(browsers(mark))
