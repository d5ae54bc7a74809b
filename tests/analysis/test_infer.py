"""Types by demand."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst
import pytest

from doctranslate.analysis.infer import Inference
from tests.analysis.conftest import TypeOf

HEAD = "import git\nrepo = git.Repo('.')\n"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("repo", "Repo"),
        ("repo.head.commit", "Commit"),
        ("repo.index", "IndexFile"),
        ("repo.heads.main", "Head"),
        ("repo.heads['main']", "Head"),
        ("repo.tags[0]", "TagReference"),
        ("[t for t in repo.tags][0]", "TagReference"),
        ("[*repo.tags][0]", "TagReference"),
        ("sorted(repo.tags, key=str)[-1]", "TagReference"),
        ("max(repo.tags, key=str)", "TagReference"),
        ("next(repo.iter_commits())", "Commit"),
        ("list(repo.iter_commits())[0].parents[0]", "Commit"),
        ("{t.name: t.commit for t in repo.tags}['v1']", "Commit"),
        ("{'a': repo}.get('a')", "Repo"),
        ("(1, repo.head)[1]", "HEAD"),
        ("[repo for _ in range(2)][0]", "Repo"),
        ("repo if repo else None", "Repo"),
        ("(lambda: repo)", ""),
        ("unknown", ""),
        ("repo.no_such_member", ""),
    ],
)
def test_value_of_an_expression_is_its_type(type_of: TypeOf, expression: str, expected: str) -> None:
    assert type_of(f"{HEAD}ask({expression})\n") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import git as g\nask(g.Repo())", "Repo"),
        ("from git import Repo as R\nask(R())", "Repo"),
        ("from git import *\nask(Repo())", "Repo"),
        ("import importlib\ngit = importlib.import_module('git')\nask(git.Repo())", "Repo"),
        ("import os as git\nask(git.Repo())", ""),
        ("from .git import Repo\nask(Repo())", ""),
        ("try:\n    import git\nexcept ImportError:\n    git = None\nask(git.Repo())", "Repo"),
    ],
)
def test_import_in_any_form_names_the_library(type_of: TypeOf, code: str, expected: str) -> None:
    assert type_of(code + "\n") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(repo):\n    ask(repo)\nf(git.Repo())", "Repo"),
        ("def f(repo=git.Repo()):\n    ask(repo)", "Repo"),
        ("def f(repo: git.Repo):\n    ask(repo)", "Repo"),
        ("def f(repo: 'git.Repo | None'):\n    ask(repo)", "Repo"),
        ("def f(repos: 'list[git.Repo]'):\n    ask(repos[0])", "Repo"),
        ("def f(*, repo):\n    ask(repo)\nf(repo=git.Repo())", "Repo"),
        ("def f(repo):\n    ask(repo)\ndef g(r):\n    f(r)\ng(git.Repo())", "Repo"),
        ("def f(repo):\n    ask(repo)\nf(git.Repo())\nf(1)", ""),
        ("def f(repo):\n    ask(repo)", ""),
        ("def f(*repos):\n    ask(repos[0])\nf(git.Repo())", "Repo"),
    ],
)
def test_parameter_takes_its_type_from_annotation_call_or_default(
    type_of: TypeOf, code: str, expected: str
) -> None:
    assert type_of(f"import git\n{code}\n") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "class A:\n    def __init__(self):\n        self.r = git.Repo()\n    def f(self):\n        ask(self.r)",
            "Repo",
        ),
        ("class A:\n    r = git.Repo()\nask(A.r)", "Repo"),
        ("class A:\n    r: git.Repo\n    def f(self):\n        ask(self.r)", "Repo"),
        ("class A:\n    @property\n    def r(self):\n        return git.Repo()\nask(A().r)", "Repo"),
        ("class A:\n    def __init__(self, r):\n        self.r = r\nask(A(git.Repo()).r)", "Repo"),
        (
            "class A:\n    def __init__(self, r):\n        self.r = r\n"
            "class B(A):\n    pass\nask(B(git.Repo()).r)",
            "Repo",
        ),
        (
            "class A:\n    def __init__(self, r):\n        self.r = r\n"
            "class B(A):\n    def __init__(self, r):\n        super().__init__(r)\nask(B(git.Repo()).r)",
            "Repo",
        ),
        ("class A(git.Repo):\n    def f(self):\n        ask(self.head)", "HEAD"),
    ],
)
def test_attribute_of_an_own_class_is_what_its_methods_set(type_of: TypeOf, code: str, expected: str) -> None:
    assert type_of(f"import git\n{code}\n") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f():\n    return git.Repo()\nask(f())", "Repo"),
        ("def f():\n    return 1, git.Repo()\nn, r = f()\nask(r)", "Repo"),
        ("def f():\n    yield git.Repo()\nfor r in f():\n    ask(r)", "Repo"),
        ("def f():\n    yield from git.Repo().tags\nfor t in f():\n    ask(t)", "TagReference"),
        (
            "import contextlib\n@contextlib.contextmanager\ndef f():\n    yield git.Repo()\n"
            "with f() as r:\n    ask(r)",
            "Repo",
        ),
        ("async def f():\n    return git.Repo()\nasync def g():\n    ask(await f())", "Repo"),
        ("r = None\ndef f():\n    global r\n    r = git.Repo()\ndef g():\n    ask(r)", "Repo"),
        ("def f(n):\n    return f(n - 1)\nask(f(1))", ""),
    ],
)
def test_function_gives_what_it_returns(type_of: TypeOf, code: str, expected: str) -> None:
    assert type_of(f"import git\n{code}\n") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("found = []\nfor c in repo.iter_commits():\n    found.append(c)\nask(found[0])", "Commit"),
        ("found = {}\nfound['a'] = repo.head.commit\nask(found['b'])", "Commit"),
        ("found = []\nfound.extend(repo.tags)\nask(found[0])", "TagReference"),
        ("found = []\nfound += repo.tags\nask(found[0])", "TagReference"),
        ("x = 'a'\nx += name\nask(x)", "str"),
        ("found = set()\nfound.add(repo)\nfor r in found:\n    ask(r)", "Repo"),
        ("found = []\nfound.append(repo)\nfound.append(1)\nask(found[0])", ""),
        ("for i, t in enumerate(repo.tags):\n    ask(t)", "TagReference"),
        ("for t, h in zip(repo.tags, repo.heads):\n    ask(h)", "Head"),
        ("for i, (t, h) in enumerate(zip(repo.tags, repo.heads)):\n    ask(h)", "Head"),
        ("a, (b, c) = 1, (2, repo)\nask(c)", "Repo"),
        ("for k, v in {'a': repo}.items():\n    ask(v)", "Repo"),
        ("first, *rest = repo.tags\nask(rest[0])", "TagReference"),
        ("(a, *b, c) = (1, 2, 3, repo)\nask(c)", "Repo"),
    ],
)
def test_container_holds_what_is_put_into_it(type_of: TypeOf, code: str, expected: str) -> None:
    assert type_of(f"{HEAD}{code}\n") == expected


def test_constant_is_followed_through_a_name_that_is_set_once(read: Callable[[str], Inference]) -> None:
    inference = read("NAME = 'v1'\nask(NAME)\nTWICE = 1\nTWICE = 2\nask(TWICE if x else 'a')\n")
    first, *_ = [c for c in inference.tree.calls if isinstance(c.func, cst.Name) and c.func.value == "ask"]

    assert inference.constant(first.args[0].value) == "v1"


@pytest.mark.parametrize(
    "code",
    [
        "x = 'a'\nx += more\nask(x)",
        "x = 'a'\nif more:\n    x += more\nask(x)",
        "x = 'a'\nfor more in y:\n    ask(x)\n    x += more",
        "x = 'a'\ndef f():\n    global x\n    x += 'b'\ndef g():\n    ask(x)",
    ],
)
def test_constant_when_something_is_added_in_place_then_is_none(
    read: Callable[[str], Inference], code: str
) -> None:
    inference = read(code)
    asked = next(c for c in inference.tree.calls if isinstance(c.func, cst.Name) and c.func.value == "ask")

    assert inference.constant(asked.args[0].value) is None


def test_constant_when_something_is_added_only_later_then_is_what_it_was(
    read: Callable[[str], Inference],
) -> None:
    inference = read("x = 'a'\nask(x)\nx += more\n")

    assert inference.constant(inference.tree.calls[0].args[0].value) == "a"


def test_two_classes_for_one_name_make_it_unknown(type_of: TypeOf) -> None:
    code = "import git, sys\nif sys.argv:\n    x = git.Repo()\nelse:\n    x = git.Repo().index\nask(x)\n"

    assert type_of(code) == ""
