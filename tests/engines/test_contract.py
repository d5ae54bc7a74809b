"""What every engine keeps to, whatever it is made of."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from doctranslate.engines.base import Counterpart, Engine
from doctranslate.engines.model import ModelEngine
from doctranslate.engines.offline import OfflineEngine
from doctranslate.engines.scripted import ScriptedEngine
from doctranslate.records import Digest, Rewritten

from ..model_server import Answer, chat, serve
from .samples import JOB, PROMPT, TAG, api, chunk, document

CHUNKS = [
    api("lib.Repo.push", "push(remote=None, *, force: bool = False) -> int", "Send.\n\n>>> repo.push()\n"),
    chunk("# Guide\n\nHow it works.\n\n```python\nrepo.pull()\n```\n", headings=["Guide"]),
    api("lib.Repo.tag", "tag(name)"),
    chunk("", headings=["Empty"]),
    chunk("Unicode: \u4f60\u597d \U0001f680 <|im_end|> {{src}} \x00", headings=["Odd"]),
]
DIGEST = json.dumps({"description": "D.", "signatures": [], "example": "", "relevant": True})
COUNTERPART = json.dumps(
    {"queries": ["tag a version"], "documents": [{"symbol": "a.b", "description": "D."}]}
)
REWRITE = "```python\nimport dvc\n```"


def fake_answer(body: dict[str, Any]) -> Answer:
    system = body["messages"][0]["content"]
    if "condense" in system:
        return chat(DIGEST)
    return chat(COUNTERPART if "is used to search" in system else REWRITE)


@pytest.fixture(params=["offline", "scripted", "model"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "offline":
        yield OfflineEngine()
    elif request.param == "scripted":
        yield ScriptedEngine(
            lambda prompt, job: REWRITE,
            counterparts=lambda prompt, documents: COUNTERPART,
            digests=lambda prompt, chunk: DIGEST,
        )
    else:
        with serve(fake_answer) as fake:
            yield ModelEngine("openai:fake", base_url=fake.url, max_retries=0, timeout_s=10)


def test_condense_when_given_chunks_then_gives_one_digest_each_in_order(engine: Engine) -> None:
    found = list(engine.condense(CHUNKS))
    assert all(isinstance(digest, Digest) for digest in found)
    assert [digest.chunk_id for digest in found] == [each.id for each in CHUNKS]


def test_condense_when_given_a_chunk_with_signatures_then_keeps_them_verbatim(engine: Engine) -> None:
    for each, digest in zip(CHUNKS, engine.condense(CHUNKS), strict=True):
        assert digest.signatures == each.signatures
        assert all(line.strip() in each.text for line in digest.example.splitlines())


def test_condense_when_given_nothing_then_gives_nothing(engine: Engine) -> None:
    assert list(engine.condense([])) == []


def test_condense_when_done_then_says_who_wrote_it_by_which_wording(engine: Engine) -> None:
    for digest in engine.condense(CHUNKS):
        assert digest.engine == engine.name
        assert len(digest.prompt_hash) == 16


def test_counterpart_when_given_documents_then_gives_queries_and_marked_documents(engine: Engine) -> None:
    docs = [document(TAG, "Create a tag.")]
    found = engine.counterpart(docs, src="gitpython", dst="dvc", usages=JOB.usages)
    assert isinstance(found, Counterpart)
    assert found.queries
    assert all(query.strip() for query in found.queries)
    assert len(set(found.queries)) == len(found.queries)
    assert found.documents
    assert all(each.generated and each.chunk.uri == f"engine:{engine.name}" for each in found.documents)


def test_counterpart_when_no_calls_are_known_then_goes_by_the_documents(engine: Engine) -> None:
    assert engine.counterpart([document(TAG, "Create a tag.")], src="gitpython", dst="dvc").queries


def test_rewrite_when_given_a_program_then_gives_python(engine: Engine) -> None:
    found = engine.rewrite(PROMPT, replace(JOB, src="leftlib", dst="rightlib"))
    assert isinstance(found, Rewritten)
    ast.parse(found.code)
    assert found.usage.n_calls == int(engine.is_model)


def test_condense_hash_when_asked_before_then_is_that_of_the_digests(engine: Engine) -> None:
    assert isinstance(engine, OfflineEngine | ScriptedEngine | ModelEngine)
    assert {digest.prompt_hash for digest in engine.condense(CHUNKS)} == {engine.condense_hash}
