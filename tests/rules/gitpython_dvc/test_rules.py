"""Every rule that has an example does what the example says."""

from __future__ import annotations

import pytest

from doctranslate.rules import find_rules
from tests.rules.conftest import Body

RULES = find_rules("gitpython", "dvc")
assert RULES is not None


def test_every_rule_says_what_it_does_and_where_to() -> None:
    assert RULES is not None
    assert [rule.symbols for rule in RULES.rules if not rule.summary or not (rule.targets or rule.lost)] == []


def test_no_symbol_has_two_rules() -> None:
    assert RULES is not None
    symbols = [symbol for rule in RULES.rules for symbol in rule.symbols]
    assert sorted(symbols) == sorted(set(symbols))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # the three styles of a command
        ("repo.git.add('--all')", "add_all(repo)"),
        ("repo.git.add(A=True)", "add_all(repo)"),
        ("repo.git.add(['a.py', 'b.py'])", "repo.scm.add(['a.py', 'b.py'])"),
        ("repo.git.commit(m='x')", "commit_staged(repo, 'x')"),
        ("repo.git.commit('-am', 'x')", "add_updated(repo)\ncommit_staged(repo, 'x')"),
        ("repo.git.checkout('-b', 'x')", "repo.scm.checkout('x', create_new=True)"),
        ("repo.git.checkout(b='x')", "repo.scm.checkout('x', create_new=True)"),
        ("repo.git.tag('v', a=True, m='x')", "repo.scm.tag('v', annotated=True, message='x')"),
        ("repo.git.execute(['git', 'commit', '-m', 'x'])", "commit_staged(repo, 'x')"),
        # data and code
        ("repo.index.add(['data/x.csv', 'a.py'])", "track(repo, 'data/x.csv')\nrepo.scm.add('a.py')"),
        ("repo.index.add(name)", "add(repo, name)"),
        ("repo.index.add(str(name))", "add(repo, str(name))"),
        ("repo.index.add([name])", "add(repo, name)"),
        ("names = ['a', 'b']\nrepo.index.add(names)", "names = ['a', 'b']\nadd(repo, *names)"),
        ("repo.index.add('data')", "add(repo, 'data')"),
        # arguments that decide
        ("repo.head.reset(working_tree=True)", "repo.scm.reset(hard=True)\nrepo.checkout(force=True)"),
        (
            "repo.head.reset('HEAD~1', working_tree=True)",
            "head.reset('HEAD~1', working_tree=True)\nrepo.checkout(",
        ),
        ("repo.create_tag('v')", 'repo.scm.set_ref("refs/tags/v", repo.scm.get_rev())'),
        ("repo.create_tag('v', message=m)", "repo.scm.tag('v', annotated=True, message=m)"),
        (
            "def f(m=None):\n    repo.create_tag('v', message=m)",
            "def f(m=None):\n    create_tag(repo, 'v', message=m)",
        ),
        ("repo.remotes.up.pull()", "repo.scm.gitpython.repo.remotes.up.pull()\nrepo.pull()"),
        (
            "repo.git.push('-u', 'origin', 'main')",
            "repo.push(all_commits=True)\nrepo.scm.gitpython.repo.git.push(",
        ),
        ("repo.ignored('a', *b)", "[path for path in ['a', *b] if repo.scm.is_ignored(path)]"),
        # lists of names
        ("x = [t.name for t in repo.tags if t.name != 'v']", "[t for t in repo.scm.list_tags() if t != 'v']"),
        ("next(t.name for t in repo.tags)", "next(t for t in repo.scm.list_tags())"),
        ("print(', '.join(h.name for h in repo.heads))", "print(', '.join(repo.scm.list_branches()))"),
        ("repo.heads[0].name", "repo.scm.list_branches()[0]"),
        ("repo.tags[-2:]", "repo.scm.list_tags()[-2:]"),
        ("if repo.head.commit.parents: pass", 'if repo.scm.resolve_commit("HEAD").parents: pass'),
        (
            "max(repo.tags, key=lambda t: t.commit.committed_date)",
            "key=lambda t: repo.scm.resolve_commit(t).commit_time",
        ),
    ],
)
def test_use_becomes_what_its_arguments_ask_for(body: Body, before: str, after: str) -> None:
    assert after in body(before)


def test_two_pushes_in_a_row_send_data_once(body: Body) -> None:
    new = body("repo.remotes.origin.push('main')\nrepo.remotes.origin.push('main')")

    assert new.count("repo.push(") == 1
    assert new.count("repo.scm.push_refspecs(") == 2
