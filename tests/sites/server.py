"""A web server on loopback: many slow answers at a time, and a record of who asked for what."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Self
from urllib.parse import parse_qsl, urlsplit

REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True)
class Request:
    """What was asked for; ``target`` is path and query as sent, header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass(frozen=True)
class Reply:
    """What is sent back.

    A body in parts may hold numbers: seconds to wait at that point. It goes out chunked, unless ``headers`` hold
    a Content-Length. With ``head_pause_s``, the head goes out a byte at a time. ``etag`` and ``modified``
    (seconds since 1970) answer conditional requests. ``hang_up`` ends the connection after the body, and ``raw``
    is sent in place of all, as it is.
    """

    body: bytes | str | Iterable[bytes | float] = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: float | None = None
    head_pause_s: float = 0.0
    hang_up: bool = False
    raw: bytes = b""


NOT_FOUND = Reply("<title>404</title><p>There is no such page.", status=404)

Site = Callable[[Request], Reply]
"""Answers a request. Called in the server's thread: what takes time belongs into the body's pauses."""


@dataclass(frozen=True)
class Seen:
    """One request that came in: ``at`` in seconds of the monotonic clock, ``connection`` counted from 1."""

    method: str
    target: str
    at: float
    agent: str
    status: int
    connection: int


class Server:
    """Serves a site from a thread of its own while it is entered.

    Args:
        site: What answers; or a table of paths.
        latency_s: Seconds that each answer takes, as that of a site far away.
        host: Address to listen at.
        port: 0 for a free one.
    """

    def __init__(
        self,
        site: Site | Mapping[str, Reply | str],
        *,
        latency_s: float = 0.0,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.site: Site = table(site) if isinstance(site, Mapping) else site
        self.latency_s = latency_s
        self.host = host
        self.port = port
        self.seen: list[Seen] = []
        self.n_connections = 0
        self.n_open = 0
        self.most_open = 0
        self.bytes_sent = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()])

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    def counts(self) -> Counter[str]:
        """How often each path with its query was asked for."""
        return Counter(seen.target for seen in self.seen)

    def asked(self, path: str) -> list[Seen]:
        """The requests for a path, whatever its query."""
        return [seen for seen in self.seen if urlsplit(seen.target).path == path]

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the server does not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connection, self.host, self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_asyncgens()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.n_connections += 1
        number = self.n_connections
        self.n_open += 1
        self.most_open = max(self.most_open, self.n_open)
        try:
            while await self._answer(reader, writer, number):
                pass
        except (
            ConnectionError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            asyncio.CancelledError,
        ):
            pass  # the other side has gone, or the server stops
        finally:
            self.n_open -= 1
            with contextlib.suppress(RuntimeError, OSError):
                writer.transport.abort() if self._stop.is_set() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        """Answer one request; returns whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if length := int(headers.get("content-length", 0)):
            await reader.readexactly(length)
        at = time.monotonic()
        request = Request(method, target, headers)
        reply = _conditional(self.site(request), headers)
        self.seen.append(Seen(method, target, at, headers.get("user-agent", ""), reply.status, number))
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        if reply.raw:
            await self._write(writer, reply.raw)
            return False
        await self._send(writer, reply, is_head=method == "HEAD")
        return not reply.hang_up and headers.get("connection", "").lower() != "close"

    async def _send(self, writer: asyncio.StreamWriter, reply: Reply, *, is_head: bool) -> None:
        whole = _whole(reply)
        headers = {"Content-Type": reply.media_type, **_validators(reply), **reply.headers}
        is_chunked = whole is None and "Content-Length" not in headers
        if is_chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif whole is not None:
            headers.setdefault("Content-Length", str(len(whole)))
        lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if reply.head_pause_s:
            for n in range(len(head)):
                await self._write(writer, head[n : n + 1])
                await asyncio.sleep(reply.head_pause_s)
        elif whole is not None:
            await self._write(writer, head if is_head else head + whole)
            return
        else:
            await self._write(writer, head)
        if is_head:
            return
        for part in [whole] if whole is not None else reply.body:
            if isinstance(part, (int, float)):
                await asyncio.sleep(part)
            elif part:
                await self._write(writer, b"%x\r\n%b\r\n" % (len(part), part) if is_chunked else part)
        if is_chunked:
            await self._write(writer, b"0\r\n\r\n")

    async def _write(self, writer: asyncio.StreamWriter, content: bytes) -> None:
        writer.write(content)
        await writer.drain()
        self.bytes_sent += len(content)


def table(pages: Mapping[str, Reply | str]) -> Site:
    """A site of some paths, with or without query; a text is a page of HTML. It may change while it is served."""

    def site(request: Request) -> Reply:
        found = pages.get(request.target, pages.get(request.path))
        if found is None:
            return NOT_FOUND
        return found if isinstance(found, Reply) else Reply(found)

    return site


def _whole(reply: Reply) -> bytes | None:
    if reply.status in (204, 304):
        return b""
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    return body if isinstance(body, bytes) else None


def _validators(reply: Reply) -> dict[str, str]:
    found = {"ETag": reply.etag} if reply.etag else {}
    if reply.modified is not None:
        found["Last-Modified"] = formatdate(reply.modified, usegmt=True)
    return found


def _conditional(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """The reply, or 304 when the client has that version; ETag goes before the date, as HTTP wants it."""
    if reply.status != 200:
        return reply
    if "if-none-match" in headers:
        is_known = bool(reply.etag) and reply.etag in headers["if-none-match"].split(", ")
    else:
        known = _validators(reply).get("Last-Modified")
        is_known = known is not None and headers.get("if-modified-since") == known
    if not is_known:
        return reply
    return Reply(status=304, media_type=reply.media_type, etag=reply.etag, modified=reply.modified)
