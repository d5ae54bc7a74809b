"""Whole programs: what may change, and what may not."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctranslate.apis import ApiIndex
from doctranslate.errors import SourceCodeError, UsageError
from doctranslate.records import Job
from doctranslate.rules.base import RuleSet
from tests.rules.conftest import HEAD, Rewrite

PROGRAM = '''\
"""A tool.

from the start it is
import the first
"""

import git
import os


def save(repo, path):  # keep
    index = repo.index
    index.add([path])
    return index.commit(f"Add {path}")


if __name__ == "__main__":
    repo = git.Repo(os.getcwd())
    if repo.is_dirty(): print("dirty")
    print(save(repo, "a.py").hexsha)
'''
STATEMENTS = st.sampled_from(
    [
        "x = 1",
        "  # a comment",
        "",
        "\t",
        "if x: y = 'git.Repo(1)'",
        "def f(a, *, b=2, **k):\n    return a  # back",
        "class C(Base, metaclass=M):\n\n    attr: int = 3",
        'text = """repo.index.add([1])\n# doctranslate: not ours\n"""',
        "z = [i for i in range(3) if i]; w = {**a, 'b': 1}",
        "print(f'{x!r:>{y}}', lambda: 0)",
        "with open('f') as f, g() as h:\n    pass",
        "try:\n    pass\nexcept (A, B) as e:\n    raise\nfinally:\n    pass",
        "import numpy as np; from os import (path,  # p\n    sep)",
        "value = a \\\n    + b",
        "async def g():\n    async for q in r:\n        await q",
        "match x:\n    case {'a': [1, *rest]} if y:\n        pass",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n"])


@given(statements=st.lists(STATEMENTS, max_size=8), end=ENDS, final=st.booleans(), imports=st.booleans())
@settings(max_examples=80, deadline=None)
def test_program_without_uses_comes_back_byte_for_byte(
    rewrite: Rewrite, statements: list[str], end: str, final: bool, imports: bool
) -> None:
    lines = "\n".join([*(["import git"] if imports else []), *statements, *([""] if final else [])])
    code = lines.replace("\n", end)

    assert rewrite(code).code == code


SLOTS = (8, 9, 11, 12, 13, 15, 18, 20)  # lines of PROGRAM in front of which a statement can stand


@given(inserted=st.dictionaries(st.sampled_from(SLOTS), STATEMENTS.filter(str.strip), max_size=4))
@settings(max_examples=40, deadline=None)
def test_statement_that_uses_nothing_is_still_there_as_it_was(
    rewrite: Rewrite, inserted: dict[int, str]
) -> None:
    lines = PROGRAM.split("\n")
    for place, text in sorted(inserted.items(), reverse=True):
        indent = " " * (len(lines[place]) - len(lines[place].lstrip()))
        inserted[place] = "\n".join(indent + line if line.strip() else line for line in text.split("\n"))
        lines.insert(place, inserted[place])
    code = "\n".join(lines)
    ast.parse(code)

    new = rewrite(code).code

    ast.parse(new)
    assert [text for text in inserted.values() if text not in new] == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay_those_of_the_program(rewrite: Rewrite, end: str) -> None:
    new = rewrite(PROGRAM.replace("\n", end)).code

    assert end in new
    assert not {"\n", "\r"} & set(new.replace(end, ""))
    assert new.replace(end, "\n") == rewrite(PROGRAM).code


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_mark_stays(rewrite: Rewrite, mark: str) -> None:
    assert rewrite(mark + PROGRAM).code == mark + rewrite(PROGRAM).code


def test_program_without_a_final_newline_gets_none(rewrite: Rewrite) -> None:
    assert rewrite(HEAD + "print(repo.active_branch.name)").code.endswith("print(repo.scm.active_branch())")


def test_form_feed_stays(rewrite: Rewrite) -> None:
    assert "\f\nx = 1\n" in rewrite(HEAD + "\f\nx = 1\n").code


def test_indentation_of_what_is_added_is_that_of_the_program(rewrite: Rewrite) -> None:
    code = (
        "import git\ndef f():\n\ttry:\n\t\tgit.Repo().git.checkout('x')\n\texcept git.GitError:\n\t\tpass\n"
    )

    new = rewrite(code).code

    assert "\t\twith git_errors():\n\t\t\tcheckout(open_repo(), 'x')\n" in new
    assert not re.search(r"^ ", new, re.MULTILINE)


def test_docstring_that_speaks_of_imports_is_left_alone(rewrite: Rewrite) -> None:
    new = rewrite(PROGRAM).code

    assert new.startswith(PROGRAM.split("import git")[0])
    assert ast.get_docstring(ast.parse(new)) == ast.get_docstring(ast.parse(PROGRAM))


def test_same_program_gives_the_same_code_twice(rewrite: Rewrite) -> None:
    assert rewrite(PROGRAM) == rewrite(PROGRAM)


@pytest.mark.parametrize(
    "code",
    [
        "import git\nx = git.Repo('.')" + ".a" * 600 + "\n",
        HEAD + "x = " + " + ".join(["repo.head.commit.hexsha"] * 600) + "\n",
        HEAD + "if 0: pass\n" + "".join(f"elif repo.is_dirty(): x = {i}\n" for i in range(400)),
    ],
)
def test_deeply_nested_program_is_rewritten(rewrite: Rewrite, code: str) -> None:
    ast.parse(rewrite(code).code.replace("elif", "if"))


@pytest.mark.parametrize("code", ["import git\ndef (:\n", "import git\nprint 'x'\n", "import git\n\0"])
def test_program_that_is_not_python_is_refused(rewrite: Rewrite, code: str) -> None:
    with pytest.raises(SourceCodeError):
        rewrite(code)


def test_job_without_an_api_is_refused(rules: RuleSet) -> None:
    with pytest.raises(UsageError, match="src_api"):
        rules.rewrite(Job(code="", src="gitpython", dst="dvc"))


def test_line_numbers_are_those_of_the_source(rewrite: Rewrite) -> None:
    code = HEAD + "\n\n# a\nrepo.git.gc()\nx = [\n    repo.description,\n]\nrepo.create_tag('v1')\n"

    found = rewrite(code)

    assert [b.line for b in found.bridged] == [7, 9]
    assert found.unresolved == ()
    assert [(t.line, t.symbol) for t in found.translated] == [
        (3, "git.repo.base.Repo"),
        (11, "git.repo.base.Repo.create_tag"),
    ]
    assert [n.line for n in found.notes] == [11]


def test_untyped_parameter_is_said_with_line_reason_and_one_comment(rewrite: Rewrite) -> None:
    code = "import git\n\n\ndef upload(repo, f):\n    repo.index.add([f]); repo.index.commit(f)\n"

    found = rewrite(code)

    assert [u.line for u in found.unresolved] == [5, 5]
    assert found.bridged == ()
    assert found.unresolved[0].reason == "it cannot be told what repo is; an annotation would tell"
    assert found.code == code.replace(
        "    repo.index.add([f]); repo",
        "    # doctranslate: not translated: it cannot be told what repo is; an annotation would tell\n"
        "    repo.index.add([f])\n"
        "    # doctranslate: not translated: it cannot be told what repo is; an annotation would tell\n"
        "    repo",
    )


def test_type_from_the_second_reader_is_used_for_every_read_of_the_variable(
    gitpython: ApiIndex, rules: RuleSet
) -> None:
    code = "import git\n\n\ndef name(repo):\n    print(repo.active_branch.name)\n    repo.close()\n"
    job = Job(
        code=code,
        src="gitpython",
        dst="dvc",
        src_api=gitpython,
        types={(5, 14): "git.repo.base.Repo", (6, 8): "git.repo.base.Repo"},
    )

    assert "print(repo.scm.active_branch())\n    repo.close()\n" in rules.rewrite(job).code


def test_call_without_a_counterpart_stays_as_it_was_when_there_is_to_be_no_bridge(rewrite: Rewrite) -> None:
    code = (
        HEAD
        + "index = repo.index\nkeep(index)\ntry:\n    repo.git.gc()\nexcept git.GitCommandError:\n    x()\n"
    )

    found = rewrite(code, bridge=False)

    assert "gitpython.repo" not in found.code
    assert "\nkeep(repo.index)\ntry:\n    # doctranslate: not translated: " in found.code
    assert "\n    repo.git.gc()\n" in found.code
    assert [u.code for u in found.unresolved] == ["index", "repo.git.gc()"]
    assert found.bridged == ()
