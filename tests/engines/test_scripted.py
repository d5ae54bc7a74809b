from __future__ import annotations

import pytest

from doctranslate.engines.base import Counterpart
from doctranslate.engines.scripted import ScriptedEngine
from doctranslate.errors import ConfigError, MalformedReplyError, ModelRateLimitError
from doctranslate.records import Chunk, Digest, Job, Prompt, Rewritten

from .samples import JOB, PROMPT, chunk, document


def test_rewrite_when_replies_are_queued_then_gives_them_in_order_and_keeps_the_prompts() -> None:
    engine = ScriptedEngine(["```python\nimport a\n```", Rewritten("as it is"), "import b"])
    assert [engine.rewrite(PROMPT, JOB).code for _ in range(3)] == ["import a\n", "as it is", "import b\n"]
    assert engine.prompts == [PROMPT] * 3


def test_rewrite_when_a_function_is_given_then_calls_it_with_prompt_and_job() -> None:
    def reply(prompt: Prompt, job: Job) -> str:
        return f"{prompt.messages[-1].content} = 1\n" + job.code

    engine = ScriptedEngine(reply)
    assert engine.rewrite(PROMPT, JOB).code == "program = 1\n" + JOB.code


def test_rewrite_when_replies_run_out_then_says_how_many_there_were() -> None:
    engine = ScriptedEngine(["import a"])
    engine.rewrite(PROMPT, JOB)
    with pytest.raises(ConfigError, match=r"call 2 for rewrites, and 1 replies"):
        engine.rewrite(PROMPT, JOB)


def test_rewrite_when_the_reply_is_no_program_then_fails_as_a_model_would() -> None:
    with pytest.raises(MalformedReplyError):
        ScriptedEngine(["I cannot."]).rewrite(PROMPT, JOB)


def test_rewrite_when_the_reply_is_an_exception_then_raises_it() -> None:
    with pytest.raises(ModelRateLimitError):
        ScriptedEngine([ModelRateLimitError("wait")]).rewrite(PROMPT, JOB)


def test_rewrite_when_used_then_counts_one_call() -> None:
    assert ScriptedEngine(["import a"]).rewrite(PROMPT, JOB).usage.n_calls == 1


def test_counterpart_when_given_as_json_or_record_then_reads_both() -> None:
    engine = ScriptedEngine(counterparts=['{"queries": ["tag"]}', Counterpart(("push",))])
    docs = [document("git.Repo.create_tag", "Create a tag.")]
    assert engine.counterpart(docs, src="gitpython", dst="dvc").queries == ("tag",)
    assert engine.counterpart(docs, src="gitpython", dst="dvc").queries == ("push",)
    assert "Create a tag." in engine.prompts[0].messages[1].content


def test_condense_when_a_function_is_given_then_asks_it_for_each_chunk() -> None:
    def reply(prompt: Prompt, chunk: Chunk) -> str | Digest:
        return '{"description": "' + chunk.symbol + '"}'

    chunks = [chunk("one", symbol="a.b"), chunk("two", symbol="a.c")]
    engine = ScriptedEngine(digests=reply)
    found = engine.condense(chunks)
    assert [digest.description for digest in found] == ["a.b", "a.c"]
    assert {digest.prompt_hash for digest in found} == {engine.condense_hash}


def test_init_when_given_one_text_for_a_list_then_refuses() -> None:
    with pytest.raises(ConfigError, match="list"):
        ScriptedEngine("import a")
