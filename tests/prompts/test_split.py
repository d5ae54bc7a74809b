from __future__ import annotations

import ast
from pathlib import Path

import pytest

from doctranslate.errors import ContextLengthError, MalformedReplyError
from doctranslate.prompts.join import join_parts
from doctranslate.prompts.split import Part, split_program

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


def joined(before: list[str], after: list[str]) -> str:
    return join_parts([part(code) for code in before], after, ["git"])


def test_split_when_there_are_only_comments_then_they_are_a_part() -> None:
    assert [each.code for each in split_program("# a\n# b\n", fits=lambda _: True)] == ["# a\n# b\n"]


@pytest.mark.parametrize(
    "code",
    [
        'x = 1\n\x0cdef f():\n    return "\x85a\u2028b"\n\ny = 2\n',
        "import os\r\n\r\nx = 1; y = 2\r\ndef f():\r\n    return x\r\n",
        "a = 1\nb = 2",
    ],
)
def test_split_when_line_ends_are_unusual_then_the_parts_are_the_program_all_the_same(code: str) -> None:
    parts = split_program(code, fits=lambda each: each.code.count("\n") <= 3)
    assert "".join(each.code for each in parts) == code
    assert join_parts(parts, [each.code for each in parts], []) == code


def test_split_when_statements_share_a_line_then_the_context_has_both() -> None:
    _, last = split_program("A = 1; B = 2\nprint(A, B)\n", fits=lambda each: each.code.count("\n") <= 1)
    assert last.context.splitlines() == ["A = 1", "B = 2"]


def test_join_when_a_brought_import_shares_its_line_then_nothing_of_the_line_is_lost() -> None:
    assert (
        joined(["x = 1\n", "y = 2\n"], ["x = 1\n", "import dvc; y = dvc\n"]) == "x = 1\nimport dvc; y = dvc\n"
    )


def test_join_when_the_target_has_the_name_now_then_the_source_s_import_of_it_goes() -> None:
    after = ["from git import Actor, Repo\n", "from dvc.repo import Repo\nx = Repo(), Actor()\n"]
    assert joined(["from git import Actor, Repo\n", "x = Repo(), Actor()\n"], after) == (
        "from git import Actor\nfrom dvc.repo import Repo\nx = Repo(), Actor()\n"
    )


def test_join_when_a_name_is_used_in_a_text_only_then_its_import_stays() -> None:
    before = ["from git import Repo\n", "def f(repo: 'Repo'):\n    pass\n"]
    assert joined(before, before) == "".join(before)


def test_join_when_parts_import_a_name_from_different_places_then_it_is_refused() -> None:
    after = ["from dvc.repo import Repo\na(Repo)\n", "from dvc.other import Repo\nb(Repo)\n"]
    with pytest.raises(MalformedReplyError, match="import Repo from different places"):
        joined(["a()\n", "b()\n"], after)


def test_join_when_parts_bring_a_constant_then_it_stands_once_or_is_refused() -> None:
    before = ["a()\n", "b()\n"]
    assert joined(before, ["DATA = 1\na(DATA)\n", "DATA = 1\nb(DATA)\n"]) == "DATA = 1\na(DATA)\nb(DATA)\n"
    with pytest.raises(MalformedReplyError, match="define DATA in different ways"):
        joined(before, ["DATA = 1\na(DATA)\n", "DATA = 2\nb(DATA)\n"])


def test_join_when_the_program_has_a_definition_twice_itself_then_both_stay() -> None:
    before = ["def f():\n    return 1\n", "def f():\n    return 2\n"]
    assert joined(before, before) == "".join(before)


def test_join_when_the_program_begins_with_a_shebang_then_future_imports_go_below_it() -> None:
    before = ["#!/usr/bin/env python\nimport git\n", "x = 1\n"]
    after = [before[0], "from __future__ import annotations\nimport dvc\nx = dvc\n"]
    assert joined(before, after) == (
        "#!/usr/bin/env python\nfrom __future__ import annotations\nimport dvc\nx = dvc\n"
    )


def test_join_when_line_ends_are_of_windows_then_those_of_brought_imports_are_too() -> None:
    assert joined(["import git\r\n", "x = 1\r\n"], ["import git\r\n", "import dvc\r\nx = dvc\r\n"]) == (
        "import dvc\r\nx = dvc\r\n"
    )
