from __future__ import annotations

import math

import openai
import pytest

from . import serve
from .conftest import Connect


@pytest.mark.parametrize("encoding", ["float", "base64", None])
def test_embeddings_when_asked_for_then_are_of_unit_length_and_in_order(
    connect: Connect, encoding: str | None
) -> None:
    given = {"encoding_format": encoding} if encoding else {}
    with serve() as fake:
        reply = connect(fake).embeddings.create(
            model="e", input=["push data", "pull data", "zebra"], dimensions=32, **given
        )
    vectors = [item.embedding for item in reply.data]
    if encoding != "base64":
        assert [len(vector) for vector in vectors] == [32] * 3
        assert all(math.isclose(math.hypot(*vector), 1, abs_tol=1e-5) for vector in vectors)
        near, far = (sum(map(float.__mul__, vectors[0], other)) for other in vectors[1:])
        assert near > far
    else:
        assert all(isinstance(vector, str) for vector in vectors)
    assert [item.index for item in reply.data] == [0, 1, 2]
    assert reply.usage.prompt_tokens > 0
    assert fake.requests == []


def test_embeddings_when_texts_are_token_numbers_then_are_taken(connect: Connect) -> None:
    with serve() as fake:
        client = connect(fake)
        many = client.embeddings.create(model="e", input=[[1, 2], [3]])
        one = client.embeddings.create(model="e", input=[1, 2])
    assert len(many.data) == 2
    assert one.data[0].embedding == many.data[0].embedding


@pytest.mark.parametrize("given", ["", [], ["x", ""]])
def test_embeddings_when_there_is_nothing_to_embed_then_are_refused(
    connect: Connect, given: str | list[str]
) -> None:
    with serve() as fake, pytest.raises(openai.BadRequestError, match="input"):
        connect(fake).embeddings.create(model="e", input=given)
