"""Where reading may start: what a site on loopback lists, and what of it is taken."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.discover import MAX_LEVELS, MAX_SITEMAPS, Found, find_starts
from doctranslate.sources.web.gate import Gate
from doctranslate.sources.web.http import HttpFetcher
from doctranslate.sources.web.limits import HostLimits
from doctranslate.sources.web.robots import Robots
from doctranslate.sources.web.scope import Scope

from .http_servers import Answer, HttpSite
from .test_listings import inventory, sitemap

AT_ONCE = {"Retry-After": "0"}


def found_at(url: str, **settings: object) -> Found:
    site = DocSite(url=url, allow_private=True, **settings)
    limits = HostLimits(rate=None, wait=time.sleep)
    with contextlib.closing(HttpFetcher(site, gate=Gate.of_site(site))) as fetcher:
        return find_starts(site, Scope(site), fetcher, Robots(fetcher, limits=limits), limits=limits)


@contextlib.contextmanager
def listing_site(routes: dict[str, bytes | Answer]) -> Iterator[HttpSite]:
    answers = {
        path: Answer(body, "text/plain") if isinstance(body, bytes) else body for path, body in routes.items()
    }
    with HttpSite(answers) as site:
        yield site


def index(*names: str) -> bytes:
    return "".join(
        ["<sitemapindex>", *(f"<sitemap><loc>{name}</loc></sitemap>" for name in names), "</sitemapindex>"]
    ).encode()


def test_find_starts_when_a_site_lists_its_pages_then_those_in_scope_are_taken():
    routes = {
        "/sitemap.xml": sitemap(
            "/docs/b.html", "/docs/a.html", "/blog/x", "/docs/pic.png", "https://other.example/docs/"
        ),
        "/docs/objects.inv": inventory("x py:class 1 api.html#$ -", "y std:doc -1 a.html Y"),
        "/llms.txt": b"[c](/docs/c.md) [d](/d.md)",
    }
    with listing_site(routes) as site:
        found = found_at(f"{site.url}docs/index.html")
    assert found.urls == tuple(f"{site.url}docs/{name}" for name in ("a.html", "api.html", "b.html", "c.md"))
    assert found.notes == (
        f"{site.url}sitemap.xml: 5 addresses, 2 in scope",
        f"{site.url}docs/sitemap.xml: none (404)",
        f"{site.url}sitemap-index.xml: none (404)",
        f"{site.url}docs/objects.inv: 2 addresses, 2 in scope",
        f"{site.url}llms.txt: 2 addresses, 1 in scope",
        f"{site.url}docs/llms.txt: none (404)",
    )


def test_find_starts_when_nothing_is_to_be_discovered_then_nothing_is_asked():
    with listing_site({}) as site:
        assert found_at(site.url, discover=()) == Found()
    assert site.asked == []


def test_find_starts_when_robots_names_sitemaps_then_no_others_are_looked_for():
    routes = {
        "/robots.txt": b"Sitemap: /map.xml\nSitemap: /map.xml",
        "/map.xml": sitemap("/a"),
        "/sitemap.xml": sitemap("/b"),
    }
    with listing_site(routes) as site:
        found = found_at(site.url, discover=("sitemap",))
    assert found == Found((f"{site.url}a",), (f"{site.url}map.xml: 1 address, 1 in scope",))
    assert site.asked == ["/robots.txt", "/map.xml"]


def test_find_starts_when_sitemaps_are_nested_then_so_many_levels_are_read():
    routes = {f"/{n}.xml": index(f"/{n + 1}.xml") for n in range(10)}
    routes |= {"/robots.txt": b"Sitemap: /0.xml", "/2.xml": sitemap("/deep")}
    with listing_site(routes) as site:
        assert found_at(site.url, discover=("sitemap",)).urls == (f"{site.url}deep",)
    routes["/2.xml"] = index("/3.xml")
    with listing_site(routes) as site:
        found = found_at(site.url, discover=("sitemap",))
    assert site.asked == ["/robots.txt", *(f"/{n}.xml" for n in range(MAX_LEVELS))]
    assert found.notes[-1] == f"1 more sitemaps: not read, {MAX_LEVELS} levels are enough"


def test_find_starts_when_sitemaps_go_in_a_circle_or_are_endless_then_each_is_read_once_and_not_all():
    routes = {f"/{n}.xml": sitemap(f"/{n}") for n in range(100)}
    routes |= {
        "/robots.txt": b"Sitemap: /i.xml",
        "/i.xml": index("/i.xml", *(f"/{n}.xml" for n in range(100)), "/0.xml"),
    }
    with listing_site(routes) as site:
        found = found_at(site.url, discover=("sitemap",))
    assert len(site.asked) == len(set(site.asked)) == 1 + MAX_SITEMAPS
    assert len(found.urls) == MAX_SITEMAPS - 1
    assert "more sitemaps: not read" in found.notes[-1]


def test_find_starts_when_robots_forbids_a_listing_then_it_is_not_asked():
    routes = {
        "/robots.txt": b"User-agent: *\nDisallow: /*.inv",
        "/objects.inv": inventory("x std:doc -1 a.html X"),
    }
    with listing_site(routes) as site:
        found = found_at(site.url, discover=("inventory",))
    assert found == Found((), (f"{site.url}objects.inv: robots.txt forbids it",))
    assert site.asked == ["/robots.txt"]


def test_find_starts_when_a_listing_is_moved_then_what_it_lists_is_relative_to_where_it_lies():
    routes = {
        "/objects.inv": Answer(status=302, headers={"Location": "/en/stable/objects.inv"}),
        "/en/stable/objects.inv": inventory("x std:doc -1 a.html X"),
    }
    with listing_site(routes) as site:
        assert found_at(site.url, discover=("inventory",)).urls == (f"{site.url}en/stable/a.html",)


def test_find_starts_when_listings_are_hostile_then_there_are_notes_and_no_error():
    with listing_site({}) as other:
        routes = {
            "/robots.txt": f"Sitemap: {other.url}sitemap.xml\nSitemap: http://169.254.169.254/x.xml\nSitemap: /bad.xml\nSitemap: /503.xml".encode(),
            "/bad.xml": b"<urlset><url><loc>/a</loc></url><url>&broken;",
            "/503.xml": Answer(status=503, headers=AT_ONCE),
            "/objects.inv": b"# Sphinx inventory version 2\n#\n#\n# zlib\n\x00\xff",
            "/llms.txt": Answer(status=301, headers={"Location": "/llms.txt"}),
        }
        with listing_site(routes) as site:
            found = found_at(site.url)
    assert found.urls == (f"{site.url}a",)
    assert other.asked == []
    notes = [note.partition(": ")[2] for note in found.notes]
    assert "not a public address" in notes[0] and "not a public address" in notes[1]
    assert notes[2].startswith("1 address, 1 in scope; broken XML: ")
    assert notes[3:] == ["none (503)", "cannot be unpacked", "redirects to itself"]


def test_find_starts_when_it_is_asked_twice_then_the_answer_is_the_same():
    routes = {"/sitemap.xml": sitemap(*(f"/{n}" for n in range(50)))}
    with listing_site(routes) as site:
        assert found_at(site.url) == found_at(site.url)
