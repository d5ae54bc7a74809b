"""Takes wrappings off: fences, tags, reasoning, JSON, notebooks, line numbers, HTML's entities, a session's prompts."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from doctranslate.engines.replies.omissions import with_statements
from doctranslate.engines.replies.parsing import parsed

FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)$")
_PYTHON = frozenset({"python", "py", "python3", "py3", "pycon"})
_TAG = re.compile(r"\A\s*<(?P<tag>program(?:-\d+)?)>\n(?P<code>.*?)\n?</(?P=tag)>\s*\Z", re.DOTALL)
_ANY_TAG = re.compile(r"<(?P<tag>[A-Za-z][\w-]{0,40})(?:\s[^<>\n]{0,200})?>")
_THOUGHT = re.compile(r"<(/?)(?:think|thinking|thought|thoughts|reasoning|scratchpad)>", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(\d+)(?:\s?[:|│.)]\s?|\t| |$)(.*)$")
_ENTITY = re.compile(r"&(?:lt|gt|quot|amp|#39|#x27);")
_LANGUAGE = re.compile(r"\A\s*(?:python3?|py)(?:\s*copy(?: code)?)?[ \t]*\n", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_INSTALLS = re.compile(r"^\s*[%!](?:pip|conda|load_ext|matplotlib|autoreload)\b.*$", re.MULTILINE)
_MAX_TAGS = 8
_MAX_ENDS = 20
"""How far the search goes for where a fence ends."""


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in a fence.

    Attributes:
        code: Its text.
        python: Whether the fence says that it is Python.
    """

    code: str
    python: bool


def is_program(code: str, source: str = "") -> bool:
    """Whether it is Python, and more than a word or a sentence that happens to parse; marks count for nothing.

    Args:
        code: What may be a program.
        source: The program that was to be rewritten.
    """
    tree = parsed(code) or parsed(with_statements(code, source).text)
    if tree is None:
        return False
    idle = (ast.Name, ast.Constant, ast.Tuple, ast.BoolOp, ast.Compare, ast.Dict, ast.List)
    return any(
        not (isinstance(node, ast.Expr) and isinstance(node.value, idle))
        and not (isinstance(node, ast.AnnAssign) and node.value is None)
        for node in tree.body
    )


def without_thoughts(text: str, source: str) -> str:
    """A reply without the reasoning before it; "" for one that ends inside of its reasoning.

    Args:
        text: The reply.
        source: The program that was to be rewritten; what it has itself is no tag.
    """
    if _THOUGHT.search(source):
        return text
    tags = [*_THOUGHT.finditer(text)]
    closing = [tag for tag in tags if tag[1]]
    if closing:
        return text[closing[-1].end() :]
    return "" if tags and not text[: tags[0].start()].strip() else text


def unquoted(text: str) -> str:
    """A reply that is one quotation in Markdown, without the ``>`` before each line.

    Args:
        text: The reply.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or not all(line.startswith(">") and not line.startswith(">>>") for line in lines):
        return text
    return re.sub(r"^> ?", "", text, flags=re.MULTILINE)


def blocks_of(reply: str) -> Iterator[Block]:
    """The fenced blocks of a reply, our program tags taken off; the last may be unclosed.

    Args:
        reply: What the model wrote.
    """
    lines = reply.split("\n")
    at = 0
    while at < len(lines):
        opening = FENCE.match(lines[at])
        at += 1
        if not opening:
            continue
        closing = re.compile(rf"^[ \t]*{opening['fence'][0]}{{{len(opening['fence'])},}}[ \t]*$")
        body: list[str] = []
        python = (opening["info"].split() or [""])[0].lower() in _PYTHON
        for end in _closings(lines, at, closing):
            body = [line.removeprefix(opening["indent"]) for line in lines[at:end]]
            # A fence inside a string of the program closes nothing: go on while there is a later end.
            if not python or end == len(lines) or parsed("\n".join(body)):
                break
        else:
            end = next(_closings(lines, at, closing))
            body = [line.removeprefix(opening["indent"]) for line in lines[at:end]]
        yield Block(untagged("\n".join(body)), python)
        at = end + 1


def _closings(lines: list[str], start: int, closing: re.Pattern[str]) -> Iterator[int]:
    found = [at for at in range(start, len(lines)) if closing.match(lines[at])]
    yield from found[:_MAX_ENDS] or [len(lines)]


def untagged(code: str) -> str:
    """A program without our own tags around all of it.

    Args:
        code: What may have them.
    """
    found = _TAG.match(code)
    return found["code"] if found else code


def readable(text: str, source: str) -> str:
    """The program that a text is when the wrappings of its lines are taken off; "" when it is none.

    Args:
        text: A block, or a whole reply.
        source: The program that was to be rewritten.
    """
    return next((each for each in _variants(text, source) if is_program(each, source)), "")


def _variants(text: str, source: str) -> Iterator[str]:
    text = _LANGUAGE.sub("", text)
    if _ENTITY.search(text) and not _ENTITY.search(source) and _is_escaped(text):
        yield html.unescape(text)
    yield text
    if "\u00a0" in text or _INVISIBLE.search(text):
        yield _INVISIBLE.sub("", text.replace("\u00a0", " "))
    yield from _without_numbers(text)
    if text.lstrip().startswith(">>> "):
        session = [line.lstrip() for line in text.split("\n")]
        yield "\n".join(line[4:] for line in session if line.startswith((">>> ", "... ")) or line == "...")


def _is_escaped(text: str) -> bool:
    """Whether entities stand in the code itself, and not in strings only."""
    tree = parsed(text)
    if tree is None:
        return True
    entities = {"lt", "gt", "quot", "amp"}
    return any(
        isinstance(n, ast.BinOp) and isinstance(n.right, ast.Name) and n.right.id in entities
        for n in ast.walk(tree)
    )


def _without_numbers(text: str) -> Iterator[str]:
    lines = text.strip("\n").split("\n")
    found = [match for line in lines if line.strip() for match in [_NUMBERED.match(line)]]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) > 1 and len(numbers) == len(found) and numbers == sorted(set(numbers)):
        matches = (_NUMBERED.match(line) for line in lines)
        yield "\n".join(match[2] if match else "" for match in matches)


def unwrapped(text: str, source: str) -> Iterator[str]:
    """The programs in a text that has no fences, or in what stands in one: in JSON, a notebook, or tags.

    Args:
        text: A block, or a whole reply.
        source: The program that was to be rewritten.
    """
    at = min((text.find(sign) for sign in '{["' if sign in text), default=-1)
    if at >= 0:
        try:
            data, _ = json.JSONDecoder(strict=False).raw_decode(text, at)
        except (ValueError, RecursionError):
            data = None
        texts = sorted(_strings(data), key=len, reverse=True)
        for each in texts if at == 0 or not isinstance(data, str) else ():
            inner = next((block.code for block in blocks_of(each)), each)
            yield from filter(None, [readable(inner, source)])
    for found, _ in zip(_ANY_TAG.finditer(text), range(_MAX_TAGS), strict=False):
        end = text.rfind(f"</{found['tag']}>")
        inner = text[found.end() : end].strip("\n") if end > found.end() else ""
        # What a web page shows is escaped.
        shown = html.unescape(inner) if found["tag"].lower() in ("pre", "code") else inner
        if shown and (code := readable(shown, source)):
            yield code


def _strings(data: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict) and isinstance(data.get("cells"), list):
        cells = (cell for cell in data["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "code")
        texts = ("".join(map(str, cell.get("source") or "")) for cell in cells)
        yield "\n\n".join(_INSTALLS.sub("", text).strip("\n") for text in texts)
    elif isinstance(data, dict) and depth < 3:
        for value in data.values():
            yield from _strings(value, depth + 1)
