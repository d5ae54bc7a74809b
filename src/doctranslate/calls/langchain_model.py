"""Asks any chat model that LangChain knows."""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from doctranslate.calls.failures import as_own, http_status
from doctranslate.calls.request import Reply, Request, Schema
from doctranslate.calls.settings import ModelSettings
from doctranslate.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_CUT_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_FILTERED = frozenset({"content_filter", "SAFETY"})
_REFUSALS = (400, 422, 501)


class LangChainModel:
    """A LangChain chat model. Where it has no structured output, the prompt alone asks for JSON.

    Args:
        chat: The model.
        settings: How it is asked; what the model itself was made with stays.
    """

    def __init__(self, chat: BaseChatModel, settings: ModelSettings) -> None:
        self._chat = chat
        self._settings = settings
        self._structured = True

    def send(self, request: Request) -> Reply:
        """Ask once.

        Args:
            request: What to ask.

        Raises:
            ModelError: Of the kind that fits.
        """
        while True:
            schema = request.schema if self._structured else None
            started = time.monotonic()
            try:
                message, parsed = (
                    self._ask_structured(request, schema) if schema else (self._ask(request), None)
                )
                return _reply(message, parsed, latency_s=time.monotonic() - started)
            except Exception as exc:
                if schema and (isinstance(exc, NotImplementedError) or http_status(exc) in _REFUSALS):
                    self._structured = False
                    continue
                raise as_own(exc, model=self._settings.model, timeout_s=self._settings.timeout_s) from exc

    def stream(self, request: Request) -> Iterator[str]:
        """Ask once, and give the reply piece by piece.

        Args:
            request: What to ask.

        Raises:
            ModelError: Of the kind that fits.
        """
        try:
            for piece in self._chat.stream(_messages(request)):
                if piece.text:
                    yield str(piece.text)
        except Exception as exc:
            raise as_own(exc, model=self._settings.model, timeout_s=self._settings.timeout_s) from exc

    def close(self) -> None:
        """LangChain's models close their connections themselves."""

    def _ask(self, request: Request) -> BaseMessage:
        return self._chat.invoke(_messages(request), **self._limits(request))

    def _ask_structured(self, request: Request, form: Schema) -> tuple[BaseMessage, dict[str, Any] | None]:
        # As a plain JSON schema: with a class, the client would throw away what is almost JSON.
        schema = {"title": form.name, **form.json_schema}
        chat = self._chat.with_structured_output(schema, include_raw=True)
        found = cast("dict[str, Any]", chat.invoke(_messages(request), **self._limits(request)))
        parsed = found["parsed"]
        return found["raw"], parsed if isinstance(parsed, dict) else None

    def _limits(self, request: Request) -> dict[str, Any]:
        return {} if request.max_tokens is None else {"max_tokens": request.max_tokens}


def open_langchain(settings: ModelSettings) -> LangChainModel:
    """Open a chat model by LangChain's name for it.

    Args:
        settings: Of the model.

    Raises:
        ConfigError: LangChain cannot load the provider.
        MissingExtraError: LangChain is not installed.
    """
    if importlib.util.find_spec("langchain") is None:
        raise MissingExtraError("langchain", extra="openai", needed_for=f"the model {settings.model!r}")
    from langchain.chat_models import init_chat_model

    given: dict[str, Any] = {
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "timeout": settings.timeout_s,
        "max_retries": 0,
        "seed": settings.seed,
        "base_url": settings.base_url,
        "api_key": settings.api_key.get_secret_value() if settings.api_key else None,
    }
    try:
        chat = init_chat_model(
            settings.model, **{key: value for key, value in given.items() if value is not None}
        )
    except ImportError as exc:
        raise ConfigError(f"model {settings.model!r}: {exc}") from exc
    except ValueError as exc:
        raise ConfigError(f"model {settings.model!r}: {str(exc).splitlines()[0]}") from exc
    return LangChainModel(cast("BaseChatModel", chat), settings)


def settings_of(chat: BaseChatModel) -> dict[str, Any]:
    """What a LangChain chat model says of itself, as fields of `ModelSettings`.

    Args:
        chat: The model.
    """
    model = getattr(chat, "model_name", None) or getattr(chat, "model", None)
    name = f"{chat._llm_type}:{model}" if isinstance(model, str) else f"{chat._llm_type}:model"
    address = getattr(chat, "openai_api_base", None) or getattr(chat, "base_url", None)
    return {"model": name, "base_url": address if isinstance(address, str) else None}


def _messages(request: Request) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in request.messages]


def _reply(message: BaseMessage, parsed: dict[str, Any] | None, *, latency_s: float) -> Reply:
    metadata = message.response_metadata
    ending = str(
        metadata.get("finish_reason") or metadata.get("stop_reason") or metadata.get("done_reason") or ""
    )
    finish = "length" if ending in _CUT_OFF else "content_filter" if ending in _FILTERED else ending
    usage = getattr(message, "usage_metadata", None) or {}
    # By a tool call, the text is empty.
    text = json.dumps(parsed) if parsed is not None else str(message.text)
    return Reply(
        text=text,
        finish=finish if finish in ("length", "content_filter", "refusal") else "stop",
        prompt_tokens=int(usage.get("input_tokens") or 0),
        completion_tokens=int(usage.get("output_tokens") or 0),
        latency_s=latency_s,
    )
