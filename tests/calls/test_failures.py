from __future__ import annotations

import inspect
import time
from email.utils import formatdate
from typing import Any

import httpx
import openai
import pytest

from doctranslate.calls.failures import as_own, http_status
from doctranslate.errors import (
    ContextLengthError,
    MalformedReplyError,
    ModelAuthError,
    ModelError,
    ModelQuotaError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)

REQUEST = httpx.Request("POST", "http://127.0.0.1/v1")

EXPECTED = {
    "APIConnectionError": ModelUnavailableError,
    "APIError": ModelError,
    "APIResponseValidationError": MalformedReplyError,
    "APIStatusError": ModelError,
    "APITimeoutError": ModelTimeoutError,
    "AuthenticationError": ModelAuthError,
    "BadRequestError": ModelError,
    "ConflictError": ModelUnavailableError,
    "ContentFilterFinishReasonError": MalformedReplyError,
    "InternalServerError": ModelError,
    "LengthFinishReasonError": MalformedReplyError,
    "NotFoundError": ModelError,
    "OAuthError": ModelAuthError,
    "OpenAIError": ModelError,
    "PermissionDeniedError": ModelAuthError,
    "RateLimitError": ModelRateLimitError,
    "SubjectTokenProviderError": ModelAuthError,
    "UnprocessableEntityError": ModelError,
}
NOT_FOR_CHAT = {"InvalidWebhookSignatureError", "WebSocketConnectionClosedError", "WebSocketQueueFullError"}


def foreign() -> dict[str, type[Exception]]:
    from openai import _exceptions

    found = {**vars(_exceptions), **vars(openai)}
    return {
        name: each
        for name, each in found.items()
        if inspect.isclass(each)
        and issubclass(each, Exception)
        and each.__module__.startswith("openai")
        and not name.startswith("_")
    }


def without_init(cls: type[Exception]) -> Exception:
    """An error of a class whose constructor wants a real answer of the endpoint."""
    made: Any = cls.__new__(cls)
    made.args = ("said this",)
    return made


def test_as_own_when_openai_has_an_error_then_it_is_in_the_table() -> None:
    assert set(foreign()) - NOT_FOR_CHAT <= set(EXPECTED), "map the new ones in calls/failures.py"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_as_own_when_openai_raises_then_gives_the_error_of_our_tree(name: str) -> None:
    cls = foreign().get(name)
    if cls is None:
        pytest.skip("this version of openai does not have it")
    assert type(as_own(without_init(cls), model="m", timeout_s=3)) is EXPECTED[name]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ModelError),
        (401, ModelAuthError),
        (403, ModelAuthError),
        (404, ModelError),
        (408, ModelTimeoutError),
        (429, ModelRateLimitError),
        (500, ModelUnavailableError),
        (504, ModelTimeoutError),
    ],
)
def test_as_own_when_only_the_status_is_known_then_goes_by_it(
    status: int, expected: type[ModelError]
) -> None:
    exc = httpx.HTTPStatusError("no", request=REQUEST, response=httpx.Response(status, request=REQUEST))
    assert type(as_own(exc, model="m", timeout_s=3)) is expected
    assert http_status(exc) == status


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "Input tokens exceed the configured limit",
        "the request exceeds the context window of this model",
    ],
)
def test_as_own_when_the_prompt_is_too_long_then_says_context(message: str) -> None:
    response = httpx.Response(400, request=REQUEST)
    exc = openai.BadRequestError(message, response=response, body=None)
    assert type(as_own(exc, model="m", timeout_s=3)) is ContextLengthError


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"retry-after": "7"}, 7.0), ({"retry-after-ms": "1500"}, 1.5)]
)
def test_as_own_when_the_endpoint_says_how_long_to_wait_then_keeps_it(
    headers: dict[str, str], seconds: float
) -> None:
    response = httpx.Response(429, request=REQUEST, headers=headers)
    found = as_own(openai.RateLimitError("slow", response=response, body=None), model="m", timeout_s=3)
    assert isinstance(found, ModelRateLimitError)
    assert found.retry_after_s == seconds


@pytest.mark.parametrize(("in_s", "least", "most"), [(30, 25, 31), (-30, 0, 0)])
def test_as_own_when_the_wait_is_a_date_then_gives_the_seconds_until_then(
    in_s: int, least: float, most: float
) -> None:
    date = formatdate(time.time() + in_s, usegmt=True)
    response = httpx.Response(429, request=REQUEST, headers={"retry-after": date})
    found = as_own(openai.RateLimitError("slow", response=response, body=None), model="m", timeout_s=3)
    assert isinstance(found, ModelRateLimitError)
    assert found.retry_after_s is not None and least <= found.retry_after_s <= most


def test_as_own_when_the_account_is_empty_then_waiting_is_not_advised() -> None:
    response = httpx.Response(429, request=REQUEST)
    exc = openai.RateLimitError("no credit", response=response, body={"code": "insufficient_quota"})
    assert type(as_own(exc, model="m", timeout_s=3)) is ModelQuotaError


@pytest.mark.parametrize("secret", ["sk-proj-abcDEF123456", "Bearer abc.def.ghi123"])
def test_as_own_when_the_message_repeats_a_key_then_leaves_it_out(secret: str) -> None:
    response = httpx.Response(401, request=REQUEST)
    exc = openai.AuthenticationError(f"Incorrect key: {secret}\nmore", response=response, body=None)
    found = str(as_own(exc, model="m", timeout_s=3))
    assert secret.split()[-1] not in found
    assert "…" in found


@pytest.mark.parametrize("key", ["sk-abcdefghijk", "a-key-of-no-known-form"])
def test_as_own_when_the_endpoint_quotes_the_key_then_it_is_not_in_the_message(key: str) -> None:
    exc = openai.AuthenticationError(
        f"Incorrect API key provided: {key}.", response=httpx.Response(401, request=REQUEST), body=None
    )
    found = as_own(exc, model="m", timeout_s=3, key=key)
    assert key not in str(found) and "Incorrect API key" in str(found)
