from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from doctranslate.engines.replies.elisions import merge_elisions
from doctranslate.engines.replies.omissions import mark_lines
from doctranslate.engines.replies.phrases import says_left_out
from doctranslate.errors import MalformedReplyError

PROGRAMS = sorted((Path(__file__).parents[1] / "translation/programs").glob("*/source.py"))
MARKS = [
    "# ... rest unchanged",
    "...",
    "# (unchanged)",
    "pass  # unchanged",
    "# same as before",
    "[rest of the file]",
    "// ... existing code ...",
    "…",
]
FUNCTION = "def f(repo):\n    first(repo)\n    second(repo)\n    third(repo)\n    return repo\n"


def bodies(tree: ast.Module) -> list[list[ast.stmt]]:
    named = (getattr(node, name, None) for node in ast.walk(tree) for name in ("body", "orelse", "finalbody"))
    return [body for body in named if isinstance(body, list) and body and isinstance(body[0], ast.stmt)]


def first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])


def with_a_mark(source: str, chance: random.Random) -> str:
    """A program with some statements of one body replaced by a mark; "" where they cannot be cut out by lines."""
    body = chance.choice(bodies(ast.parse(source)))
    begin = chance.randrange(len(body))
    nodes = body[begin : chance.randrange(begin, len(body)) + 1]
    lines = source.split("\n")
    first, last = first_line(nodes[0]), nodes[-1].end_lineno or 0
    line = lines[first - 1]
    indent = line[: len(line) - len(line.lstrip())]
    # A comment alone may be left of a program that is one mark.
    is_whole = nodes == ast.parse(source).body or (len(nodes) == len(body) and not nodes[0].col_offset)
    if is_whole or len(indent) < nodes[0].col_offset or line.lstrip().startswith("elif"):
        return ""
    return "\n".join([*lines[: first - 1], indent + chance.choice(MARKS), *lines[last:]])


@pytest.mark.parametrize("seed", range(4))
def test_merge_when_any_part_of_a_program_is_left_out_then_the_program_is_back_byte_for_byte(
    seed: int,
) -> None:
    chance = random.Random(seed)
    n_merged = 0
    for path in PROGRAMS:
        source = path.read_text(encoding="utf-8").rstrip() + "\n"
        reply = with_a_mark(source, chance)
        if reply:
            assert merge_elisions(reply, source) == source, f"{path.parent.name}: {reply}"
            n_merged += 1
    assert n_merged > len(PROGRAMS) / 2


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("    other(repo)\n    # ... rest unchanged\n", "could stand for different lines"),
        ("    # ... rest unchanged\n    other(repo)\n", "could stand for different lines"),
        (
            "    first(repo)\n    if repo:\n        # ... existing code\n        pass\n",
            "has nothing in this place",
        ),
        ("    return [\n        # ... rest unchanged\n        1\n    ]\n", "no statement can stand"),
        ("    first(repo)\n# ... rest unchanged\n", "could stand for the rest of f"),
    ],
)
def test_merge_when_there_are_several_readings_then_it_is_refused_with_the_mark(new: str, why: str) -> None:
    with pytest.raises(MalformedReplyError, match=why) as caught:
        merge_elisions(f"def f(repo):\n{new}", FUNCTION + "\n\nf(1)\n")
    assert "line " in str(caught.value) and (
        "rest unchanged" in str(caught.value) or "existing" in str(caught.value)
    )


def test_merge_when_statements_are_changed_around_a_mark_then_what_is_between_them_is_back() -> None:
    reply = "def f(repo):\n    first(repo, 1)\n    # ... unchanged\n    return repo\n"
    assert merge_elisions(reply, FUNCTION) == FUNCTION.replace("first(repo)", "first(repo, 1)")


def test_merge_when_the_depth_differs_then_code_is_indented_anew_and_strings_are_not() -> None:
    source = 'def f():\n  a()\n  text = """\n  x\n"""\n  if text:\n    b()\n'
    reply = "def f():\n    a()\n    # ... rest unchanged\n"
    assert merge_elisions(reply, source) == (
        'def f():\n    a()\n    text = """\n  x\n"""\n    if text:\n      b()\n'
    )


def test_merge_when_imports_are_left_out_then_those_come_back_that_are_needed() -> None:
    source = "import os\nimport git\n\n\ndef f():\n    return git.Repo(os.getcwd())\n"
    reply = "from dvc.repo import Repo\n# ... other imports unchanged\n\n\ndef f():\n    return Repo(os.getcwd())\n"
    assert merge_elisions(reply, source) == (
        "from dvc.repo import Repo\nimport os\n\n\ndef f():\n    return Repo(os.getcwd())\n"
    )


def test_merge_when_what_is_put_back_needs_an_import_that_went_then_only_its_name_comes_back() -> None:
    source = "from git import Actor, Repo\n\n\ndef f():\n    return Repo()\n\n\ndef g():\n    return Actor('a', 'b')\n"
    reply = "from dvc.repo import Repo\n\n\ndef f():\n    return Repo()\n\n\n# ... rest unchanged\n"
    assert merge_elisions(reply, source) == (
        "from dvc.repo import Repo\nfrom git import Actor\n\n\ndef f():\n    return Repo()\n\n\n"
        "def g():\n    return Actor('a', 'b')\n"
    )


def test_merge_when_a_new_function_stands_beside_a_mark_then_both_are_there() -> None:
    reply = "def new():\n    return 1\n\n\n# ... rest unchanged\n"
    assert merge_elisions(reply, FUNCTION) == "def new():\n    return 1\n\n\n" + FUNCTION


def test_merge_when_dots_are_the_source_s_own_then_they_stay() -> None:
    source = "class P(Protocol):\n    def f(self) -> int: ...\n\n\nx: tuple[int, ...] = g(...)\n"
    assert merge_elisions(source, source) == source


def test_merge_when_a_new_class_is_dots_then_it_is_whole() -> None:
    reply = f"class NoData(Exception): ...\n\n\n{FUNCTION}"
    assert merge_elisions(reply, FUNCTION) == reply


def test_merge_when_an_assignment_would_be_there_twice_then_it_is_refused() -> None:
    source = "import git\n\nrepo = git.Repo('.')\nname = 'x'\nprint(repo, name)\n"
    reply = "# ... unchanged\nrepo = open_it(path, scm)\nprint(repo, name)\n"
    with pytest.raises(MalformedReplyError, match="leaves out"):
        merge_elisions(reply, source)


@pytest.mark.parametrize(
    "text",
    [
        "# (remaining functions omitted for brevity)",
        "# The rest of the file stays exactly the same.",
        "# TODO: copy the existing implementation here",
        "# no changes needed here",
        "# everything else stays the same",
        "# --- snip ---",
        "# [unchanged code]",
        "# and so on",
    ],
)
def test_says_left_out_when_a_comment_means_code_then_true(text: str) -> None:
    assert says_left_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "# the remaining files stay in git",
        "# Same as above, but for tags",
        "# other imports",
        "# original data",
        "# no changes",
        "# previous tag",
        "# keep it",
        "# push to the remote as before the merge of x",
    ],
)
def test_says_left_out_when_a_comment_is_about_something_else_then_false(text: str) -> None:
    assert not says_left_out(text)


def test_mark_lines_when_the_programs_of_the_corpus_are_read_then_nearly_none_is_taken_for_one() -> None:
    found = [text for path in PROGRAMS for text in mark_lines(path.read_text(encoding="utf-8"), "").values()]
    assert len(found) <= 3
