"""Ctrl-C ends a crawl cleanly, in the middle of pages and of sleeps, and nothing is lost."""

import shutil
import signal
import subprocess
import sys
import time

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.crawl import SiteCrawl
from tests.sites.server import Reply, Server

CHROMIUM = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="Chromium and its driver are not installed: 'make test' installs them where it may",
)
CRAWL = """
import sys
from pathlib import Path
from doctranslate.component_spec import DocSite
from doctranslate.sources.web.crawl import SiteCrawl
SiteCrawl(DocSite.model_validate_json(sys.argv[1]), Path(sys.argv[2])).run()
"""


def pages(n: int) -> dict[str, str]:
    links = " ".join(f'<a href="/docs/p{i}">{i}</a>' for i in range(n))
    return {"/docs/": f"<main>Everything there is to read: {links}</main>"} | {
        f"/docs/p{i}": f"<main>What is to be said about page {i} of this site.</main>" for i in range(n)
    }


def interrupted(site: DocSite, path, server: Server, *, n_seen: int) -> int:
    command = [sys.executable, "-c", CRAWL, site.model_dump_json(), str(path)]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(server.seen) < n_seen and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    try:
        return child.wait(30)
    finally:
        child.kill()


@pytest.mark.parametrize("render", ["http", pytest.param("browser", marks=CHROMIUM)])
def test_an_interrupted_crawl_ends_soon_and_goes_on_later(tmp_path, render):
    path = tmp_path / "site.sqlite"
    with Server(pages(60), latency_s=0.2) as server:
        site = DocSite(url=f"{server.url}/docs/", render=render, allow_private=True, discover=())
        assert interrupted(site, path, server, n_seen=20) == -signal.SIGINT
        stored = {page.url for page in SiteCrawl(site, path).pages()}
        assert 0 < len(stored) < 61
        n_before = server.counts()
        report = SiteCrawl(site, path).run()
        assert report.complete and report.n_read == 61
        for url in stored:
            assert server.counts()[url.removeprefix(server.url)] == n_before[url.removeprefix(server.url)]


def test_one_that_waits_for_a_server_that_asked_for_patience_ends_soon_too(tmp_path):
    def site(request):
        busy = Reply(status=503, headers={"Retry-After": "100"})
        return Reply(status=404) if request.path == "/robots.txt" else busy

    with Server(site) as server:
        spec = DocSite(url=f"{server.url}/docs/", render="http", allow_private=True, discover=())
        assert interrupted(spec, tmp_path / "site.sqlite", server, n_seen=2) == -signal.SIGINT
