"""Answers for a server that nobody gave any: what a request asks for, the same each time."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from .answers import Answer, chat
from .schemas import example

CHARS_PER_TOKEN = 4
_PROGRAM = re.compile(r"<program>\n(.*?)</program>", re.DOTALL)


def by_request(body: dict[str, Any]) -> Answer:
    """JSON that validates where a schema is given, else a program that stands in the prompt, else a sentence."""
    word = _word(body)
    wanted = body.get("response_format") or {"type": "text"}
    if wanted["type"] == "json_schema":
        return _reply(body, json.dumps(example(wanted["json_schema"].get("schema", {}), word)))
    if wanted["type"] == "json_object":
        return _reply(body, json.dumps({"reply": word}))
    programs = _PROGRAM.findall(_text(body))
    return _reply(body, f"```python\n{programs[-1]}```\n" if programs else f"This is the reply {word}.")


def overlooking_schemas(body: dict[str, Any]) -> Answer:
    """The same by an endpoint that does not know structured output, and does not say so."""
    return by_request({name: value for name, value in body.items() if name != "response_format"})


def n_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text) // CHARS_PER_TOKEN)


def prompt_tokens(body: dict[str, Any]) -> int:
    """About how many tokens a request has."""
    return n_tokens(_text(body))


def longest(body: dict[str, Any]) -> int | None:
    """How many tokens a reply may have, if the request says."""
    found = body.get("max_completion_tokens") or body.get("max_tokens")
    return int(found) if found else None


def _reply(body: dict[str, Any], text: str) -> Answer:
    most = longest(body)
    is_cut = most is not None and n_tokens(text) > most
    kept = text[: most * CHARS_PER_TOKEN] if is_cut and most else text
    return chat(
        kept,
        finish_reason="length" if is_cut else "stop",
        usage=(prompt_tokens(body), n_tokens(kept)),
        model=str(body.get("model", "fake")),
    )


def _word(body: dict[str, Any]) -> str:
    """Of what can change a model's answer."""
    counted = [body.get(name) for name in ("messages", "seed", "temperature", "model")]
    return hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()[:12]


def _text(body: dict[str, Any]) -> str:
    parts = []
    for message in body.get("messages", ()):
        content = message.get("content") or ""
        if isinstance(content, list):
            content = "".join(part.get("text", "") for part in content)
        parts.append(str(content))
    return "\n".join(parts)
