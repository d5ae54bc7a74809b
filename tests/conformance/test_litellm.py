"""The model engine against a server that we did not write; and ours, which must not differ from it."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from langchain_openai import ChatOpenAI

from doctranslate.calls.openai_endpoint import OpenAIEndpoint
from doctranslate.calls.request import Request
from doctranslate.calls.settings import ModelSettings
from doctranslate.engines.model import ModelEngine
from doctranslate.errors import (
    ContextLengthError,
    MalformedReplyError,
    ModelAuthError,
    ModelError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from doctranslate.records import Message

from ..engines.samples import JOB, PROMPT, TAG, api, document
from .litellm import Proxy
from .replies import CODE, CUT, TEXTS

ASK: list[Any] = [{"role": "user", "content": "Hello?"}]
CHUNKS = [api(f"lib.f{n}", "tag(name)") for n in range(12)]


def engine(server: Proxy, model: str, **settings: Any) -> ModelEngine:
    given = {"base_url": server.url, "api_key": server.key, "max_retries": 0, "timeout_s": 60, **settings}
    return ModelEngine(f"openai:{model}", **given)


def client(server: Proxy) -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key=server.key, max_retries=0, timeout=60)


def test_condense_when_asked_then_gives_digests_by_structured_output(server: Proxy) -> None:
    found = list(engine(server, "digest", max_workers=4).condense(CHUNKS))
    assert [(each.chunk_id, each.description, each.signatures, each.engine) for each in found] == [
        (chunk.id, "Names a commit.", ("tag(name)",), "openai:digest") for chunk in CHUNKS
    ]


def test_condense_when_the_reply_is_prose_then_the_chunk_is_extracted(server: Proxy) -> None:
    (found,) = engine(server, "prose").condense(CHUNKS[:1])
    assert (found.engine, found.signatures) == ("offline", ("tag(name)",))


def test_counterpart_when_asked_then_gives_queries_and_documents(server: Proxy) -> None:
    found = engine(server, "counterpart").counterpart(
        [document(TAG, "Create a tag.")], src="gitpython", dst="dvc", usages=JOB.usages
    )
    assert found.queries == ("tag a version",)
    assert found.documents[0].chunk.symbol == "Git.tag"
    assert (found.usage.n_calls, found.usage.prompt_tokens, found.usage.completion_tokens) == (1, 10, 20)


def test_rewrite_when_asked_then_gives_code_and_usage(server: Proxy) -> None:
    found = engine(server, "code", seed=1, max_tokens=500).rewrite(PROMPT, JOB)
    assert found.code == CODE
    assert (found.usage.n_calls, found.usage.prompt_tokens, found.usage.completion_tokens) == (1, 10, 20)


def test_rewrite_when_asked_twice_then_the_second_costs_nothing(server: Proxy) -> None:
    asked = engine(server, "code")
    asked.rewrite(PROMPT, JOB)
    again = asked.rewrite(PROMPT, JOB)
    assert (again.code, again.usage.n_calls, again.usage.n_cached) == (CODE, 0, 1)


def test_rewrite_when_given_a_langchain_model_then_gives_the_same(server: Proxy) -> None:
    model = ChatOpenAI(model="code", base_url=server.url, api_key=server.key, max_retries=0)
    found = ModelEngine(model).rewrite(PROMPT, JOB)
    assert found.code == CODE
    assert (found.usage.prompt_tokens, found.usage.completion_tokens) == (10, 20)


@pytest.mark.parametrize(
    ("model", "expected", "says"),
    [
        ("limited", ModelRateLimitError, "too many requests"),
        ("broken", ModelUnavailableError, "HTTP 500"),
        ("small", ContextLengthError, "context window"),
        ("cut", MalformedReplyError, "cut off"),
        ("filtered", MalformedReplyError, "content filter"),
        ("empty", MalformedReplyError, "empty"),
        ("no-such-model", ModelError, "no-such-model"),
    ],
)
def test_rewrite_when_it_fails_then_raises_the_error_that_fits(
    server: Proxy, model: str, expected: type[ModelError], says: str
) -> None:
    with pytest.raises(ModelError, match=says) as caught:
        engine(server, model).rewrite(PROMPT, JOB)
    assert type(caught.value) is expected
    assert server.key not in str(caught.value)


def test_rewrite_when_the_answer_is_late_then_says_so(server: Proxy) -> None:
    with pytest.raises(ModelTimeoutError):
        engine(server, "slow", timeout_s=1).rewrite(PROMPT, JOB)


def test_rewrite_when_the_key_is_wrong_then_says_so_and_not_which(server: Proxy) -> None:
    with pytest.raises(ModelError) as caught:
        engine(server, "code", api_key="sk-wrong-wrong-wrong-wrong").rewrite(PROMPT, JOB)
    # LiteLLM looks an unknown key up in its database, and answers 400 where it has none.
    assert isinstance(caught.value, ModelAuthError) or "No connected db" in str(caught.value)
    assert "sk-wrong-wrong-wrong-wrong" not in str(caught.value)


@pytest.mark.parametrize("name", ["code", "prose"])
def test_stream_when_read_then_the_pieces_are_the_reply(server: Proxy, name: str) -> None:
    settings = ModelSettings(model=f"openai:{name}", base_url=server.url, api_key=server.key, timeout_s=60)
    endpoint = OpenAIEndpoint(settings)
    pieces = list(endpoint.stream(Request((Message(role="user", content="Hello?"),), "check")))
    assert "".join(pieces) == TEXTS[name]
    assert len(pieces) > 1


def test_stream_when_usage_is_asked_for_then_the_end_has_it(server: Proxy) -> None:
    with client(server) as asking:
        *_, last = asking.chat.completions.create(
            model="prose", messages=ASK, stream=True, stream_options={"include_usage": True}
        )
    assert last.usage is not None
    assert last.usage.completion_tokens > 0
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens


def test_stream_when_refused_then_raises_before_it_begins(server: Proxy) -> None:
    with client(server) as asking, pytest.raises(openai.RateLimitError):
        asking.chat.completions.create(model="limited", messages=ASK, stream=True)


def test_reply_when_read_by_the_client_then_has_the_fields_of_the_protocol(server: Proxy) -> None:
    with client(server) as asking:
        reply = asking.chat.completions.create(model="cut", messages=ASK)
    assert (reply.object, reply.choices[0].finish_reason, reply.choices[0].message.content) == (
        "chat.completion",
        "length",
        CUT,
    )
    assert reply.id
    assert reply.created > 1_600_000_000
