"""Runs a server: in the event loop that is there, or in a thread beside a test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

from .answers import Answer, Answers
from .service import CHAT, FakeOpenAI
from .settings import Settings
from .streaming import events
from .wire import HttpRequest, chunk, head, read_request

MAX_HEAD_BYTES = 2**16


class _Connection(asyncio.StreamReaderProtocol):
    """One connection, whose requests are answered one after the other.

    A client that goes away while it is being answered ends the answer: it was not sent, whatever the kernel would
    still have taken.
    """

    def __init__(self, fake: FakeOpenAI, open_tasks: set[asyncio.Task[None]]) -> None:
        super().__init__(asyncio.StreamReader(limit=MAX_HEAD_BYTES), self._connected)
        self._fake = fake
        self._open_tasks = open_tasks
        self._task: asyncio.Task[None] | None = None
        self._is_busy = False

    def eof_received(self) -> bool | None:
        self._gone()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        super().connection_lost(exc)

    def _gone(self) -> None:
        if self._is_busy and self._task is not None:
            self._task.cancel()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._fake.record.n_connections += 1
        writer.transport.set_write_buffer_limits(high=0)  # drained means handed over
        self._task = asyncio.get_running_loop().create_task(self._converse(reader, writer))
        self._open_tasks.add(self._task)
        self._task.add_done_callback(self._open_tasks.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer_one(reader, writer):
                pass
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client is gone, or the server stops
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer the next request; False at the end of the connection."""
        try:
            request = await read_request(reader)
        except ValueError as exc:
            writer.write(head(400, {"Content-Length": "0", "Connection": "close", "X-Problem": str(exc)}))
            return False
        if request is None:
            return False
        if request.path == "/_stats":  # asked by whoever watches, and not counted
            _write(writer, request, Answer(json.dumps(self._fake.record.stats())))
            await writer.drain()
            return request.keeps_alive
        seen = self._fake.record.received(request.path, request.body)
        answer: Answer | None = None
        is_sent = False
        self._is_busy = True
        try:
            try:
                answer = self._fake.answer(request)
            except Exception as exc:  # of an answering function: the test shall see it
                answer = Answer(
                    json.dumps({"error": {"message": f"the server's answer: {exc!r}"}}), status=500
                )
            is_sent = await self._send(writer, request, answer)
        finally:
            self._is_busy = False
            status = answer.status if answer is not None and not answer.hang_up else None
            self._fake.record.over(seen, status=status, is_sent=is_sent)
        return is_sent and request.keeps_alive

    async def _send(self, writer: asyncio.StreamWriter, request: HttpRequest, answer: Answer) -> bool:
        """Send an answer; whether all of it went out."""
        delay = answer.delay_s + (self._fake.latency_s() if answer.status == 200 else 0.0)
        if delay:
            await asyncio.sleep(delay)
        if answer.hang_up:
            return False
        is_stream = answer.status == 200 and request.path == CHAT and request.fields.get("stream") is True
        if is_stream:
            return await _stream(writer, request, answer)
        if not answer.body_delay_s and answer.sent >= 1:
            _write(writer, request, answer)
        else:
            data = _bytes(answer)
            writer.write(_head(request, answer, length=len(data)))
            await writer.drain()
            await asyncio.sleep(answer.body_delay_s)
            writer.write(data[: int(len(data) * answer.sent)])
        await writer.drain()
        return answer.sent >= 1


async def _stream(writer: asyncio.StreamWriter, request: HttpRequest, answer: Answer) -> bool:
    options = request.fields.get("stream_options") or {}
    pieces = events(answer, include_usage=bool(options.get("include_usage")))
    writer.write(_head(request, answer, length=None))
    await writer.drain()
    await asyncio.sleep(answer.body_delay_s)
    if answer.sent < 1:
        pieces = pieces[: max(1, int(len(pieces) * answer.sent))]
    for n, piece in enumerate(pieces, start=1):
        is_end = (
            n == len(pieces) and answer.sent >= 1
        )  # with its last event, after which clients stop to read
        writer.write(chunk(piece) + (chunk(b"") if is_end else b""))
        await writer.drain()
        if answer.piece_s and not is_end:
            await asyncio.sleep(answer.piece_s)
    return answer.sent >= 1


def _write(writer: asyncio.StreamWriter, request: HttpRequest, answer: Answer) -> None:
    data = _bytes(answer)
    writer.write(_head(request, answer, length=len(data)) + data)


def _head(request: HttpRequest, answer: Answer, *, length: int | None) -> bytes:
    headers = {
        "Content-Type": "application/json" if length is not None else "text/event-stream; charset=utf-8",
        **({"Content-Length": str(length)} if length is not None else {"Transfer-Encoding": "chunked"}),
        "Connection": "keep-alive" if request.keeps_alive else "close",
        **answer.headers,
    }
    return head(answer.status, headers)


def _bytes(answer: Answer) -> bytes:
    return answer.body.encode() if isinstance(answer.body, str) else answer.body


@contextlib.asynccontextmanager
async def listening(fake: FakeOpenAI, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[FakeOpenAI]:
    """Serve while the block runs, and say where in ``fake.url``."""
    tasks: set[asyncio.Task[None]] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(fake, tasks), host, port, backlog=512)
    fake.url = f"http://{host}:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield fake
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports close
        fake.record.close()


@contextlib.contextmanager
def serve(answers: Answers | None = None, **settings: Any) -> Iterator[FakeOpenAI]:
    """Run a server in a thread while the block runs; its address is ``FakeOpenAI.url``.

    Args:
        answers: What it says; None for what each request asks for.
        **settings: Fields of `Settings`.
    """
    fake = FakeOpenAI(answers, Settings(**settings))
    ready = threading.Event()
    ends: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    problems: list[Exception] = []

    async def run() -> None:
        end = asyncio.Event()
        async with listening(fake):
            ends.append((asyncio.get_running_loop(), end))
            ready.set()
            await end.wait()

    def target() -> None:
        try:
            asyncio.run(run())
        except Exception as exc:
            problems.append(exc)
        finally:
            ready.set()

    thread = threading.Thread(target=target, name="model-server", daemon=True)
    thread.start()
    ready.wait()
    try:
        if problems:
            raise problems[0]
        yield fake
    finally:
        for loop, end in ends:
            loop.call_soon_threadsafe(end.set)
        thread.join()
