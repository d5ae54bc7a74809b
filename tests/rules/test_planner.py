"""What becomes of values on their way through a program."""

from __future__ import annotations

import pytest

from tests.rules.conftest import HEAD, Body, Rewrite

BRIDGE = "repo.scm.gitpython.repo"


def without_comments(code: str) -> str:
    return "\n".join(line for line in code.split("\n") if "# doctranslate:" not in line)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "g, i = repo.git, repo.index\ng.checkout('b')\ni.commit('m')",
            "checkout(repo, 'b')\nrepo.scm.commit('m')",
        ),
        ("g, n = repo.git, 1\ng.checkout('b')", "n = 1\ncheckout(repo, 'b')"),
        ("g, a, b = repo.git, 1, 2\ng.checkout('b')", "a, b = 1, 2\ncheckout(repo, 'b')"),
        ("commit = repo.index.commit\ncommit('m')", "repo.scm.commit('m')"),
        ("log = repo.git.log\nlog('-1')", f"{BRIDGE}.git.log('-1')"),
        ("commit = repo.index.commit\nrun(commit)", f"commit = {BRIDGE}.index.commit\nrun(commit)"),
        ("run(repo.git.add)", f"run({BRIDGE}.git.add)"),
        ("g = repo.git\ng.checkout('b')", "checkout(repo, 'b')"),
        ("index = repo.index\ndef f():\n    index.commit('m')", "def f():\n    repo.scm.commit('m')"),
        ("i = j = repo.index\ni.commit(j.path)", f"repo.scm.commit({BRIDGE}.index.path)"),
        ("index = repo.index\nput(index)", f"put({BRIDGE}.index)"),
        (
            "index = repo.index\nindex.commit('m')\ndel index",
            f"index = {BRIDGE}.index\nindex.commit('m')\ndel index",
        ),
        ("git = repo.git\ngit.checkout('b')", "checkout(repo, 'b')"),
        (
            "if x:\n    i = repo.index\nelse:\n    i = repo.index\ni.commit('m')",
            f"if x:\n    i = {BRIDGE}.index\nelse:\n    i = {BRIDGE}.index\ni.commit('m')",
        ),
    ],
)
def test_alias_is_read_through_its_definition_or_not_at_all(body: Body, before: str, after: str) -> None:
    assert without_comments(body(before)) == after


def test_tree_taken_before_a_commit_stays_that_of_its_time(body: Body) -> None:
    read = "print((tree / 'a').data_stream.read())"

    still = body(f"tree = repo.head.commit.tree\n{read}")
    moved = body(f"tree = repo.head.commit.tree\nrepo.index.commit('m')\n{read}")

    assert still == 'print(dvc.api.read(\'a\', repo=repo.root_dir, rev="HEAD", mode="rb"))'
    assert "tree = entry_at(repo)\n" in moved
    assert moved.endswith("\nprint(tree.entry('a').read())")


@pytest.mark.parametrize(
    "rest",
    [
        "for name in names:\n    print(tree[name].data_stream.read())\n    repo.index.commit(name)",
        "for name in names:\n    while name:\n        print(tree[name].data_stream.read())\n    repo.git.commit('-m', name)",
        "save(repo)\nprint(tree['a'].data_stream.read())",
        "outer(repo)\nprint(tree['a'].data_stream.read())",
        "list(map(save, [repo]))\nprint(tree['a'].data_stream.read())",
        "Saver().run(repo)\nprint(tree['a'].data_stream.read())",
    ],
)
def test_alias_when_head_may_move_before_it_is_read_again_then_keeps_its_value(body: Body, rest: str) -> None:
    own = (
        "def save(repo):\n    repo.index.commit('m')\n\ndef outer(repo):\n    save(repo)\n\n"
        "class Saver:\n    def run(self, repo):\n        outer(repo)\n\n"
    )

    assert "tree = entry_at(repo)\n" in body(f"{own}tree = repo.head.commit.tree\n{rest}")


@pytest.mark.parametrize(
    "statements",
    [
        "tree = repo.head.commit.tree\nshow(repo)\nfor name in names:\n    print(tree[name].data_stream.read())",
        "for name in names:\n    tree = repo.head.commit.tree\n    print(tree['a'].data_stream.read())\n"
        "    repo.index.commit(name)",
    ],
)
def test_alias_when_head_does_not_move_before_it_is_read_then_is_read_through(
    body: Body, statements: str
) -> None:
    new = body(f"def show(repo):\n    print(repo.head.commit.hexsha)\n\n{statements}")

    assert "tree =" not in new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(remote):\n    remote.push()\nf(repo.remotes.origin)", f"f({BRIDGE}.remotes.origin)"),
        ("def f(remote):\n    remote.push()\nf(repo.remote('up'))", f"f({BRIDGE}.remote('up'))"),
        ("def f(index):\n    index.commit('m')\nf(repo.index)", f"f({BRIDGE}.index)"),
        ("def f(index=repo.index):\n    index.commit('m')", f"def f(index={BRIDGE}.index):"),
        ("json.dumps(repo.active_branch)", f"json.dumps({BRIDGE}.active_branch)"),
        ("getattr(repo.heads, name)", f"getattr({BRIDGE}.heads, name)"),
        ("getattr(repo, name)", f"getattr({BRIDGE}, name)"),
        (
            "d = {'a': repo.active_branch, 'b': repo.remotes.origin}",
            f"{BRIDGE}.active_branch, 'b': {BRIDGE}.remotes",
        ),
        ("for r in repo.remotes:\n    print(r.name)", f"for r in {BRIDGE}.remotes:\n    print(r.name)"),
        ("print(len(repo.remotes))", f"print(len({BRIDGE}.remotes))"),
        ("{c for c in repo.iter_commits()}", f"{{{BRIDGE}.commit(c.hexsha) for c in history(repo)}}"),
        ("set(repo.iter_commits())", f"set({BRIDGE}.iter_commits())"),
        ("repo.head.reference = repo.heads.main", f"{BRIDGE}.head.reference = {BRIDGE}.heads.main"),
    ],
)
def test_value_that_loses_its_owner_travels_as_the_source_librarys_object(
    body: Body, before: str, after: str
) -> None:
    assert after in without_comments(body(before))


def test_function_that_gets_both_kinds_gets_the_source_librarys(body: Body) -> None:
    new = body(
        "def show(c):\n    print(c.author.name)\n"
        "for c in repo.iter_commits(all=True):\n    show(c)\nshow(repo.head.commit)"
    )

    assert "print(c.author.name)" in new
    assert f"show({BRIDGE}.head.commit)" in new


def test_variable_that_gets_both_kinds_holds_the_source_librarys(body: Body) -> None:
    code = body(
        "try:\n    remote = repo.create_remote('up', url)\nexcept ValueError:\n    remote = repo.remote('up')\n"
        "held = [remote]\n"
    )
    assert "remote = repo.scm.gitpython.repo.remote('up')" in code


def test_function_that_returns_both_kinds_returns_the_source_librarys(body: Body) -> None:
    new = body(
        "def last(p):\n    if p:\n        return next(repo.iter_commits(all=p))\n    return repo.head.commit\n"
        "print(last('a').author.name)"
    )

    assert f"return {BRIDGE}.head.commit" in new
    assert "print(last('a').author.name)" in new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("print(repo.head.commit)", 'print(repo.scm.resolve_commit("HEAD").hexsha)'),
        ("c = repo.head.commit\nprint(f'{c}', '%s' % c)", "print(f'{c.hexsha}', '%s' % c.hexsha)"),
        ("repo.git.checkout(repo.head.commit)", 'checkout(repo, repo.scm.resolve_commit("HEAD").hexsha)'),
        (
            "repo.create_tag('v', ref=repo.tags['w'].commit)",
            "repo.scm.resolve_commit('w').hexsha",
        ),
        ("print(repo.git.cat_file('-p', repo.head.commit))", 'repo.scm.resolve_commit("HEAD").hexsha))'),
    ],
)
def test_commit_goes_by_its_hash_where_text_is_wanted(body: Body, before: str, after: str) -> None:
    assert after in body(before)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "import git\nr = git.Repo('a', **options)\nr.index.commit('m')\n",
            "r = open_repo(git.Repo('a', **options)",
        ),
        (
            "import git\nr = git.Repo.init('a', **options)\nr.index.commit('m')\n",
            "r = open_repo(git.Repo.init(",
        ),
        ("import git\nrs = list(map(git.Repo, ['a']))\n", "map(open_repo, ['a'])"),
    ],
)
def test_repository_that_only_the_source_library_can_make_is_adopted(
    rewrite: Rewrite, code: str, expected: str
) -> None:
    assert expected in rewrite(code).code


def test_subclass_of_the_library_is_left_as_it_is(rewrite: Rewrite) -> None:
    code = "import git\n\nclass Mine(git.Repo):\n    def f(self):\n        return self.active_branch.name\n"

    found = rewrite(code)

    assert "return self.active_branch.name" in found.code
    assert "class Mine(git.Repo):" in found.code
    assert [u.symbol for u in found.unresolved] == ["git.repo.base.Repo"]


def test_value_of_one_of_two_repositories_is_not_guessed(rewrite: Rewrite) -> None:
    code = (
        "import git\na = git.Repo('a')\nb = git.Repo('b')\n"
        "for r in [a.remotes.origin, b.remotes.origin]:\n    r.push()\n"
    )

    found = rewrite(code)

    left = (*found.bridged, *found.unresolved)
    assert any("it cannot be told which Repo it belongs to (a, b)" in each.reason for each in left)


def test_call_on_the_source_librarys_own_object_is_said(rewrite: Rewrite) -> None:
    found = rewrite(HEAD + "def put(index):\n    index.add(['data/x.csv'])\nput(repo.index)\n")

    assert [each.line for each in found.bridged] == [5, 6]
    assert found.unresolved == ()


@pytest.mark.parametrize(
    "kind", ["", " Exception", " LookupError", " (OSError, IndexError)", " BaseException"]
)
def test_handler_when_it_handles_a_missing_branch_too_then_one_is_looked_for(body: Body, kind: str) -> None:
    new = body(f"try:\n    branch = repo.heads[name]\nexcept{kind}:\n    branch = None\nprint(branch)")

    assert "if name not in repo.scm.list_branches():\n        raise IndexError(name)" in new


@pytest.mark.parametrize("kind", [" KeyError", " OSError", " git.GitCommandError"])
def test_handler_when_it_is_for_something_else_then_no_branch_is_looked_for(body: Body, kind: str) -> None:
    new = body(f"try:\n    branch = repo.heads[name]\nexcept{kind}:\n    branch = None\nprint(branch)")

    assert "list_branches" not in new


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("repo.index.commit('m', head=False)", f"{BRIDGE}.index.commit('m', head=False)"),
        ("repo.index.commit('m', head=None)", f"{BRIDGE}.index.commit('m', head=None)"),
        ("repo.index.commit('m', head=True)", "repo.scm.commit('m')"),
        ("repo.index.commit('m', parent_commits=None)", "repo.scm.commit('m')"),
        ("repo.remotes.origin.fetch(prune=True)", f"{BRIDGE}.remotes.origin.fetch(prune=True)"),
        ("repo.remotes.origin.fetch(prune=False)", 'repo.scm.fetch("origin")\nrepo.fetch()'),
    ],
)
def test_argument_when_it_is_not_the_default_then_is_not_left_out(body: Body, call: str, after: str) -> None:
    assert without_comments(body(call)) == after


def test_handlers_for_different_errors_stay_apart(body: Body) -> None:
    new = body(
        "try:\n    git.Repo('x').remotes.origin.pull()\n"
        "except (git.NoSuchPathError, git.InvalidGitRepositoryError):\n    a()\nexcept git.GitCommandError as e:\n    b()"
    )

    assert (
        "except (FileNotFoundError, NotDvcRepoError):\n    a()\nexcept (SCMError, DvcException) as e:\n    b()"
        in new
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('print(f"{repo.heads[0].name}")', 'print(f"{repo.scm.list_branches()[0]}")'),
        ('print(f"{repo.head.commit.message}")', "print(f\"{repo.scm.resolve_commit('HEAD').message}\")"),
        (
            "print(f'''{repo.head.commit.message}''')",
            "print(f'''{repo.scm.resolve_commit(\"HEAD\").message}''')",
        ),
        ("print(f'{repo.head.commit.hexsha[:7]!r:>9}')", "print(f'{repo.scm.get_rev()[:7]!r:>9}')"),
    ],
)
def test_expression_in_an_fstring_fits_its_quotes(body: Body, before: str, after: str) -> None:
    assert body(before) == after
