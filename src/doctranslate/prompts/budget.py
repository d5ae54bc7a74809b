"""How long a text is in tokens, with or without a tokenizer at hand.

tiktoken downloads its encodings at run time, without a time limit. So that this never holds a caller up:

- With no model in play (``model=None``: chunking, the offline engine) the estimate is used. It needs no file
  and no second of loading, and gives the same chunks and prompts on every machine.
- With a model, an encoding in tiktoken's cache is used. Else one download is tried per process and encoding,
  in the background; after `DOWNLOAD_WAIT_S` seconds the estimate takes over. A slow download still ends up in
  the cache, for the next process. With ``DOCTRANSLATE_OFFLINE`` set, nothing is downloaded.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import threading
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from doctranslate.config import is_offline

logger = logging.getLogger(__name__)

ESTIMATE = "estimate"
"""What `counted_by` says where no tokenizer could be loaded."""

DOWNLOAD_WAIT_S = 2.0
"""How long a call waits for tiktoken's download, once per process and encoding."""

_READ_WAIT_S = 10.0

DEFAULT_ENCODING = "o200k_base"
"""For models that tiktoken does not know: the encoding of OpenAI's current models."""

_CACHE_FILES: Mapping[str, str] = MappingProxyType(
    {
        "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    }
)
"""File names in tiktoken's cache: the SHA-1 of where an encoding comes from. Source: tiktoken/load.py."""

_PIECES = re.compile(
    r"(?P<word>[A-Za-z]+)(?![0-9])|(?P<mixed>[A-Za-z0-9]+)|(?P<space>\s+)|(?P<sign>[\x00-\x7f])|(?P<wide>[^\x00-\x7f]+)"
)


@lru_cache(maxsize=4096)  # the same documents come up in one translation after the other
def estimate_tokens(text: str) -> int:
    """A token count from the letters alone, on the safe side.

    Measured against cl100k_base and o200k_base on 1,065 files (the standard library, installed packages, the
    documentation of GitPython and DVC): 1.35 times the true count over all, 1.01 to 2.9 times for each file
    but two: a table of Unicode characters (0.97), a ciphertext (0.76). Random letters can go down to half.

    Args:
        text: Any text.

    Returns:
        Number of tokens, 0 for the empty text.
    """
    quarters = 0
    for match in _PIECES.finditer(text):
        kind, length = match.lastgroup, match.end() - match.start()
        if kind == "word":  # capitals are rare in what tokenizers learn from
            quarters += 4 * -(-length // (2 if match.group().isupper() else 4))
        elif kind == "mixed":
            quarters += 4 * -(-length * 4 // 5)
        elif kind == "space":  # a single blank is part of the word after it
            quarters += 0 if match.group() == " " else 4 * (1 + length // 16)
        elif kind == "sign":
            quarters += 3
        else:
            quarters += 3 * len(match.group().encode("utf-8", "surrogatepass"))
    return -(-quarters // 4)


def count_tokens(text: str, model: str | None = None) -> int:
    """Length of a text in tokens.

    Args:
        text: Any text; special tokens in it count as plain text.
        model: Model it is for, with or without provider (``openai:gpt-4o``); None when none is in play.

    Returns:
        Number of tokens; by `estimate_tokens` with no model, or where its tokenizer cannot be had.
    """
    return _counter(model)[1](text)


def counted_by(model: str | None = None) -> str:
    """Name of the encoding that `count_tokens` uses for a model, or ``estimate``."""
    return _counter(model)[0]


def _counter(model: str | None) -> tuple[str, Callable[[str], int]]:
    if model is None:
        return ESTIMATE, estimate_tokens
    name = _encoding_name(model)
    encode = _load(name) if _is_cached(name) or not is_offline() else None
    if encode is None:
        _say_estimate()
        return ESTIMATE, estimate_tokens
    return name, encode


@cache
def _encoding_name(model: str) -> str:
    try:
        from tiktoken.model import encoding_name_for_model  # a table, nothing is fetched

        return encoding_name_for_model(model.partition(":")[2] or model)
    except (ImportError, KeyError):
        return DEFAULT_ENCODING


@cache
def _load(name: str) -> Callable[[str], int] | None:
    """The tokenizer, downloaded if need be; None when that fails or takes too long."""
    found: list[Callable[[str], int]] = []

    def fetch() -> None:
        try:
            from tiktoken import get_encoding

            encoding = get_encoding(name)
        except (
            Exception
        ) as exc:  # requests, sockets, hashes, a broken install: the estimate serves in any case
            logger.debug("tiktoken could not load %s: %r", name, exc)
            return
        found.append(lambda text: len(encoding.encode_ordinary(text)))

    # requests has no deadline for name resolution; a daemon thread has: we stop waiting for it. Also with a
    # cached file, because tiktoken deletes one whose hash is wrong and downloads it again.
    thread = threading.Thread(target=fetch, name=f"tiktoken-{name}", daemon=True)
    thread.start()
    thread.join(_READ_WAIT_S if _is_cached(name) else DOWNLOAD_WAIT_S)
    return found[0] if found else None


def _is_cached(name: str) -> bool:
    # The order and the meaning of "" are tiktoken's.
    folder = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR"))
    if folder == "" or name not in _CACHE_FILES:
        return False
    path = Path(folder) if folder else Path(tempfile.gettempdir()) / "data-gym-cache"
    return (path / _CACHE_FILES[name]).is_file()


@cache
def _say_estimate() -> None:
    logger.warning(
        "token counts are estimates on the high side: this model's tokenizer is not in TIKTOKEN_CACHE_DIR "
        "and cannot be downloaded"
    )
