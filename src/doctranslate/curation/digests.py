"""A cache of digests, so that what a model was paid for once is not paid for again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from doctranslate.cache import Cache
from doctranslate.records import Chunk, Digest


class DigestCache:
    """Digests on disk, by what an engine sees of a chunk, engine and prompt hash. Processes may share it.

    Args:
        path: The SQLite file; it and its folder are made when missing.
        read_only: Make and change nothing; a file that is missing is an empty cache.

    Raises:
        StoreError: The file cannot be opened, or is not such a cache.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._cache = Cache(path, what="digest", read_only=read_only)

    def get(self, chunks: Iterable[Chunk], *, engine: str, prompt_hash: str) -> dict[str, Digest]:
        """The digests that are there, by chunk id.

        Args:
            chunks: Whose to look for.
            engine: Name of the engine that is to have written them.
            prompt_hash: Of the prompt it is to have used.

        Raises:
            StoreError: The file cannot be read.
        """
        keys = {_key(chunk, engine, prompt_hash): chunk.id for chunk in chunks}
        found = self._cache.get(keys)
        try:
            return {keys[key]: Digest.model_validate_json(value) for key, value in found.items()}
        except ValidationError as exc:
            raise self._cache.error(exc) from exc

    def put(self, digests: Iterable[tuple[Chunk, Digest]], *, engine: str, prompt_hash: str) -> None:
        """Keep digests.

        Args:
            digests: To keep, each with its chunk; one that is there already is replaced.
            engine: Name of the engine that wrote them.
            prompt_hash: Of the prompt it used.

        Raises:
            StoreError: The file cannot be written.
        """
        self._cache.put(
            {_key(chunk, engine, prompt_hash): one.model_dump_json().encode() for chunk, one in digests}
        )


def _key(chunk: Chunk, engine: str, prompt_hash: str) -> str:
    # The id says nothing of kind and signatures, which a digest depends on: another reading of the same text may
    # find others.
    seen = chunk.model_dump_json(exclude={"links", "n_tokens"})
    return hashlib.sha256("\x1f".join((engine, prompt_hash, seen)).encode()).hexdigest()
