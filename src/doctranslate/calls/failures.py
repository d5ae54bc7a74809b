"""The one boundary where errors of chat-model packages become ours.

Matches by class name and HTTP status and imports none of these packages: LangChain's providers raise errors
of their own client libraries, which have the same names for the same things.
"""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

from doctranslate.errors import (
    ConfigError,
    ContextLengthError,
    DocTranslateError,
    MalformedReplyError,
    ModelAuthError,
    ModelError,
    ModelQuotaError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)

_CONTEXT = re.compile(
    r"context[_ ](?:length|window)|maximum context|prompt is too long|too many tokens|input tokens exceed",
    re.IGNORECASE,
)
_KEY = re.compile(r"\b((?:sk|pk)-|Bearer )[\w*.-]{6,}")
_AUTH = frozenset({"AuthenticationError", "PermissionDeniedError", "SubjectTokenProviderError"})
_TIMEOUT = frozenset({"APITimeoutError", "TimeoutError", "TimeoutException", "ModelTimeoutError"})
_UNREACHED = frozenset(
    {"APIConnectionError", "ModelConnectionError", "ConnectError", "ConnectionError", "TransportError"}
)
_STOPPED = frozenset({"LengthFinishReasonError", "ContentFilterFinishReasonError", "OpenAIRefusalError"})
_UNUSABLE = {
    "LengthFinishReasonError": "the reply was cut off at the model's output limit",
    "ContentFilterFinishReasonError": "the endpoint's content filter stopped the reply",
    "OpenAIRefusalError": "the model refused to answer",
    "APIResponseValidationError": "the endpoint's answer is not in OpenAI's format",
    "JSONDecodeError": "the endpoint's answer is not JSON",
    "OutputParserException": "the reply is not in the form asked for",
    "ValidationError": "the reply is not in the form asked for",
}


def as_own(exc: Exception, *, model: str, timeout_s: float, key: str = "") -> DocTranslateError:
    """The error of our tree for one of a chat-model package.

    Args:
        exc: The foreign error.
        model: Name of the model.
        timeout_s: The time that was allowed.
        key: That was sent: an endpoint may quote it, and it is not to be seen.
    """
    names = {each.__name__ for each in type(exc).__mro__}
    status, said = http_status(exc), _said(exc, key)
    code = str(getattr(exc, "code", "") or "")
    too_long = status in (400, 413, 422, None) and _CONTEXT.search(f"{code} {said}")
    if "ContextOverflowError" in names or too_long:
        return ContextLengthError(
            f"{model}: the prompt does not fit the model's context window: lower max_tokens ({said})",
            model=model,
        )
    if names & _AUTH or status in (401, 403):
        return ModelAuthError(f"{model}: the key was refused: check OPENAI_API_KEY ({said})", model=model)
    if "RateLimitError" in names or status == 429:
        if code == "insufficient_quota":
            return ModelQuotaError(f"{model}: the account has no credit left ({said})", model=model)
        wait = _retry_after(exc)
        hint = f"try again in {wait:g} s" if wait is not None else "try again later, or check the quota"
        return ModelRateLimitError(
            f"{model}: too many requests: {hint} ({said})", model=model, retry_after_s=wait
        )
    if names & _TIMEOUT or status in (408, 504):
        return ModelTimeoutError(f"{model}: no answer within {timeout_s:g} s: raise timeout_s", model=model)
    for name, meaning in _UNUSABLE.items():
        if name in names:
            return MalformedReplyError(f"{model}: {meaning} ({said})", model=model, reply=_reply(exc))
    return _other(exc, names, status, model=model, said=said)


def http_status(exc: BaseException | None) -> int | None:
    """The HTTP status that an error carries, or None."""
    found = getattr(exc, "status_code", None) or getattr(getattr(exc, "response", None), "status_code", None)
    return found if isinstance(found, int) and found >= 400 else None


def is_about_reply(exc: MalformedReplyError) -> bool:
    """Whether one reply is at fault, and not an endpoint that does not speak the protocol."""
    return exc.__cause__ is None or bool({each.__name__ for each in type(exc.__cause__).__mro__} & _STOPPED)


def _other(
    exc: Exception, names: set[str], status: int | None, *, model: str, said: str
) -> DocTranslateError:
    if names & _UNREACHED:
        return ModelUnavailableError(
            f"{model}: the endpoint cannot be reached: check OPENAI_BASE_URL ({said})", model=model
        )
    if status == 404:
        return ModelError(f"{model}: the endpoint knows no such model or path ({said})", model=model)
    if status is not None and (status >= 500 or status == 409):
        wait = _retry_after(exc)
        return ModelUnavailableError(
            f"{model}: the endpoint failed with HTTP {status}: try again ({said})",
            model=model,
            retry_after_s=wait,
        )
    if status is not None:
        return ModelError(f"{model}: the endpoint refused the request, HTTP {status} ({said})", model=model)
    if isinstance(exc, ImportError):
        return ConfigError(f"{model}: a package is missing ({said})")
    if isinstance(exc, TypeError | ValueError | KeyError | IndexError | AttributeError):
        # LangChain's own complaints about an answer without choices, or with fields of the wrong type.
        return MalformedReplyError(f"{model}: the endpoint's answer cannot be used ({said})", model=model)
    return ModelError(f"{model}: {type(exc).__name__}: {said}", model=model)


def _said(exc: Exception, key: str) -> str:
    """The first line of a message, without the key and anything that looks like one."""
    text = str(exc).strip() or type(exc).__name__
    text = text.replace(key, "…") if key else text
    return _KEY.sub(r"\1…", text.splitlines()[0])[:300]


def _retry_after(exc: Exception) -> float | None:
    headers: Any = getattr(getattr(exc, "response", None), "headers", None) or {}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit)
        except (KeyError, TypeError, ValueError):
            continue
    try:  # HTTP allows a date, too
        return max(0.0, parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time())
    except (KeyError, TypeError, ValueError):
        return None


def _reply(exc: Exception) -> str:
    """What the model had written, where the error keeps it."""
    choices = getattr(getattr(exc, "completion", None), "choices", None) or []
    content = getattr(getattr(choices[0], "message", None), "content", None) if choices else None
    found = content or getattr(exc, "llm_output", None)
    return found if isinstance(found, str) else ""
