"""What is asked of a chat model, and what came back, as data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from doctranslate.prompts.budget import count_tokens
from doctranslate.records import Message

if TYPE_CHECKING:
    from doctranslate.calls.settings import ModelSettings

Purpose = Literal["condense", "counterpart", "rewrite", "repair", "continue", "check"]
"""What a call is for: it shows in the log, and stands in no key."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

_MESSAGE_TOKENS = 4


@dataclass(frozen=True, slots=True)
class Schema:
    """The form that a reply is to have.

    Attributes:
        name: Letters, digits and underscores.
        json_schema: A JSON schema in which every field is required, as OpenAI's strict mode demands.
    """

    name: str
    json_schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask.

    Attributes:
        messages: In order.
        purpose: What it is for.
        schema: The form of the reply, or None for free text.
        sample: Which of several answers to the same question is wanted, 0 or more.
        max_tokens: Longest reply, in tokens; None leaves it to the settings.
    """

    messages: tuple[Message, ...]
    purpose: Purpose
    schema: Schema | None = None
    sample: int = 0
    max_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        text: As it was written; "" where the endpoint sent none.
        finish: ``stop``, ``length``, ``content_filter`` or ``refusal``; "" where the endpoint says nothing.
        prompt_tokens: As the endpoint reported them; 0 where it did not.
        completion_tokens: The same.
        cost_usd: What it cost, None where no price is known; 0.0 from the cache.
        latency_s: From sending to the last byte, of the attempt that succeeded.
        is_cached: Whether it was paid for earlier.
    """

    text: str
    finish: str = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    latency_s: float = 0.0
    is_cached: bool = False


def key_of(request: Request, settings: ModelSettings) -> str:
    """What a reply is kept under: all that can change it, and no more.

    Args:
        request: What is asked; its ``purpose`` does not count, its ``sample`` does.
        settings: Model, address, temperature, seed and longest reply count.

    Returns:
        SHA-256, 64 hex digits.
    """
    parts = [
        settings.model,
        settings.base_url or "",
        settings.temperature,
        settings.seed,
        request.max_tokens or settings.max_tokens,
        [[message.role, message.content] for message in request.messages],
        [request.schema.name, request.schema.json_schema] if request.schema else None,
        request.sample,
    ]
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass")
    ).hexdigest()


def body_of(request: Request, settings: ModelSettings) -> dict[str, Any]:
    """The body of ``POST /v1/chat/completions``: what is sent, and what a line of a batch holds.

    Args:
        request: What is asked.
        settings: Of the model.
    """
    body: dict[str, Any] = {
        "model": settings.model.partition(":")[2] or settings.model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
    }
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.seed is not None:
        # One seed gives one answer: each sample needs its own.
        body["seed"] = settings.seed + request.sample
    longest = request.max_tokens or settings.max_tokens
    if longest is not None:
        # OpenAI's newer models refuse the old name, other endpoints do not all know the new one.
        body["max_tokens" if settings.base_url else "max_completion_tokens"] = longest
    if request.schema is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": request.schema.name,
                "schema": request.schema.json_schema,
                "strict": True,
            },
        }
    return body


def prompt_tokens_of(request: Request, model: str) -> int:
    """How many tokens are sent, by `doctranslate.prompts.budget`, the schema of the reply included.

    Args:
        request: What is asked.
        model: Whose tokenizer counts.
    """
    schema = json.dumps(request.schema.json_schema) if request.schema else ""
    texts = [message.content for message in request.messages]
    return sum(count_tokens(text, model) + _MESSAGE_TOKENS for text in texts) + count_tokens(schema, model)
