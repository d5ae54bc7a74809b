"""What is worth another attempt, and when."""

from __future__ import annotations

import random

from doctranslate.calls.failures import is_about_reply
from doctranslate.errors import (
    DocTranslateError,
    MalformedReplyError,
    ModelError,
    ModelQuotaError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)

BASE_S = 0.5
LONGEST_S = 60.0


def is_retryable(error: DocTranslateError) -> bool:
    """Whether the same request may succeed later: the one place that says so.

    Args:
        error: What came of the last attempt.
    """
    if isinstance(error, MalformedReplyError):
        # An answer that is no JSON, or without choices, is the endpoint's fault; what the model wrote is not.
        return error.__cause__ is not None and not is_about_reply(error)
    transient = (ModelRateLimitError, ModelTimeoutError, ModelUnavailableError)
    return isinstance(error, transient) and not isinstance(error, ModelQuotaError)


def pause_s(error: DocTranslateError, n_failed: int, *, chance: random.Random) -> float:
    """How long to wait: what the endpoint asks for, else exponentially longer with each failure, by chance.

    Chance keeps many callers from coming back at the same moment.

    Args:
        error: What came of the last attempt.
        n_failed: How many attempts failed, 1 or more.
        chance: Where chance comes from.

    Returns:
        Seconds, at most `LONGEST_S` unless the endpoint asks for more.
    """
    asked = error.retry_after_s if isinstance(error, ModelError) else None
    if asked is not None:
        return asked + chance.uniform(0, 0.1)
    return chance.uniform(0, min(LONGEST_S, BASE_S * 2**n_failed))
