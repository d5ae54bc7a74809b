"""What sites allow, and what counts when they cannot say."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.files import N_HOPS, N_TRIES
from doctranslate.sources.web.gate import Gate
from doctranslate.sources.web.http import HttpFetcher
from doctranslate.sources.web.limits import HostLimits
from doctranslate.sources.web.robots import MAX_BYTES, Robots

from .http_servers import Answer, HttpSite, line_server

RULES = b"""\xef\xbb\xbf# for all
User-agent: *
Disallow: /
User-agent: Doctranslate
Disallow: /private
Allow: /private/open$
Disallow: /*.php
Crawl-delay: 1.5
Sitemap: /map.xml
Sitemap: https://maps.example/all.xml#x
Sitemap: mailto:a@example.org
"""
AT_ONCE = {"Retry-After": "0"}


@contextlib.contextmanager
def robots_of(*urls: str, wait=time.sleep, **settings: object) -> Iterator[Robots]:
    site = DocSite(url=urls[0], start=urls[1:], allow_private=True, **settings)
    fetcher = HttpFetcher(site, gate=Gate.of_site(site))
    yield Robots(fetcher, limits=HostLimits(rate=None, wait=wait))
    fetcher.close()


def answered(*answers: Answer, path: str = "page") -> tuple[str, list[str]]:
    """Why a page is refused when robots.txt is answered so, and what was asked."""
    with HttpSite({"/robots.txt": list(answers)}) as site, robots_of(site.url) as robots:
        return robots.refusal(site.url + path), site.asked


def text(body: bytes) -> Answer:
    return Answer(body, content_type="text/plain")


def test_refusal_when_there_are_rules_then_those_for_us_count():
    with HttpSite({"/robots.txt": text(RULES)}) as site, robots_of(site.url) as robots:
        refused = {
            path: robots.refusal(site.url + path)
            for path in ("", "private/x", "private/open", "a.php?b", "a")
        }
        assert robots.crawl_delay(site.url) == 1.5
        assert robots.sitemaps(site.url) == (f"{site.url}map.xml", "https://maps.example/all.xml")
    forbidden = "robots.txt forbids it"
    assert refused == {"": "", "private/x": forbidden, "private/open": "", "a.php?b": forbidden, "a": ""}
    assert site.asked == ["/robots.txt"]


def test_refusal_when_rules_are_for_others_then_everything_is_allowed():
    rules = b"User-agent: crawler\nDisallow: /\nUser-agent: documentation\nDisallow: /\nCrawl-delay: 9"
    with HttpSite({"/robots.txt": text(rules)}) as site, robots_of(site.url) as robots:
        assert robots.refusal(site.url) == ""
        assert robots.crawl_delay(site.url) is None


@pytest.mark.parametrize(
    ("rule", "seconds"),
    [
        ("Request-rate: 1/5", 5.0),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: 0", None),
        ("Crawl-delay: inf", None),
    ],
)
def test_crawl_delay_when_it_is_written_otherwise_then_sense_is_made_of_it(rule, seconds):
    with (
        HttpSite({"/robots.txt": text(b"User-agent: *\n" + rule.encode())}) as site,
        robots_of(site.url) as robots,
    ):
        assert robots.crawl_delay(site.url) == seconds


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 451])
def test_refusal_when_there_is_no_file_then_everything_is_allowed(status):
    assert answered(Answer(b"User-agent: *\nDisallow: /", status=status)) == ("", ["/robots.txt"])


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_refusal_when_the_server_is_in_trouble_then_everything_is_forbidden(status):
    reason, asked = answered(Answer(status=status, headers=AT_ONCE))
    assert reason == f"robots.txt answers {status}: taken as forbidding all"
    assert asked == ["/robots.txt"] * N_TRIES


def test_refusal_when_the_trouble_passes_then_the_rules_count():
    reason, asked = answered(Answer(status=503, headers=AT_ONCE), text(b"User-agent: *\nDisallow: /x"))
    assert (reason, len(asked)) == ("", 2)


def test_refusal_when_the_server_asks_for_hours_then_it_is_not_waited_for():
    reason, asked = answered(Answer(status=503, headers={"Retry-After": "7200"}))
    assert (reason, len(asked)) == ("robots.txt answers 503: taken as forbidding all", 1)


def test_refusal_when_nobody_answers_then_everything_is_forbidden_after_some_tries():
    n_lines = []
    waited = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        time.sleep(seconds)

    with line_server(n_lines.append) as url, robots_of(url, wait=wait) as robots:
        reason = robots.refusal(url)
    assert reason.startswith("robots.txt cannot be read (the connection broke: ")
    assert reason.endswith("): taken as forbidding all")
    assert len(n_lines) == N_TRIES
    assert [round(seconds) for seconds in waited] == [1, 2]


def test_refusal_when_the_answer_takes_for_ever_then_everything_is_forbidden():
    with (
        HttpSite({"/robots.txt": lambda handler: time.sleep(1)}) as site,
        robots_of(site.url, page_timeout_s=0.3) as robots,
    ):
        assert "took longer than 0.3 s" in robots.refusal(site.url)
    assert site.asked == ["/robots.txt"]


def test_refusal_when_the_file_is_moved_then_it_is_followed():
    with HttpSite({"/real.txt": text(b"User-agent: *\nDisallow: /x")}) as other:
        moved = Answer(status=301, headers={"Location": f"{other.url}real.txt"})
        with HttpSite({"/robots.txt": moved}) as site, robots_of(site.url, other.url) as robots:
            assert robots.refusal(f"{site.url}x") == "robots.txt forbids it"
            assert robots.refusal(f"{site.url}y") == ""


def test_refusal_when_the_file_is_moved_without_end_then_there_is_none():
    routes = {f"/{n}": Answer(status=302, headers={"Location": f"/{n + 1}"}) for n in range(20)}
    routes["/robots.txt"] = routes["/0"]
    with HttpSite(routes) as site, robots_of(site.url) as robots:
        assert robots.refusal(f"{site.url}x") == ""
    assert len(site.asked) == 1 + N_HOPS


def test_refusal_when_the_file_is_moved_into_the_network_then_it_is_not_asked_there():
    with HttpSite({"/robots.txt": text(b"")}) as other:
        moved = Answer(status=301, headers={"Location": f"{other.url}robots.txt"})
        reason, _ = answered(moved)
    assert "not a public address" in reason and reason.endswith("taken as forbidding all")
    assert other.asked == []


def test_refusal_when_the_file_is_a_page_then_it_has_no_rules():
    assert answered(Answer(b"<!doctype html><html><body>Welcome to / : all</body></html>"))[0] == ""


def test_refusal_when_the_file_is_binary_then_it_has_no_rules():
    assert answered(text(bytes(range(256)) * 100))[0] == ""


def test_refusal_when_the_file_is_huge_then_its_beginning_counts():
    body = b"User-agent: *\nDisallow: /x\n" + b"#" * MAX_BYTES + b"\nDisallow: /y\n"
    with HttpSite({"/robots.txt": text(body)}) as site, robots_of(site.url) as robots:
        assert robots.refusal(f"{site.url}x") == "robots.txt forbids it"
        assert robots.refusal(f"{site.url}y") == ""


def test_refusal_when_many_threads_ask_then_the_file_is_read_once_and_all_wait_for_it():
    def slow(handler) -> None:
        time.sleep(0.2)
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"User-agent: *\nDisallow: /x")

    found = []
    with HttpSite({"/robots.txt": slow}) as site, robots_of(site.url) as robots:
        threads = [
            threading.Thread(target=lambda: found.append(robots.refusal(f"{site.url}x"))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["robots.txt forbids it"] * 8
    assert site.asked == ["/robots.txt"]


def test_refusal_when_origins_differ_then_each_has_its_own_rules():
    with (
        HttpSite({"/robots.txt": text(b"User-agent: *\nDisallow: /")}) as closed,
        HttpSite() as free,
        robots_of(closed.url, free.url) as robots,
    ):
        assert robots.refusal(closed.url) == "robots.txt forbids it"
        assert robots.refusal(free.url) == ""


def test_refusal_when_the_file_asks_for_a_delay_then_the_next_request_waits_for_it():
    waited = []
    with (
        HttpSite({"/robots.txt": text(b"User-agent: *\nCrawl-delay: 30")}) as site,
        contextlib.closing(
            HttpFetcher(described := DocSite(url=site.url, allow_private=True), gate=Gate.of_site(described))
        ) as fetcher,
    ):
        limits = HostLimits(rate=None, wait=waited.append)
        assert Robots(fetcher, limits=limits).refusal(site.url) == ""
        assert not limits.acquire(site.url), "the wait was cut short"
    assert len(waited) == 1 and 25 < waited[0] <= 30
