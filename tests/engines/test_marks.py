from __future__ import annotations

from dataclasses import replace

from doctranslate.engines.marks import marked
from doctranslate.prompts.build import MARKER
from doctranslate.records import ApiUsage

from .samples import JOB, SOURCE, TAG


def test_marked_when_a_comment_stands_above_a_source_line_then_names_line_symbol_and_reason() -> None:
    code = (
        f"import git\nimport dvc\n\nrepo = git.Repo('.')\n# {MARKER}: no tags there\nrepo.create_tag('v1')\n"
    )
    found = marked(code, JOB)
    assert found.code == code
    (one,) = found.unresolved
    assert (one.line, one.symbol, one.code, one.reason) == (4, TAG, "repo.create_tag('v1')", "no tags there")


def test_marked_when_the_comment_ends_the_line_then_means_that_line() -> None:
    (one,) = marked(f"repo.create_tag('v1')  # {MARKER}: why\nx = 1\n", JOB).unresolved
    assert (one.line, one.reason) == (4, "why")


def test_marked_when_the_statement_is_not_in_the_source_then_line_is_zero() -> None:
    (one,) = marked(f"# {MARKER}\nscm.blame()\n", JOB).unresolved
    assert (one.line, one.symbol, one.code) == (0, "", "scm.blame()")
    assert one.reason


def test_marked_when_the_same_statement_is_marked_twice_then_each_gets_its_own_line() -> None:
    source = SOURCE + "repo.create_tag('v1')\n"
    usages = (*JOB.usages, ApiUsage(TAG, 5, 0, "repo.create_tag('v1')"))
    job = replace(JOB, code=source, usages=usages)
    found = marked(f"# {MARKER}: a\nrepo.create_tag('v1')\n# {MARKER}: b\nrepo.create_tag('v1')\n", job)
    assert [(u.line, u.reason) for u in found.unresolved] == [(4, "a"), (5, "b")]


def test_marked_when_the_mark_is_inside_a_string_then_counts_nothing() -> None:
    assert marked(f"x = '''\n# {MARKER}: no\n'''\n", JOB).unresolved == ()


def test_marked_when_nothing_is_marked_then_is_empty() -> None:
    assert marked(SOURCE, JOB).unresolved == ()
