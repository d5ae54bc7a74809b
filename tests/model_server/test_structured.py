from __future__ import annotations

import json
from typing import Any, Literal

import jsonschema
import openai
import pytest
from pydantic import BaseModel, ConfigDict

from doctranslate.engines.structured import CounterpartReply, DigestReply

from . import chat, serve
from .conftest import Connect
from .schemas import example, strict_problem

ASK: dict[str, Any] = {"model": "fake", "messages": [{"role": "user", "content": "Hello?"}]}
STRICT = ConfigDict(extra="forbid")


class Leaf(BaseModel):
    model_config = STRICT
    kind: Literal["leaf", "branch"]
    size: int | None
    share: float
    is_old: bool


class Tree(BaseModel):
    model_config = STRICT
    name: str
    leaves: list[Leaf]
    under: list[Tree]
    beside: Tree | None


def form(schema: dict[str, Any], *, strict: bool = True) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "it", "strict": strict, "schema": schema}}


@pytest.mark.parametrize("model", [Tree, Leaf, DigestReply, CounterpartReply])
def test_structured_when_obeyed_then_the_reply_validates(connect: Connect, model: type[BaseModel]) -> None:
    with serve() as fake:
        reply = connect(fake).chat.completions.parse(**ASK, response_format=model)
        text = reply.choices[0].message.content or ""
    assert isinstance(reply.choices[0].message.parsed, model)
    jsonschema.validate(json.loads(text), model.model_json_schema())
    assert fake.requests[0]["response_format"]["json_schema"]["strict"] is True


def test_structured_when_asked_twice_then_replies_the_same_and_otherwise_not(connect: Connect) -> None:
    def ask(text: str) -> str:
        given: Any = {"model": "m", "messages": [{"role": "user", "content": text}]}
        reply = client.chat.completions.create(**given, response_format=form(schema))
        return reply.choices[0].message.content or ""

    schema = DigestReply.model_json_schema()
    with serve() as fake:
        client = connect(fake)
        assert ask("a") == ask("a") != ask("b")


def test_structured_when_refused_then_names_the_parameter(connect: Connect) -> None:
    with serve(structured="refuse") as fake:
        client = connect(fake)
        with pytest.raises(openai.BadRequestError, match="response_format") as caught:
            client.chat.completions.create(**ASK, response_format=form(Leaf.model_json_schema()))
        assert client.chat.completions.create(**ASK).choices[0].message.content
    assert caught.value.param == "response_format"


def test_structured_when_ignored_then_the_reply_is_no_json(connect: Connect) -> None:
    with serve(structured="ignore") as fake:
        reply = connect(fake).chat.completions.create(**ASK, response_format=form({"type": "array"}))
    with pytest.raises(ValueError):
        json.loads(reply.choices[0].message.content)


def test_structured_when_an_answer_is_scripted_then_it_stands_as_it_is(connect: Connect) -> None:
    with serve([chat("no JSON")]) as fake:
        reply = connect(fake).chat.completions.create(**ASK, response_format=form(Leaf.model_json_schema()))
    assert reply.choices[0].message.content == "no JSON"


def test_structured_when_only_an_object_is_asked_for_then_gives_one(connect: Connect) -> None:
    with serve() as fake:
        reply = connect(fake).chat.completions.create(**ASK, response_format={"type": "json_object"})
    assert isinstance(json.loads(reply.choices[0].message.content or ""), dict)


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "array"}, "'type: \"object\"'"),
        ({"type": "object", "properties": {}}, "additionalProperties"),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, "Missing 'a'"),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "object"}},
                "required": ["a"],
                "additionalProperties": False,
            },
            r"\('properties', 'a'\)",
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "integer", "default": 1}},
                "required": ["a"],
                "additionalProperties": False,
            },
            "'default' is not permitted",
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"$ref": "#/$defs/A", "description": "x"}},
                "required": ["a"],
                "additionalProperties": False,
                "$defs": {"A": {"type": "string"}},
            },
            "ref cannot have keywords",
        ),
    ],
)
def test_structured_when_a_strict_schema_breaks_the_rules_then_it_is_refused(
    connect: Connect, schema: dict[str, Any], says: str
) -> None:
    with serve() as fake:
        client = connect(fake)
        with pytest.raises(openai.BadRequestError, match=says):
            client.chat.completions.create(**ASK, response_format=form(schema))
        assert client.chat.completions.create(**ASK, response_format=form(schema, strict=False)).choices


@pytest.mark.parametrize("model", [DigestReply, CounterpartReply])
def test_strict_problem_when_a_schema_is_one_that_is_sent_then_there_is_none(model: type[BaseModel]) -> None:
    assert strict_problem(model.model_json_schema()) == ""


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 90},
        {"type": "string", "maxLength": 3},
        {"type": "integer", "minimum": 7},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": ["string", "null"]},
        {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
        {"type": "array", "maxItems": 0},
        {"enum": [3, 4]},
        {"const": "x"},
        {"anyOf": [{"type": "null"}, {"type": "integer"}]},
        {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}], "required": ["a"]},
        {"type": "null"},
    ],
)
def test_example_when_given_a_schema_then_validates(schema: dict[str, Any]) -> None:
    jsonschema.validate(example(schema, "word"), schema)
