"""How likely a chunk is what somebody asks for, whatever the query.

A library's reference holds more internals than it holds what users call, and internals have the same words in
their names. The values were chosen on labelled queries over GitPython and DVC; see ``docs/design/stores.md``.
"""

from __future__ import annotations

import re

from doctranslate.records import Chunk

HIGHEST = 1.3
"""Of what is documented in two places, such as a function that is also a command: users meet it."""

_INTERNAL = 0.8
_EXAMPLE = 0.95
_PER_LEVEL = 0.1
_FREE_LEVELS = 4

_NOT_CALLED = re.compile(r"(?:^|\.)_|(?:Error|Exception|Warning)(?:\.|$)")


def prior(chunk: Chunk) -> float:
    """What a chunk's score by meaning, or by words, is multiplied by before it is ranked.

    Args:
        chunk: The chunk.

    Returns:
        1.3 at most; less for private names, errors, examples (their object says more), and with each level
        below ``package.module.Class.method``.
    """
    if not chunk.symbol:
        return 1.0
    value = _INTERNAL if _NOT_CALLED.search(chunk.symbol) else 1.0
    if chunk.kind == "example":
        value *= _EXAMPLE
    if chunk.links or chunk.kind == "cli":
        return value * HIGHEST
    n_levels = chunk.symbol.count(".") + 1
    return value / (1 + _PER_LEVEL * max(0, n_levels - _FREE_LEVELS))
