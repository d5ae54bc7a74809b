"""The choice between plain HTTP and a browser, with real Chromium."""

import shutil
from contextlib import closing

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.crawl import SiteCrawl
from doctranslate.sources.web.frontier import Address, Frontier
from tests.sites.server import Reply, Server

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="Chromium and its driver are not installed: 'make test' installs them where it may",
)

MADE_BY_A_SCRIPT = """<html><head><title>app</title></head><body><main></main><script>
const name = location.pathname.split('/').pop() || 'home';
setTimeout(() => {
  document.querySelector('main').innerHTML = `<h1>${name}</h1><p>What the script says about ${name}, at some length.</p>`
    + (name === 'home' ? '<a href="/docs/app/one">one</a> <a href="/docs/app/two">two</a>' : '');
}, 50);
</script></body></html>"""


def written(name: str, *links: str, script: str = "") -> str:
    anchors = " ".join(f'<a href="{link}">{link}</a>' for link in links)
    return f"<title>{name}</title><main><h1>{name}</h1><p>What was written about {name}, at some length. {anchors}</main>{script}"


def crawled(server: Server, tmp_path, **fields):
    given = {"depth": 3, "allow_private": True, "discover": ()}
    site = DocSite(url=f"{server.url}/docs/", **{**given, **fields})
    crawl = SiteCrawl(site, tmp_path / "site.sqlite")
    report = crawl.run()
    return report, {page.url.partition("/docs/")[2]: page for page in crawl.pages()}


def hows(report) -> dict[str, str]:
    return {each.part: each.how for each in report.renderings}


class TestAuto:
    def test_a_site_of_plain_pages_is_read_over_http_and_says_why(self, tmp_path):
        names = [f"guide/p{n}" for n in range(8)]
        pages = {"/docs/": written("root", *names)} | {f"/docs/{name}": written(name) for name in names}
        with Server(pages) as server:
            report, found = crawled(server, tmp_path)
        assert hows(report) == {"": "http", "guide/": "http"}
        assert report.renderings[1].reason == "3 pages read both ways, with the same text and links"
        assert len(found) == 9 and {page.how for page in found.values()} == {"http"}
        assert sum(server.counts()[f"/docs/{name}"] for name in names) == 8 + 3  # three were read both ways

    def test_a_part_that_scripts_make_is_read_by_the_browser_and_the_rest_is_not(self, tmp_path):
        pages = {"/docs/": written("root", "app/", "guide/a"), "/docs/app/": MADE_BY_A_SCRIPT}
        pages |= {
            "/docs/guide/a": written("a"),
            "/docs/app/one": MADE_BY_A_SCRIPT,
            "/docs/app/two": MADE_BY_A_SCRIPT,
        }
        with Server(pages) as server:
            report, found = crawled(server, tmp_path)
        assert hows(report) == {"": "http", "app/": "browser", "guide/": "http"}
        assert "scripts change its text" in report.renderings[1].reason
        assert set(found) == {"", "app/", "app/one", "app/two", "guide/a"}
        assert "What the script says about two" in found["app/two"].text

    def test_navigation_that_scripts_add_needs_the_browser(self, tmp_path):
        script = "<nav></nav><script>document.querySelector('nav').innerHTML = '<a href=\"/docs/hidden\">hidden</a>'</script>"
        pages = {"/docs/": written("root", script=script), "/docs/hidden": written("hidden")}
        with Server(pages) as server:
            report, found = crawled(server, tmp_path)
        assert "scripts add 1 link" in report.renderings[0].reason
        assert set(found) == {"", "hidden"}

    def test_a_page_that_is_empty_without_scripts_is_rendered_whatever_was_decided(self, tmp_path):
        names = [f"guide/p{n}" for n in range(9)]
        pages = {"/docs/": written("root", *names)} | {f"/docs/{name}": written(name) for name in names}
        pages["/docs/guide/p1"] = MADE_BY_A_SCRIPT  # no sample: these are the first, the middle and the last
        with Server(pages) as server:
            report, found = crawled(server, tmp_path)
        assert hows(report)["guide/"] == "http"
        assert (
            found["guide/p1"].how == "browser" and "What the script says about p1" in found["guide/p1"].text
        )
        assert found["guide/p2"].how == "http"

    def test_without_a_browser_reads_over_http_and_says_so(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DOCTRANSLATE_CHROMIUM", str(tmp_path / "no-such-browser"))
        with Server({"/docs/": written("root", "a"), "/docs/a": written("a")}) as server:
            report, found = crawled(server, tmp_path)
        assert len(found) == 2 and "no browser to compare with" in report.renderings[0].reason

    def test_without_a_browser_that_begins_reads_over_http_too(self, tmp_path):
        error = '{"value": {"error": "session not created", "message": "none today", "stacktrace": ""}}'
        refusing = Reply(error, status=500, media_type="application/json")
        pages = {"/docs/": written("root", "a"), "/docs/a": written("a")}
        with Server(pages) as server, Server(lambda request: refusing) as grid:
            site = DocSite(url=f"{server.url}/docs/", allow_private=True, discover=())
            report = SiteCrawl(site, tmp_path / "site.sqlite", webdriver_url=grid.url).run()
        assert report.n_read == 2 and "no browser to compare with" in report.renderings[0].reason

    def test_all_pages_of_a_part_are_read_alike_samples_included(self, tmp_path):
        pages = {"/docs/": written("root", *(f"app/p{n}" for n in range(6)))}
        pages |= {f"/docs/app/p{n}": written(f"p{n}") for n in range(5)} | {"/docs/app/p5": MADE_BY_A_SCRIPT}
        with Server(pages) as server:
            report, found = crawled(server, tmp_path)
        assert hows(report) == {"": "http", "app/": "browser"}
        assert {page.how for name, page in found.items() if name} == {"browser"}


class TestInterrupted:
    """Samples that were taken are not taken again, and what was decided by them stays."""

    def test_between_samples_and_pages_goes_on_as_if_nothing_had_been(self, tmp_path):
        names = [f"guide/p{n}" for n in range(9)]
        pages = {"/docs/": written("root", *names)} | {f"/docs/{name}": written(name) for name in names}
        del pages["/docs/guide/p4"]  # one of the three samples gives nothing to compare
        with Server(pages) as server:
            site = DocSite(url=f"{server.url}/docs/", depth=1, allow_private=True, discover=())
            crawl = SiteCrawl(site, tmp_path / "site.sqlite")
            whole = crawl.run()
            with closing(Frontier(crawl.path)) as frontier:  # as it was when the samples were kept
                frontier.set_fact("finished", "")
                sampled = {f"{server.url}/docs/guide/p{n}" for n in (0, 8)} | {site.url}
                waiting = [page.url for page in whole.pages if page.url not in sampled]
                with frontier.together():
                    for url in waiting:
                        frontier.settle(Address(url, 1), "queued")
            n_before = server.counts()
            again = crawl.run()
            assert again.complete and again.renderings == whole.renderings
            assert sum((server.counts() - n_before).values()) == len(waiting) + 1  # and robots.txt


class TestAlways:
    def test_reads_every_page_in_the_browser(self, tmp_path):
        pages = {"/docs/": MADE_BY_A_SCRIPT.replace("/docs/app/", "/docs/")}
        pages |= {"/docs/one": MADE_BY_A_SCRIPT, "/docs/two": MADE_BY_A_SCRIPT}
        with Server(pages) as server:
            report, found = crawled(server, tmp_path, render="browser")
        assert {page.how for page in found.values()} == {"browser"} and len(found) == 3
        assert max(server.counts()[path] for path in pages) == 1
        assert report.renderings == ()

    def test_a_page_that_a_script_leads_away_from_is_kept_under_its_own_address(self, tmp_path):
        leads_on = "<main>soon</main><script>location.replace('/docs/new')</script>"
        pages = {"/docs/": written("root", "old", "out"), "/docs/old": leads_on, "/docs/new": written("new")}
        pages |= {
            "/docs/out": leads_on.replace("/docs/new", "/elsewhere/"),
            "/elsewhere/": written("elsewhere"),
        }
        with Server(pages) as server:
            report, found = crawled(server, tmp_path, render="browser")
        outcomes = {page.url.partition("/docs/")[2]: page.outcome for page in report.pages}
        assert outcomes == {"": "fetched", "new": "fetched", "old": "redirected", "out": "skipped"}
        assert set(found) == {"", "new"}
