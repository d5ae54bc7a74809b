"""How likely a chunk is what somebody who writes code asks for, whatever the query.

A library's reference holds more internals than it holds what users call, and internals have the same words in
their names. The values were chosen on labelled queries over GitPython and DVC; see ``docs/design/stores.md``.
"""

from __future__ import annotations

import re

from doctranslate.records import Chunk

HIGHEST = 1.3
"""Of an object that is documented in a second place, as a command: users meet it."""

_INTERNAL = 0.8
_CLASS = 0.9  # its methods are what is called
_EXAMPLE = 0.9  # its object says more
_PER_LEVEL = 0.1
_FREE_LEVELS = 4  # package.module.Class.method

_NOT_CALLED = re.compile(r"(?:^|\.)_|(?:Error|Exception|Warning)(?:\.|$)")
_CLASS_NAME = re.compile(r"(?:^|\.)[A-Z]\w*$")


def prior(chunk: Chunk) -> float:
    """What a chunk's score by meaning, or by words, is multiplied by before it is ranked.

    Args:
        chunk: The chunk.

    Returns:
        Above 0 and at most `HIGHEST`; 1 for prose and commands. Less for private names, errors, classes and
        examples, and with each level below ``package.module.Class.method``.
    """
    if not chunk.symbol or chunk.kind in ("cli", "guide"):
        return 1.0
    if chunk.symbol.startswith("cli:"):
        return _EXAMPLE  # of the command, not of the object behind it that the page links to
    value = _INTERNAL if _NOT_CALLED.search(chunk.symbol) else 1.0
    value *= _CLASS if _CLASS_NAME.search(chunk.symbol) else 1.0
    value *= _EXAMPLE if chunk.kind == "example" else 1.0
    if chunk.links:
        return value * HIGHEST
    return value / (1 + _PER_LEVEL * max(0, chunk.symbol.count(".") + 1 - _FREE_LEVELS))
