"""Servers on loopback that answer as they are told, and note what they were asked."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


@dataclass
class Answer:
    """What a path is answered with."""

    body: bytes = b""
    content_type: str | None = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Answer | Callable[[BaseHTTPRequestHandler], None] | list[Answer]


class HttpSite:
    """A site of given paths; everything else is not found. Of a list of answers, each is given once, the last for ever."""

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.n_connections = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are sent apart

            def setup(self) -> None:
                super().setup()
                site.n_connections += 1

            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.headers.append(dict(self.headers.items()))
                route = site.routes.get(self.path, Answer(b"not found", status=404))
                if isinstance(route, list):
                    route = route.pop(0) if len(route) > 1 else route[0]
                if isinstance(route, Answer):
                    send(self, route)
                else:
                    with contextlib.suppress(OSError):
                        route(self)
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def __enter__(self) -> HttpSite:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Send an answer; one that has a Content-Length of its own keeps it."""
    handler.send_response(answer.status)
    if answer.content_type is not None:
        handler.send_header("Content-Type", answer.content_type)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if "Content-Length" not in answer.headers and answer.status not in (204, 304):
        handler.send_header("Content-Length", str(len(answer.body)))
    handler.end_headers()
    with contextlib.suppress(OSError):
        handler.wfile.write(answer.body)


@contextlib.contextmanager
def line_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server below HTTP: what it says to each connection is up to ``talk``. Gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads = []

    def serve(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            talk(line)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                line.settimeout(20)
                threads.append(threading.Thread(target=serve, args=(line,)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join()
