"""Which calls of a library a program makes."""

from __future__ import annotations

import pytest

from doctranslate.analysis.usages import Analysis, analyse, imports_library, parse
from doctranslate.apis import ApiIndex
from doctranslate.errors import SourceCodeError


def symbols(analysis: Analysis) -> list[tuple[int, str]]:
    return [(u.line, u.symbol.removeprefix("git.")) for u in analysis.usages if u.resolved]


def doubts(analysis: Analysis) -> list[tuple[int, str]]:
    return [(u.line, u.code) for u in analysis.usages if not u.resolved]


def test_uses_are_found_with_line_and_canonical_name(gitpython: ApiIndex) -> None:
    code = "import git\n\nrepo = git.Repo('.')\nrepo.git.add('a')\nrepo.index.commit('m')\n"

    found = analyse(code, gitpython)

    assert (3, "repo.base.Repo") in symbols(found)
    assert (4, "cmd.Git.add") in symbols(found)
    assert (5, "index.base.IndexFile.commit") in symbols(found)
    assert doubts(found) == []


def test_program_that_does_not_import_the_library_has_no_uses_and_is_not_parsed(gitpython: ApiIndex) -> None:
    assert analyse("this is ( not Python", gitpython) == Analysis()


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("repo.index.add([f])", 3),
        ("repo.git.checkout(f)", 3),
        ("repo.remotes.origin.push()", 3),
        ("print(repo.active_branch.name)", 3),
        ("for c in repo.iter_commits():\n        print(c)", 3),
        ("with x(repo) as r:\n        repo.create_tag(f)", 4),
    ],
)
def test_untyped_parameter_without_callers_is_a_doubt(gitpython: ApiIndex, body: str, line: int) -> None:
    found = analyse(f"import git\ndef upload(repo, f):\n    {body}\n", gitpython, second_reader=False)

    assert [where for where, _ in doubts(found)] == [line]


@pytest.mark.parametrize(
    "body",
    [
        "import pandas as pd\ndf = pd.read_csv('x')\ndf.index.add([1])",
        "def f(frame: 'DataFrame'):\n    frame.index.add([1])",
        "def f(text):\n    return text.split()\n",
        "def f(x):\n    x.close()\n    x.name\nf(open('a'))",
        "import logging\nlogging.getLogger('a').active_branch",
        "x = {}\nx.index.add",
        "def save(session, x):\n    session.add(x)\n    session.commit()",
        "def save(db):\n    db.execute('x')\n    db.commit()",
        "def save(db, x):\n    db.commit(x, wait=True)",
        "class A:\n    def f(self):\n        self.db.commit()\n        self.db.cursor()",
        "def f(client):\n    client.index(1)\n    client.refresh()",
        "class A:\n    def go(self):\n        return self.iter_commits()\n    def iter_commits(self):\n        pass",
    ],
)
def test_object_of_another_origin_is_no_doubt(gitpython: ApiIndex, body: str) -> None:
    found = analyse(f"import git\n{body}\n", gitpython, second_reader=False)

    assert doubts(found) == []


def test_a_chain_of_doubtful_attributes_is_one_doubt(gitpython: ApiIndex) -> None:
    code = "import git\ndef f(repo):\n    repo.remotes.origin.push()\n    repo.head.commit.hexsha\n"

    found = analyse(code, gitpython, second_reader=False)

    assert doubts(found) == [(3, "repo.remotes.origin.push"), (4, "repo.head.commit.hexsha")]


def test_second_reader_tells_what_the_text_leaves_open(gitpython: ApiIndex) -> None:
    code = (
        "import functools\nimport git\n\n\ndef opened(fn):\n    @functools.wraps(fn)\n    def inner(*args):\n"
        "        return fn(git.Repo('.'), *args)\n    return inner\n\n\n"
        '@opened\ndef name(repo):\n    """Name.\n\n    :type repo: git.Repo\n    """\n'
        "    return repo.active_branch.name\n"
    )

    alone = analyse(code, gitpython, second_reader=False)
    both = analyse(code, gitpython)

    assert doubts(alone) == [(18, "repo.active_branch.name")]
    assert doubts(both) == []
    assert list(both.types.values()) == ["git.repo.base.Repo"]
    assert list(both.types) == [(18, 15)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import git", True),
        ("    import os, git", True),
        ("from git.exc import GitError", True),
        ("try: import git\nexcept ImportError: pass", True),
        ("x = 1; import git", True),
        ("m = importlib.import_module('git')", True),
        ("import gitlab", False),
        ("# import git", False),
        ("text = 'git'", False),
        ("from mygit import x", False),
    ],
)
def test_import_of_the_library_is_seen_in_the_text(code: str, expected: bool) -> None:
    assert imports_library(code, ("git",)) is expected


def test_program_that_is_not_python_is_refused_with_its_line() -> None:
    with pytest.raises(SourceCodeError) as caught:
        parse("import git\n\ndef (:\n")

    assert caught.value.line == 3
