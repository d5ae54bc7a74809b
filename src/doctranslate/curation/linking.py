"""Lets the digest of a function say what the help of its command says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doctranslate.records import Chunk, Digest


def with_linked_descriptions(chunks: Sequence[Chunk], digests: Sequence[Digest]) -> list[Digest]:
    """Add to an object's description that of the command it is behind.

    ``dvc.repo.Repo.add`` has no docstring; ``dvc add --help`` says what it does.

    Args:
        chunks: Of one component.
        digests: Theirs, in the same order.

    Returns:
        The digests; those of API chunks with a link to a command have its description besides their own.
    """
    commands = {
        chunk.symbol: digest.description
        for chunk, digest in zip(chunks, digests, strict=True)
        if chunk.kind == "cli" and digest.description
    }
    return [_linked(chunk, digest, commands) for chunk, digest in zip(chunks, digests, strict=True)]


def _linked(chunk: Chunk, digest: Digest, commands: Mapping[str, str]) -> Digest:
    if chunk.kind != "api":
        return digest
    said = [commands[link] for link in chunk.links if link in commands]
    more = [text for text in dict.fromkeys(said) if text not in digest.description]
    if not more:
        return digest
    return digest.model_copy(update={"description": " ".join([digest.description, *more]).strip()})
