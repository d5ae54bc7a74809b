"""Embeddings that know which texts share words, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from functools import lru_cache
from typing import Any

from .answering import n_tokens
from .answers import Answer, bad_request

DEFAULT_DIM = 64


def embeddings(body: dict[str, Any]) -> dict[str, Any] | Answer:
    """The body of a reply to ``POST /v1/embeddings``, or what is wrong with the request."""
    given = body.get("input")
    texts = given if isinstance(given, list) and not (given and isinstance(given[0], int)) else [given]
    if not texts or any(not text or not isinstance(text, str | list) for text in texts):
        return bad_request("'input' must be a string or an array, not empty.", param="input")
    dim = int(body.get("dimensions") or DEFAULT_DIM)
    is_base64 = body.get("encoding_format") == "base64"
    vectors = [_vector(text, dim) for text in texts]
    n = sum(n_tokens(text) if isinstance(text, str) else len(text) for text in texts)
    return {
        "object": "list",
        "model": body.get("model"),
        "data": [
            {"object": "embedding", "index": at, "embedding": _base64(vector) if is_base64 else vector}
            for at, vector in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": n, "total_tokens": n},
    }


def _vector(text: str | list[int], dim: int) -> list[float]:
    words = re.findall(r"\w+", text.lower()) if isinstance(text, str) else [str(token) for token in text]
    parts = [_word_vector(word, dim) for word in words or ["?"]]
    total = [sum(column) for column in zip(*parts, strict=True)]
    length = math.hypot(*total) or 1.0
    return [number / length for number in total]


@lru_cache(maxsize=10_000)
def _word_vector(word: str, dim: int) -> tuple[float, ...]:
    data = hashlib.shake_256(word.encode()).digest(2 * dim)
    return tuple(number / 32768 - 1 for number in struct.unpack(f"<{dim}H", data))


def _base64(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
