from __future__ import annotations

import ast
from pathlib import Path

import pytest

from doctranslate.errors import ContextLengthError, MalformedReplyError
from doctranslate.prompts.split import Part, join_parts, split_program

PROGRAM = '''\
"""Publishes data."""

import sys

import git

LIMIT = 3


# Opens it.
@cached
def opened(path: str) -> git.Repo:
    return git.Repo(path)  # here


class Publisher(Base, metaclass=Meta):
    name: str = "x"

    async def push(self, *, force=False): pass


if __name__ == "__main__":
    opened("."); print(LIMIT)
# the end
'''


def lines(n: int):  # type: ignore[no-untyped-def] # a helper of these tests
    return lambda part: part.code.count("\n") <= n


@pytest.mark.parametrize("n", [8, 9, 12, 100])
def test_split_when_joined_as_it_is_then_is_the_program(n: int) -> None:
    parts = split_program(PROGRAM, fits=lines(n))
    assert "".join(part.code for part in parts) == PROGRAM
    assert all(part.code.count("\n") <= n for part in parts)
    assert (len(parts) == 1) == (n == 100)
    assert join_parts(parts, [part.code for part in parts], ["git"]) == PROGRAM


def test_split_when_the_corpus_is_split_then_joining_gives_it_back() -> None:
    folder = Path(__file__).parents[1] / "translation/programs"
    n_split = 0
    for path in sorted(folder.glob("*/source.py")):
        code = path.read_text(encoding="utf-8")
        longest = max((node.end_lineno or 0) - node.lineno for node in ast.parse(code).body)
        parts = split_program(code, fits=lines(longest + 30))
        n_split += len(parts) > 1
        assert "".join(part.code for part in parts) == code
        # What nothing used before goes with the rest that nothing uses.
        assert join_parts(parts, [part.code for part in parts], []) == code
    assert n_split > 20


def test_split_when_a_part_is_shown_then_its_context_tells_of_what_it_uses_of_the_others() -> None:
    *_, last = split_program(PROGRAM, fits=lines(9))
    assert last.code.startswith("if __name__") or "if __name__" in last.code
    assert "LIMIT = 3" in last.context
    assert "def opened(path: str) -> git.Repo: ..." in last.context
    assert "return git.Repo(path)" not in last.context and "import sys" not in last.context
    function = next(part for part in split_program(PROGRAM, fits=lines(9)) if "return git" in part.code)
    assert function.context == "import git" or "import git" in function.code


def test_split_when_a_class_is_used_then_its_methods_are_in_the_context() -> None:
    code = "class A(B, metaclass=M):\n    x: int = 1\n    async def push(self, *, f=1):\n        pass\n\n\nA().push()\n"
    *_, last = split_program(code, fits=lines(6))
    assert last.context == "class A(B, M):\n    x: int = 1\n    async def push(self, *, f=1): ..."


def test_split_when_one_definition_does_not_fit_then_it_is_named_with_its_line() -> None:
    with pytest.raises(ContextLengthError, match="line 11: opened"):
        split_program(PROGRAM, fits=lambda part: "return" not in part.code)


def part(code: str) -> Part:
    return Part(code, "")


def test_join_when_parts_bring_imports_then_they_stand_with_those_of_the_program_once() -> None:
    parts = [
        part('"""Doc."""\nimport sys\nimport git\n\n\n'),
        part("def a():\n    git.Repo()\n\n\n"),
        part("a()\n"),
    ]
    replies = [
        parts[0].code,
        "from __future__ import annotations\nfrom dvc.repo import Repo\n\ndef a():\n    Repo()\n\n\n",
        "from dvc.repo import Repo\na()\n",
    ]
    assert join_parts(parts, replies, ["git"]) == (
        '"""Doc."""\nfrom __future__ import annotations\nimport sys\nfrom dvc.repo import Repo\n\n\n\ndef a():\n'
        "    Repo()\n\n\na()\n"
    )


def test_join_when_the_source_library_is_still_used_then_its_import_stays() -> None:
    parts = [part("import git\n"), part("x = git.Repo()\n")]
    assert join_parts(parts, [each.code for each in parts], ["git"]) == "import git\nx = git.Repo()\n"


def test_join_when_two_parts_bring_the_same_helper_then_it_stands_once() -> None:
    helper = "def track(repo):\n    repo.add('x')\n"
    parts = [part("a()\n"), part("b()\n")]
    assert join_parts(parts, [f"{helper}a()\n", f"{helper}b()\n"], []) == f"{helper}a()\nb()\n"


def test_join_when_two_parts_bring_different_helpers_of_one_name_then_it_is_refused() -> None:
    parts = [part("a()\n"), part("b()\n")]
    with pytest.raises(MalformedReplyError, match="parts 1 and 2 of the program define f in different ways"):
        join_parts(parts, ["def f(): return 1\n", "def f(): return 2\n"], [])
