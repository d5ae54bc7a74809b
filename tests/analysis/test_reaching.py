"""Which of a name's bindings reach the place where it is read."""

from __future__ import annotations

import pytest

from tests.analysis.conftest import TypeOf


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = git.Repo()\nask(x)\nx = 5", "Repo"),
        ("x = 5\nx = git.Repo()\nask(x)", "Repo"),
        ("x = git.Repo()\nx = 5\nask(x)", "int"),
        ("git = git.Repo().git\nask(git)", "Git"),
        ("x = 5\nif x:\n    x = git.Repo()\nask(x)", ""),
        ("x = 5\nif x:\n    x = git.Repo()\n    ask(x)", "Repo"),
        ("try:\n    x = git.Repo()\nexcept Exception:\n    x = git.Repo('b')\nask(x)", "Repo"),
        ("x = 5\nfor i in y:\n    ask(x)\n    x = git.Repo()", ""),
        ("x = 5\nfor i in y:\n    x = git.Repo()\n    ask(x)", "Repo"),
        ("x = 5\nfor x in git.Repo().tags:\n    ask(x)", "TagReference"),
        ("x = 5\nwith git.Repo() as x:\n    ask(x)", "Repo"),
        ("x = 5\ndef f():\n    ask(x)\nx = git.Repo()", ""),
        ("def f(x):\n    x = git.Repo()\n    ask(x)", "Repo"),
        ("x = 5\nif (x := git.Repo()):\n    ask(x)", "Repo"),
        ("x = 5\nif y and (x := git.Repo()):\n    pass\nask(x)", ""),
    ],
)
def test_read_sees_the_bindings_that_can_have_run(type_of: TypeOf, code: str, expected: str) -> None:
    assert type_of(f"import git\n{code}\n") == expected
