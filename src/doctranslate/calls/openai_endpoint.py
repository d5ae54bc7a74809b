"""Asks OpenAI, or any endpoint that speaks its protocol, by OpenAI's own client."""

from __future__ import annotations

import json
import threading
import time
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from doctranslate.calls.failures import as_own, http_status
from doctranslate.calls.request import Reply, Request, body_of
from doctranslate.calls.settings import ModelSettings
from doctranslate.errors import DocTranslateError, MissingExtraError, ModelAuthError

if TYPE_CHECKING:
    import openai

_NO_KEY = "not-needed"
_REFUSALS = (400, 422, 501)
_OPTIONAL = ("response_format", "temperature", "seed")


def client_of(settings: ModelSettings) -> openai.OpenAI:
    """OpenAI's client for a model; it tries everything once.

    Args:
        settings: Of the model; its provider is ``openai``.

    Raises:
        MissingExtraError: OpenAI's package is not installed.
        ModelAuthError: It is OpenAI's own endpoint, and there is no key.
    """
    try:
        import openai
    except ImportError as exc:
        raise MissingExtraError("openai", extra="openai", needed_for=f"the model {settings.model!r}") from exc
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    if not key and not settings.base_url:
        raise ModelAuthError(
            f"{settings.model}: no key: set OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint that needs none",
            model=settings.model,
        )
    return openai.OpenAI(
        api_key=key or _NO_KEY,
        # The client would read the address from the environment, which settings have done.
        base_url=settings.base_url or "https://api.openai.com/v1",
        timeout=settings.timeout_s,
        max_retries=0,
    )


class OpenAIEndpoint:
    """Chat completions over HTTP. Leaves out for good what the endpoint says that it does not take.

    Args:
        settings: Of the model; its provider is ``openai``.

    Raises:
        MissingExtraError: OpenAI's package is not installed.
        ModelAuthError: It is OpenAI's own endpoint, and there is no key.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._left_out: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        self._client = client_of(settings)
        self._create = self._client.chat.completions.with_raw_response.create  # loads the most of the package
        # Connections are kept open between calls; an engine that is dropped must not leave them to the collector.
        weakref.finalize(self, self._client.close)

    def send(self, request: Request) -> Reply:
        """Ask once.

        Args:
            request: What to ask.

        Raises:
            ModelError: Of the kind that fits.
        """
        while True:
            body = self._body(request)
            started = time.monotonic()
            try:
                answer = self._create(**body)
                return reply_of(json.loads(answer.text), latency_s=time.monotonic() - started)
            except Exception as exc:
                if not self._leaves_out(exc, body):
                    raise self._own(exc) from exc

    def stream(self, request: Request) -> Iterator[str]:
        """Ask once, and give the reply piece by piece.

        Args:
            request: What to ask.

        Raises:
            ModelError: Of the kind that fits.
        """
        try:
            for event in self._client.chat.completions.create(**self._body(request), stream=True):
                if event.choices and event.choices[0].delta.content:
                    yield event.choices[0].delta.content
        except Exception as exc:
            raise self._own(exc) from exc

    @property
    def left_out(self) -> frozenset[str]:
        """What the endpoint refused so far, and is not sent."""
        return self._left_out

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _own(self, exc: Exception) -> DocTranslateError:
        settings = self._settings
        key = settings.api_key.get_secret_value() if settings.api_key else ""
        return as_own(exc, model=settings.model, timeout_s=settings.timeout_s, key=key)

    def _body(self, request: Request) -> dict[str, Any]:
        body = body_of(request, self._settings)
        return {name: value for name, value in body.items() if name not in self._left_out}

    def _leaves_out(self, exc: Exception, body: dict[str, Any]) -> bool:
        """Whether the endpoint refused something that can be left out, and that is left out from now on."""
        if http_status(exc) not in _REFUSALS:
            return False
        named = str(getattr(exc, "param", "") or "").partition(".")[0]
        refused = named if named in _OPTIONAL else next((n for n in _OPTIONAL if n in str(exc)), "")
        if not refused and not named and "response_format" in body and not _is_about_length(exc):
            refused = "response_format"  # what an endpoint without structured output says of it, if anything
        if refused not in body:
            return False
        with self._lock:
            self._left_out |= {refused}
        return True


def _is_about_length(exc: Exception) -> bool:
    from doctranslate.errors import ContextLengthError

    return isinstance(as_own(exc, model="", timeout_s=0), ContextLengthError)


def reply_of(answer: dict[str, Any], *, latency_s: float = 0.0) -> Reply:
    """The reply in a chat completion.

    Args:
        answer: The completion, as JSON.
        latency_s: How long it took.

    Raises:
        LookupError: It has no choices, or one without a message; or `TypeError`, `ValueError`, `AttributeError` when
            what it has is of other types than the protocol says.
    """
    choice = answer["choices"][0]
    message = choice["message"]
    usage = answer.get("usage") or {}
    text = message.get("content") or ""
    finish = choice.get("finish_reason") or ""
    if not text and message.get("refusal"):
        text, finish = str(message["refusal"]), "refusal"
    return Reply(
        text=text,
        finish=str(finish),
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        latency_s=latency_s,
    )
