"""Sites that mean no good: the crawl ends within its limits, says of each address what became of it, and leaves
nothing behind."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from doctranslate.component import Component
from doctranslate.component_spec import DocSite
from doctranslate.errors import CrawlError
from doctranslate.sources.web.report import PageReport, SiteReport
from doctranslate.sources.web.source import WebSource
from tests.sites import hostile as traps
from tests.sites.hostile import hostile
from tests.sites.left_behind import MARK, left_behind, marked, new_mark
from tests.sites.server import Reply, Server

needs_browser = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="chromium and chromedriver are not installed: scripts/system-packages installs them",
)
needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are told by /proc")

MAX_PAGES = 220
TIME_LIMIT_S = 240.0
MAX_PAGE_BYTES = 1_000_000


@dataclass(frozen=True)
class Crawled:
    """What a crawl came to, and what the servers saw of it."""

    report: SiteReport
    url: str
    server: Server
    private: Server
    seconds: float
    saw_browser: bool
    left: dict[int, str]

    def page(self, path: str) -> PageReport:
        return {page.url.removeprefix(self.url): page for page in self.report.pages}[path]

    def said(self, path: str) -> str:
        page = self.page(path)
        return f"{page.outcome}: {page.reason}".removesuffix(": ")


@contextmanager
def crawl(tmp_path: Path, monkeypatch, *, lead_to, **described: Any) -> Iterator[Crawled]:
    """Crawl the hostile site; the site's limits are small."""
    mark = new_mark()
    monkeypatch.setenv(MARK, mark)
    saw_browser = False

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal saw_browser
        saw_browser = saw_browser or bool(marked(mark))

    private = Server(lambda request: Reply("secret"))
    with private, Server(hostile(private=private.url, lead_to=lead_to)) as server:
        site = DocSite(
            **{
                **{"url": f"{server.url}/", "depth": 3, "rate": 1000, "allow_private": True},
                **{"max_pages": MAX_PAGES, "max_page_bytes": MAX_PAGE_BYTES, "page_timeout_s": 2.0},
                **{"crawl_timeout_s": TIME_LIMIT_S, **described},
            }
        )
        component = Component(name="trap", distribution="trap", imports=("trap",), docs=(site,))
        began = time.monotonic()
        # Few sessions: what is to be told apart here is a page that takes its time from a machine that does.
        source = WebSource(component, folder=tmp_path / "crawls", workers=4, progress=progress)
        report = source.crawl().sites[0]
        seconds = time.monotonic() - began
        yield Crawled(report, server.url, server, private, seconds, saw_browser, left_behind(mark))


def check_all(crawled: Crawled, lead_to) -> None:
    """What holds of every crawl, whatever read the pages."""
    report = crawled.report
    assert report.complete, report.stopped
    assert crawled.seconds < TIME_LIMIT_S
    assert not crawled.left
    assert crawled.private.seen == []
    asked = {target.partition("#")[0] for target in crawled.server.counts()}
    assert "/forbidden/page" not in asked
    for path in lead_to:
        normal = path.partition("#")[0].partition("?utm_")[0]
        page = crawled.page(normal)
        assert page.outcome != "queued", path
        assert page.reason or page.outcome in ("fetched", "unchanged"), path
    n_read = sum(page.outcome in ("fetched", "duplicate") for page in report.pages)
    assert n_read <= MAX_PAGES
    # Each of the long pages was given up, the endless one among them.
    assert crawled.server.bytes_sent < 60_000_000


def outcomes(crawled: Crawled, expected: dict[str, str]) -> dict[str, str]:
    """Of the expected outcomes (regular expressions), those that did not come true, with what was said instead."""
    return {
        path: crawled.said(path)
        for path, pattern in expected.items()
        if not re.match(pattern, crawled.said(path))
    }


# What is tried again keeps the whole host waiting: one broken connection is enough.
HTTP_TRAPS = tuple(path for path in traps.TRAPS if path not in (*traps.SCRIPTS, "/bad-head"))
OVER_HTTP = {
    "/calendar?month=1": "fetched",
    "/grow/a/b/": "fetched",
    "/many": "fetched",
    "/loop/a": "failed: its redirects go in a circle",
    "/loop/b": "failed: its redirects go in a circle",
    "/self": "failed: redirects to itself",
    "/chain/1": "redirected",
    "/chain/11": "failed: more than 10 redirects",
    "/to-metadata": "skipped: leads to http://169.254.169.254/",
    "/to-file": "skipped: .* file:",
    "/to-script": "skipped: .* javascript:",
    "/to-private": "skipped: leads to .*/admin",
    "/to-private-name": "skipped: leads to http://localhost:",
    "/to-login": "failed: .*no address of a page",
    "/to-nowhere": "failed: redirects to nowhere",
    "/to-fine": "redirected: to .*/fine",
    "/fine": "fetched",
    "/big-told": "skipped: longer than 1,000,000 bytes",
    "/big-untold": "skipped: longer than 1,000,000 bytes",
    "/endless": "skipped: longer than 1,000,000 bytes",
    "/bomb": "skipped: longer than 1,000,000 bytes",
    "/bomb-twice": "failed: packed as",
    "/slow-head": "failed: took longer than 2 s",
    "/slow-body": "failed: took longer than 2 s",
    "/silent": "failed: took longer than 2 s",
    "/empty": "skipped: it has no text",
    "/cut-off": "failed: .*broke",
    "/unclosed": "fetched",
    "/nul": "fetched",
    "/bad-links": "fetched",
    "/binary": "fetched|skipped",
    "/status-599": "failed: .*599",
    "/forbidden/page": "skipped: robots.txt forbids it",
    "/busy-once": "fetched",
    "/busy-forever": "failed: .*429.* 100000 s",
    "/down": "failed: .*503",
    "/gone": "failed: .*410",
    "/login": "failed: .*401",
    "/archive.zip": "skipped: .*zip",
    "/attachment": "skipped: a download",
    "/picture": "skipped: .*image/png",
    "/audio": "skipped: .*audio/mpeg",
    "/nothing": "skipped: .*204",
    "/twin/1": "fetched",
    "/twin/2": "duplicate: of .*/twin/1",
    "/canonical": "duplicate: of .*/fine",
    "/canonical-outside": "fetched",
}


@pytest.fixture(scope="module")
def over_http(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("traps")
        with crawl(folder, monkeypatch, lead_to=HTTP_TRAPS, render="http") as found:
            yield found


class TestOverHttp:
    def test_every_trap_ends_as_what_it_is(self, over_http):
        check_all(over_http, HTTP_TRAPS)
        assert outcomes(over_http, OVER_HTTP) == {}

    def test_calendar_and_growing_paths_end_long_before_the_limit_of_pages(self, over_http):
        urls = [page.url.removeprefix(over_http.url) for page in over_http.report.pages if page.n_tries]
        assert sum(url.startswith("/calendar?") for url in urls) <= 64
        assert sum(url.startswith("/grow/") for url in urls) <= 15
        assert "over the limit of 220 pages" in str(over_http.report)

    def test_twenty_thousand_links_are_not_all_kept(self, over_http):
        assert len(over_http.report.pages) < traps.N_LINKS

    def test_wrong_charsets_are_seen_through(self, over_http):
        # They say the same in five encodings, so that all but one of them are duplicates.
        names = ("/latin1-as-utf8", "/utf8-as-latin1", "/unknown-charset", "/utf16")
        assert sorted(over_http.page(name).outcome for name in names) == ["duplicate"] * 3 + ["fetched"]

    def test_a_server_that_asks_to_wait_is_asked_again_that_much_later(self, over_http):
        first, second, third = (seen.at for seen in over_http.server.asked("/busy-once"))
        assert second - first >= 1.0
        assert third - second >= 1.0
        assert len(over_http.server.asked("/busy-forever")) == 1

    def test_nothing_is_asked_more_often_than_its_report_says(self, over_http):
        counts = over_http.server.counts()
        for page in over_http.report.pages:
            target = page.url.removeprefix(over_http.url)
            if len(target) < 200:
                assert counts[target] <= page.n_tries, page

    def test_every_request_says_who_asks(self, over_http):
        assert {seen.agent.partition("/")[0] for seen in over_http.server.seen} == {"doctranslate"}


BROWSER_TRAPS = (
    *traps.SCRIPTS,
    *("/to-metadata", "/to-file", "/to-private", "/to-private-name", "/loop/a", "/chain/1", "/to-fine"),
    *("/big-told", "/big-untold", "/bomb", "/silent", "/archive.zip", "/attachment", "/picture", "/nothing"),
    *("/forbidden/page", "/gone", "/twin/1", "/twin/2", "/calendar?month=1"),
)
IN_A_BROWSER = {
    "/spin": "failed: took longer than 10 s",
    "/alert": "fetched",
    "/alerts": "fetched|failed",
    "/confirm": "fetched",
    "/prompt": "fetched",
    "/beforeunload": "fetched",
    "/reload": "fetched|failed",
    "/popup": "fetched",
    "/script-download": "fetched",
    "/grow-dom": "failed|skipped",
    "/steal": "fetched",
    "/frame": "fetched",
    "/leave-private": "skipped: .*not a public address",
    "/leave-metadata": "skipped: .*not a public address",
    "/leave-file": "fetched",
    "/print": "fetched",
    "/made-by-script": "fetched",
    "/to-metadata": "skipped: .*not a public address",
    "/to-private": "skipped: .*not a public address",
    "/to-private-name": "skipped: .*not a public address",
    "/to-file": "failed: .*REDIRECT",
    "/loop/a": "failed: .*REDIRECTS",
    "/chain/1": "failed: .*REDIRECTS",
    "/to-fine": "redirected: to .*/fine",
    "/big-told": "skipped: longer than",
    "/big-untold": "skipped: longer than",
    "/bomb": "failed: took longer|skipped: longer than",
    "/silent": "failed: took longer than 10 s",
    "/attachment": "skipped: a download",
    "/archive.zip": "skipped: .*zip",
    "/picture": "skipped: .*image/png",
    "/nothing": "skipped",
    "/forbidden/page": "skipped: robots.txt forbids it",
    "/gone": "failed: .*410",
    "/twin/2": "duplicate: of .*/twin/1",
}


@pytest.fixture(scope="module")
def in_a_browser(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("traps")
        limits = {"max_pages": 60, "depth": 1, "page_timeout_s": 10.0}
        with crawl(folder, monkeypatch, lead_to=BROWSER_TRAPS, render="browser", **limits) as found:
            yield found


@needs_browser
@needs_proc
class TestInABrowser:
    def test_every_trap_ends_as_what_it_is(self, in_a_browser):
        check_all(in_a_browser, BROWSER_TRAPS)
        assert in_a_browser.saw_browser
        assert outcomes(in_a_browser, IN_A_BROWSER) == {}

    def test_no_script_reaches_another_server_of_this_machine(self, in_a_browser):
        assert in_a_browser.private.seen == []

    def test_the_browser_says_who_it_is(self, in_a_browser):
        assert {seen.agent.partition("/")[0] for seen in in_a_browser.server.seen} == {"doctranslate"}


AUTO_TRAPS = (
    *("/spin", "/alert", "/reload", "/steal", "/leave-private", "/made-by-script", "/to-metadata", "/loop/a"),
    *(
        "/big-untold",
        "/bomb",
        "/silent",
        "/unclosed",
        "/nul",
        "/archive.zip",
        "/attachment",
        "/gone",
        "/twin/1",
    ),
    *("/twin/2", "/calendar?month=1", "/grow/a/b/", "/many", "/forbidden/page"),
)


@needs_browser
@needs_proc
def test_traps_read_by_what_each_part_needs_end_within_the_limits(tmp_path, monkeypatch):
    with crawl(
        tmp_path, monkeypatch, lead_to=AUTO_TRAPS, render="auto", max_pages=60, depth=2, page_timeout_s=10.0
    ) as crawled:
        check_all(crawled, AUTO_TRAPS)
        assert crawled.report.renderings
        expected = {
            "/made-by-script": "fetched",
            "/to-metadata": "skipped",
            "/bomb": "skipped|failed",
            "/forbidden/page": "skipped: robots.txt forbids it",
            "/twin/2": "duplicate",
        }
        assert outcomes(crawled, expected) == {}


def test_a_site_whose_rules_cannot_be_had_is_not_read(tmp_path):
    with Server({"/robots.txt": Reply("later", status=503), "/": "<main>text", "/sitemap.xml": ""}) as server:
        site = DocSite(url=f"{server.url}/", rate=1000, allow_private=True, render="http")
        component = Component(name="shut", distribution="shut", imports=("shut",), docs=(site,))
        with pytest.raises(CrawlError, match=r"robots\.txt"):
            WebSource(component, folder=tmp_path).crawl()
        assert {seen.target for seen in server.seen} == {"/robots.txt"}


def test_a_crawl_over_its_time_stops_says_so_and_goes_on_later(tmp_path, monkeypatch):
    pages = {f"/{n}": Reply([0.1, f"<main>Page {n} of some.".encode()]) for n in range(100)}
    pages["/"] = Reply("".join(f"<a href='/{n}'>{n}</a>" for n in range(100)) + "<main>All")
    with Server(pages) as server:
        described = {"url": f"{server.url}/", "rate": 1000, "allow_private": True, "render": "http"}

        site = DocSite(**described, crawl_timeout_s=1.0)
        component = Component(name="slow", distribution="slow", imports=("slow",), docs=(site,))
        n_before = n_cut_off = 0
        while n_cut_off < 30:
            source = WebSource(component, folder=tmp_path, workers=4)
            try:
                report = source.crawl().sites[0]
                break
            except CrawlError as exc:
                assert "crawl_timeout_s" in str(exc)
                cut_off = source.report.sites[0]
                assert not cut_off.complete
                assert n_before < cut_off.n_read < 101
                n_before = cut_off.n_read
                n_cut_off += 1
        assert n_cut_off > 0
        assert report.complete
        assert report.n_read == 101
        assert max(server.counts()[f"/{n}"] for n in range(100)) == 1
