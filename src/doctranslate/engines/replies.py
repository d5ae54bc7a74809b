"""Takes the program out of what a model wrote, whatever the wrapping."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from doctranslate.errors import MalformedReplyError

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)$")
_PYTHON = frozenset({"python", "py", "python3", "py3", "pycon"})
_TAG = re.compile(r"\A\s*<(?P<tag>program(?:-\d+)?)>\n(?P<code>.*?)\n?</(?P=tag)>\s*\Z", re.DOTALL)
_ELIDED = re.compile(
    r"""^\s*(?:\.{3}|…)\s*(?:\#.*)?$
      | ^\s*\#\s*(?:\.{3}|…)
      | ^\s*\#.*\b(?:rest|remainder|remaining|existing|previous|original|same|unchanged|omitted)\b.*
        (?:\.{3}|…)\s*$
      | ^\s*\#.*\b(?:rest|remainder)\s+of\s+(?:the|your|this)\b.*
        \b(?:unchanged|same|before|above|here|omitted)\b
      | ^\s*\#\W*(?:your\s+|the\s+)?(?:existing|original|previous|remaining)
        \s+(?:code|implementation|functions?)
        (?:\s+(?:goes|stays|remains?))?(?:\s+(?:here|unchanged|the\s+same|as\s+is))?\W*$""",
    re.VERBOSE | re.IGNORECASE,
)
_CODE_START = re.compile(
    r"""\s*(?:import\b|from\s+\S+\s+import\b|(?:async\s+)?def\b|class\b|@|\#|\"{3}|'{3}|(?:if|for|while|with)\b.*:|try:
    |[\w.\[\]"', ]+=[^=]|[\w.]+\()""",
    re.VERBOSE,
)
_CODE_LINE = re.compile(
    r"\s*(?:import\s+\w|from\s+\S+\s+import\b|(?:async\s+)?def\s|class\s+\w+\s*[(:]|@\w|[\w.]+\s*=[^=]|[\w.]+\(.*\)\s*$"
    r"|(?:return|else|try|except|finally|elif|raise)\b[^.]*:?$)|\s{4,}\S"
)
_MAX_STARTS = 5
_MAX_ENDS = 20
"""How far the search goes for where a program without a fence, or a fence, begins and ends."""


@dataclass(frozen=True, slots=True)
class _Block:
    code: str
    python: bool


def extract_code(reply: str, *, source: str = "", model: str = "") -> str:
    """The program in a reply: in a fence with or without a language, among several, in our tags, or bare.

    Of several blocks the longest that is Python is taken; one that only repeats ``source`` is passed over.

    Args:
        reply: What the model wrote.
        source: The program that was to be rewritten.
        model: Name of the model, for errors.

    Returns:
        The program, ending in one line feed.

    Raises:
        MalformedReplyError: No Python in it, or parts were left out ("rest unchanged"). It keeps the reply.
    """
    reply = reply.replace("\r\n", "\n")
    blocks = list(_blocks(reply))
    programs = [block for block in blocks if _is_program(block.code)]
    if programs:
        fresh = [block for block in programs if block.code.strip() != source.strip()] or programs
        code = max(fresh, key=lambda block: (block.python, len(block.code))).code
    elif blocks:
        problem = _syntax_problem(max(blocks, key=lambda block: (block.python, len(block.code))).code)
        raise MalformedReplyError(f"the reply's code is not Python: {problem}", model=model, reply=reply)
    else:
        code = _bare_program(reply)
        if not code:
            raise MalformedReplyError("the reply holds no program", model=model, reply=reply)
    code = code.rstrip() + "\n"
    elided = _elided_line(code, source)
    if elided:
        raise MalformedReplyError(
            f"the reply leaves out part of the program at {elided!r}", model=model, reply=reply
        )
    return code


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
    tree = _parsed(code)
    if tree is None:
        return False
    idle = (ast.Name, ast.Constant, ast.Tuple, ast.BoolOp, ast.Compare)
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


def _elided_line(code: str, source: str) -> str:
    """The first line that stands for code left out, or ""."""
    own = {line.strip() for line in source.splitlines()}
    found = (line.strip() for line in code.splitlines() if _ELIDED.match(line))
    return next((line for line in found if line not in own), "")
