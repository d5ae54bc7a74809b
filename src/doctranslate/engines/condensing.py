"""What a model is asked for a chunk: without a model at hand, for plans and batches."""

from __future__ import annotations

from doctranslate.calls.request import Purpose, Request, Schema
from doctranslate.engines.structured import DigestReply, validated
from doctranslate.errors import MalformedReplyError
from doctranslate.prompts.build import condense_prompt
from doctranslate.prompts.templates import template_hash
from doctranslate.records import Chunk

DIGEST = Schema("digest", DigestReply.model_json_schema())
"""The form of a digest as a model writes it."""


def condense_request(chunk: Chunk, *, model: str) -> Request:
    """What a model is asked for a chunk.

    Args:
        chunk: To be condensed.
        model: ``provider:model``; its tokenizer decides what fits.
    """
    return Request(condense_prompt(chunk, model=model).messages, "condense", schema=DIGEST)


def condensing_hash() -> str:
    """Hash of the prompt that a model condenses by: part of the key that its digests are kept under."""
    return template_hash("condense.system", "condense")


def problem_of_reply(purpose: Purpose, text: str) -> str:
    """Why a reply cannot be used, or "" when it can.

    Args:
        purpose: What was asked for; only of a digest it is known what it must hold.
        text: What a model wrote.
    """
    if purpose == "condense":
        try:
            validated(DigestReply, text, model="")
        except MalformedReplyError:
            return "not the JSON that was asked for"
    return ""
