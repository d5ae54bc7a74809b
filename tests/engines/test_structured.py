from __future__ import annotations

import json

import pytest

from doctranslate.engines.structured import generated_document, parse_counterpart, parse_digest
from doctranslate.errors import MalformedReplyError

from .samples import api, chunk

TAG = api("scmrepo.git.Git.tag", "tag(name: str, target=None)", "Names a version.\n\n>>> scm.tag('v1')\n")


def digest_reply(**fields: object) -> str:
    return json.dumps(
        {"description": "Names a version.", "signatures": ["tag(name: str, target=None)"], **fields}
    )


@pytest.mark.parametrize("wrap", ["{}", "```json\n{}\n```", "Here: {} Anything else?", "Note {{a}}: {}"])
def test_parse_digest_when_json_is_wrapped_then_reads_it(wrap: str) -> None:
    found = parse_digest(
        wrap.format(digest_reply(example=">>> scm.tag('v1')")), TAG, engine="m", prompt_hash="h"
    )
    assert (found.chunk_id, found.description, found.engine, found.prompt_hash) == (
        TAG.id,
        "Names a version.",
        "m",
        "h",
    )
    assert found.signatures == TAG.signatures
    assert found.example == ">>> scm.tag('v1')"
    assert found.relevant


def test_parse_digest_when_a_signature_is_invented_then_drops_it() -> None:
    reply = digest_reply(signatures=["tag(name:  str,  target=None)", "tag(name, force=True)"])
    found = parse_digest(reply, TAG, engine="m", prompt_hash="")
    assert (found.signatures, found.n_dropped) == (("tag(name: str, target=None)",), 1)


def test_parse_digest_when_every_signature_is_invented_then_keeps_the_chunks_own() -> None:
    reply = digest_reply(signatures=["tag(name, force=True)"])
    assert parse_digest(reply, TAG, engine="m", prompt_hash="").signatures == TAG.signatures


def test_parse_digest_when_one_line_of_the_example_is_invented_then_drops_the_example() -> None:
    reply = digest_reply(example=">>> scm.tag('v1')\n>>> scm.push_everything()")
    found = parse_digest(reply, TAG, engine="m", prompt_hash="")
    assert (found.example, found.n_dropped) == ("", 1)


def test_parse_digest_when_a_signature_is_blank_then_it_is_neither_kept_nor_counted() -> None:
    found = parse_digest(digest_reply(signatures=["", " "]), TAG, engine="m", prompt_hash="")
    assert (found.signatures, found.n_dropped) == (TAG.signatures, 0)


def test_parse_digest_when_fields_are_missing_or_null_then_fills_them() -> None:
    found = parse_digest(
        '{"description": "D.", "example": null, "more": 1}', chunk("text"), engine="m", prompt_hash=""
    )
    assert (found.description, found.signatures, found.example, found.relevant) == ("D.", (), "", True)


@pytest.mark.parametrize(
    "reply", ["", "no", "{", "[]", '{"description": 3}', '{"signatures": []}', "{" * 5000]
)
def test_parse_digest_when_it_is_not_the_json_asked_for_then_raises_and_keeps_the_reply(reply: str) -> None:
    with pytest.raises(MalformedReplyError) as caught:
        parse_digest(reply, TAG, engine="m", prompt_hash="")
    assert caught.value.reply == reply


def test_parse_counterpart_when_well_formed_then_gives_queries_and_generated_documents() -> None:
    reply = json.dumps(
        {
            "queries": ["name a\nversion", "name a version", "  "],
            "documents": [
                {"symbol": "scmrepo.git.Git.tag", "description": "Names.", "signatures": ["tag(n)"]}
            ],
        }
    )
    found = parse_counterpart(reply, engine="m")
    assert found.queries == ("name a version",)
    (document,) = found.documents
    assert document.generated
    assert document.chunk.uri == "engine:m"
    assert document.for_prompt() == "scmrepo.git.Git.tag\nNames.\ntag(n)"


def test_parse_counterpart_when_it_says_nothing_then_raises() -> None:
    with pytest.raises(MalformedReplyError, match="no counterpart"):
        parse_counterpart('{"queries": []}', engine="m")


def test_generated_document_when_made_twice_then_has_the_same_id() -> None:
    one, two = (generated_document(symbol="a.b", description="D", engine="m") for _ in range(2))
    assert one == two
    assert one.chunk.id != generated_document(symbol="a.c", description="D", engine="m").chunk.id
