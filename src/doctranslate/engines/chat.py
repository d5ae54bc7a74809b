"""Opens LangChain chat models and reads their messages; says when nothing may be sent."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from doctranslate.config import is_offline
from doctranslate.errors import ConfigError, MalformedReplyError, MissingExtraError, ModelAuthError
from doctranslate.records import Prompt, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

DEFAULT_MODEL = "openai:gpt-4o-mini"
_NO_KEY = "not-needed"
_CUT_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_FILTERED = frozenset({"content_filter", "SAFETY", "refusal"})


def open_chat(
    model: str, *, base_url: str | None, api_key: str | None, settings: dict[str, Any]
) -> BaseChatModel:
    """Open a chat model through LangChain.

    Args:
        model: ``provider:model``.
        base_url: Address of the endpoint, or None for the provider's own.
        api_key: None takes it from the environment; an endpoint of one's own needs none.
        settings: Further arguments; those that are None are left out.

    Raises:
        ConfigError: The name is wrong, or LangChain cannot load the provider.
        MissingExtraError: LangChain or its OpenAI package is not installed.
        ModelAuthError: OpenAI's own endpoint, and no key.
    """
    provider, _, name = model.partition(":")
    if not provider or not name:
        raise ConfigError(f"model {model!r} is not 'provider:model', such as {DEFAULT_MODEL!r}")
    missing = missing_package(openai=provider == "openai")
    if missing:
        raise MissingExtraError(missing, extra="openai", needed_for=f"the model {model!r}")
    if provider == "openai":
        api_key = api_key or os.environ.get("OPENAI_API_KEY") or (_NO_KEY if base_url else None)
        if not api_key:
            raise ModelAuthError(
                f"{model}: no key: set OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint that needs none",
                model=model,
            )
    settings = {**settings, "base_url": base_url, "api_key": api_key}
    from langchain.chat_models import init_chat_model

    try:
        given = {key: value for key, value in settings.items() if value is not None}
        return cast("BaseChatModel", init_chat_model(model, **given))
    except ImportError as exc:
        raise ConfigError(f"model {model!r}: {exc}") from exc
    except ValueError as exc:
        raise ConfigError(f"model {model!r}: {str(exc).splitlines()[0]}") from exc


def missing_package(*, openai: bool = True) -> str:
    """Import name of the first package that is missing, or ""."""
    wanted = ("langchain", "langchain_openai", "openai") if openai else ("langchain",)
    for name in wanted:
        try:
            if importlib.util.find_spec(name) is None:
                return name
        except ValueError:  # marked as not importable in sys.modules
            return name
    return ""


def endpoint(model: str, given: str | None) -> str | None:
    """The address that a model is reached by; ``$OPENAI_BASE_URL`` counts for provider ``openai`` only."""
    if model.partition(":")[0] != "openai":
        return given
    return given or os.environ.get("OPENAI_BASE_URL", "").strip() or None


def calls_forbidden(base_url: str | None) -> bool:
    """Whether ``$DOCTRANSLATE_OFFLINE`` forbids calls to an address: to all but those of this machine."""
    return is_offline() and not _is_loopback(base_url)


def _is_loopback(base_url: str | None) -> bool:
    try:
        host = urlsplit(base_url or "").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def name_of(chat: BaseChatModel) -> str:
    """What to call a LangChain chat model in results: its kind, and its model where it says."""
    model = getattr(chat, "model_name", None) or getattr(chat, "model", None)
    return f"{chat._llm_type}:{model}" if isinstance(model, str) else chat._llm_type


def as_messages(prompt: Prompt) -> list[tuple[str, str]]:
    """A prompt's messages as LangChain takes them."""
    return [(message.role, message.content) for message in prompt.messages]


def whole_text(message: BaseMessage, *, model: str) -> str:
    """The text of a reply that came to its own end.

    Raises:
        MalformedReplyError: It is cut off, filtered, or empty.
    """
    text = str(message.text)
    metadata = message.response_metadata
    ending = metadata.get("finish_reason") or metadata.get("stop_reason") or metadata.get("done_reason")
    if ending in _CUT_OFF:
        problem = "the reply was cut off at the model's output limit"
    elif ending in _FILTERED:
        problem = "the endpoint's content filter stopped the reply"
    elif not text.strip():
        problem = "the reply is empty"
    else:
        return text
    raise MalformedReplyError(f"{model}: {problem}", model=model, reply=text)


def usage_of(message: BaseMessage) -> Usage:
    """One call, and the tokens that the endpoint reported for it; 0 where it reported none."""
    reported = getattr(message, "usage_metadata", None) or {}
    return Usage(
        n_calls=1,
        prompt_tokens=reported.get("input_tokens", 0),
        completion_tokens=reported.get("output_tokens", 0),
    )
