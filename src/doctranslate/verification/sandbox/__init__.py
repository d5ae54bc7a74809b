"""Running programs that nobody vouches for: files, processes and network of their own, limits, nothing left behind."""

from doctranslate.verification.sandbox.base import Isolation, IsolationLevel, Limits, SandboxRun, WayName
from doctranslate.verification.sandbox.discard import discard
from doctranslate.verification.sandbox.sandbox import Sandbox, best_isolation

__all__ = [
    "Isolation",
    "IsolationLevel",
    "Limits",
    "Sandbox",
    "SandboxRun",
    "WayName",
    "best_isolation",
    "discard",
]
