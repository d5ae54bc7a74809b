"""Finds out by a few tiny calls what an endpoint can do."""

from __future__ import annotations

import json
import time

from doctranslate.calls.client import Caller, open_transport
from doctranslate.calls.failures import http_status
from doctranslate.calls.listing import list_models, near_names
from doctranslate.calls.request import Reply, Request, Schema
from doctranslate.calls.settings import ModelSettings
from doctranslate.errors import ConfigError, DocTranslateError
from doctranslate.records import Message, Record

_SCHEMA = Schema(
    "answer",
    {
        "type": "object",
        "properties": {"word": {"type": "string"}, "length": {"type": "integer"}},
        "required": ["word", "length"],
        "additionalProperties": False,
    },
)
_LONGEST = 200
"""Models that think first need some room for it."""


class Ability(Record):
    """One thing that an endpoint can do, or not.

    Attributes:
        name: ``chat``, ``structured output``, ``streaming``, ``usage``, ``seed``, ``embeddings``.
        works: None when it was not tried.
        note: What was seen, or why it failed and what to do.
        latency_s: How long the call took; 0.0 without one.
    """

    name: str
    works: bool | None
    note: str = ""
    latency_s: float = 0.0


class Checked(Record):
    """What an endpoint can do.

    Attributes:
        model: ``provider:model``.
        address: Where it was asked.
        abilities: In the order in which they were tried.
        n_calls: How many calls were answered.
        prompt_tokens: As reported, without the call that streams.
        completion_tokens: The same.
        cost_usd: The same; None where no price is known.
    """

    model: str
    address: str
    abilities: tuple[Ability, ...]
    n_calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None

    @property
    def ok(self) -> bool:
        """Whether it chats: all that a translation needs."""
        return any(each.name == "chat" and each.works for each in self.abilities)


def check_model(settings: ModelSettings, *, embedder: str | None = None) -> Checked:
    """Try a model.

    Args:
        settings: How it is asked; replies are neither kept nor taken from what was kept.
        embedder: An embedding model to try as well, as ``provider:model``.

    Returns:
        What works. A call that fails is an answer, not an error.

    Raises:
        ConfigError: A setting is wrong, or calls are forbidden.
        MissingExtraError: A package for the model is not installed.
        ModelAuthError: A key is needed, and there is none.
    """
    longest = settings.max_tokens or _LONGEST
    settings = settings.model_copy(
        update={"cache": False, "max_retries": min(settings.max_retries, 1), "max_tokens": longest}
    )
    caller = Caller(settings)
    replies: list[Reply] = []
    chat = _chat(caller, replies)
    if not chat.works:
        why = "not tried: chat fails"
        rest = [
            Ability(name=name, works=None, note=why)
            for name in ("structured output", "streaming", "usage", "seed")
        ]
    else:
        rest = [
            _structured(caller, replies),
            _streaming(caller),
            _usage(replies),
            _seed(settings, replies),
        ]
    if embedder:
        rest.append(_embeddings(embedder))
    caller.close()
    costs = [reply.cost_usd for reply in replies]
    return Checked(
        model=settings.model,
        address=settings.base_url or "the provider's own endpoint",
        abilities=(chat, *rest),
        n_calls=len(replies) + sum(each.name == "streaming" and bool(each.works) for each in rest),
        prompt_tokens=sum(reply.prompt_tokens for reply in replies),
        completion_tokens=sum(reply.completion_tokens for reply in replies),
        cost_usd=None if None in costs or not costs else sum(cost for cost in costs if cost is not None),
    )


def _ask(text: str, schema: Schema | None = None) -> Request:
    return Request((Message(role="user", content=text),), "check", schema=schema)


def _chat(caller: Caller, replies: list[Reply]) -> Ability:
    try:
        reply = caller.ask(_ask("Answer with the one word: ready"))
    except ConfigError:
        raise
    except DocTranslateError as exc:
        return Ability(name="chat", works=False, note=f"{exc}{_has(caller.settings, exc)}")
    replies.append(reply)
    if not reply.text.strip():
        return Ability(
            name="chat", works=False, note=f"the reply is empty ({reply.finish})", latency_s=reply.latency_s
        )
    return Ability(name="chat", works=True, note=_short(reply.text), latency_s=reply.latency_s)


def _structured(caller: Caller, replies: list[Reply]) -> Ability:
    name = "structured output"
    try:
        reply = caller.ask(
            _ask('Answer with a JSON object: "word" is "ready", "length" its number of letters.', _SCHEMA)
        )
    except DocTranslateError as exc:
        return Ability(name=name, works=False, note=str(exc))
    replies.append(reply)
    try:
        data = json.loads(reply.text)
        is_obeyed = (
            set(data) == {"word", "length"} and isinstance(data["word"], str) and type(data["length"]) is int
        )
    except (ValueError, TypeError):
        is_obeyed = False
    note = (
        "the schema is obeyed"
        if is_obeyed
        else f"the schema is not obeyed, replies are read all the same: {_short(reply.text)}"
    )
    return Ability(name=name, works=is_obeyed, note=note, latency_s=reply.latency_s)


def _streaming(caller: Caller) -> Ability:
    started = time.monotonic()
    try:
        pieces = list(caller.stream(_ask("Count from 1 to 5.")))
    except DocTranslateError as exc:
        return Ability(name="streaming", works=False, note=str(exc))
    return Ability(
        name="streaming",
        works=bool(pieces),
        note=f"{len(pieces)} pieces",
        latency_s=time.monotonic() - started,
    )


def _usage(replies: list[Reply]) -> Ability:
    reported = all(reply.prompt_tokens and reply.completion_tokens for reply in replies)
    note = "tokens are reported" if reported else "tokens are not reported: costs are estimates"
    return Ability(name="usage", works=reported, note=note)


def _seed(settings: ModelSettings, replies: list[Reply]) -> Ability:
    """Whether a seed is taken. That it makes answers repeat cannot be told from two equal ones."""
    seeded = settings.model_copy(update={"seed": 1 if settings.seed is None else settings.seed})
    transport = open_transport(seeded)
    caller = Caller(seeded, transport=transport)
    try:
        reply = caller.ask(_ask("Answer with the one word: ready"))
    except DocTranslateError as exc:
        return Ability(name="seed", works=False, note=str(exc))
    finally:
        caller.close()
    replies.append(reply)
    is_taken = "seed" not in getattr(transport, "left_out", ())
    note = "a seed is accepted" if is_taken else "a seed is refused, and left out: answers may differ"
    return Ability(name="seed", works=is_taken, note=note, latency_s=reply.latency_s)


def _embeddings(name: str) -> Ability:
    from doctranslate.stores.embedders import make_embedder

    started = time.monotonic()
    try:
        vector = make_embedder(name).embed_query("ready")
    except DocTranslateError as exc:
        return Ability(name="embeddings", works=False, note=str(exc))
    return Ability(
        name="embeddings",
        works=True,
        note=f"{name}: {len(vector)} dimensions",
        latency_s=time.monotonic() - started,
    )


def _has(settings: ModelSettings, exc: DocTranslateError) -> str:
    """Which models the endpoint has, where it knows no such one: "" when it does not say."""
    if http_status(exc.__cause__) != 404:
        return ""
    try:
        known = list_models(settings)
    except DocTranslateError:
        return ""
    near = near_names(settings.model.partition(":")[2], known)
    return f". It has {', '.join(near)}" + (
        f" and {len(known) - len(near)} more: doctranslate models list" if len(known) > len(near) else ""
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
