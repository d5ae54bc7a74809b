"""A proxy on loopback by which a browser goes through the gate, whatever its pages ask for.

Chromium resolves names and connects by itself, for pages, scripts, redirects and sockets alike. With this proxy it
cannot: each connection is made by `doctranslate.sources.web.gate.Gate.connect`, or refused.

It serves whoever connects on loopback, since Chromium cannot be given a proxy's password: another user of the machine
could use it while a crawl runs, on a port that is new each time, to reach what the gate lets through.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from doctranslate.sources.web.gate import Gate, GateError, port_of
from doctranslate.sources.web.http_heads import (
    FRESH,
    AnswerError,
    Head,
    may_be_kept,
    own_answer,
    read_answer,
    read_head,
)

CONNECT_TIMEOUT_S = 15.0
IDLE_S = 60.0
TOTAL_S = 600.0
QUIET_S = 0.2
MAX_BODY_BYTES = 8_000_000
MAX_CONNECTIONS = 512
MAX_NOTES = 1_000
TUNNEL_CAPS = 8
"""A tunnel carries many answers that cannot be told apart: it is closed at a quiet moment once it brought as much as
one may, and at any moment at this many times as much."""

_BUFFER_BYTES = 64 * 1024


class GateProxy:
    """A forward proxy on a free port of 127.0.0.1: plain HTTP requests, and tunnels (CONNECT).

    What the gate refuses is answered with 403 and ``X-Doctranslate-Refused``, what cannot be reached with 502.

    Args:
        gate: Makes the connections, or does not.
        max_bytes_per_answer: Bytes as they are sent, after which an answer is cut off.

    Attributes:
        url: ``http://127.0.0.1:PORT``.

    Raises:
        OSError: There is no free port.
    """

    def __init__(self, gate: Gate, *, max_bytes_per_answer: int) -> None:
        self._gate = gate
        self._max_bytes = max_bytes_per_answer
        self._lock = threading.Lock()
        self._refused: dict[str, str] = {}
        self._reasons: dict[tuple[str, int], str] = {}
        self._cut: set[str] = set()
        self._open: set[socket.socket] = set()
        self._closed = False
        self._server = _Server(self._serve)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="gate-proxy", daemon=True
        ).start()

    @property
    def refused(self) -> list[tuple[str, str]]:
        """What was refused, and why: an address of plain HTTP, or the host of a tunnel; each once."""
        with self._lock:
            return list(self._refused.items())

    def refusal_of(self, url: str) -> str:
        """Why a connection to an address's host was refused last, or "".

        Args:
            url: An absolute address.
        """
        try:
            parts = urlsplit(url)
            key = (parts.hostname or "", port_of(parts))
        except ValueError:
            return ""
        with self._lock:
            return self._reasons.get(key, "")

    def was_cut(self, url: str) -> bool:
        """Whether an answer of plain HTTP was longer than it may be, so that the browser has but its beginning.

        Args:
            url: The address as it was asked for.
        """
        with self._lock:
            return url.partition("#")[0] in self._cut

    def close(self) -> None:
        """Serve nobody any more, and cut what is under way. Can be called twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            still_open = list(self._open)
        self._server.shutdown()
        self._server.server_close()
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, client: socket.socket) -> None:
        if not self._track(client):
            return
        try:
            client.settimeout(IDLE_S)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._answer(client, read_head(client, "431 Request Header Fields Too Large"))
        except AnswerError as exc:
            with contextlib.suppress(OSError):
                client.sendall(own_answer(exc))
        except OSError:
            pass  # one of the two is gone, which the other one learns from its end of the line
        finally:
            self._untrack(client)

    def _answer(self, client: socket.socket, head: Head) -> None:
        try:
            method, target, version = head.first.decode("ascii").split(" ")
        except ValueError:
            raise AnswerError("400 Bad Request") from None
        if not version.startswith("HTTP/1."):
            raise AnswerError("505 HTTP Version Not Supported")
        if method == "CONNECT":
            self._tunnel(client, target, head)
        else:
            self._forward(client, method, target, head)

    def _tunnel(self, client: socket.socket, target: str, head: Head) -> None:
        host, port = _host_and_port(f"https://{target}")
        server = self._connect(host, port, address=f"https://{target}")
        try:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            server.sendall(head.rest)
            _relay(client, server, soft_cap=self._max_bytes, hard_cap=self._max_bytes * TUNNEL_CAPS)
        finally:
            self._untrack(server)

    def _forward(self, client: socket.socket, method: str, target: str, head: Head) -> None:
        if not target.lower().startswith("http://"):
            raise AnswerError("400 Bad Request")
        if head.get(b"transfer-encoding") is not None:
            raise AnswerError("411 Length Required")
        host, port = _host_and_port(target)
        server = self._connect(host, port, address=target)
        try:
            parts = urlsplit(target)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            server.sendall(head.to_bytes(f"{method} {path} HTTP/1.1".encode()))
            _send_body(client, server, head)
            answer = read_answer(server)
            length = answer.get(b"content-length") or b"0"
            if method != "HEAD" and length.isdigit() and int(length) > self._max_bytes:
                self._note_cut(target)
                raise AnswerError("413 Content Too Large")
            more = [FRESH] if may_be_kept(head, answer) else []
            client.sendall(answer.to_bytes(answer.first, *more) + answer.rest)
            cap = self._max_bytes - len(answer.rest)
            if not _relay(client, server, soft_cap=cap, hard_cap=cap):
                self._note_cut(target)
        finally:
            self._untrack(server)

    def _connect(self, host: str, port: int, *, address: str) -> socket.socket:
        try:
            server = self._gate.connect(host, port, timeout_s=CONNECT_TIMEOUT_S)
        except GateError as exc:
            self._note_refusal(host, port, address=address, reason=str(exc))
            raise AnswerError("403 Forbidden", refused=str(exc)) from exc
        except (OSError, UnicodeError) as exc:
            raise AnswerError("502 Bad Gateway") from exc
        server.settimeout(IDLE_S)
        if not self._track(server):
            raise AnswerError("503 Service Unavailable")
        return server

    def _note_refusal(self, host: str, port: int, *, address: str, reason: str) -> None:
        with self._lock:
            self._reasons[host.lower(), port] = reason
            if len(self._refused) < MAX_NOTES:
                self._refused[address] = reason

    def _note_cut(self, address: str) -> None:
        with self._lock:
            if not self._closed and len(self._cut) < MAX_NOTES:
                self._cut.add(address)

    def _track(self, connection: socket.socket) -> bool:
        with self._lock:
            if not self._closed and len(self._open) < 2 * MAX_CONNECTIONS:
                self._open.add(connection)
                return True
        connection.close()
        return False

    def _untrack(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)
        connection.close()


class _Server(socketserver.ThreadingTCPServer):
    """Gives each connection to a function, in a thread of its own."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)

    def finish_request(self, request: object, client_address: object) -> None:
        if isinstance(request, socket.socket):
            self._serve(request)

    def shutdown_request(self, request: object) -> None:
        if isinstance(request, socket.socket):
            request.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that goes wrong is the browser's to notice: nothing for a log."""


def _send_body(client: socket.socket, server: socket.socket, head: Head) -> None:
    given = head.get(b"content-length") or b"0"
    if not given.isdigit() or int(given) > MAX_BODY_BYTES:
        raise AnswerError("413 Content Too Large")
    left = int(given)
    data = head.rest[:left]
    while left:
        if not data:
            raise OSError("the browser is gone")
        server.sendall(data)
        left -= len(data)
        data = client.recv(min(left, _BUFFER_BYTES)) if left else b""


def _host_and_port(address: str) -> tuple[str, int]:
    try:
        parts = urlsplit(address)
        if parts.hostname and not parts.username and not parts.password:
            return parts.hostname, port_of(parts)
    except ValueError:
        pass
    raise AnswerError("400 Bad Request")


def _relay(client: socket.socket, server: socket.socket, *, soft_cap: int, hard_cap: int) -> bool:
    """Carry bytes both ways until one side ends, or a limit is reached.

    Args:
        client: The browser.
        server: The site.
        soft_cap: Bytes from the site after which the first quiet moment is the end.
        hard_cap: Bytes from the site after which it is the end at once.

    Returns:
        Whether it ended without having reached ``hard_cap``.
    """
    started = time.monotonic()
    n_bytes = 0
    last: socket.socket = client
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ, server)
        selector.register(server, selectors.EVENT_READ, client)
        while n_bytes <= hard_cap and time.monotonic() - started < 2 * TOTAL_S:
            worn = n_bytes > soft_cap or time.monotonic() - started > TOTAL_S
            # An answer that the browser still waits for is not a quiet moment: the site must have spoken last.
            ready = selector.select(QUIET_S if worn and last is server else IDLE_S)
            if not ready:
                return True
            for key, _ in ready:
                source = client if key.fileobj is client else server
                data = source.recv(_BUFFER_BYTES)
                if not data:
                    return True
                if source is server:
                    n_bytes += len(data)
                key.data.sendall(data)
                last = source
    return False
