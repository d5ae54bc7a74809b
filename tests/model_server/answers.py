"""What the server can send back: whole, late, in part, or wrong."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Literal

CREATED = 1_700_000_000
WaitForm = Literal["seconds", "date", "ms", "reset", "none"]


@dataclass(frozen=True)
class Answer:
    """What the server sends back for one request.

    Attributes:
        body: Of a reply that is not streamed. One that is a chat completion is streamed where that is asked for.
        status: Of the HTTP reply.
        headers: Beside those that the server sets.
        delay_s: Seconds before anything is sent.
        body_delay_s: Seconds between head and body: a slow first byte of what is read.
        piece_s: Seconds between the pieces of a stream.
        sent: Share of the body, or of the stream's pieces, after which the connection is dropped; 1 for all of it.
        hang_up: Whether the connection is dropped before anything is sent.
        stream_error: Message of an error that takes the place of the second half of a stream.
    """

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    body_delay_s: float = 0.0
    piece_s: float = 0.0
    sent: float = 1.0
    hang_up: bool = False
    stream_error: str = ""


Answers = Sequence[Answer] | Callable[[dict[str, Any]], Answer]
"""A list that is worked off, and whose last entry is repeated, or a function of the request's body.

The function runs in the server's thread: what takes time belongs into ``delay_s``.
"""


def completion(**fields: object) -> Answer:
    """A chat completion with these fields, and no others but those that it is known by."""
    return Answer(
        json.dumps(
            {"id": "chatcmpl-1", "object": "chat.completion", "created": CREATED, "model": "fake", **fields}
        )
    )


def chat(
    content: str | None,
    *,
    finish_reason: str = "stop",
    usage: tuple[int, int] | None = (11, 7),
    refusal: str | None = None,
    model: str = "fake",
    delay_s: float = 0.0,
) -> Answer:
    """A chat completion with one choice."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": CREATED,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": None}],
    }
    if usage:
        prompt, completed = usage
        body["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": completed,
            "total_tokens": prompt + completed,
        }
    return Answer(json.dumps(body), delay_s=delay_s)


def truncated(content: str) -> Answer:
    """A reply that reached the output limit."""
    return chat(content, finish_reason="length")


def filtered(content: str = "") -> Answer:
    """A reply that the content filter stopped."""
    return chat(content, finish_reason="content_filter")


def refused(because: str = "I'm sorry, I can't help with that.") -> Answer:
    """A refusal, as structured output has them."""
    return chat(None, refusal=because)


def malformed() -> Answer:
    """Something that is called JSON and is none."""
    return Answer('{"id": "chatcmpl-1", "choices": [{"index": 0, "message": {"role": "assis')


def no_choices() -> Answer:
    """A completion with nothing in it."""
    return completion(choices=[])


def error(
    status: int,
    message: str,
    *,
    code: str | None = None,
    kind: str = "error",
    param: str | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """An error in OpenAI's form."""
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return Answer(json.dumps(body), status=status, headers=headers or {})


def bad_request(message: str, *, param: str | None = None, code: str | None = None) -> Answer:
    """A request that is at fault itself."""
    return error(400, message, kind="invalid_request_error", param=param, code=code)


def no_such_model(name: str) -> Answer:
    """What OpenAI says of a model that it does not have."""
    said = f"The model `{name}` does not exist or you do not have access to it."
    return error(404, said, kind="invalid_request_error", code="model_not_found")


def limited(
    wait_s: float, form: WaitForm = "seconds", *, kind: str = "requests", said: str = "Rate limit reached."
) -> Answer:
    """A refusal for too many requests or tokens, which says in one of the known forms how long to wait.

    Args:
        wait_s: How long.
        form: ``seconds`` and ``date`` are whole seconds in ``Retry-After``, rounded up; ``ms`` is
            ``Retry-After-Ms``; ``reset`` says it in ``x-ratelimit-reset-…`` alone.
        kind: ``requests`` or ``tokens``.
        said: The message.
    """
    headers = {
        "seconds": {"Retry-After": str(math.ceil(wait_s))},
        "date": {"Retry-After": formatdate(math.ceil(time.time() + wait_s), usegmt=True)},
        "ms": {"Retry-After-Ms": str(math.ceil(wait_s * 1000))},
        "reset": {f"x-ratelimit-reset-{kind}": duration(wait_s)},
        "none": {},
    }[form]
    return error(429, said, kind=kind, code="rate_limit_exceeded", headers=headers)


def duration(seconds: float) -> str:
    """As OpenAI writes it in its headers: ``120ms``, ``1.5s``, ``6m0s``."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}m{rest:.3g}s" if minutes else f"{rest:.4g}s"
