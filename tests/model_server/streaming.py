"""A chat completion in pieces, as server-sent events."""

from __future__ import annotations

import json
import re
from typing import Any

from .answers import Answer

MAX_PIECES = 64


def events(answer: Answer, *, include_usage: bool) -> list[bytes]:
    """What is streamed in place of an answer's body.

    A body that is no chat completion becomes one event as it stands.

    Args:
        answer: With its body.
        include_usage: Whether the client asked for usage figures, which come in an event of their own.
    """
    text = answer.body if isinstance(answer.body, str) else answer.body.decode(errors="replace")
    try:
        body = json.loads(text)
        found = _completion_events(body, include_usage=include_usage)
    except (ValueError, LookupError, TypeError, AttributeError):
        return [f"data: {text}\n\n".encode()]
    if answer.stream_error:
        said = {"message": answer.stream_error, "type": "server_error", "param": None, "code": None}
        found = [*found[: len(found) // 2], _event({"error": said})]
    else:
        found.append(b"data: [DONE]\n\n")
    return found


def _completion_events(body: dict[str, Any], *, include_usage: bool) -> list[bytes]:
    shared = {name: body[name] for name in ("id", "created", "model")}
    shared["object"] = "chat.completion.chunk"
    found: list[bytes] = []
    for choice in body["choices"]:
        message, index = choice["message"], choice["index"]
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": piece} for piece in _pieces(message.get("content") or "")]
        deltas += [{"refusal": piece} for piece in _pieces(message.get("refusal") or "")]
        ends: list[tuple[dict[str, Any], str | None]] = [(delta, None) for delta in deltas]
        ends.append(({}, choice["finish_reason"]))
        for delta, finish in ends:
            part = {"index": index, "delta": delta, "finish_reason": finish, "logprobs": None}
            found.append(_event({**shared, "choices": [part]}))
    if include_usage and body.get("usage"):
        found.append(_event({**shared, "choices": [], "usage": body["usage"]}))
    return found


def _pieces(text: str) -> list[str]:
    """Words with what follows them, several together where there would be too many."""
    words = re.findall(r"\s*\S+\s*", text) or ([text] if text else [])
    size = -(-len(words) // MAX_PIECES) or 1
    return ["".join(words[at : at + size]) for at in range(0, len(words), size)]


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
