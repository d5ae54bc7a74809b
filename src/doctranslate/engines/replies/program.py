"""Takes the program out of what a model wrote, whatever the wrapping, and only if it is the whole program."""

from __future__ import annotations

import ast
import re

from doctranslate.engines.replies.alignment import Definition
from doctranslate.engines.replies.continuations import joined
from doctranslate.engines.replies.elisions import merge_elisions
from doctranslate.engines.replies.parsing import parse, parsed, syntax_problem
from doctranslate.engines.replies.wholeness import top_names, unbound_names, what_is_lost
from doctranslate.engines.replies.wrappings import (
    Block,
    blocks_of,
    is_program,
    readable,
    unquoted,
    untagged,
    unwrapped,
    without_thoughts,
)
from doctranslate.errors import MalformedReplyError

__all__ = ["extract_code", "joined"]

_DIFF = re.compile(
    r"^(?:diff --git |--- \S.*\n\+\+\+ \S|@@ -\d+(?:,\d+)? \+\d+|-\s*(?:import|from)\b.*\n\+)", re.MULTILINE
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
_END_OF_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*$", re.MULTILINE)
_MAX_STARTS = 5
"""How far the search goes for where a program without a fence begins."""


def extract_code(reply: str, *, source: str = "", model: str = "") -> str:
    """The whole program in a reply: in a fence with or without a language, among several, in tags, in JSON, or bare.

    Of several blocks the longest that is Python is taken, or all of them where only all are a program; one that only
    repeats ``source`` is passed over. Where the reply leaves parts out ("rest unchanged"), they are put back from
    ``source`` (`merge_elisions`).

    Args:
        reply: What the model wrote.
        source: The program that was to be rewritten.
        model: Name of the model, for errors.

    Returns:
        The program, ending in one line end; line ends are those of ``source``.

    Raises:
        MalformedReplyError: No Python in it, or not the whole program. It keeps the reply.
    """
    plain = source.replace("\r\n", "\n")
    text = unquoted(reply.lstrip("\ufeff").replace("\r\n", "\n"))
    try:
        code = _program_in(without_thoughts(text, plain), plain)
    except _UnusableError as exc:
        raise MalformedReplyError(f"the reply {exc}", model=model, reply=reply) from exc
    code = merge_elisions(code.rstrip() + "\n", plain, model=model, reply=reply)
    is_python = parsed(code) is not None
    lost = what_is_lost(code, plain) if is_python else f"has code that is not Python: {syntax_problem(code)}"
    if lost:
        raise MalformedReplyError(f"the reply {lost}", model=model, reply=reply)
    return code.replace("\n", "\r\n") if "\r\n" in source else code


class _UnusableError(Exception):
    """Says what a reply is or has in place of a program."""


def _program_in(text: str, source: str) -> str:
    blocks = [*blocks_of(text)]
    programs = [Block(code, each.python) for each in blocks if (code := readable(each.code, source))]
    if programs:
        fresh = [each for each in programs if each.code.strip() != source.strip()] or programs
        best = max(fresh, key=lambda each: (each.python, len(each.code)))
        code = _together(best, fresh, source)
        _check_files(code, text, source)
        return code
    if _DIFF.search(text):
        raise _UnusableError("is a diff, and no whole program")
    for candidate in [*(each.code for each in blocks), text]:
        found = next(unwrapped(candidate, source), "") if not is_program(candidate, source) else ""
        if found:
            return found
    head, *others = _END_OF_FENCE.split(text)
    if len(blocks) == len(others) == 1 and is_program(head, source):
        return readable(head, source)  # the fence was opened by those who asked
    if any(each.code.strip() for each in blocks):
        code = max(blocks, key=lambda each: (each.python, len(each.code))).code
        raise _UnusableError(f"has code that is not Python: {syntax_problem(code)}")
    code = readable(untagged(text), source) or _bare_program(_END_OF_FENCE.sub("", text), source)
    if not code:
        raise _UnusableError("holds no program")
    return code


def _together(best: Block, every: list[Block], source: str) -> str:
    """The longest block, or all blocks of its kind in order, when it needs what the others define."""
    trees = {id(each): parsed(each.code) for each in every if each.python == best.python}
    mine = trees.get(id(best))
    others = [tree for key, tree in trees.items() if key != id(best) and tree is not None]
    before = parsed(source)
    if mine is None or not others:
        return best.code
    brought = set().union(*(top_names(tree) for tree in others))
    wanted = _defined(before) - _defined(mine) if before else set()
    if not (unbound_names(mine) | wanted) & brought:
        return best.code
    names = [name for tree in (mine, *others) for name in _defined(tree)]
    if len(names) != len(set(names)):
        return best.code  # what it lacks is said by those who look at the whole
    return "\n\n".join(each.code.strip("\n") for each in every if id(each) in trees) + "\n"


def _defined(tree: ast.Module) -> set[str]:
    return {node.name for node in tree.body if isinstance(node, Definition)}


def _check_files(code: str, text: str, source: str) -> None:
    """A program in several files is not the one that was asked for.

    Raises:
        _UnusableError: It imports a file that the reply shows.
    """
    tree = parsed(code)
    for node in ast.walk(tree) if tree else ():
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in modules:
            if name and re.search(rf"\b{re.escape(name)}\.py\b", text) and name not in source:
                raise _UnusableError(f"splits the program into several files ({name}.py)")


def _bare_program(reply: str, source: str) -> str:
    """A program without a fence, with prose before or after it; "" when there is none."""
    lines = untagged(reply).strip("\n").split("\n")
    starts = [at for at, line in enumerate(lines) if _CODE_START.match(line)][:_MAX_STARTS]
    for start in starts:
        end = _first_problem(lines[start:]) + start
        code = "\n".join(lines[start:end])
        # What follows must be prose: a program that breaks off in the middle is none.
        if not any(_CODE_LINE.match(line) for line in lines[end:]) and is_program(code, source):
            return code
    return ""


def _first_problem(lines: list[str]) -> int:
    """Number of lines before the one where parsing fails; all of them when it does not."""
    try:
        parse("\n".join(lines))
    except SyntaxError as exc:
        return (exc.lineno or 1) - 1
    except (ValueError, RecursionError, MemoryError):
        return 0
    return len(lines)
