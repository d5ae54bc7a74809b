"""The lines of a batch: what is asked, and the shapes that come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from doctranslate.calls.openai_endpoint import reply_of
from doctranslate.calls.request import Reply, Request, body_of, key_of
from doctranslate.calls.settings import ModelSettings

URL: Final = "/v1/chat/completions"

_UNUSABLE = {
    "length": "cut off at the model's output limit",
    "content_filter": "stopped by the content filter",
    "refusal": "refused by the model",
}
_MAX_SAID = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """What a line of an output or error file says.

    Attributes:
        id: ``custom_id`` of the request that it belongs to.
        reply: What can be used of it, or None.
        problem: Why it cannot be used, in few words that many lines may share; "" when it can.
        said: What the endpoint says of it, or how the reply begins.
    """

    id: str
    reply: Reply | None
    problem: str = ""
    said: str = ""


def line_of(request: Request, settings: ModelSettings) -> bytes:
    """A line of a batch, without its end. All of it is ASCII: no reader can take a character for a line's end.

    Args:
        request: What is asked.
        settings: Of the model.
    """
    line = {
        "custom_id": key_of(request, settings),
        "method": "POST",
        "url": URL,
        "body": body_of(request, settings),
    }
    return json.dumps(line, separators=(",", ":")).encode()


def loaded(raw: bytes) -> dict[str, Any] | None:
    """A line as JSON, or None when it is none, or is cut off.

    Args:
        raw: The line.
    """
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def is_request(line: dict[str, Any]) -> bool:
    """Whether a line asks something, and answers nothing."""
    return isinstance(line.get("custom_id"), str) and "body" in line and "url" in line


def answer_in(line: dict[str, Any]) -> Answered | None:
    """What a line of an output or error file says; None when it does not say what it belongs to.

    The completion is in ``response.body`` beside a ``status_code``, as OpenAI and vLLM write it, or ``response`` is
    the completion itself.

    Args:
        line: As JSON.
    """
    id, response, error = line.get("custom_id"), line.get("response"), line.get("error")
    if not isinstance(id, str) or not id:
        return None
    is_bare = isinstance(response, dict) and "choices" in response
    body = response if is_bare else response.get("body") if isinstance(response, dict) else None
    status = response.get("status_code", 200) if isinstance(response, dict) and not is_bare else 200
    if status != 200:
        return Answered(id, None, f"HTTP {status}", _said(error) or _said(body))
    if error:
        code = error.get("code") if isinstance(error, dict) else None
        return Answered(id, None, one_line(str(code or "error")), _said(error))
    return _completion(id, body)


def one_line(text: str) -> str:
    """A foreign text for a screen: one line, not too long, and nothing that a terminal would obey.

    Args:
        text: Of an endpoint or a model.
    """
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return words if len(words) <= _MAX_SAID else f"{words[:_MAX_SAID]}…"


def _completion(id: str, body: Any) -> Answered:
    try:
        reply = reply_of(body)
    except (LookupError, TypeError, ValueError, AttributeError):
        return Answered(id, None, "without a completion", _said(body))
    if not isinstance(reply.text, str):
        return Answered(id, None, "without a text")
    problem = _UNUSABLE.get(reply.finish, "" if reply.text.strip() else "empty")
    return Answered(id, None if problem else reply, problem, one_line(reply.text))


def _said(found: Any) -> str:
    """The message in an error, whichever of the known shapes it has."""
    while isinstance(found, dict) and isinstance(found.get("error"), dict | str):
        found = found["error"]
    if isinstance(found, dict):
        found = found.get("message") or ""
    return one_line(found) if isinstance(found, str) else ""
