import json
import time

import pytest

from doctranslate.component_spec import Component, DocSite
from doctranslate.errors import CrawlError
from doctranslate.sources.web.source import WebSource, crawl_site
from tests.sites.server import Reply, Server

PAGES = {
    "/docs/": "<title>Box</title><main><h1>Box</h1><p>What boxes are good for. <a href='api/pack'>pack</a> <a href='cli/box/add'>add</a></main>",
    "/docs/api/pack": "<title>pack</title><main><h1>pack</h1><p>Packs a box, and gives it back.</main>",
    "/docs/cli/box/add": "<title>box add</title><main><h1>box add</h1><p>Adds a box to the stack of boxes.</main>",
}
SYMBOLS = {r"/api/(\w+)$": r"box.api.\1", r"/cli/([\w/]+)$": r"cli:\1"}


def component(server: Server, **fields) -> Component:
    given = {"depth": 2, "render": "http", "allow_private": True, "discover": (), "selector": "main"}
    site = DocSite(url=f"{server.url}/docs/", **{**given, "symbols": SYMBOLS, **fields})
    return Component(name="box", distribution="box", imports=("box",), docs=(site,))


class TestPages:
    def test_are_those_of_the_site_with_what_they_document(self, tmp_path):
        with Server(PAGES) as server:
            pages = list(WebSource(component(server), folder=tmp_path).pages())
        assert [(page.uri.removeprefix(server.url), page.title, page.symbol) for page in pages] == [
            ("/docs/", "Box", ""),
            ("/docs/api/pack", "pack", "box.api.pack"),
            ("/docs/cli/box/add", "box add", "cli:box add"),
        ]
        assert all(page.media_type == "text/html" and page.selector == "main" for page in pages)
        assert pages[1].text == PAGES["/docs/api/pack"] and pages[1].fetched_at is not None

    def test_are_fetched_once_for_one_source(self, tmp_path):
        with Server(PAGES) as server:
            source = WebSource(component(server), folder=tmp_path)
            assert len(list(source.pages())) == len(list(source.pages())) == 3
            assert server.counts()["/docs/"] == 1

    def test_without_refresh_are_those_that_are_there(self, tmp_path):
        with Server(PAGES) as server:
            assert not WebSource(component(server), folder=tmp_path).is_crawled
            WebSource(component(server), folder=tmp_path).crawl()
            n = len(server.seen)
            again = WebSource(component(server), folder=tmp_path, refresh=False)
            assert again.is_crawled and len(list(again.pages())) == 3 and len(server.seen) == n

    def test_of_a_site_that_was_read_since_are_not_asked_for_while_another_one_goes_on(self, tmp_path):
        table = {
            f"/{name}/{n}": f"<main>All that there is on page {n} of {name}."
            for name in "ab"
            for n in range(9)
        }
        for name in "ab":
            links = "".join(f"<a href='{n}'>{n}</a>" for n in range(9))
            table[f"/{name}/"] = f"<main>The pages of site {name}: {links}</main>"
        with Server(table, latency_s=0.1) as server:
            fields = {"depth": 1, "render": "http", "allow_private": True, "discover": ()}
            sites = [DocSite(url=f"{server.url}/{name}/", **fields) for name in "ab"]
            hasty = sites[1].model_copy(update={"crawl_timeout_s": 0.25})
            box = {"name": "box", "distribution": "box", "imports": ("box",)}
            began = time.time()
            source = WebSource(
                Component(**box, docs=(sites[0], hasty)), folder=tmp_path, workers=1, fresh_from=began
            )
            with pytest.raises(CrawlError, match="not at its end"):
                source.crawl()
            assert source.report is not None and source.report.sites[0].complete
            later = WebSource(Component(**box, docs=tuple(sites)), folder=tmp_path, fresh_from=began)
            assert len(list(later.pages())) == 20
            assert {server.counts()[path] for path in table} == {1}
            anew = WebSource(Component(**box, docs=tuple(sites)), folder=tmp_path, fresh_from=time.time())
            anew.crawl()
            assert {server.counts()[path] for path in table} == {2}


class TestState:
    def test_changes_with_a_page_and_with_nothing_else(self, tmp_path):
        pages = dict(PAGES)
        with Server(
            lambda request: Reply(pages.get(request.path, ""), status=200 if request.path in pages else 404)
        ) as server:
            states = []
            for change in ({}, {}, {"/docs/api/pack": PAGES["/docs/api/pack"] + "More."}):
                pages |= change
                source = WebSource(component(server), folder=tmp_path)
                source.crawl()
                states.append(source.state())
        assert states[0] == states[1] != states[2]


class TestFailsLoudly:
    def test_under_the_pages_that_are_expected(self, tmp_path):
        with Server(PAGES) as server:
            demanding = component(server).model_copy(update={"expect": {"min_pages": 4}})
            with pytest.raises(CrawlError, match="3 pages of box were read, and min_pages = 4"):
                WebSource(demanding, folder=tmp_path).crawl()

    def test_when_the_selector_matches_nothing(self, tmp_path):
        with Server(PAGES) as server, pytest.raises(CrawlError, match=r"'article\.doc' matches nothing"):
            WebSource(component(server, selector="article.doc"), folder=tmp_path).crawl()

    def test_when_the_site_has_moved(self, tmp_path):
        def site(request):
            moved = Reply(status=301, headers={"Location": "https://docs.example.org/"})
            return moved if request.path == "/docs/" else Reply(status=404)

        with (
            Server(site) as server,
            pytest.raises(CrawlError, match=r"leads to https://docs\.example\.org/: outside"),
        ):
            WebSource(component(server), folder=tmp_path).crawl()

    def test_when_nobody_answers(self, tmp_path):
        with Server(PAGES) as server:
            gone = component(server)
        with pytest.raises(CrawlError, match="not one page"):
            WebSource(gone, folder=tmp_path).crawl()

    def test_when_there_is_no_site(self, tmp_path):
        bare = Component(name="box", distribution="box", imports=("box",))
        with pytest.raises(CrawlError, match="no documentation site"):
            WebSource(bare, folder=tmp_path).crawl()

    def test_and_keeps_the_report_all_the_same(self, tmp_path):
        with Server({}) as server:
            source = WebSource(component(server), folder=tmp_path)
            with pytest.raises(CrawlError):
                source.crawl()
        assert json.loads(source.report_path.read_text())["sites"][0]["pages"][0]["outcome"] == "failed"

    def test_where_the_report_cannot_be_kept(self, tmp_path):
        with Server(PAGES) as server:
            source = WebSource(component(server), folder=tmp_path)
            source.report_path.mkdir()
            with pytest.raises(CrawlError, match="the report cannot be kept"):
                source.crawl()


def test_a_site_without_a_component_is_crawled_under_its_own_name(tmp_path):
    with Server(PAGES) as server:
        report = crawl_site(component(server).docs[0], folder=tmp_path)
    assert report.component == "127-0-0-1" and report.n_read == 3
