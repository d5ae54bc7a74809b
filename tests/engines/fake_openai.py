"""A server on this machine that speaks OpenAI's chat protocol, with answers given up front."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the server sends back for one request."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    hang_up: bool = False


def chat(
    content: str | None,
    *,
    finish_reason: str = "stop",
    usage: tuple[int, int] | None = (11, 7),
    refusal: str | None = None,
    delay_s: float = 0.0,
) -> Answer:
    """A chat completion."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "fake",
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": None}],
    }
    if usage:
        prompt, completion = usage
        body["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }
    return Answer(json.dumps(body), delay_s=delay_s)


def error(
    status: int, message: str, *, code: str | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """An error in OpenAI's form."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return Answer(json.dumps(body), status=status, headers=headers or {})


class FakeOpenAI:
    """Keeps the requests that came in, and how many were being answered at once.

    ``answers`` is a list that is worked off (its last entry is repeated) or a function of the request's body.
    """

    def __init__(self, answers: list[Answer] | Callable[[dict[str, Any]], Answer]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.url = ""
        self.n_open = 0
        self.most_at_once = 0
        self._answers = answers
        self._lock = threading.Lock()

    def answer(self, body: dict[str, Any], key: str) -> Answer:
        with self._lock:
            self.requests.append(body)
            self.n_open += 1
            self.most_at_once = max(self.most_at_once, self.n_open)
            self.keys.append(key)
            if callable(self._answers):
                return self._answers(body)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def done(self) -> None:
        with self._lock:
            self.n_open -= 1


@contextlib.contextmanager
def serve(answers: list[Answer] | Callable[[dict[str, Any]], Answer]) -> Iterator[FakeOpenAI]:
    """Run a server while the block runs; its address is ``FakeOpenAI.url``."""
    fake = FakeOpenAI(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = fake.answer(body, self.headers.get("Authorization", ""))
            stopped.wait(answer.delay_s)
            self.close_connection = True
            fake.done()
            if answer.hang_up:
                return
            data = answer.body.encode() if isinstance(answer.body, str) else answer.body
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield fake
    finally:
        stopped.set()  # lets a delayed answer go, so that no thread is left behind
        server.shutdown()
        thread.join()
        server.server_close()
