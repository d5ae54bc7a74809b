from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from . import Answer, chat, error, serve
from .conftest import Connect

URL = "/v1/chat/completions"


def line(name: str, text: str = "Hello?", **fields: Any) -> dict[str, Any]:
    body = {"model": "fake", "messages": [{"role": "user", "content": text}]}
    return {"custom_id": name, "method": "POST", "url": URL, "body": body, **fields}


def submit(client: openai.OpenAI, data: bytes, **fields: Any) -> Any:
    file = client.files.create(file=("in.jsonl", data), purpose="batch")
    given: Any = {"endpoint": URL, "completion_window": "24h", "input_file_id": file.id, **fields}
    return client.batches.create(**given)


def jsonl(*lines: dict[str, Any]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()


def read(client: openai.OpenAI, file_id: str) -> dict[str, Any]:
    found = [json.loads(text) for text in client.files.content(file_id).text.strip().split("\n")]
    return {each["custom_id"]: each for each in found}


def until_over(client: openai.OpenAI, batch: Any) -> tuple[Any, list[str]]:
    states = [batch.status]
    while states[-1] in ("validating", "in_progress", "finalizing"):
        batch = client.batches.retrieve(batch.id)
        states.append(batch.status)
    return batch, states


def shout(body: dict[str, Any]) -> Answer:
    text = body["messages"][0]["content"]
    return error(400, "no", code="bad") if text == "bad" else chat(text.upper())


@pytest.mark.parametrize(
    "data", [b"a\r\n\r\nb\n", b"--\r\n-- x", "\N{SNOWMAN}\u2028".encode(), b"\x00\xff", b""]
)
def test_files_when_uploaded_then_come_back_byte_by_byte(connect: Connect, data: bytes) -> None:
    with serve() as fake:
        client = connect(fake)
        file = client.files.create(file=("in.jsonl", data), purpose="batch")
        assert (file.bytes, file.filename, file.purpose) == (len(data), "in.jsonl", "batch")
        assert client.files.content(file.id).content == data
        assert [each.id for each in client.files.list()] == [file.id]
        assert client.files.retrieve(file.id).id == file.id
        assert client.files.delete(file.id).deleted
        with pytest.raises(openai.NotFoundError):
            client.files.retrieve(file.id)


def test_batch_when_looked_at_then_goes_through_its_states(connect: Connect) -> None:
    with serve(shout, looks=2) as fake:
        client = connect(fake)
        batch, states = until_over(client, submit(client, jsonl(line("a", "x\u2028y"), line("b", "z"))))
        found = read(client, batch.output_file_id)
    assert states == ["validating", "in_progress", "in_progress", "in_progress", "completed"]
    assert list(found) == ["b", "a"]  # joined by name, not by place
    response = found["a"]["response"]
    assert (response["status_code"], found["a"]["error"]) == (200, None)
    assert response["body"]["choices"][0]["message"]["content"] == "X\u2028Y"
    assert batch.error_file_id is None
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (
        2,
        2,
        0,
    )


def test_batch_when_its_replies_are_bare_then_a_response_is_the_completion(connect: Connect) -> None:
    with serve(shout, batch_shape="bare") as fake:
        client = connect(fake)
        batch, _ = until_over(client, submit(client, jsonl(line("a", "x"))))
        found = read(client, batch.output_file_id)
    assert found["a"]["response"]["choices"][0]["message"]["content"] == "X"


def test_batch_when_a_line_fails_then_it_is_in_the_error_file(connect: Connect) -> None:
    with serve(shout) as fake:
        client = connect(fake)
        batch, _ = until_over(client, submit(client, jsonl(line("a", "x"), line("b", "bad"))))
        good, bad = read(client, batch.output_file_id), read(client, batch.error_file_id)
    assert batch.status == "completed"
    assert (list(good), list(bad)) == (["a"], ["b"])
    assert bad["b"]["response"]["status_code"] == 400
    assert bad["b"]["response"]["body"]["error"]["code"] == "bad"
    assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 1)


def test_batch_when_it_expires_then_half_is_done_and_the_rest_says_so(connect: Connect) -> None:
    with serve(shout, batch_end="expired") as fake:
        client = connect(fake)
        batch, states = until_over(client, submit(client, jsonl(*(line(str(n)) for n in range(4)))))
        good, bad = read(client, batch.output_file_id), read(client, batch.error_file_id)
    assert states[-1] == "expired"
    assert (sorted(good), sorted(bad)) == (["0", "1"], ["2", "3"])
    assert bad["3"]["response"] is None
    assert bad["3"]["error"]["code"] == "batch_expired"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"{no\n", "invalid_json_line"),
        (jsonl(line("a"), line("a")), "duplicate_custom_id"),
        (jsonl(line("a", url="/v1/embeddings")), "mismatched_endpoint"),
        (jsonl({"custom_id": "a"}), "missing_required_parameter"),
    ],
)
def test_batch_when_its_file_is_wrong_then_it_fails_and_says_why(
    connect: Connect, data: bytes, code: str
) -> None:
    with serve() as fake:
        client = connect(fake)
        batch, states = until_over(client, submit(client, data))
    assert states == ["validating", "failed"]
    assert [each.code for each in batch.errors.data] == [code]
    assert batch.output_file_id is None


def test_batch_when_the_endpoint_fails_it_then_there_is_no_output(connect: Connect) -> None:
    with serve(batch_end="failed") as fake:
        client = connect(fake)
        batch, _ = until_over(client, submit(client, jsonl(line("a"))))
    assert (batch.status, batch.output_file_id) == ("failed", None)


def test_batch_when_cancelled_then_is_cancelled_at_the_next_look(connect: Connect) -> None:
    with serve() as fake:
        client = connect(fake)
        batch = submit(client, jsonl(line("a")))
        assert client.batches.cancel(batch.id).status == "cancelling"
        assert client.batches.retrieve(batch.id).status == "cancelled"
        assert [each.id for each in client.batches.list()] == [batch.id]


@pytest.mark.parametrize("fields", [{"input_file_id": "file-none"}, {"completion_window": "1h"}])
def test_batch_when_it_is_made_wrong_then_it_is_refused(connect: Connect, fields: dict[str, str]) -> None:
    with serve() as fake, pytest.raises(openai.BadRequestError):
        submit(connect(fake), jsonl(line("a")), **fields)


def test_batch_when_there_is_none_then_says_so(connect: Connect) -> None:
    with serve() as fake, pytest.raises(openai.NotFoundError, match="batch_9"):
        connect(fake).batches.retrieve("batch_9")


def test_batch_when_of_embeddings_then_lines_are_embedded(connect: Connect) -> None:
    asked = {
        "custom_id": "a",
        "method": "POST",
        "url": "/v1/embeddings",
        "body": {"model": "e", "input": "x"},
    }
    with serve() as fake:
        client = connect(fake)
        batch, _ = until_over(client, submit(client, jsonl(asked), endpoint="/v1/embeddings"))
        found = read(client, batch.output_file_id)
    assert len(found["a"]["response"]["body"]["data"]) == 1
