"""A server on this machine that speaks OpenAI's protocol over real HTTP, for tests and for benchmarks.

In a test, `serve` runs one in a thread. ``python -m tests.model_server`` is one in a process of its own, which a
benchmark needs: what it costs must not be taken for a cost of the client.
"""

from __future__ import annotations

from .answers import (
    Answer,
    chat,
    completion,
    error,
    filtered,
    limited,
    malformed,
    no_choices,
    no_such_model,
    refused,
    truncated,
)
from .running import serve
from .service import FakeOpenAI
from .settings import Settings

__all__ = [
    "Answer",
    "FakeOpenAI",
    "Settings",
    "chat",
    "completion",
    "error",
    "filtered",
    "limited",
    "malformed",
    "no_choices",
    "no_such_model",
    "refused",
    "serve",
    "truncated",
]
