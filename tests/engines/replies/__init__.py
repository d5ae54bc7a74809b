"""A collection of replies as models write them, by kind, with what is to become of each."""

from __future__ import annotations

from .case import Expected, ReplyCase
from .elided import ELIDED
from .lossy import LOSSY
from .rewrapped import MORE_WRAPPED
from .unusable import UNUSABLE
from .wrapped import WRAPPED

__all__ = ["Expected", "ReplyCase", "load"]


def load() -> list[ReplyCase]:
    """All of them."""
    return [*WRAPPED, *MORE_WRAPPED, *ELIDED, *LOSSY, *UNUSABLE]
