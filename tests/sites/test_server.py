"""The server that other tests rely on: parallel answers, versions, slow bodies, and its record."""

import http.client
import threading
import time

import pytest

from tests.sites.server import Reply, Server


def get(server: Server, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        connection.request("GET", target, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_server_asked_by_many_at_once_answers_them_side_by_side():
    barrier = threading.Barrier(64)
    with Server({"/": "<p>ok"}, latency_s=0.3) as server:
        found: list[tuple[int, bytes]] = []

        def ask() -> None:
            barrier.wait()
            status, _, body = get(server, "/")
            found.append((status, body))

        threads = [threading.Thread(target=ask) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [(200, b"<p>ok")] * 64
    assert server.most_open == 64


def test_server_asked_again_on_one_connection_keeps_it_open():
    with Server({"/a": "a", "/b": "b"}) as server:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        for path in ("/a", "/b", "/missing", "/a?x=1"):
            connection.request("GET", path)
            connection.getresponse().read()
        connection.close()
    assert [(seen.target, seen.status, seen.connection) for seen in server.seen] == [
        ("/a", 200, 1),
        ("/b", 200, 1),
        ("/missing", 404, 1),
        ("/a?x=1", 200, 1),
    ]
    assert server.counts()["/a"] == 1
    assert len(server.asked("/a")) == 2


@pytest.mark.parametrize("reply", [Reply("x", etag='"1"'), Reply("x", modified=1_700_000_000.0)])
def test_server_asked_for_a_known_version_says_unchanged(reply: Reply):
    with Server({"/": reply}) as server:
        _, headers, _ = get(server, "/")
        known = {}
        if "ETag" in headers:
            known["If_None_Match"] = headers["ETag"]
        if "Last-Modified" in headers:
            known["If_Modified_Since"] = headers["Last-Modified"]
        assert get(server, "/", **known)[::2] == (304, b"")
        assert get(server, "/", If_None_Match='"other"')[::2] == (200, b"x")


def test_server_with_a_body_in_parts_sends_it_chunked_and_waits_where_told():
    with Server({"/": Reply([b"one", 0.2, b"", b"two"])}) as server:
        started = time.monotonic()
        status, headers, body = get(server, "/")
    assert (status, body, headers["Transfer-Encoding"]) == (200, b"onetwo", "chunked")
    assert time.monotonic() - started >= 0.2


def test_server_left_while_it_answers_stops_at_once_and_leaves_no_thread():
    before = threading.active_count()
    with Server({"/": Reply([b"x", 3600.0])}) as server:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().read(1) == b"x"
    connection.close()
    assert threading.active_count() == before


def test_server_whose_client_leaves_in_the_middle_goes_on():
    with Server({"/big": Reply(b"x" * 2**16 for _ in range(10_000)), "/": "ok"}) as server:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        connection.request("GET", "/big")
        connection.getresponse().read(1000)
        connection.close()
        assert get(server, "/")[2] == b"ok"
    assert server.bytes_sent < 2**16 * 10_000


def test_server_asked_for_a_head_sends_no_body():
    with Server({"/": "ok"}) as server:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        connection.request("HEAD", "/")
        answer = connection.getresponse()
        assert (answer.getheader("Content-Length"), answer.read()) == ("2", b"")
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
        connection.close()
