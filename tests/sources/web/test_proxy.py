"""The proxy, spoken to as Chromium speaks to it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from doctranslate.sources.web.gate import Gate
from doctranslate.sources.web.proxy import TUNNEL_CAPS, GateProxy

from .http_servers import Answer, HttpSite, line_server

CAP = 200_000


def gate_for(*urls: str) -> Gate:
    return Gate(private=[("127.0.0.1", urlsplit(url).port or 80) for url in urls])


@contextlib.contextmanager
def proxy_for(*urls: str) -> Iterator[GateProxy]:
    proxy = GateProxy(gate_for(*urls), max_bytes_per_answer=CAP)
    try:
        yield proxy
    finally:
        proxy.close()


@contextlib.contextmanager
def line_to(proxy: GateProxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", urlsplit(proxy.url).port or 0), timeout=20) as line:
        yield line


def ask(proxy: GateProxy, request: bytes) -> tuple[HTTPResponse, bytes]:
    with line_to(proxy) as line:
        line.sendall(request)
        response = HTTPResponse(line)
        response.begin()
        with contextlib.suppress(OSError):
            return response, response.read()
    raise AssertionError("the answer broke off")


def get(proxy: GateProxy, url: str, headers: bytes = b"") -> tuple[HTTPResponse, bytes]:
    host = urlsplit(url).netloc
    return ask(proxy, f"GET {url} HTTP/1.1\r\nHost: {host}\r\n".encode() + headers + b"\r\n")


def read_all(line: socket.socket) -> bytes:
    data = b""
    with contextlib.suppress(OSError):
        while more := line.recv(65_536):
            data += more
    return data


class TestPlainHttp:
    def test_request_of_the_site_then_is_carried(self) -> None:
        with HttpSite({"/a?b=1": Answer(b"hello")}) as site, proxy_for(site.url) as proxy:
            response, body = get(proxy, site.url + "a?b=1", b"Accept: text/html\r\n")
            assert (response.status, body, site.asked) == (200, b"hello", ["/a?b=1"])
            assert site.headers[0]["Accept"] == "text/html"
            assert proxy.refused == []

    def test_headers_between_two_machines_then_go_no_further(self) -> None:
        sent = {
            "Keep-Alive": "timeout=9",
            "Alt-Svc": 'h3=":1"',
            "X-Kept": "1",
            "Connection": "x-other",
            "X-Other": "1",
        }
        with HttpSite({"/": Answer(b"x", headers=sent)}) as site, proxy_for(site.url) as proxy:
            asked = b"Proxy-Connection: keep-alive\r\nConnection: X-Mine\r\nX-Mine: 1\r\nUpgrade: h2c\r\nX-Kept: 2\r\n"
            response, _ = get(proxy, site.url, asked)
            names = {name.lower() for name in response.headers}
            assert "x-kept" in names
            assert not names & {"keep-alive", "alt-svc", "x-other"}
            assert response.headers["Connection"] == "close"
            got = {name.lower(): value for name, value in site.headers[0].items()}
            assert (got["connection"], got["x-kept"]) == ("close", "2")
            assert not got.keys() & {"proxy-connection", "x-mine", "upgrade"}

    def test_body_of_a_form_then_is_carried(self) -> None:
        with line_server(_echo_body) as url, proxy_for(url) as proxy:
            body = b"x" * 150_000
            head = f"POST {url} HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            assert ask(proxy, head + body)[1] == b"150000"

    def test_several_at_a_time_then_do_not_wait_for_each_other(self) -> None:
        n = 24
        together = threading.Barrier(n, timeout=20)

        def talk(line: socket.socket) -> None:
            line.recv(65_536)
            together.wait()  # nobody is answered before everybody has asked
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        with line_server(talk) as url, proxy_for(url) as proxy:
            bodies: list[bytes] = []
            threads = [threading.Thread(target=lambda: bodies.append(get(proxy, url)[1])) for _ in range(n)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert bodies == [b"ok"] * n

    def test_other_port_of_this_machine_then_is_refused_and_not_asked(self) -> None:
        with HttpSite() as site, HttpSite({"/secret": Answer(b"s")}) as other, proxy_for(site.url) as proxy:
            response, body = get(proxy, other.url + "secret")
            assert response.status == 403
            assert "not a public address" in response.headers["X-Doctranslate-Refused"]
            assert b"not a public address" in body
            assert other.n_connections == 0
            [(address, reason)] = proxy.refused
            assert (address, "not a public address" in reason) == (other.url + "secret", True)
            assert proxy.refusal_of(other.url) == reason
            assert proxy.refusal_of(site.url) == ""

    def test_nobody_there_then_is_a_bad_gateway(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with proxy_for(url) as proxy:
            assert get(proxy, url)[0].status == 502

    def test_answer_that_says_it_is_too_long_then_is_not_read(self) -> None:
        big = Answer(b"", headers={"Content-Length": str(CAP + 1)})
        with HttpSite({"/big": big}) as site, proxy_for(site.url) as proxy:
            assert get(proxy, site.url + "big")[0].status == 413
            assert proxy.was_cut(site.url + "big#part")
            assert not proxy.was_cut(site.url)

    def test_answer_without_end_then_is_cut(self) -> None:
        def talk(line: socket.socket) -> None:
            line.recv(65_536)
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                line.sendall(b"x" * 10_000)

        with line_server(talk) as url, proxy_for(url) as proxy:
            _, body = get(proxy, url)
            assert CAP < len(body) < 2 * CAP
            assert proxy.was_cut(url)

    def test_answer_that_leads_in_with_100_then_is_the_one_after_it(self) -> None:
        both = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi"
        with line_server(_say(both)) as url, proxy_for(url) as proxy:
            response, body = get(proxy, url)
            assert (response.status, body) == (200, b"hi")

    @pytest.mark.parametrize(
        "answer",
        [
            b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
            b"",
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 400_000 + b"\r\n\r\n",
            b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\n\r\n",
            b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        ],
        ids=["another-protocol", "nothing", "endless-head", "asks-for-a-password", "switches"],
    )
    def test_answer_that_is_none_then_is_a_bad_gateway(self, answer: bytes) -> None:
        with line_server(_say(answer)) as url, proxy_for(url) as proxy:
            assert get(proxy, url)[0].status == 502

    @pytest.mark.parametrize(
        ("dest", "headers", "kept"),
        [
            ("script", {}, True),
            ("style", {}, True),
            ("document", {}, False),
            ("script", {"Cache-Control": "no-store"}, False),
            ("script", {"ETag": '"1"'}, False),
        ],
    )
    def test_script_of_unknown_age_then_may_be_kept_for_the_next_pages(
        self, dest: str, headers: dict[str, str], kept: bool
    ) -> None:
        with HttpSite({"/a": Answer(b"x", headers=headers)}) as site, proxy_for(site.url) as proxy:
            response, _ = get(proxy, site.url + "a", f"Sec-Fetch-Dest: {dest}\r\n".encode())
            assert (response.headers["Cache-Control"] == "max-age=300") is kept


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET ftp://x/ HTTP/1.1\r\n\r\n", 400),
        (b"GET http://u:p@127.0.0.1/ HTTP/1.1\r\n\r\n", 400),
        (b"GET http://[::/ HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT 127.0.0.1:99999 HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"GET http://127.0.0.1/ HTTP/2.0\r\n\r\n", 505),
        (b"POST http://127.0.0.1/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"GET http://127.0.0.1/ HTTP/1.1\r\nX: " + b"x" * 400_000, 431),
    ],
)
def test_request_that_a_browser_does_not_make_then_is_refused(request_: bytes, status: int) -> None:
    with proxy_for() as proxy:
        assert ask(proxy, request_)[0].status == status


class TestTunnels:
    def test_tunnel_to_the_site_then_carries_both_ways(self) -> None:
        with line_server(_echo) as url, proxy_for(url) as proxy, line_to(proxy) as line:
            line.sendall(f"CONNECT {urlsplit(url).netloc} HTTP/1.1\r\n\r\nfirst".encode())
            assert _until(line, b"first").startswith(b"HTTP/1.1 200")
            line.sendall(b"\x00\xff" * 50_000 + b"END")
            assert len(_until(line, b"END")) == 100_003

    def test_tunnel_to_another_port_of_this_machine_then_is_refused(self) -> None:
        with HttpSite() as other, proxy_for() as proxy:
            host = urlsplit(other.url).netloc
            response, _ = ask(proxy, f"CONNECT {host} HTTP/1.1\r\n\r\n".encode())
            assert (response.status, other.n_connections) == (403, 0)
            assert proxy.refused[0][0] == f"https://{host}"
            assert proxy.refusal_of(f"https://{host}/a") != ""

    def test_tunnel_that_brings_too_much_then_is_cut(self) -> None:
        def talk(line: socket.socket) -> None:
            while True:
                line.sendall(b"x" * 50_000)

        with line_server(talk) as url, proxy_for(url) as proxy, line_to(proxy) as line:
            line.sendall(f"CONNECT {urlsplit(url).netloc} HTTP/1.1\r\n\r\n".encode())
            assert CAP * TUNNEL_CAPS <= len(read_all(line)) < 2 * CAP * TUNNEL_CAPS

    def test_tunnel_that_brought_enough_then_ends_at_a_quiet_moment(self) -> None:
        def talk(line: socket.socket) -> None:
            line.sendall(b"x" * (CAP + 1))
            line.recv(1)

        with line_server(talk) as url, proxy_for(url) as proxy, line_to(proxy) as line:
            line.sendall(f"CONNECT {urlsplit(url).netloc} HTTP/1.1\r\n\r\n".encode())
            assert len(read_all(line)) > CAP  # and then the end of the line, not the time-out of this test


def test_close_while_a_tunnel_is_open_then_ends_it_and_serves_nobody() -> None:
    with line_server(_echo) as url, proxy_for(url) as proxy:
        with line_to(proxy) as line:
            line.sendall(f"CONNECT {urlsplit(url).netloc} HTTP/1.1\r\n\r\nx".encode())
            _until(line, b"x")
            proxy.close()
            proxy.close()
            assert read_all(line) == b""
        with pytest.raises(OSError), line_to(proxy):
            pass


def test_proxy_then_listens_on_loopback_only() -> None:
    with proxy_for() as proxy:
        assert urlsplit(proxy.url).hostname == "127.0.0.1"


def _say(answer: bytes):
    def talk(line: socket.socket) -> None:
        line.recv(65_536)
        line.sendall(answer)

    return talk


def _echo(line: socket.socket) -> None:
    while data := line.recv(65_536):
        line.sendall(data)


def _echo_body(line: socket.socket) -> None:
    head, _, body = line.recv(65_536).partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(65_536)
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + str(len(body)).encode())


def _until(line: socket.socket, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        more = line.recv(65_536)
        assert more, f"the line ended after {data[-80:]!r}"
        data += more
    return data
