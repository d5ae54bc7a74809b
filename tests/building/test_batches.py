"""What builds would ask: each once, and nothing that has a digest or a reply."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from doctranslate import plan_build
from doctranslate.building.batches import Asked, ask_builds, digest_tokens, unanswered
from doctranslate.building.survey import survey
from doctranslate.calls.ledger import Call, Ledger
from doctranslate.calls.request import Reply, Request, key_of, prompt_tokens_of
from doctranslate.calls.settings import ModelSettings
from doctranslate.config import cache_dir
from doctranslate.curation.digests import DigestCache
from doctranslate.engines import extract
from doctranslate.engines.condensing import condense_request, condensing_hash, problem_of_reply
from doctranslate.records import Chunk

MODEL = "openai:gpt-4o-mini"
SETTINGS = ModelSettings(model=MODEL)


def folder(tmp_path: Path, *texts: str) -> Path:
    made = tmp_path / "pages"
    made.mkdir(exist_ok=True)
    for n, text in enumerate(texts):
        (made / f"page{n}.md").write_text(f"# Page {n}\n\n{text}\n")
    return made


def ask(tmp_path: Path, *texts: str, settings: ModelSettings = SETTINGS) -> tuple[list[Request], Asked]:
    pages = folder(tmp_path, *texts)
    return ask_builds(["platformdirs"], settings, sources=["folder"], folders=[pages], stores=tmp_path / "s")


def keep(request: Request, settings: ModelSettings = SETTINGS) -> None:
    reply = Reply('{"description": "Kept."}')
    call = Call("job", settings.model, "condense", key_of(request, settings), 0, request.messages)
    with closing(Ledger(cache_dir() / "calls.sqlite")) as book:
        book.record(call, reply)


def test_ask_builds_when_nothing_is_known_then_every_chunk_is_asked_for_and_nothing_is_written(
    tmp_path: Path, own_cache: Path
) -> None:
    requests, asked = ask(tmp_path, "Opens a crate.", "Closes a crate.")
    assert (asked.n_chunks, asked.n_calls, asked.n_condensed, asked.n_answered) == (2, 2, 0, 0)
    assert asked.prompt_tokens == sum(prompt_tokens_of(request, MODEL) for request in requests)
    expected = (0.15 * asked.prompt_tokens + 0.60 * asked.completion_tokens) / 1e6
    assert asked.cost_usd == pytest.approx(expected) and asked.cost_usd > 0
    assert not list(own_cache.rglob("*.sqlite")) and not (tmp_path / "s").exists()


def test_ask_builds_when_replies_are_kept_then_only_the_others_are_asked_for_as_the_plan_says(
    tmp_path: Path,
) -> None:
    first, second = ask(tmp_path, "Opens a crate.", "Closes a crate.")[0]
    keep(first)
    left, asked = ask(tmp_path, "Opens a crate.", "Closes a crate.")
    assert left == [second]
    assert (asked.n_chunks, asked.n_answered, asked.n_calls) == (2, 1, 1)
    plan = plan_build(
        "platformdirs", sources=["folder"], folders=[tmp_path / "pages"], engine=MODEL, stores=tmp_path / "s"
    )
    assert (plan.n_condensed, plan.n_calls) == (2, 1)
    # Another temperature asks for another reply.
    assert ask(tmp_path, settings=ModelSettings(model=MODEL, temperature=1))[1].n_calls == 2


def test_ask_builds_when_a_chunk_is_condensed_then_it_is_not_asked_for(tmp_path: Path) -> None:
    chunk = made_chunk("Opens a crate.")
    digest = extract.digest(chunk).model_copy(update={"engine": MODEL})
    assert [left.request for left in unanswered([(chunk, digest)], SETTINGS)] == [
        condense_request(chunk, model=MODEL)
    ]
    requests, _ = ask(tmp_path, "Opens a crate.", "Closes a crate.")
    cache = DigestCache(cache_dir() / "digests.sqlite")
    found = survey(
        "platformdirs",
        engine_name=MODEL,
        prompt_hash=condensing_hash(),
        sources=["folder"],
        folders=[tmp_path / "pages"],
        stores=tmp_path / "s",
    )
    cache.put(found.missing[:1], engine=MODEL, prompt_hash=condensing_hash())
    left, asked = ask(tmp_path)
    assert (asked.n_condensed, left) == (1, requests[1:])


def test_unanswered_when_two_chunks_ask_the_same_then_it_is_asked_once() -> None:
    chunk = made_chunk("Opens a crate.")
    pair = (chunk, extract.digest(chunk))
    assert len(unanswered([pair, pair], SETTINGS)) == 1
    keep(condense_request(chunk, model=MODEL))
    assert unanswered([pair], SETTINGS) == []
    assert len(unanswered([pair], ModelSettings(model=MODEL, cache=False))) == 1
    assert digest_tokens(pair[1], MODEL) > 5


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ('{"description": "Opens."}', True),
        ('Here it is:\n```json\n{"description": "Opens.", "signatures": []}\n```', True),
        ('{"summary": "Opens."}', False),
        ("Opens a crate.", False),
        ('{"description": "Op', False),
    ],
)
def test_problem_of_reply_when_it_is_no_digest_then_it_is_told(text: str, is_good: bool) -> None:
    assert bool(problem_of_reply("condense", text)) != is_good
    assert problem_of_reply("rewrite", text) == ""


def made_chunk(text: str) -> Chunk:
    return Chunk(
        id=Chunk.make_id("x:1", "", (), text),
        uri="x:1",
        symbol="",
        kind="guide",
        text=text,
        signatures=(),
        n_tokens=9,
    )
