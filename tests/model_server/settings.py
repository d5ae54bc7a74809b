"""How a server behaves, whatever it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .answers import WaitForm

Structured = Literal["obey", "refuse", "ignore"]
BatchEnd = Literal["completed", "expired", "failed"]


@dataclass(frozen=True)
class Settings:
    """How a server behaves.

    Attributes:
        latency_s: From a request to its reply; an answer's own delay comes on top.
        jitter_s: Largest deviation from it, either way.
        models: Those that it has; empty for any name.
        api_key: The one key that it takes; "" for any, or none.
        context_window: Most tokens of prompt and reply together; 0 for no end.
        structured: Whether a JSON schema is obeyed (and held to OpenAI's rules for one), refused with HTTP 400, or
            overlooked. Scripted answers are sent as they stand.
        requests_per_minute: 0 for no limit.
        tokens_per_minute: 0 for no limit.
        limit: ``window`` counts what was let in during the last 60 s; ``bucket`` fills evenly.
        burst: How many requests a full bucket holds; 0 for what comes in a second, and at least one.
        wait_form: How a refusal says how long to wait.
        troubles: How often something goes wrong by chance, by kind: an HTTP status, ``hang_up`` or ``cut``.
        seed: Of all chance.
        looks: How often a batch must be looked at until it is done, not counting the first two.
        batch_end: What becomes of a batch. One that expires has done its first half.
        batch_shape: ``openai`` has status and body in a line's response, ``bare`` the completion itself.
        log: File that gets a line of JSON for each request when it is over.
        keeps_bodies: Whether the bodies of requests are kept for a test to look at.
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    models: tuple[str, ...] = ()
    api_key: str = ""
    context_window: int = 0
    structured: Structured = "obey"
    requests_per_minute: float = 0
    tokens_per_minute: float = 0
    limit: Literal["window", "bucket"] = "window"
    burst: float = 0
    wait_form: WaitForm = "seconds"
    troubles: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0
    looks: int = 0
    batch_end: BatchEnd = "completed"
    batch_shape: Literal["openai", "bare"] = "openai"
    log: Path | None = None
    keeps_bodies: bool = True
