"""From pages to condensed chunks, ready for a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from doctranslate.curation.chunk import TokenCounter, approximate_tokens, chunk_page
from doctranslate.curation.digests import DigestCache
from doctranslate.curation.linking import with_linked_descriptions
from doctranslate.errors import MalformedReplyError
from doctranslate.records import Chunk, Digest, Page

Condense: TypeAlias = Callable[[Sequence[Chunk]], Iterable[Digest]]
"""`doctranslate.engines.base.Engine.condense`."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is (0 when that is not known)."""


@dataclass(frozen=True, slots=True)
class Curated:
    """The chunks of a component and their digests, in the same order.

    Attributes:
        chunks: Each id once.
        digests: One per chunk.
        n_pages: How many pages they came from.
        n_cached: How many digests were known already.
        n_dropped: Lines of signatures and code that the engine invented, and that were dropped.
    """

    chunks: tuple[Chunk, ...]
    digests: tuple[Digest, ...]
    n_pages: int
    n_cached: int
    n_dropped: int


def curate(
    pages: Iterable[Page],
    condense: Condense,
    *,
    engine_name: str = "",
    prompt_hash: str = "",
    cache: DigestCache | None = None,
    max_tokens: int = 400,
    count: TokenCounter = approximate_tokens,
    batch_size: int = 64,
    progress: Progress | None = None,
) -> Curated:
    """Split pages into chunks, and have each condensed.

    Args:
        pages: Of one component, in a stable order.
        condense: Condenses chunks: a method of an engine.
        engine_name: Of that engine; with ``prompt_hash`` and the chunk, the key in the cache.
        prompt_hash: Of the prompt, or rules, it condenses by.
        cache: Where digests are looked up and kept as they come, so that a build that was stopped goes on where it
            was; None keeps nothing.
        max_tokens: Length of a guide's chunk, at most.
        count: Counts tokens.
        batch_size: How many digests are written into the cache at once; those of a batch that was stopped are
            written, too.
        progress: Called with ``pages`` (total not known) and ``condense``.

    Returns:
        The chunks with their digests.

    Raises:
        CrawlError: A page could not be read.
        ModelError: The engine failed.
        MalformedReplyError: The engine did not give one digest per chunk.
        StoreError: The cache cannot be used.
    """
    tell = progress or (lambda stage, done, total: None)
    chunks: dict[str, Chunk] = {}
    n_pages = 0
    for n_pages, page in enumerate(pages, start=1):
        for chunk in chunk_page(page, max_tokens=max_tokens, count=count):
            chunks.setdefault(chunk.id, chunk)
        tell("pages", n_pages, 0)
    found = cache.get(chunks.values(), engine=engine_name, prompt_hash=prompt_hash) if cache else {}
    # Held to their chunk again: what wrote them may have let more pass.
    known = {id: verbatim(chunks[id], digest) for id, digest in found.items()}
    n_cached = len(known)
    missing = [chunk for chunk in chunks.values() if chunk.id not in known]
    tell("condense", n_cached, len(chunks))
    batch: list[tuple[Chunk, Digest]] = []
    try:
        for chunk, digest in _condensed(missing, condense, engine_name=engine_name):
            known[chunk.id] = digest
            batch.append((chunk, digest))
            if len(batch) == batch_size:
                _keep(batch, cache, engine_name=engine_name, prompt_hash=prompt_hash)
                batch.clear()
            tell("condense", len(known), len(chunks))
    finally:
        _keep(batch, cache, engine_name=engine_name, prompt_hash=prompt_hash)
    every = tuple(chunks.values())
    digests = with_linked_descriptions(every, [known[chunk.id] for chunk in every])
    n_dropped = sum(digest.n_dropped for digest in digests)
    return Curated(every, tuple(digests), n_pages, n_cached, n_dropped)


def _condensed(
    chunks: Sequence[Chunk], condense: Condense, *, engine_name: str
) -> Iterator[tuple[Chunk, Digest]]:
    if not chunks:
        return
    for chunk, digest in zip_longest(chunks, condense(chunks)):
        if chunk is None or digest is None or digest.chunk_id != chunk.id:
            raise MalformedReplyError(
                f"{engine_name or 'the engine'} was given {len(chunks)} chunks to condense and gave back digests that "
                "are not theirs, one for each, in their order",
                model=engine_name,
            )
        yield chunk, verbatim(chunk, digest)


def _keep(
    batch: Sequence[tuple[Chunk, Digest]], cache: DigestCache | None, *, engine_name: str, prompt_hash: str
) -> None:
    if cache:
        # A digest that another engine stood in for is asked for again next time.
        own = [pair for pair in batch if pair[1].engine == engine_name]
        cache.put(own, engine=engine_name, prompt_hash=prompt_hash)


def verbatim(chunk: Chunk, digest: Digest) -> Digest:
    """Hold a digest to its chunk: all signatures, none that is not there, and no example that is not there.

    Args:
        chunk: What was condensed.
        digest: What came of it; a model may have shortened a signature, or invented an example.

    Returns:
        The digest with the chunk's signatures where it has some, and else those that are lines of its text;
        without an example of which a line is not in the chunk. Lines that are nowhere in the chunk are counted.
    """
    there = {line.strip() for line in (*chunk.text.splitlines(), *chunk.signatures)}
    there |= {line.removeprefix(prompt) for line in there for prompt in (">>> ", "... ", "$ ")}
    copied = tuple(line for line in digest.signatures if line.strip() in there)
    signatures = chunk.signatures or copied
    stray = [line for line in digest.example.splitlines() if line.strip() and line.strip() not in there]
    changes: dict[str, object] = {}
    if digest.signatures != signatures:
        changes["signatures"] = signatures
    if stray:
        changes["example"] = ""
    if n_invented := len(digest.signatures) - len(copied) + len(stray):
        changes["n_dropped"] = digest.n_dropped + n_invented
    return digest.model_copy(update=changes) if changes else digest
