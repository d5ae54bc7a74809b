"""A site that means no good: every page of it is a trap for a crawler.

`hostile` gives a site whose start page leads to some of the traps; `TRAPS` names them all.
"""

from __future__ import annotations

import functools
import gzip
import re
import zlib
from collections.abc import Collection, Iterator
from typing import Any

from tests.sites.server import NOT_FOUND, Reply, Request, Site

BIG = 100_000_000
N_LINKS = 20_000
TEXT = "A page of documentation with enough words to count as one that says something. " * 4

ENDLESS = ("/calendar?month=1", "/grow/a/b/", "/session?id=1", "/many")
REDIRECTS = (
    *(
        "/loop/a",
        "/self",
        "/chain/1",
        "/to-metadata",
        "/to-file",
        "/to-script",
        "/to-private",
        "/to-private-name",
    ),
    *("/to-login", "/to-nowhere", "/to-fine"),
)
LARGE = ("/big-told", "/big-untold", "/bomb", "/bomb-twice", "/endless")
SLOW = ("/slow-head", "/slow-body", "/silent")
BROKEN = (
    *(
        "/latin1-as-utf8",
        "/utf8-as-latin1",
        "/unknown-charset",
        "/utf16",
        "/unclosed",
        "/nul",
        "/nested",
        "/empty",
    ),
    *(
        "/binary",
        "/cut-off",
        "/cut-gzip",
        "/no-type",
        "/bad-head",
        "/bad-length",
        "/bad-links",
        "/status-599",
    ),
)
REFUSED = ("/forbidden/page", "/busy-once", "/busy-forever", "/down", "/gone", "/login")
FILES = ("/archive.zip", "/attachment", "/picture", "/audio", "/nothing")
TWINS = ("/twin/1", "/twin/2", "/twin/2?utm_source=x", "/twin/2#part", "/canonical", "/canonical-outside")
SCRIPTS = (
    *(
        "/spin",
        "/alert",
        "/alerts",
        "/confirm",
        "/prompt",
        "/beforeunload",
        "/reload",
        "/popup",
        "/script-download",
    ),
    *(
        "/grow-dom",
        "/steal",
        "/frame",
        "/leave-private",
        "/leave-file",
        "/leave-metadata",
        "/print",
        "/made-by-script",
    ),
)
TRAPS = (*ENDLESS, *REDIRECTS, *LARGE, *SLOW, *BROKEN, *REFUSED, *FILES, *TWINS, *SCRIPTS)

METADATA = "http://169.254.169.254/latest/meta-data/"


def hostile(*, private: str, lead_to: Collection[str] = TRAPS) -> Site:
    """A site whose start page leads to traps.

    Args:
        private: Address of another server of this machine, which nobody may be led to: ``http://127.0.0.1:1234``.
        lead_to: What the start page links to.
    """
    pages = {
        **_redirects(private),
        **_large(),
        **_slow(),
        **_broken(),
        **_others(),
        **_twins(),
        **_scripts(private),
    }
    pages["/"] = page("Start", TEXT + links(lead_to))
    pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /forbidden/\n", media_type="text/plain")
    n_busy = 0

    def site(request: Request) -> Reply:
        nonlocal n_busy
        path = request.path
        if path == "/calendar":
            month = int(request.query.get("month", "0"))
            return page(f"Month {month}", f"Days of month {month}. {TEXT}" + links(_months(month)))
        if path == "/session":
            number = int(request.query["id"])
            return page(
                f"Visit {number}", TEXT + links([f"/session?id={number * 2 + one}" for one in (0, 1)])
            )
        if path.startswith("/grow/"):
            return page(path, f"{path} {TEXT}<a href='a/b/'>deeper</a> <a href='b/a/'>deeper</a>")
        if match := re.fullmatch(r"/many/(\d+)", path):
            return page(f"One of many: {match[1]}", f"Number {match[1]}. {TEXT}")
        if match := re.fullmatch(r"/chain/(\d+)", path):
            return to(f"/chain/{int(match[1]) + 1}")
        if path == "/busy-once":
            n_busy += 1
            if n_busy < 3:
                return Reply("wait", status=429, headers={"Retry-After": "1"})
            return page("Busy", f"At the third try. {TEXT}")
        return pages.get(request.target) or pages.get(path) or NOT_FOUND

    return site


def page(title: str, body: str, *, head: str = "", **reply: Any) -> Reply:
    """A page of HTML."""
    return Reply(
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>",
        **reply,
    )


def to(place: str, *, status: int = 302) -> Reply:
    """A redirect."""
    return Reply("", status=status, headers={"Location": place})


def links(places: Collection[str]) -> str:
    """A list of links."""
    return "<ul>" + "".join(f'<li><a href="{place}">{place}</a></li>\n' for place in places) + "</ul>"


def _months(month: int) -> list[str]:
    return [f"/calendar?month={month + step}" for step in (-12, -1, 1, 12)]


def _redirects(private: str) -> dict[str, Reply]:
    return {
        "/loop/a": to("/loop/b", status=301),
        "/loop/b": to("/loop/a", status=308),
        "/self": to("/self"),
        "/to-metadata": to(METADATA),
        "/to-file": to("file:///etc/passwd"),
        "/to-script": to("javascript:alert(1)"),
        "/to-private": to(f"{private}/admin"),
        "/to-private-name": to(private.replace("127.0.0.1", "localhost") + "/admin"),
        "/to-login": to("http://user:secret@127.0.0.1/x"),
        "/to-nowhere": Reply("", status=302),
        "/to-fine": to("/fine"),
        "/fine": page("Fine", f"What a redirect led to. {TEXT}"),
    }


def _large() -> dict[str, Reply]:
    return {
        "/big-told": Reply(_Filler(BIG), headers={"Content-Length": str(BIG)}),
        "/big-untold": Reply(_Filler(BIG)),
        "/endless": Reply(_Filler(1 << 50)),
        "/bomb": Reply(_bomb(), headers={"Content-Encoding": "gzip"}),
        "/bomb-twice": Reply(gzip.compress(_bomb()), headers={"Content-Encoding": "gzip, gzip"}),
    }


class _Filler:
    """A body that is made while it is sent, as often as it is asked for."""

    def __init__(self, n_bytes: int) -> None:
        self.n_bytes = n_bytes

    def __iter__(self) -> Iterator[bytes | float]:
        part = b"<p>more and more text</p>\n" * 2_000
        for _ in range(self.n_bytes // len(part)):
            yield part


@functools.cache
def _bomb() -> bytes:
    """A page of 200 million bytes in some hundred thousand."""
    packer = zlib.compressobj(wbits=31)
    part = b"<p>boom\n" * 125_000
    # One stream: of several ones, Chromium reads the first.
    return b"".join(packer.compress(part) for _ in range(200)) + packer.flush()


class _Drip:
    """A body that comes byte by byte, for an hour."""

    def __iter__(self) -> Iterator[bytes | float]:
        yield b"<title>Slow</title>"
        for _ in range(7_200):
            yield b"<p>drop "
            yield 0.5


def _slow() -> dict[str, Reply]:
    return {
        "/slow-head": page("Slow", TEXT, head_pause_s=1.0),
        "/slow-body": Reply(_Drip()),
        "/silent": Reply([3_600.0]),
    }


def _broken() -> dict[str, Reply]:
    html = "text/html; charset="
    accents = f"<title>Café</title><main><p>Straße, naïve, œuvre. {TEXT}</p></main>"
    return {
        "/latin1-as-utf8": Reply(accents.encode("cp1252"), media_type=html + "utf-8"),
        "/utf8-as-latin1": Reply(b"<meta charset=utf-8>" + accents.encode(), media_type=html + "iso-8859-1"),
        "/unknown-charset": Reply(accents.encode(), media_type=html + "utf-99"),
        "/utf16": Reply(accents.encode("utf-16"), media_type="text/html"),
        "/unclosed": Reply(f"<main><p>{TEXT}<a href=/fine>fine<div class='<b>x<table><tr><td><!-- <script>"),
        "/nul": Reply(f"<title>N\0ul</title><main><p>\0{TEXT}\0<a href='/fine'>fi\0ne</a>\x01\x1b".encode()),
        "/nested": Reply("<div>" * 10_000 + TEXT + "</div>" * 10_000),
        "/empty": Reply(""),
        "/binary": Reply(bytes(range(256)) * 400),
        "/cut-off": Reply([b"<main><p>half a"], headers={"Content-Length": "1000"}, hang_up=True),
        "/cut-gzip": Reply(gzip.compress(TEXT.encode() * 50)[:-40], headers={"Content-Encoding": "gzip"}),
        "/no-type": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        "/bad-head": Reply(raw=b"\x00\x01 what is this\r\n\r\n"),
        "/bad-length": Reply(
            raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: many\r\n\r\nok"
        ),
        "/bad-links": page("Bad links", f"{TEXT}{links(_BAD_LINKS)}", head='<base href="http://[::1/">'),
        "/status-599": Reply(TEXT, status=599),
    }


_BAD_LINKS = (
    *(
        "http://[::1",
        "http://",
        "//",
        "http://a:99999999/",
        "javascript:void(0)",
        "mailto:a@b",
        "data:text/html,x",
    ),
    *("\\\\server\\share", "http://127.0.0.1:0/", "%zz", "/%00", "x" * 70_000, "tel:1", "ftp://127.0.0.1/x"),
)


def _others() -> dict[str, Reply]:
    zip_file = b"PK\x05\x06" + bytes(18)
    return {
        "/forbidden/page": page("Forbidden", TEXT),
        "/busy-forever": Reply("wait", status=429, headers={"Retry-After": "100000"}),
        "/down": Reply("down", status=503),
        "/gone": Reply("gone", status=410),
        "/login": Reply("who?", status=401, headers={"WWW-Authenticate": 'Basic realm="x"'}),
        "/archive.zip": Reply(zip_file, media_type="application/zip"),
        "/attachment": page(
            "Attached", TEXT, headers={"Content-Disposition": 'attachment; filename="x.html"'}
        ),
        "/picture": Reply(b"\x89PNG", media_type="image/png"),
        "/audio": Reply(_Filler(BIG), media_type="audio/mpeg"),
        "/nothing": Reply("", status=204),
        "/many": page("Many", f"Many links. {TEXT}" + links([f"/many/{n}" for n in range(N_LINKS)])),
    }


def _twins() -> dict[str, Reply]:
    twin = page("Twin", f"The same text at two addresses. {TEXT}")
    return {
        "/twin/1": twin,
        "/twin/2": twin,
        "/canonical": page("Copy", f"Printed. {TEXT}", head='<link rel="canonical" href="/fine">'),
        "/canonical-outside": page(
            "Not a copy", f"On its own. {TEXT}", head=f'<link rel="canonical" href="{METADATA}">'
        ),
    }


def _scripts(private: str) -> dict[str, Reply]:
    def script(title: str, code: str) -> Reply:
        return page(title, f"{title}. {TEXT}<script>{code}</script>")

    return {
        "/spin": script("Spin", "while (true) {}"),
        "/alert": script("Alert", "alert('read this first')"),
        "/alerts": script("Alerts", "setInterval(() => alert('again'), 10)"),
        "/confirm": script("Confirm", "if (!confirm('leave?')) document.body.append('you stayed')"),
        "/prompt": script("Prompt", "prompt('your name?')"),
        "/beforeunload": script(
            "Stay", "addEventListener('beforeunload', e => { e.preventDefault(); e.returnValue = 1; })"
        ),
        "/reload": script("Reload", "setTimeout(() => location.reload(), 50)"),
        "/popup": script("Popup", f"for (let n = 0; n < 50; n++) open('{private}/popup'); open('/fine')"),
        "/script-download": script("Download", "location = '/archive.zip'"),
        "/grow-dom": script("Grow", "setInterval(() => document.body.append('x'.repeat(1e6)), 1)"),
        "/steal": script(
            "Steal",
            f"fetch('{private}/secret').catch(() => 0); fetch('{METADATA}').catch(() => 0);"
            f"new WebSocket('{private.replace('http', 'ws')}/socket');"
            f"navigator.sendBeacon('{private}/beacon', 'x'); new Image().src = '{private}/image'",
        ),
        "/frame": page(
            "Frame",
            f"{TEXT}<iframe src='{private}/framed'></iframe><iframe src='file:///etc/passwd'></iframe>",
        ),
        "/leave-private": script("Leave", f"location = '{private}/admin'"),
        "/leave-file": script("Leave for a file", "location = 'file:///etc/passwd'"),
        "/leave-metadata": page(
            "Refresh", TEXT, head=f'<meta http-equiv="refresh" content="0;url={METADATA}">'
        ),
        "/print": script("Print", "print(); document.documentElement.requestFullscreen().catch(() => 0)"),
        "/made-by-script": Reply(
            "<!doctype html><title>Shell</title><main></main><script>"
            f"setTimeout(() => document.querySelector('main').innerHTML = '<h1>Made</h1><p>By a script. {TEXT}"
            '<a href="/fine">fine</a>\', 100)</script>'
        ),
    }
