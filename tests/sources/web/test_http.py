"""One try at one address, with servers that behave and servers that do not."""

from __future__ import annotations

import contextlib
import gzip
import random
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.agent import user_agent
from doctranslate.sources.web.base import (
    Failed,
    Fetched,
    Outcome,
    Redirected,
    Skipped,
    Unchanged,
    Validators,
)
from doctranslate.sources.web.gate import Gate
from doctranslate.sources.web.http import HttpFetcher, Raw, retry_after_s

from .http_servers import Answer, HttpSite, line_server

PAGE = b"<html><body><p>" + b"Text of a page that says something. " * 10 + b"</p></body></html>"


@contextlib.contextmanager
def fetching(url: str, **settings: object) -> Iterator[HttpFetcher]:
    site = DocSite(url=url, allow_private=True, **settings)
    fetcher = HttpFetcher(site, gate=Gate.of_site(site))
    try:
        yield fetcher
    finally:
        fetcher.close()


def fetch(answer: Answer, path: str = "page", **settings: object) -> Outcome:
    with HttpSite({f"/{path}": answer}) as site, fetching(site.url, **settings) as fetcher:
        return fetcher.fetch(site.url + path)


def fetch_line(talk, **settings: object) -> Outcome:
    with line_server(talk) as url, fetching(url, **settings) as fetcher:
        return fetcher.fetch(url)


def heard(line: socket.socket) -> bytes:
    """The head of a request."""
    data = b""
    while b"\r\n\r\n" not in data and (piece := line.recv(4096)):
        data += piece
    return data


# Pages


def test_fetch_when_a_page_is_served_then_it_comes_whole():
    headers = {"ETag": 'W/"1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    with HttpSite({"/a?b=1": Answer(PAGE, headers=headers)}) as site, fetching(site.url) as fetcher:
        found = fetcher.fetch(f"{site.url}a?b=1")
    assert found == Fetched(
        f"{site.url}a?b=1",
        "text/html",
        PAGE.decode(),
        "http",
        n_bytes=len(PAGE),
        validators=Validators('W/"1"', "Mon, 01 Jan 2024 00:00:00 GMT"),
    )


def test_fetch_when_it_asks_then_it_says_who_it_is_and_keeps_no_cookies():
    with HttpSite({"/": Answer(PAGE, headers={"Set-Cookie": "a=b"})}) as site, fetching(site.url) as fetcher:
        fetcher.fetch(site.url)
        fetcher.fetch(site.url)
    for headers in site.headers:
        assert headers["User-Agent"] == user_agent()
        assert headers["User-Agent"].startswith("doctranslate/")
        assert headers["Accept-Encoding"] == "gzip, deflate"
        assert headers["Accept"].startswith("text/html,") and "markdown" not in headers["Accept"]
        assert "Cookie" not in headers and "If-None-Match" not in headers


def test_fetch_when_pages_are_read_in_turn_then_one_connection_serves_them():
    routes = {"/": Answer(PAGE), "/to": Answer(b"x", status=301, headers={"Location": "/"})}
    with HttpSite(routes) as site, fetching(site.url) as fetcher:
        for path in ("", "to", "none", "", "to", "none", ""):
            fetcher.fetch(site.url + path)
    assert len(site.asked) == 7
    assert site.n_connections == 1


@pytest.mark.parametrize(
    ("path", "content_type", "kind"),
    [
        ("a", "text/html", "text/html"),
        ("a", "application/xhtml+xml; charset=utf-8", "text/html"),
        ("a", "Text/Markdown", "text/markdown"),
        ("a.md", "text/plain", "text/markdown"),
        ("a.md", "text/html", "text/html"),
        ("a.rst", "text/plain; charset=utf-8", "text/x-rst"),
        ("a.rst", "application/octet-stream", "text/x-rst"),
        ("a.txt", "text/plain", "text/plain"),
        ("a", None, "text/html"),
        ("a.md", None, "text/markdown"),
    ],
)
def test_fetch_when_a_media_type_is_read_then_suffixes_help(path, content_type, kind):
    found = fetch(Answer(PAGE, content_type=content_type), path)
    assert isinstance(found, Fetched) and found.media_type == kind


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"PK", content_type="application/zip"), "media type application/zip"),
        (Answer(b"{}", content_type="application/json"), "media type application/json"),
        (Answer(b"\x89PNG\x00\x01", content_type=None), "media type application/octet-stream"),
        (
            Answer(b"\x00" * 99, content_type="application/octet-stream"),
            "media type application/octet-stream",
        ),
        (Answer(PAGE, headers={"Content-Disposition": 'Attachment; filename="a.html"'}), "a download"),
        (Answer(status=204), "no content: answers 204"),
    ],
)
def test_fetch_when_it_is_no_page_then_it_is_skipped(answer, reason):
    assert fetch(answer) == Skipped(reason)


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw deflate"])
def test_fetch_when_a_page_is_packed_then_it_is_unpacked(packing):
    packer = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(PAGE),
        "deflate": zlib.compress(PAGE),
        "raw deflate": packer.compress(PAGE) + packer.flush(),
    }[packing]
    found = fetch(Answer(packed, headers={"Content-Encoding": packing.split()[-1]}))
    assert isinstance(found, Fetched) and found.text == PAGE.decode() and found.n_bytes == len(PAGE)


def test_fetch_when_the_packing_is_not_what_it_says_then_it_fails():
    assert fetch(Answer(PAGE, headers={"Content-Encoding": "gzip"})) == Failed(
        "its packed body cannot be unpacked"
    )
    found = fetch(Answer(PAGE, headers={"Content-Encoding": "br"}))
    assert found == Failed("packed as 'br', which was not asked for")


# Charsets: what must come out is the text, whatever was declared


@pytest.mark.parametrize(
    ("text", "encoding", "content_type"),
    [
        ("<p>Grüße, ça va</p>", "utf-8", "text/html"),
        ("<p>Grüße, ça va</p>", "utf-8", "text/html; charset=iso-8859-1"),
        ("<p>Grüße, ça va</p>", "latin-1", "text/html; charset=utf-8"),
        ("<p>Grüße, ça va</p>", "latin-1", "text/html; charset=no-such-thing"),
        ("<p>Grüße, ça va</p>", "latin-1", "text/html; charset=zlib"),
        ("<p>“Grüße”</p>", "cp1252", "text/html; charset=iso-8859-1"),
        ("<meta charset=shift_jis><p>日本語のテキスト</p>", "shift_jis", "text/html"),
        ("<meta charset=shift_jis><p>日本語のテキスト</p>", "shift_jis", "text/html; charset=utf-8"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Привет</p>',
            "koi8-r",
            "text/html",
        ),
        ("<p>日本語</p>", "iso2022_jp", 'text/html; charset="ISO-2022-JP"'),
        ("<meta charset=utf-16><p>plain</p>", "ascii", "text/html"),
        ("<p>plain</p>", "ascii", "text/html; charset=utf-16"),
        ("<p>日本語</p>", "utf-16-le", "text/html; charset=utf-16le"),
        ("<p>日本語</p>", "utf-16", "text/html; charset=utf-8"),
        ("<p>日本語</p>", "utf-8-sig", "text/html; charset=latin-1"),
    ],
)
def test_fetch_when_the_charset_is_another_then_the_text_is_right(text, encoding, content_type):
    found = fetch(Answer(text.encode(encoding), content_type=content_type))
    assert isinstance(found, Fetched) and found.text == text


def test_fetch_when_some_bytes_are_broken_then_the_rest_of_the_page_is_right():
    text = "<p>日本語 und Grüße</p>"
    found = fetch(Answer(text.encode() + b"\xff\xfe"))
    assert isinstance(found, Fetched) and found.text == text + "\ufffd\ufffd"


def test_fetch_when_bytes_mean_nothing_then_there_is_still_a_page():
    found = fetch(Answer(bytes(range(0x20, 256)) * 3))
    assert isinstance(found, Fetched) and " !" in found.text


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_fetch_when_it_is_redirected_then_the_target_is_told_and_not_followed(status):
    routes = {"/a/": Answer(b"", status=status, headers={"Location": "../B%7e#part"}), "/B~": Answer(PAGE)}
    with HttpSite(routes) as site, fetching(site.url) as fetcher:
        assert fetcher.fetch(f"{site.url}a/") == Redirected(f"{site.url}B~", status)
    assert site.asked == ["/a/"]


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        ("https://other.example:443/x?utm_source=a", Redirected("https://other.example/x", 302)),
        ("//169.254.169.254/latest/meta-data", Redirected("http://169.254.169.254/latest/meta-data", 302)),
        ("file:///etc/passwd", Skipped("redirects to an address of file:")),
        ("javascript:alert(1)", Skipped("redirects to an address of javascript:")),
        ("http://a b/", Failed("redirects to 'http://a b/', which is no address of a page", status=302)),
        ("", Failed("redirects to nowhere", status=302)),
        (None, Failed("redirects to nowhere", status=302)),
        ("#top", Failed("redirects to itself", status=302)),
    ],
)
def test_fetch_when_a_redirect_is_odd_then_it_is_told(location, outcome):
    headers = {} if location is None else {"Location": location}
    assert fetch(Answer(status=302, headers=headers)) == outcome


def test_fetch_when_a_redirect_is_written_in_utf8_then_it_is_read_as_such():
    def talk(line: socket.socket) -> None:
        heard(line)
        line.sendall("HTTP/1.1 302 Found\r\nLocation: /Grüße\r\nContent-Length: 0\r\n\r\n".encode())

    found = fetch_line(talk)
    assert isinstance(found, Redirected) and found.to.endswith("/Gr%C3%BC%C3%9Fe")


def test_fetch_when_a_page_only_leads_on_then_it_is_a_redirect():
    stub = b'<html><head><meta http-equiv="Refresh" content="0; URL=stable/index.html"></head><body>One moment</body></html>'
    found = fetch(Answer(stub), "docs/")
    assert (
        isinstance(found, Redirected) and found.to.endswith("/docs/stable/index.html") and found.status == 200
    )


@pytest.mark.parametrize(
    "body",
    [
        b'<meta http-equiv=refresh content="0; url=next.html">' + PAGE,
        b'<meta http-equiv=refresh content="300; url=next.html">',
        b'<meta http-equiv=refresh content="0">',
        b'<noscript><meta http-equiv=refresh content="0; url=no-scripts.html"></noscript><div id=app></div>',
        b'<meta http-equiv=refresh content="0; url=mailto:a@example.org">',
        b'<!-- http-equiv="refresh" -->',
    ],
)
def test_fetch_when_a_page_says_more_than_where_to_go_then_it_is_a_page(body):
    assert isinstance(fetch(Answer(body)), Fetched)


# The version that is stored


@pytest.mark.parametrize(
    "known", [Validators(etag='"1"'), Validators(last_modified="Mon, 01 Jan 2024 00:00:00 GMT")]
)
def test_fetch_when_the_stored_version_is_the_newest_then_it_is_unchanged(known):
    def answer(handler) -> None:
        asked = (handler.headers.get("If-None-Match", ""), handler.headers.get("If-Modified-Since", ""))
        handler.send_response(304 if asked == (known.etag, known.last_modified) else 500)
        handler.end_headers()

    with HttpSite({"/": answer}) as site, fetching(site.url) as fetcher:
        assert fetcher.fetch(site.url, known=known) == Unchanged()


def test_fetch_when_there_is_a_newer_version_then_it_comes():
    with HttpSite({"/": Answer(PAGE, headers={"ETag": '"2"'})}) as site, fetching(site.url) as fetcher:
        found = fetcher.fetch(site.url, known=Validators(etag='"1"'))
    assert isinstance(found, Fetched) and found.validators.etag == '"2"'


def test_fetch_when_what_is_known_could_forge_a_header_then_it_is_not_sent():
    with HttpSite({"/": Answer(PAGE)}) as site, fetching(site.url) as fetcher:
        assert isinstance(fetcher.fetch(site.url, known=Validators(etag='"1"\r\nX-Forged: 1')), Fetched)
    assert "X-Forged" not in site.headers[0] and "If-None-Match" not in site.headers[0]


def test_fetch_when_unchanged_is_answered_to_a_first_request_then_it_fails():
    found = fetch(Answer(status=304))
    assert isinstance(found, Failed) and found.status == 304 and not found.retry


# What servers refuse


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451, 501, 505, 599])
def test_fetch_when_a_server_refuses_then_there_is_no_second_try(status):
    found = fetch(Answer(b"no", status=status))
    assert isinstance(found, Failed) and (found.status, found.retry) == (status, False)
    assert found.reason.startswith(f"answers {status}")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_fetch_when_a_server_is_in_trouble_then_it_may_be_asked_again(status):
    found = fetch(Answer(b"later", status=status, headers={"Retry-After": "7"}))
    assert isinstance(found, Failed) and (found.status, found.retry, found.retry_after_s) == (
        status,
        True,
        7.0,
    )


def test_fetch_when_retry_after_is_a_date_then_the_seconds_are_told():
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    found = fetch(Answer(status=429, headers={"Retry-After": when}))
    assert isinstance(found, Failed) and found.retry_after_s is not None
    assert 60 < found.retry_after_s <= 90


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Thu, 01 Jan 2026 00:01:00", 60.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("", None),
        ("-1", None),
        ("soon", None),
        ("9" * 5000, None),
        ("Thu, 99 Jan 2026 00:01:00 GMT", None),
    ],
)
def test_retry_after_when_it_is_read_then_junk_is_nothing(value, seconds):
    assert retry_after_s(value, now=datetime(2026, 1, 1, tzinfo=UTC)) == seconds


# Size


def endless(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(1_600):
        handler.wfile.write(b"x" * 65_536)


def test_fetch_when_a_page_of_100_mb_says_so_then_nothing_of_it_is_read():
    sent = []

    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "100000000")
        handler.end_headers()
        for _ in range(1_600):
            handler.wfile.write(b"x" * 65_536)
            sent.append(65_536)

    with HttpSite({"/": answer}) as site, fetching(site.url, max_page_bytes=1_000_000) as fetcher:
        assert fetcher.fetch(site.url) == Skipped("longer than 1,000,000 bytes")
    assert sum(sent) < 20_000_000, "only what fits into the system's buffers"


def test_fetch_when_a_page_of_100_mb_does_not_say_so_then_it_is_cut_off():
    with HttpSite({"/": endless}) as site, fetching(site.url, max_page_bytes=1_000_000) as fetcher:
        assert fetcher.fetch(site.url) == Skipped("longer than 1,000,000 bytes")


def test_fetch_when_a_page_has_just_the_size_that_is_allowed_then_it_is_read():
    assert isinstance(fetch(Answer(b"x" * 5_000), max_page_bytes=5_000), Fetched)
    assert fetch(
        Answer(gzip.compress(b"x" * 5_001), headers={"Content-Encoding": "gzip"}), max_page_bytes=5_000
    ) == (Skipped("longer than 5,000 bytes"))


@pytest.mark.parametrize("packing", ["gzip", "gzip, gzip"])
def test_fetch_when_a_page_is_a_gzip_bomb_then_memory_stays_small(packing):
    bomb = gzip.compress(b"\0" * 200_000_000)
    if packing == "gzip, gzip":
        bomb = gzip.compress(bomb)
    with (
        HttpSite({"/": Answer(bomb, headers={"Content-Encoding": packing})}) as site,
        fetching(site.url, max_page_bytes=1_000_000) as fetcher,
    ):
        tracemalloc.start()
        found = fetcher.fetch(site.url)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert isinstance(found, Skipped | Failed) and not isinstance(found, Fetched)
    assert peak < 20_000_000


def test_fetch_when_headers_have_no_end_then_it_fails():
    def talk(line: socket.socket) -> None:
        heard(line)
        line.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)))

    found = fetch_line(talk)
    assert isinstance(found, Failed)


# Time


def dripping_head(line: socket.socket) -> None:
    heard(line)
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000:
        line.sendall(bytes([byte]))
        time.sleep(0.05)


def dripping_body(line: socket.socket) -> None:
    heard(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>")
    for _ in range(1_000):
        line.sendall(b"y")
        time.sleep(0.05)


def dripping_chunks(line: socket.socket) -> None:
    heard(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(1_000):
        line.sendall(b"1\r\ny\r\n")
        time.sleep(0.05)


def silent(line: socket.socket) -> None:
    heard(line)
    line.recv(1)


def endless_continue(line: socket.socket) -> None:
    heard(line)
    for _ in range(1_000):
        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.02)


@pytest.mark.parametrize("talk", [dripping_head, dripping_body, dripping_chunks, silent, endless_continue])
def test_fetch_when_a_server_takes_for_ever_then_the_time_of_the_page_is_the_limit(talk):
    started = time.monotonic()
    assert fetch_line(talk, page_timeout_s=0.5) == Failed("took longer than 0.5 s")
    assert 0.4 < time.monotonic() - started < 10


def test_fetch_when_a_slow_server_stays_within_the_time_then_the_page_is_read():
    def talk(line: socket.socket) -> None:
        heard(line)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
        for _ in range(10):
            line.sendall(b"y")
            time.sleep(0.02)

    found = fetch_line(talk, page_timeout_s=10)
    assert isinstance(found, Fetched) and found.text == "y" * 10


def test_fetch_when_one_page_was_too_slow_then_the_next_ones_are_read():
    with (
        HttpSite({"/": Answer(PAGE), "/slow": lambda handler: time.sleep(1)}) as site,
        fetching(site.url, page_timeout_s=0.3) as fetcher,
    ):
        for _ in range(3):
            assert isinstance(fetcher.fetch(site.url), Fetched)
            assert fetcher.fetch(f"{site.url}slow") == Failed("took longer than 0.3 s")


# Broken lines


def test_fetch_when_nobody_listens_then_it_may_be_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with fetching(url) as fetcher:
        assert fetcher.fetch(url) == Failed("127.0.0.1 refuses the connection", retry=True)


def hangs_up(line: socket.socket) -> None:
    heard(line)


def resets(line: socket.socket) -> None:
    heard(line)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def cuts_off(line: socket.socket) -> None:
    heard(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nhalf")


def cuts_off_chunks(line: socket.socket) -> None:
    heard(line)
    line.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf"
    )


def talks_nonsense(line: socket.socket) -> None:
    heard(line)
    line.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize("talk", [hangs_up, resets, cuts_off, cuts_off_chunks, talks_nonsense])
def test_fetch_when_the_line_breaks_then_no_half_page_is_taken(talk):
    found = fetch_line(talk)
    assert isinstance(found, Failed) and found.retry and found.status == 0
    assert found.reason.startswith("the connection broke: ")


def test_fetch_when_answers_are_mutilated_then_there_is_always_an_outcome():
    chance = random.Random(0)
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 40\r\nETag: x\r\n\r\n"
        + PAGE[:40]
    )

    def talk(line: socket.socket) -> None:
        heard(line)
        mutilated = bytearray(answer)
        for _ in range(chance.randrange(1, 6)):
            mutilated[chance.randrange(len(mutilated))] = chance.randrange(256)
        line.sendall(mutilated[: chance.randrange(len(mutilated) // 2, len(mutilated) + 1)])

    with line_server(talk) as url, fetching(url, page_timeout_s=5) as fetcher:
        found = [fetcher.fetch(url) for _ in range(150)]
    assert {type(outcome) for outcome in found} <= {Fetched, Failed, Skipped, Redirected}
    assert any(isinstance(outcome, Failed) for outcome in found)


# The gate


def test_fetch_when_the_site_may_not_be_private_then_nothing_is_asked():
    with HttpSite({"/": Answer(PAGE)}) as site:
        fetcher = HttpFetcher(DocSite(url=site.url), gate=Gate())
        found = fetcher.fetch(site.url)
        fetcher.close()
    assert isinstance(found, Skipped) and "127.0.0.1, which is not a public address" in found.reason
    assert site.n_connections == 0


def test_fetch_when_another_port_of_this_machine_is_asked_then_it_is_refused():
    with (
        HttpSite({"/": Answer(PAGE)}) as site,
        HttpSite({"/": Answer(PAGE)}) as other,
        fetching(site.url) as fetcher,
    ):
        assert isinstance(fetcher.fetch(other.url), Skipped)
        assert isinstance(fetcher.fetch(site.url), Fetched)
    assert other.n_connections == 0


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    files = [
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        folder / "key.pem",
        "-out",
        folder / "cert.pem",
    ]
    try:
        subprocess.run([*command, *files], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return folder


@contextlib.contextmanager
def tls_site(folder) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    def talk(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as safe:
            heard(safe)
            safe.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE
            )

    with line_server(talk) as url:
        yield url.replace("http://127.0.0.1", "https://localhost")


def test_fetch_when_a_certificate_is_not_trusted_then_it_fails_and_says_so(certificate):
    with tls_site(certificate) as url, fetching(url) as fetcher:
        found = fetcher.fetch(url)
    assert isinstance(found, Failed) and not found.retry
    assert found.reason.startswith("the certificate of localhost is not to be trusted: self-signed")


def test_fetch_when_a_certificate_is_trusted_then_it_must_be_the_names_own(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with (
        tls_site(certificate) as url,
        fetching(url, start=(url.replace("localhost", "127.0.0.1"),)) as fetcher,
    ):
        assert isinstance(fetcher.fetch(url), Fetched)
        found = fetcher.fetch(url.replace("localhost", "127.0.0.1"))
    assert isinstance(found, Failed) and "not to be trusted" in found.reason and "127.0.0.1" in found.reason


def test_fetch_when_a_handshake_takes_for_ever_then_the_time_of_the_page_is_the_limit():
    def talk(line: socket.socket) -> None:
        line.recv(4096)
        line.sendall(b"\x16\x03\x03\x3f\xff")
        for _ in range(1_000):
            line.sendall(b"\x02")
            time.sleep(0.05)

    with line_server(talk) as url:
        safe = url.replace("http:", "https:")
        with fetching(safe, page_timeout_s=0.5) as fetcher:
            assert fetcher.fetch(safe) == Failed("took longer than 0.5 s")


# Files, threads, the end


def test_fetch_raw_when_a_file_is_long_then_it_is_cut_off():
    with (
        HttpSite({"/a": Answer(b"x" * 500, content_type="application/x")}) as site,
        fetching(site.url) as fetcher,
    ):
        whole = fetcher.fetch_raw(f"{site.url}a", max_bytes=500)
        cut = fetcher.fetch_raw(f"{site.url}a", max_bytes=499)
        none = fetcher.fetch_raw(f"{site.url}none", max_bytes=500)
    assert isinstance(whole, Raw) and (whole.body, whole.is_cut) == (b"x" * 500, False)
    assert isinstance(cut, Raw) and (cut.body, cut.is_cut) == (b"x" * 499, True)
    assert isinstance(none, Raw) and (none.body, none.head.status) == (b"", 404)


def test_fetch_when_many_threads_ask_then_each_gets_its_own_page():
    routes = {f"/{n}": Answer(f"<p>{n}</p>".encode()) for n in range(200)}
    wrong = []
    with HttpSite(routes) as site, fetching(site.url) as fetcher:

        def ask(first: int) -> None:
            for n in range(first, 200, 8):
                found = fetcher.fetch(f"{site.url}{n}")
                if not isinstance(found, Fetched) or found.text != f"<p>{n}</p>":
                    wrong.append((n, found))

        threads = [threading.Thread(target=ask, args=(first,)) for first in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert site.n_connections <= 8


@pytest.mark.parametrize("talk", [silent, dripping_body])
def test_close_when_pages_are_being_read_then_they_end_at_once_and_none_begins(talk):
    with line_server(talk) as url, fetching(url, page_timeout_s=60) as fetcher:
        found: list[Outcome] = []
        threads = [threading.Thread(target=lambda: found.append(fetcher.fetch(url))) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        fetcher.close()
        fetcher.close()
        for thread in threads:
            thread.join(timeout=10)
        assert [*found, fetcher.fetch(url)] == [Failed("the crawl was stopped", retry=True)] * 4
    assert not any(
        thread.name == "doctranslate-watchdog" and thread.is_alive() for thread in threading.enumerate()
    )
