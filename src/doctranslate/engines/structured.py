"""Reads the JSON that a model answers with: digests and counterparts.

What comes back is held to what went in: a digest keeps no signature and no code that its chunk does not have.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from doctranslate.engines.base import Counterpart
from doctranslate.errors import MalformedReplyError
from doctranslate.records import Chunk, Digest, Document, Usage

Reply = TypeVar("Reply", bound=BaseModel)

MAX_PROSE_CHARS = 2_000
"""How much of a reply in prose is used as a query."""


class _Lenient(BaseModel):
    """Reads a reply that leaves fields out, while the schema that is sent demands them all.

    OpenAI's strict structured output takes no schema with optional fields.
    """

    model_config = ConfigDict(extra="ignore", json_schema_extra={"additionalProperties": False})

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        empty = {"signatures": [], "documents": [], "relevant": True, "example": "", "symbol": ""}
        given = {key: value for key, value in data.items() if value is not None}
        return {**{key: value for key, value in empty.items() if key in cls.model_fields}, **given}


class DigestReply(_Lenient):
    """The fields of a digest that a model writes."""

    description: str = Field(description="What it is for, in one or two sentences.")
    signatures: list[str] = Field(description="Signature lines, copied character by character.")
    example: str = Field(description="Code of the most useful example, copied, or empty.")
    relevant: bool = Field(description="False for change logs, licences and the like.")


class DocumentReply(_Lenient):
    """A document about the target library as a model writes it."""

    symbol: str = Field(description="Qualified name in the target library.")
    description: str = Field(description="What it is for, in one or two sentences.")
    signatures: list[str] = Field(description="Signature lines.")
    example: str = Field(description="Short example code.")


class CounterpartReply(_Lenient):
    """What a model says of the target library."""

    queries: list[str] = Field(description="One text for each functionality.")
    documents: list[DocumentReply] = Field(description="One for each functionality.")


def parse_digest(reply: str, chunk: Chunk, *, engine: str, prompt_hash: str) -> Digest:
    """The digest in a reply, without any signature or code line that the chunk does not have; those are counted.

    Args:
        reply: JSON text, with or without a fence and prose around it.
        chunk: What was condensed.
        engine: Name to write into the digest.
        prompt_hash: Of the prompt that was used.

    Raises:
        MalformedReplyError: There is no such JSON in it.
    """
    found = validated(DigestReply, reply, model=engine)
    known = {_squeezed(line): line.strip() for line in [*chunk.text.splitlines(), *chunk.signatures]}
    written = [_squeezed(line) for line in found.signatures if line.strip()]
    signatures = tuple(known[line] for line in written if line in known)
    there = set(known.values())
    stray = [line for line in found.example.splitlines() if line.strip() and line.strip() not in there]
    return Digest(
        chunk_id=chunk.id,
        description=" ".join(found.description.split()),
        signatures=signatures or chunk.signatures,
        # All or nothing: an example with lines missing from its middle would mislead.
        example="" if stray else found.example.strip("\n"),
        relevant=found.relevant,
        engine=engine,
        prompt_hash=prompt_hash,
        n_dropped=len(written) - len(signatures) + len(stray),
    )


def parse_counterpart(reply: str, *, engine: str, usage: Usage | None = None) -> Counterpart:
    """Queries and generated documents in a reply.

    Args:
        reply: JSON text, with or without a fence and prose around it.
        engine: Name to write into the documents.
        usage: What the reply cost.

    Raises:
        MalformedReplyError: There is no such JSON in it, or it holds neither query nor document.
    """
    found = validated(CounterpartReply, reply, model=engine)
    queries = dict.fromkeys(text for text in (" ".join(query.split()) for query in found.queries) if text)
    written = (item for item in found.documents if item.symbol or item.description)
    documents = tuple(generated_document(**item.model_dump(), engine=engine) for item in written)
    if not queries and not documents:
        raise MalformedReplyError("the reply names no counterpart", model=engine, reply=reply)
    return Counterpart(tuple(queries), documents, usage or Usage())


def prose_counterpart(reply: str, *, engine: str, usage: Usage | None = None) -> Counterpart:
    """A reply that is no JSON as one query and one generated document.

    Args:
        reply: What the model wrote.
        engine: Name to write into the document.
        usage: What the reply cost.

    Raises:
        MalformedReplyError: There is nothing in it.
    """
    text = " ".join(reply.split())
    if not text:
        raise MalformedReplyError("the reply names no counterpart: it is empty", model=engine, reply=reply)
    document = generated_document(symbol="", description=reply.strip(), engine=engine)
    return Counterpart((text[:MAX_PROSE_CHARS],), (document,), usage or Usage())


def generated_document(
    *, symbol: str, description: str, signatures: Sequence[str] = (), example: str = "", engine: str
) -> Document:
    """A document that an engine wrote: it has no component, and so backs no citation."""
    text = "\n".join([symbol, description, *signatures, example]).strip()
    uri = f"engine:{engine}"
    chunk = Chunk(
        id=Chunk.make_id(uri, symbol, (), text),
        uri=uri,
        symbol=symbol,
        kind="api" if symbol else "guide",
        text=text,
        signatures=tuple(signatures),
        n_tokens=len(text),  # never put into a store; one token a character is on the safe side
    )
    digest = Digest(
        chunk_id=chunk.id,
        description=description,
        signatures=chunk.signatures,
        example=example,
        engine=engine,
    )
    return Document(chunk, digest)


def validated(schema: type[Reply], reply: str, *, model: str) -> Reply:
    """The first JSON object in a reply that has the fields of a schema.

    Args:
        schema: What is wanted.
        reply: JSON text, with or without a fence and prose around it.
        model: Name of the model, for the error.

    Raises:
        MalformedReplyError: There is no such object in it.
    """
    problem = "it holds no JSON object"
    for data in _json_objects(reply):
        try:
            return schema.model_validate(data)
        except ValidationError as exc:
            first = exc.errors()[0]
            problem = f"field {'.'.join(map(str, first['loc']))}: {first['msg']}"
    raise MalformedReplyError(f"the reply is not the JSON asked for: {problem}", model=model, reply=reply)


def _json_objects(text: str) -> Iterator[dict[str, Any]]:
    """Every JSON object in a text, outermost, in order."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    while at >= 0:
        try:
            data, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            at = text.find("{", at + 1)
            continue
        if isinstance(data, dict):
            yield data
        at = text.find("{", end)


def _squeezed(line: str) -> str:
    return " ".join(line.split())
