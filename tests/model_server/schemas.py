"""JSON for a JSON schema, and OpenAI's rules for the schemas that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 5


def example(schema: dict[str, Any], word: str) -> Any:
    """A value that validates, the same for the same ``word``.

    Args:
        schema: With ``$defs`` in its root, as pydantic writes it.
        word: Stands in every text.
    """
    return _value(schema, schema, word, "", 0)


def strict_problem(schema: dict[str, Any]) -> str:
    """Why OpenAI's strict mode refuses a schema, or ""."""
    if schema.get("type") != "object":
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'."
    for where, part in _parts(schema, ()):
        at = f"In context=({', '.join(repr(name) for name in where)}), "
        if "$ref" in part and len(part) > 1:
            return f"{at}$ref cannot have keywords {sorted(set(part) - {'$ref'})}."
        if "default" in part:
            return f"{at}'default' is not permitted."
        if part.get("type") == "object" or "properties" in part:
            if part.get("additionalProperties") is not False:
                return f"{at}'additionalProperties' is required to be supplied and to be false."
            missing = sorted(set(part.get("properties", {})) - set(part.get("required", ())))
            if missing:
                return (
                    f"{at}'required' is required to be supplied and to be an array including every key "
                    f"in properties. Missing '{missing[0]}'."
                )
    return ""


def _parts(
    schema: dict[str, Any], where: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """A schema and all schemas in it."""
    yield where, schema
    for group in ("properties", "$defs", "definitions"):
        for name, part in schema.get(group, {}).items():
            yield from _parts(part, (*where, group, name))
    for group in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(group, ()):
            yield from _parts(part, (*where, group))
    if isinstance(schema.get("items"), dict):
        yield from _parts(schema["items"], (*where, "items"))


def _value(schema: dict[str, Any], root: dict[str, Any], word: str, name: str, depth: int) -> Any:
    if "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/") if schema["$ref"] != "#" else ():
            target = target[step.replace("~1", "/").replace("~0", "~")]
        return _value(target, root, word, name, depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for group in ("anyOf", "oneOf"):
        if group in schema:
            return _value(_simplest(schema[group], depth), root, word, name, depth)
    if "allOf" in schema:
        merged = {key: value for part in schema["allOf"] for key, value in part.items()}
        return _value(
            {**merged, **{k: v for k, v in schema.items() if k != "allOf"}}, root, word, name, depth
        )
    kind = schema.get("type") or ("object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = "null" if depth > MAX_DEPTH and "null" in kind else kind[0]
    if kind == "object":
        return _object(schema, root, word, depth)
    if kind == "array":
        n = max(schema.get("minItems", 0), 0 if depth > MAX_DEPTH else min(1, schema.get("maxItems", 1)))
        items = schema.get("items") or {"type": "string"}
        return [_value(items, root, f"{word}{number or ''}", name, depth + 1) for number in range(n)]
    return _scalar(kind, schema, f"{name} {word}".strip())


def _simplest(options: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        return next((each for each in options if each.get("type") == "null"), options[0])
    return next((each for each in options if each.get("type") != "null"), options[0])


def _object(schema: dict[str, Any], root: dict[str, Any], word: str, depth: int) -> dict[str, Any]:
    fields = schema.get("properties", {})
    names = [name for name in fields if depth <= MAX_DEPTH or name in schema.get("required", ())]
    return {name: _value(fields[name], root, word, name, depth + 1) for name in names}


def _scalar(kind: str, schema: dict[str, Any], text: str) -> Any:
    if kind in ("integer", "number"):
        least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
        return int(least) if kind == "integer" else least
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    text = text.ljust(schema.get("minLength", 0), ".")
    return text[: schema["maxLength"]] if "maxLength" in schema else text
