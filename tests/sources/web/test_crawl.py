"""The crawl over plain HTTP, on real sites on loopback; the browser has tests of its own."""

import json
import sqlite3
import threading
import time
from contextlib import closing

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.errors import ConfigError, CrawlError, UsageError
from doctranslate.sources.web.crawl import SiteCrawl
from doctranslate.sources.web.frontier import Address, Frontier
from doctranslate.sources.web.visit import MAX_UNANSWERED, N_TRIES
from tests.sites.server import Reply, Server


def html(text: str, *links: str, head: str = "") -> str:
    anchors = "".join(f'<a href="{link}">{link}</a> ' for link in links)
    return f"<html><head><title>{text}</title>{head}</head><body><main><h1>{text}</h1><p>All about {text}, at length. {anchors}</main></body></html>"


def spec(server: Server, path: str = "/docs/", **fields) -> DocSite:
    given = {"depth": 3, "render": "http", "allow_private": True, "discover": ()}
    return DocSite(url=f"{server.url}{path}", **{**given, **fields})


def outcomes(report) -> dict[str, str]:
    return {page.url.partition("/docs")[2] or page.url: page.outcome for page in report.pages}


def reasons(report) -> dict[str, str]:
    return {page.url.partition("/docs")[2]: page.reason for page in report.pages if page.reason}


def crawled(site: DocSite, tmp_path, **settings):
    return SiteCrawl(site, tmp_path / "site.sqlite", **settings).run()


TREE = {
    "/docs/": html("root", "a", "b", "/elsewhere", "https://example.org/x", "mailto:me"),
    "/docs/a": html("a", "a/1", "#top", "b"),
    "/docs/b": html("b", "a/2?utm_source=x"),
    "/docs/a/1": html("one", "deep"),
    "/docs/a/2": html("two"),
    "/docs/a/deep": html("deep", "deeper"),
    "/docs/a/deeper": html("deeper"),
}


class TestDepth:
    @pytest.mark.parametrize(
        ("depth", "pages"),
        [
            (0, ["/"]),
            (1, ["/", "/a", "/b"]),
            (2, ["/", "/a", "/a/1", "/a/2", "/b"]),
            (3, ["/", "/a", "/a/1", "/a/2", "/a/deep", "/b"]),
        ],
    )
    def test_reads_exactly_the_pages_within_it(self, tmp_path, depth, pages):
        with Server(TREE) as server:
            report = crawled(spec(server, depth=depth), tmp_path)
            assert outcomes(report) == dict.fromkeys(pages, "fetched")
            assert report.complete and report.n_requests == len(pages)
            assert set(server.counts().values()) == {1}

    def test_counts_from_the_nearest_page_that_leads_there_however_slow_it_is(self, tmp_path):
        slow = Reply([0.3, html("slow", "x").encode()])
        site = {
            "/docs/": html("root", "fast", "slow"),
            "/docs/fast": html("fast", "mid"),
            "/docs/mid": html("mid", "x"),
        }
        site |= {"/docs/slow": slow, "/docs/x": html("x", "y"), "/docs/y": html("y")}
        with Server(site) as server:
            report = crawled(spec(server, depth=3), tmp_path)
        assert {page.url.rpartition("/")[2]: page.depth for page in report.pages}["y"] == 3

    def test_says_which_page_led_to_each(self, tmp_path):
        with Server(TREE) as server:
            report = crawled(spec(server, depth=2), tmp_path)
            found_on = {page.url.rpartition("/docs")[2]: page.found_on for page in report.pages}
            assert found_on["/a/1"] == f"{server.url}/docs/a" and found_on["/"] == ""


class TestStarts:
    def test_are_taken_from_the_sitemap_too(self, tmp_path):
        with Server(lambda request: site(request)) as server:
            urls = [f"<url><loc>{server.url}/docs/{name}</loc></url>" for name in ("lonely", "other")]
            sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>'
            pages = {
                "/docs/": Reply(html("root")),
                "/sitemap.xml": Reply(sitemap, media_type="application/xml"),
                "/docs/lonely": Reply(html("lonely")),
                "/docs/other": Reply(html("other")),
            }

            def site(request):
                return pages.get(request.path, Reply("no", status=404))

            report = crawled(spec(server, depth=0, discover=("sitemap",)), tmp_path)
            assert outcomes(report) == {"/": "fetched", "/lonely": "fetched", "/other": "fetched"}
            assert any("sitemap" in note for note in report.notes)


class TestScope:
    def test_what_is_skipped_is_reported_with_the_reason_and_not_asked(self, tmp_path):
        pages = {"/docs/": html("root", "api/x", "changes", "logo.png", "/blog/y"), "/docs/api/x": html("x")}
        with Server(pages) as server:
            report = crawled(spec(server, skip=("/changes",)), tmp_path)
            assert outcomes(report) == {
                "/": "fetched",
                "/api/x": "fetched",
                "/changes": "skipped",
                "/logo.png": "skipped",
            }
            assert "'/changes'" in reasons(report)["/changes"]
            assert set(server.counts()) == {"/robots.txt", "/docs/", "/docs/api/x"}

    def test_robots_txt_is_obeyed(self, tmp_path):
        robots = Reply("User-agent: *\nDisallow: /docs/secret", media_type="text/plain")
        pages = {"/robots.txt": robots, "/docs/": Reply(html("root", "secret/x", "open"))}
        pages |= {"/docs/secret/x": Reply(html("secret")), "/docs/open": Reply(html("open"))}
        with Server(lambda request: pages[request.path]) as server:
            report = crawled(spec(server), tmp_path)
            assert outcomes(report) == {"/": "fetched", "/open": "fetched", "/secret/x": "skipped"}
            assert "robots.txt" in reasons(report)["/secret/x"]
            assert not server.asked("/docs/secret/x")

    def test_over_max_pages_is_left_out_and_said(self, tmp_path):
        pages = {"/docs/": html("root", *(f"p{n}" for n in range(20)))}
        pages |= {f"/docs/p{n}": html(f"p{n}") for n in range(20)}
        with Server(pages) as server:
            report = crawled(spec(server, max_pages=5), tmp_path)
            assert report.count("fetched") == 5 and report.count("skipped") == 16
            assert "limit of 5 pages" in report.pages[-1].reason

    def test_a_calendar_without_end_ends(self, tmp_path):
        def site(request):
            month = int(request.query.get("month", 0))
            return Reply(html(f"month {month}", *(f"?month={month + n}" for n in range(1, 40))))

        with Server(site) as server:
            report = crawled(spec(server, depth=8), tmp_path)
            assert report.complete and report.count("fetched") < 80
            assert any("query alone" in page.reason for page in report.pages)


class TestRedirects:
    def test_lead_to_a_page_that_is_read_once(self, tmp_path):
        pages = {"/docs/": Reply(html("root", "old", "new")), "/docs/new": Reply(html("new"))}
        pages["/docs/old"] = Reply(status=301, headers={"Location": "/docs/new"})
        with Server(lambda request: pages.get(request.path, Reply(status=404))) as server:
            report = crawled(spec(server), tmp_path)
            assert outcomes(report) == {"/": "fetched", "/new": "fetched", "/old": "redirected"}
            assert server.counts()["/docs/new"] == 1

    def test_one_after_the_other_are_followed(self, tmp_path):
        pages = {f"/docs/{n}": Reply(status=302, headers={"Location": f"/docs/{n + 1}"}) for n in range(4)}
        pages |= {"/docs/": Reply(status=308, headers={"Location": "/docs/0"}), "/docs/4": Reply(html("end"))}
        with Server(lambda request: pages.get(request.path, Reply(status=404))) as server:
            assert outcomes(crawled(spec(server), tmp_path))["/4"] == "fetched"

    @pytest.mark.parametrize(
        ("target", "outcome", "reason"),
        [
            ("/other/", "skipped", "outside"),
            ("http://169.254.169.254/latest/meta-data", "skipped", "outside"),
            ("file:///etc/passwd", "skipped", "an address of file:"),
            ("/docs/loop", "failed", "circle"),
        ],
    )
    def test_that_lead_nowhere_good_are_reported(self, tmp_path, target, outcome, reason):
        pages = {"/docs/": Reply(html("root", "loop", "loop2")), "/other/": Reply(html("other"))}
        pages["/docs/loop"] = Reply(status=302, headers={"Location": "/docs/loop2"})
        pages["/docs/loop2"] = Reply(status=302, headers={"Location": target})
        with Server(lambda request: pages.get(request.path, Reply(status=404))) as server:
            report = crawled(spec(server), tmp_path)
            assert outcomes(report)["/loop2"] == outcome and reason in reasons(report)["/loop2"]
            assert not server.asked("/other/")

    def test_are_followed_by_the_next_crawl_when_one_was_killed_before_it_came_to_that(self, tmp_path):
        site = {"/docs/": Reply(status=302, headers={"Location": "/docs/en/"}), "/docs/en/": html("home")}
        with Server(site) as server:
            target = f"{server.url}/docs/en/"
            crawl = SiteCrawl(spec(server), tmp_path / "site.sqlite")
            crawl.run()
            with closing(Frontier(crawl.path)) as frontier:  # as it was at that moment
                start = Address(f"{server.url}/docs/", 0)
                frontier.begin(frontier.fact("site"), [start])
                frontier.settle(start, "redirected", reason=f"to {target}", status=302, target=target)
            assert outcomes(crawl.run()) == {"/": "redirected", "/en/": "unchanged"}

    def test_without_end_end(self, tmp_path):
        def site(request):
            if request.path == "/robots.txt":
                return Reply(status=404)
            n = int(request.path.removeprefix("/docs/") or 0)
            return Reply(status=302, headers={"Location": f"/docs/{n + 1}"})

        with Server(site) as server:
            report = crawled(spec(server), tmp_path)
            assert report.complete and "redirects in a row" in str(report)
            assert len(server.seen) < 15


class TestTries:
    def test_a_busy_server_is_asked_again_when_it_says(self, tmp_path):
        busy = iter([Reply(status=429, headers={"Retry-After": "1"}), Reply(status=503)])
        with Server(
            lambda r: Reply(status=404) if r.path == "/robots.txt" else next(busy, Reply(html("root")))
        ) as server:
            report = crawled(spec(server), tmp_path)
            first, second, _ = server.asked("/docs/")
            assert report.pages[0].outcome == "fetched" and report.pages[0].n_tries == 3
            assert second.at - first.at >= 0.95

    def test_one_that_asks_to_wait_for_hours_is_not_waited_for(self, tmp_path):
        with Server(
            lambda r: (
                Reply(status=404)
                if r.path == "/robots.txt"
                else Reply(status=429, headers={"Retry-After": "7200"})
            )
        ) as server:
            report = crawled(spec(server), tmp_path)
            assert report.pages[0].outcome == "failed" and "asks to wait 7200 s" in report.pages[0].reason

    def test_one_that_says_so_of_page_after_page_is_left_alone(self, tmp_path):
        pages = {"/docs/": html("root", *(f"p{n}" for n in range(9)))} | {
            f"/docs/p{n}": html(f"p{n}") for n in range(9)
        }
        busy = [True]

        def site(request):
            if busy[0] and request.path.startswith("/docs/p"):
                return Reply(status=429, headers={"Retry-After": "3600"})
            return Reply(pages.get(request.path, ""), status=200 if request.path in pages else 404)

        with Server(site) as server:
            first = crawled(spec(server), tmp_path, workers=1)
            assert not first.complete and "asks to wait 3600 s" in first.stopped
            assert first.count("queued") == 9 and len(server.seen) == 2 + 3
            busy[0] = False
            assert crawled(spec(server), tmp_path, workers=1).n_read == 10

    def test_a_site_that_is_down_is_not_asked_four_times_for_each_page(self, tmp_path):
        table = {
            "/robots.txt": Reply(status=404),
            "/docs/": Reply(html("root", *(f"p{n}" for n in range(30)))),
        }
        down = Reply(status=500, headers={"Retry-After": "0"})
        with Server(lambda request: table.get(request.path, down)) as server:
            report = crawled(spec(server, depth=1), tmp_path, workers=1)
        assert report.complete and report.count("failed") == 30
        assert report.n_requests == 1 + MAX_UNANSWERED * N_TRIES + (30 - MAX_UNANSWERED)

    def test_a_host_that_asks_for_patience_has_it_before_the_next_page_too(self, tmp_path):
        busy = Reply(status=503, headers={"Retry-After": "1"})
        table = {"/robots.txt": Reply(status=404), "/docs/": Reply(html("root", "p0", "p1"))}
        with Server(lambda request: table.get(request.path, busy)) as server:
            crawled(spec(server, depth=1), tmp_path, workers=1)
            last, following = server.asked("/docs/p0")[-1], server.asked("/docs/p1")[0]
        assert following.at - last.at > 0.9

    def test_a_site_that_is_out_of_order_has_not_lost_its_pages(self, tmp_path):
        with Server(TREE) as server:
            site = spec(server, depth=1)
            crawled(site, tmp_path)
            server.site = lambda request: Reply(status=503, headers={"Retry-After": "0"})
            assert crawled(site, tmp_path).n_read == 0
            assert len(list(SiteCrawl(site, tmp_path / "site.sqlite").pages())) == 3

    def test_what_is_not_there_is_asked_once(self, tmp_path):
        with Server({"/docs/": html("root", "gone")}) as server:
            report = crawled(spec(server), tmp_path)
            assert outcomes(report)["/gone"] == "failed" and server.counts()["/docs/gone"] == 1


class TestSecondRound:
    def test_unchanged_pages_are_not_sent_again(self, tmp_path):
        pages = {path: Reply(text, etag=f'"{path}"') for path, text in TREE.items()}
        with Server(lambda request: pages.get(request.path, Reply(status=404))) as server:
            site = spec(server, depth=2)
            crawled(site, tmp_path)
            pages["/docs/b"] = Reply(html("b is new", "c"), etag='"b2"')
            pages["/docs/c"] = Reply(html("c"))
            report = crawled(site, tmp_path)
            assert outcomes(report) == {
                "/": "unchanged",
                "/a": "unchanged",
                "/a/1": "unchanged",
                "/b": "fetched",
                "/c": "fetched",
            }
            assert [seen.status for seen in server.asked("/docs/a")] == [200, 304]
            assert [
                page.url.rpartition("/")[2] for page in SiteCrawl(site, tmp_path / "site.sqlite").pages()
            ] == ["", "a", "1", "b", "c"]

    def test_is_not_begun_when_it_is_not_asked_for(self, tmp_path):
        with Server(TREE) as server:
            site = spec(server, depth=1)
            crawled(site, tmp_path)
            n = len(server.seen)
            again = SiteCrawl(site, tmp_path / "site.sqlite").run(refresh=False)
            assert again.n_requests == 0 and len(server.seen) == n and again.n_read == 3

    def test_another_description_begins_a_new_one_at_once(self, tmp_path):
        with Server(TREE) as server:
            crawled(spec(server, depth=1), tmp_path)
            site = spec(server, depth=2)
            assert SiteCrawl(site, tmp_path / "site.sqlite").run(refresh=False).n_read == 5

    def test_a_page_that_cannot_be_had_for_a_while_is_kept(self, tmp_path):
        pages = {"/docs/": Reply(html("root", "a")), "/docs/a": Reply(html("a"))}
        with Server(lambda request: pages.get(request.path, Reply(status=404))) as server:
            site = spec(server)
            crawled(site, tmp_path)
            pages["/docs/a"] = Reply(status=503, headers={"Retry-After": "9999"})
            report = crawled(site, tmp_path)
            assert outcomes(report)["/a"] == "failed"
            urls = [page.url for page in SiteCrawl(site, tmp_path / "site.sqlite").pages()]
            assert urls == [f"{server.url}/docs/", f"{server.url}/docs/a"]

    def test_pages_of_a_host_whose_robots_txt_is_out_of_order_are_kept(self, tmp_path):
        pages = {"/docs/": html("root", "a"), "/docs/a": html("a")}
        with Server(pages) as server, Server({"/more/": html("more")}) as other:
            site = spec(server, start=(f"{other.url}/more/",))
            assert crawled(site, tmp_path).n_read == 3
            other.site = lambda request: Reply(status=503, headers={"Retry-After": "0"})
            report = crawled(site, tmp_path)
            assert report.n_read == 2 and report.count("failed") == 1
            assert len(list(SiteCrawl(site, tmp_path / "site.sqlite").pages())) == 3

    def test_check_says_what_changed_and_keeps_nothing(self, tmp_path):
        pages = {"/docs/": Reply(html("root", "a"), etag='"1"'), "/docs/a": Reply(html("a"))}
        with Server(lambda request: pages.get(request.path, Reply(status=404))) as server:
            crawl = SiteCrawl(spec(server), tmp_path / "site.sqlite")
            crawl.run()
            assert crawl.check() == ""
            pages["/docs/a"] = Reply(html("a, anew"))
            assert crawl.check() == f"{server.url}/docs/a has changed"
            assert crawl.check() == f"{server.url}/docs/a has changed"

    def test_check_asks_as_politely_as_a_crawl(self, tmp_path):
        pages = {"/docs/": html("root", "a"), "/docs/a": html("a")}
        with Server(pages) as server:
            crawl = SiteCrawl(spec(server), tmp_path / "site.sqlite")
            crawl.run()
            pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /docs/a\n", media_type="text/plain")
            assert crawl.check() == f"{server.url}/docs/a: robots.txt forbids it"
            assert server.counts()["/docs/a"] == 1

    def test_check_ends_within_the_time_of_a_crawl(self, tmp_path):
        pages = {"/docs/": html("root", "a"), "/docs/a": html("a")}
        with Server(pages) as server:
            site = spec(server)
            crawled(site, tmp_path)
            pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 600\n", media_type="text/plain")
            hasty = site.model_copy(update={"crawl_timeout_s": 0.5})
            with pytest.raises(CrawlError, match=r"crawl_timeout_s = 0\.5: not all"):
                SiteCrawl(hasty, tmp_path / "site.sqlite").check()


class TestContent:
    def test_of_pages_that_say_the_same_one_counts(self, tmp_path):
        pages = {"/docs/": html("root", "index.html", "a", "a?print=1")}
        pages["/docs/index.html"] = pages["/docs/"]
        pages["/docs/a"] = html("a")
        with Server(lambda r: Reply(pages.get(r.path, ""), status=200 if r.path in pages else 404)) as server:
            report = crawled(spec(server), tmp_path)
            assert outcomes(report) == {
                "/": "fetched",
                "/index.html": "duplicate",
                "/a": "fetched",
                "/a?print=1": "duplicate",
            }
            assert reasons(report)["/index.html"] == f"of {server.url}/docs/"

    def test_where_the_selector_matches_nothing_is_skipped_and_said(self, tmp_path):
        pages = {"/docs/": html("root", "other"), "/docs/other": "<p>Some text, but not in main.</p>"}
        with Server(pages) as server:
            report = crawled(spec(server, selector="main"), tmp_path)
            assert outcomes(report) == {"/": "fetched", "/other": "skipped"}
            assert reasons(report)["/other"] == "the selector 'main' matches nothing"

    def test_with_a_selector_that_is_none_is_not_asked_for(self, tmp_path):
        with Server(TREE) as server:
            with pytest.raises(UsageError, match="main >"):
                crawled(spec(server, selector="main >"), tmp_path)
            assert server.seen == []

    def test_that_was_damaged_on_disk_is_told_as_such(self, tmp_path):
        with Server(TREE) as server:
            crawl = SiteCrawl(spec(server), tmp_path / "site.sqlite")
            crawl.run()
            with closing(sqlite3.connect(crawl.path)) as db, db:
                db.execute("UPDATE pages SET text = x'00' WHERE url LIKE '%/a/1'")
            with pytest.raises(CrawlError, match="cannot be read at"):
                list(crawl.pages())
            with closing(sqlite3.connect(crawl.path)) as db, db:
                db.execute("DROP TABLE pages")
                db.execute("CREATE TABLE pages(url)")
            with pytest.raises(CrawlError, match="cannot be read at"):
                crawl.check()

    def test_markdown_pages_are_read_and_followed(self, tmp_path):
        markdown = Reply("# Guide\n\nSee [more](more.md).\n", media_type="text/markdown")
        pages = {"/docs/": Reply(html("root", "guide.md")), "/docs/guide.md": markdown}
        pages["/docs/more.md"] = Reply("# More\n\nAnd more.\n", media_type="text/markdown")
        with Server(lambda request: pages.get(request.path, Reply(status=404))) as server:
            assert outcomes(crawled(spec(server), tmp_path))["/more.md"] == "fetched"


class TestLimits:
    def test_of_time_stops_and_the_next_call_goes_on(self, tmp_path):
        pages = {"/docs/": html("root", *(f"p{n}" for n in range(30)))}
        pages |= {f"/docs/p{n}": html(f"p{n}") for n in range(30)}
        with Server(pages, latency_s=0.1) as server:
            site = spec(server, crawl_timeout_s=0.9)
            first = crawled(site, tmp_path, workers=2)
            assert not first.complete and "crawl_timeout_s" in first.stopped
            assert first.count("queued") > 0
            later = crawled(site.model_copy(update={"crawl_timeout_s": 60.0}), tmp_path, workers=2)
            assert later.complete and later.n_read == 31
            assert max(count for path, count in server.counts().items() if path != "/robots.txt") == 1

    @pytest.mark.parametrize("delay", ["600", "99999999999"])
    def test_of_time_counts_while_starting_points_are_looked_for_too(self, tmp_path, delay):
        robots = Reply(f"User-agent: *\nCrawl-delay: {delay}\n", media_type="text/plain")
        with Server({"/robots.txt": robots, "/docs/": html("root")}) as server:
            site = spec(server, crawl_timeout_s=0.5, discover=("sitemap", "inventory", "llms"))
            report = crawled(site, tmp_path)
            assert not report.complete and "crawl_timeout_s" in report.stopped
            assert list(server.counts()) == ["/robots.txt"]
            assert report.pages == ()  # it is to begin anew, with all of its starting points

    def test_of_time_in_a_second_round_is_told_though_pages_of_the_first_are_there(self, tmp_path):
        table = {"/docs/": html("root")}
        with Server(table) as server:
            site = spec(server, discover=("llms",))
            assert crawled(site, tmp_path).complete
            table["/robots.txt"] = "User-agent: *\nCrawl-delay: 600\n"
            crawl = SiteCrawl(site.model_copy(update={"crawl_timeout_s": 0.5}), tmp_path / "site.sqlite")
            assert not crawl.run().complete
            del table["/robots.txt"]
            assert crawl.run().complete  # the same object, called again

    def test_two_crawls_of_a_site_exclude_each_other(self, tmp_path):
        with Server(TREE, latency_s=0.3) as server:
            site = spec(server)
            first = threading.Thread(target=lambda: crawled(site, tmp_path))
            first.start()
            while not server.seen:
                time.sleep(0.01)
            with pytest.raises(CrawlError, match="another process is crawling"):
                crawled(site, tmp_path)
            first.join()

    def test_offline_forbids_all_but_this_machine(self, tmp_path):
        with pytest.raises(ConfigError, match="DOCTRANSLATE_OFFLINE"):
            crawled(DocSite(url="https://docs.example.org/"), tmp_path)
        with Server(TREE) as server, pytest.raises(ConfigError, match="is not this machine"):
            crawled(spec(server, start=("https://docs.example.org/",)), tmp_path)


def test_progress_tells_pages_rate_and_queue(tmp_path):
    told = []
    with Server(TREE, latency_s=0.3) as server:
        crawled(spec(server), tmp_path, workers=1, progress=lambda *step: told.append(step))
    assert any("queued" in stage and "/s" in stage and done < total for stage, done, total in told)


def test_a_report_says_all_in_a_few_lines_and_in_json(tmp_path):
    with Server({"/docs/": html("root", "gone", "logo.png")}) as server:
        report = crawled(spec(server), tmp_path)
        text = str(report)
        assert (
            "1 fetched" in text
            and "failed: " in text
            and f"{server.url}/docs/gone" in text
            and ".png" in text
        )
        assert json.loads(report.model_dump_json())["pages"][1]["outcome"] == "failed"
