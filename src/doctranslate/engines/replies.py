"""Takes the program out of what a model wrote, whatever the wrapping."""

from __future__ import annotations

import ast
import builtins
import html
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from doctranslate.engines.elisions import as_statements, merge_elisions
from doctranslate.errors import MalformedReplyError

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)$")
_PYTHON = frozenset({"python", "py", "python3", "py3", "pycon"})
_TAG = re.compile(r"\A\s*<(?P<tag>program(?:-\d+)?)>\n(?P<code>.*?)\n?</(?P=tag)>\s*\Z", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>.*?</\1>\s*", re.DOTALL | re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(\d+)\s?(?:[:|│.)]\s?|\t)(.*)$")
_DIFF = re.compile(r"^(?:diff --git |--- \S.*\n\+\+\+ \S|@@ -\d+(?:,\d+)? \+\d+)", re.MULTILINE)
_ENTITY = re.compile(r"&(?:lt|gt|quot|amp|#39|#x27);")
_JSON_FIELDS = ("code", "program", "content", "result", "output", "answer")
_CODE_START = re.compile(
    r"""\s*(?:import\b|from\s+\S+\s+import\b|(?:async\s+)?def\b|class\b|@|\#|\"{3}|'{3}|(?:if|for|while|with)\b.*:|try:
    |[\w.\[\]"', ]+=[^=]|[\w.]+\()""",
    re.VERBOSE,
)
_CODE_LINE = re.compile(
    r"\s*(?:import\s+\w|from\s+\S+\s+import\b|(?:async\s+)?def\s|class\s+\w+\s*[(:]|@\w|[\w.]+\s*=[^=]|[\w.]+\(.*\)\s*$"
    r"|(?:return|else|try|except|finally|elif|raise)\b[^.]*:?$)|\s{4,}\S"
)
_MIN_OVERLAP = 40
_MAX_STARTS = 5
_MAX_ENDS = 20
"""How far the search goes for where a program without a fence, or a fence, begins and ends."""


@dataclass(frozen=True, slots=True)
class _Block:
    code: str
    python: bool


def extract_code(reply: str, *, source: str = "", model: str = "") -> str:
    """The whole program in a reply: in a fence with or without a language, among several, in tags, in JSON, or bare.

    Of several blocks the longest that is Python is taken; one that only repeats ``source`` is passed over. Where the
    reply leaves parts out ("rest unchanged"), they are put back from ``source`` (`merge_elisions`).

    Args:
        reply: What the model wrote.
        source: The program that was to be rewritten.
        model: Name of the model, for errors.

    Returns:
        The program, ending in one line end; line ends are those of ``source``.

    Raises:
        MalformedReplyError: No Python in it, or not the whole program. It keeps the reply.
    """
    text = _THOUGHT.sub("", reply.lstrip("\ufeff").replace("\r\n", "\n"))
    plain = source.replace("\r\n", "\n")
    code = _program_in(text, plain, model=model, reply=reply)
    code = merge_elisions(code.rstrip() + "\n", plain, model=model, reply=reply)
    if _parsed(code) is None:
        problem = _syntax_problem(code)
        raise MalformedReplyError(f"the reply's code is not Python: {problem}", model=model, reply=reply)
    lost = _lost_name(code, plain)
    if lost:
        raise MalformedReplyError(
            f"the reply lacks {lost!r}, which the program still uses", model=model, reply=reply
        )
    return code.replace("\n", "\r\n") if "\r\n" in source else code


def joined(parts: Sequence[str]) -> str:
    """A reply that was cut off and its continuations as one text.

    A continuation may begin with lines that the text before it ends with, and may open a fence of its own.

    Args:
        parts: In order; none is changed but for what it repeats.
    """
    text = ""
    for part in parts:
        overlap = _overlap(text, part)
        more = part
        if not overlap and text and _is_open(text) and _FENCE.match(part.partition("\n")[0]):
            more = part.partition("\n")[2]
            overlap = _overlap(text, more)
        text += more[overlap:]
    return text


def _overlap(text: str, more: str) -> int:
    """How many letters at its beginning a continuation repeats; 0 for a few, which may be there twice by right."""
    length = next((n for n in range(min(len(text), len(more)), 0, -1) if text.endswith(more[:n])), 0)
    return length if length >= _MIN_OVERLAP or "\n" in more[:length].strip("\n") else 0


def _is_open(text: str) -> bool:
    """Whether a text ends inside a fence."""
    return sum(bool(_FENCE.match(line)) for line in text.split("\n")) % 2 == 1


def _program_in(text: str, source: str, *, model: str, reply: str) -> str:
    blocks = list(_blocks(text))
    programs = [block for block in blocks if _is_program(block.code)]
    if programs:
        fresh = [block for block in programs if block.code.strip() != source.strip()] or programs
        return max(fresh, key=lambda block: (block.python, len(block.code))).code
    if _DIFF.search(text):
        raise MalformedReplyError("the reply is a diff, and no whole program", model=model, reply=reply)
    for candidate in [*(block.code for block in blocks), text]:
        for unwrapped in _unwrapped(candidate):
            if _is_program(unwrapped):
                return unwrapped
    if blocks:
        problem = _syntax_problem(max(blocks, key=lambda block: (block.python, len(block.code))).code)
        raise MalformedReplyError(f"the reply's code is not Python: {problem}", model=model, reply=reply)
    code = _bare_program(text)
    if not code:
        raise MalformedReplyError("the reply holds no program", model=model, reply=reply)
    return code


def _unwrapped(text: str) -> Iterator[str]:
    """What a text may be when its wrapping is taken off: line numbers, HTML's entities, JSON, a notebook."""
    lines = text.strip("\n").split("\n")
    numbered = [_NUMBERED.match(line) for line in lines if line.strip()]
    if len(numbered) > 1 and all(numbered):
        numbers = [int(match[1]) for match in numbered if match]
        if numbers == sorted(set(numbers)):
            matches = (_NUMBERED.match(line) for line in lines)
            yield "\n".join(match[2] if match else "" for match in matches)
    if _ENTITY.search(text):
        yield html.unescape(text)
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict) and isinstance(data.get("cells"), list):
        cells = [cell for cell in data["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
        yield "\n\n".join("".join(cell.get("source") or "") for cell in cells)
    elif isinstance(data, dict):
        for name in _JSON_FIELDS:
            if isinstance(data.get(name), str):
                inner = next((block.code for block in _blocks(data[name])), data[name])
                yield inner


def _lost_name(code: str, source: str) -> str:
    """A top-level name of the source that the code binds nowhere any more, and still uses; "" when there is none.

    Imports do not count: that one of them is missing is for the checks to say, with its line.
    """
    before, after = _parsed(source), _parsed(code)
    if before is None or after is None or any(_is_star(node) for node in after.body):
        return ""
    used = {
        node.id for node in ast.walk(after) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    free = used - _bound(ast.walk(after)) - set(dir(builtins))
    inner = (node for each in before.body for node in _outside_functions(each))
    return min(free & _bound(node for node in inner if not isinstance(node, ast.alias)), default="")


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _outside_functions(child)


def _bound(nodes: Iterable[ast.AST]) -> set[str]:
    bound: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
            bound.add(node.name or "")
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.MatchAs | ast.MatchStar):
            bound.add(node.name or "")
        elif isinstance(node, ast.MatchMapping):
            bound.add(node.rest or "")
    return bound


def _is_star(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)


def _blocks(reply: str) -> Iterator[_Block]:
    """The fenced blocks of a reply, our program tags taken off; the last may be unclosed."""
    lines = reply.split("\n")
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        at += 1
        if not opening:
            continue
        closing = re.compile(rf"^[ \t]*{opening['fence'][0]}{{{len(opening['fence'])},}}[ \t]*$")
        body: list[str] = []
        python = (opening["info"].split() or [""])[0].lower() in _PYTHON
        for end in _closings(lines, at, closing):
            body = [line.removeprefix(opening["indent"]) for line in lines[at:end]]
            # A fence inside a string of the program closes nothing: go on while there is a later end.
            if not python or end == len(lines) or _parses("\n".join(body)):
                break
        else:
            end = next(_closings(lines, at, closing))
            body = [line.removeprefix(opening["indent"]) for line in lines[at:end]]
        yield _Block(_untagged("\n".join(body)), python)
        at = end + 1


def _closings(lines: list[str], start: int, closing: re.Pattern[str]) -> Iterator[int]:
    found = [at for at in range(start, len(lines)) if closing.match(lines[at])]
    yield from found[:_MAX_ENDS] or [len(lines)]


def _untagged(code: str) -> str:
    found = _TAG.match(code)
    return found["code"] if found else code


def _bare_program(reply: str) -> str:
    """A program without a fence, with prose before or after it; "" when there is none."""
    lines = _untagged(reply).strip("\n").split("\n")
    starts = [at for at, line in enumerate(lines) if _CODE_START.match(line)][:_MAX_STARTS]
    for start in starts:
        end = _first_problem(lines[start:]) + start
        code = "\n".join(lines[start:end])
        # What follows must be prose: a program that breaks off in the middle is none.
        if not any(_CODE_LINE.match(line) for line in lines[end:]) and _is_program(code):
            return code
    return ""


def _first_problem(lines: list[str]) -> int:
    """Number of lines before the one where parsing fails; all of them when it does not."""
    try:
        _parse("\n".join(lines))
    except SyntaxError as exc:
        return (exc.lineno or 1) - 1
    except (ValueError, RecursionError, MemoryError):
        return 0
    return len(lines)


def _is_program(code: str) -> bool:
    """Whether it is Python, and more than a word or a sentence that happens to parse."""
    tree = _parsed(code) or _parsed(as_statements(code))
    if tree is None:
        return False
    idle = (ast.Name, ast.Constant, ast.Tuple, ast.BoolOp, ast.Compare, ast.Dict, ast.List)
    return any(
        not (isinstance(node, ast.Expr) and isinstance(node.value, idle))
        and not (isinstance(node, ast.AnnAssign) and node.value is None)
        for node in tree.body
    )


def _parses(code: str) -> bool:
    return _parsed(code) is not None


def _parsed(code: str) -> ast.Module | None:
    try:
        return _parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _syntax_problem(code: str) -> str:
    try:
        _parse(code)
    except SyntaxError as exc:
        return f"line {exc.lineno}: {exc.msg}"
    except (ValueError, RecursionError, MemoryError) as exc:
        return str(exc) or type(exc).__name__
    return "it holds no statement"


def _parse(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in the user's strings is not ours to report
        return ast.parse(code)
