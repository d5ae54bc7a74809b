"""Statements around what changes."""

from __future__ import annotations

import pytest

from tests.rules.conftest import HEAD, Body, Rewrite

KEPT = "# doctranslate: kept on the source library: "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1; repo.index.commit('m'); y = 2", "x = 1\nrepo.scm.commit('m')\ny = 2"),
        ("x = 1; y = 2; print(repo.is_dirty())", "x = 1; y = 2; print(repo.scm.is_dirty())"),
        ("if x: repo.index.commit('m')", "if x:\n    repo.scm.commit('m')"),
        (
            "if x: repo.index.commit('m')  # why\nelse: pass",
            "if x:\n    repo.scm.commit('m')  # why\nelse: pass",
        ),
        ("for m in x: repo.index.commit(m)", "for m in x:\n    repo.scm.commit(m)"),
        (
            "c = repo.index.commit('m')  # why",
            "repo.scm.commit('m')\nc = repo.scm.resolve_commit(\"HEAD\")  # why",
        ),
        ("# why\nrepo.index.commit('m')  # not", "# why\nrepo.scm.commit('m')  # not"),
        (
            "repo.git.add(  # one\n    'a.py',  # two\n)  # three",
            "# one\n# two\nrepo.scm.add('a.py')  # three",
        ),
        ("index = repo.index  # the index\nindex.commit('m')", "# the index\nrepo.scm.commit('m')"),
        ("def f():\n    index = repo.index", "def f():\n    pass"),
        ("def f():\n    # only\n    index = repo.index", "def f():\n    # only\n    pass"),
        ("if x: index = repo.index", "if x: pass"),
        ("try:\n    index = repo.index\nfinally:\n    y()", "try:\n    pass\nfinally:\n    y()"),
        ("sha = \\\n    repo.head.commit.hexsha", "sha = \\\n    repo.scm.get_rev()"),
        ("print(repo.head.is_valid() and x)", 'print((repo.scm.dulwich.get_ref("HEAD") is not None) and x)'),
        ("del repo", "del repo"),
    ],
)
def test_statement_becomes_what_a_reader_would_write(body: Body, before: str, after: str) -> None:
    assert body(before) == after


def test_statement_left_on_the_source_library_has_one_comment(body: Body) -> None:
    new = body("print(repo.description, repo.bare)  # x\nif repo.bare:\n    pass")

    assert new == (
        f"{KEPT}scmrepo does not tell it\n"
        "print(repo.scm.gitpython.repo.description, repo.scm.gitpython.repo.bare)  # x\n"
        f"{KEPT}scmrepo does not tell it\n"
        "if repo.scm.gitpython.repo.bare:\n    pass"
    )


def test_elif_keeps_its_place_and_its_comment(body: Body) -> None:
    new = body("if x:\n    pass\nelif repo.bare:\n    pass")

    assert new == (
        f"if x:\n    pass\n{KEPT}scmrepo does not tell it\nelif repo.scm.gitpython.repo.bare:\n    pass"
    )


def test_error_guard_goes_around_the_call_alone(body: Body) -> None:
    new = body("try:\n    repo.git.checkout('x')  # go\nexcept Exception:\n    pass")

    assert new == (
        "try:\n    with git_errors():\n        checkout(repo, 'x')  # go\nexcept Exception:\n    pass"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "while repo.index.commit('m').hexsha: pass",
        "x = y and repo.index.commit('m').hexsha",
        "x = [repo.index.commit(m).hexsha for m in y]",
        "x = lambda m: repo.index.commit(m)\nprint(x('m'))",
        "assert repo.index.commit('m').hexsha",
        "print(first(), repo.index.commit('m').hexsha)",
    ],
)
def test_statements_are_not_moved_where_they_would_run_at_another_time(body: Body, statement: str) -> None:
    assert body(statement).startswith(
        f"{KEPT}it takes several statements, and stands where only an expression can"
    )


def test_variable_that_nothing_reads_any_more_is_left_out(body: Body) -> None:
    assert (
        body("origin = repo.remotes.origin  # where\norigin.pull()")
        == "# where\nrepo.scm.pull()\nrepo.pull()"
    )
    assert body("origin = repo.remotes.origin\norigin.fetch()").startswith('origin = "origin"\n')


def test_comment_between_removed_and_kept_statements_stays(rewrite: Rewrite) -> None:
    code = HEAD + "# one\nindex = repo.index\n# two\n\n# three\nindex.commit('m')\n# four\n"

    new = rewrite(code).code

    assert new.endswith("# one\n# two\n\n# three\nrepo.scm.commit('m')\n# four\n")
