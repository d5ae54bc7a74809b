"""``repo.git.<command>(...)`` in the forms that programs use: what each one becomes."""

from __future__ import annotations

import pytest

from tests.rules.conftest import Body, Rewrite

BRIDGE = "repo.scm.gitpython.repo.git."

# Translated: the whole of what the statement becomes.
TRANSLATED = [
    # add
    ("repo.git.add(A=True)", "add_all(repo)"),
    ("repo.git.add(all=True)", "add_all(repo)"),
    ("repo.git.add('--all')", "add_all(repo)"),
    ("repo.git.add('.')", "add_all(repo)"),
    ("repo.git.add('-A', '.')", "add_all(repo)"),
    ("repo.git.add(update=True)", "add_updated(repo)"),
    ("repo.git.add('-u')", "add_updated(repo)"),
    ("repo.git.add('data/x.csv')", "track(repo, 'data/x.csv')"),
    ("repo.git.add('x.py', force=True)", "repo.scm.add('x.py', force=True)"),
    ("repo.git.add('--', 'x.py')", "repo.scm.add('x.py')"),
    ("repo.git.add('data')\nrepo.index.add(['data/x.csv'])", "add(repo, 'data')\ntrack(repo, 'data/x.csv')"),
    # commit
    ("repo.git.commit('-m', 'x')", "commit_staged(repo, 'x')"),
    ("repo.git.commit(m='x')", "commit_staged(repo, 'x')"),
    ("repo.git.commit('--message=x')", 'commit_staged(repo, "x")'),
    ("repo.git.commit(f'--message={x}')", "commit_staged(repo, x)"),
    ("repo.git.commit(['-m', 'x'])", "commit_staged(repo, 'x')"),
    ("repo.git.commit('-m', 'x', '-m', 'y')", "commit_staged(repo, 'x\\n\\ny')"),
    ("repo.git.commit('-am', 'x')", "add_updated(repo)\ncommit_staged(repo, 'x')"),
    ("repo.git.commit('-a', m='x')", "add_updated(repo)\ncommit_staged(repo, 'x')"),
    ("repo.git.commit(allow_empty=True, m='x')", "commit_staged(repo, 'x', allow_empty=True)"),
    ("repo.git.commit('--no-verify', '-m', 'x')", "commit_staged(repo, 'x', no_verify=True)"),
    # push, pull, fetch
    ("repo.git.push()", "push(repo, check=True)"),
    (
        "repo.git.push('origin', 'HEAD:refs/heads/x')",
        "push_refspecs(repo, 'origin', 'HEAD:refs/heads/x', check=True)",
    ),
    ("repo.git.push('origin', ':x')", "push_refspecs(repo, 'origin', ':x', check=True)"),
    ("repo.git.push('--tags')", "push_tags(repo, check=True)"),
    ("repo.git.push('origin', 'main', force=True)", "push(repo, 'origin', 'main', force=True, check=True)"),
    ("repo.git.pull()", "repo.scm.pull()\nrepo.pull()"),
    ("repo.git.fetch()", 'repo.scm.fetch("origin")\nrepo.fetch()'),
    # checkout, switch, restore
    ("repo.git.checkout('main')", "checkout(repo, 'main')"),
    ("repo.git.checkout('main', force=True)", "checkout(repo, 'main', force=True)"),
    ("repo.git.checkout('-b', 'x')", "repo.scm.checkout('x', create_new=True)"),
    ("repo.git.checkout(b='x')", "repo.scm.checkout('x', create_new=True)"),
    ("repo.git.checkout('x', b=True)", "repo.scm.checkout('x', create_new=True)"),
    ("repo.git.checkout('v1', '--', 'data/x.csv')", "restore(repo, 'data/x.csv', rev='v1')"),
    ("repo.git.checkout('HEAD~1', 'data/x.csv')", "restore(repo, 'data/x.csv', rev='HEAD~1')"),
    ("repo.git.checkout('--', 'data/x.csv')", "restore(repo, 'data/x.csv')"),
    ("repo.git.switch('main')", "checkout(repo, 'main')"),
    ("repo.git.switch(c='x')", "repo.scm.checkout('x', create_new=True)"),
    ("repo.git.restore('data/x.csv')", "restore(repo, 'data/x.csv')"),
    # branch and tag
    ("repo.git.branch('x')", "repo.scm.branch('x')"),
    ("repo.git.branch('-D', 'x')", 'repo.scm.remove_ref("refs/heads/x")'),
    ("repo.git.branch(D='x')", 'repo.scm.remove_ref("refs/heads/x")'),
    ("print(repo.git.branch(show_current=True))", "print(repo.scm.active_branch())"),
    ("repo.git.tag('v1')", 'repo.scm.set_ref("refs/tags/v1", repo.scm.get_rev())'),
    ("repo.git.tag('-a', 'v1', '-m', 'x')", "repo.scm.tag('v1', annotated=True, message='x')"),
    ("repo.git.tag('-d', 'v1')", 'repo.scm.remove_ref("refs/tags/v1")'),
    ("print(repo.git.tag())", 'print("\\n".join(repo.scm.list_tags()))'),
    ("print(repo.git.tag(l='v*'))", "print(\"\\n\".join(fnmatch.filter(repo.scm.list_tags(), 'v*')))"),
    # reset and stash
    ("repo.git.reset()", "repo.scm.reset()"),
    ("repo.git.reset(hard=True)", "repo.scm.reset(hard=True)\nrepo.checkout(force=True)"),
    ("repo.git.stash('push', '-m', 'x')", "repo.scm.stash.push(message='x')\nrepo.checkout()"),
    ("repo.git.stash('pop')", "repo.scm.stash.pop()\nrepo.checkout()"),
    # names and settings
    ("print(repo.git.rev_parse('HEAD'))", "print(repo.scm.get_rev())"),
    ("print(repo.git.rev_parse('HEAD', short=True))", "print(repo.scm.get_rev()[:7])"),
    ("print(repo.git.rev_parse('--short=8', 'HEAD'))", "print(repo.scm.get_rev()[:8])"),
    ("print(repo.git.rev_parse('--show-toplevel'))", "print(repo.scm.root_dir)"),
    ("print(repo.git.rev_parse('--abbrev-ref', 'HEAD'))", "print(repo.scm.active_branch())"),
    ("print(repo.git.config('user.name'))", 'print(repo.scm.get_config().get(("user",), "name"))'),
    (
        "print(repo.git.config('--get', 'remote.origin.url'))",
        'print(repo.scm.get_config().get(("remote", "origin"), "url"))',
    ),
    ("print(repo.git.remote('get-url', 'origin'))", "print(repo.scm.get_remote_url('origin'))"),
    ("repo.git.update_ref('-d', 'refs/heads/x')", "repo.scm.remove_ref('refs/heads/x')"),
    ("print(repo.git.symbolic_ref('HEAD', short=True))", "print(repo.scm.active_branch())"),
    # files
    ("print(repo.git.ls_files())", 'print("\\n".join(tracked_files(repo)))'),
    (
        "print(repo.git.ls_files('--others', '--exclude-standard'))",
        'print("\\n".join(sorted(repo.scm.untracked_files())))',
    ),
    (
        "print(repo.git.diff('--name-only', 'v1.0', 'origin/main'))",
        "print(\"\\n\".join(files_between(repo, 'v1.0', 'origin/main')))",
    ),
    ("print(repo.git.ls_files('data'))", "print(\"\\n\".join(tracked_files(repo, 'data')))"),
    ("print(repo.git.ls_tree('v1', r=True, name_only=True))", "print(\"\\n\".join(files_at(repo, 'v1')))"),
    ("print(repo.git.status('--porcelain'))", "print(porcelain(repo))"),
    ("print(repo.git.status(porcelain=True))", "print(porcelain(repo))"),
    ("print(repo.git.diff('--name-only'))", 'print("\\n".join(changed_files(repo)))'),
    (
        "print(repo.git.diff('--staged', name_only=True))",
        'print("\\n".join(changed_files(repo, staged=True)))',
    ),
    (
        "print(repo.git.diff('v1..v2', '--name-only'))",
        "print(\"\\n\".join(files_between(repo, 'v1', 'v2')))",
    ),
    ("print(repo.git.log('-1', '--format=%H'))", "print(repo.scm.get_rev())"),
    (
        "print(repo.git.log('-n1', pretty='%s'))",
        'print(repo.scm.resolve_commit("HEAD").message.partition("\\n")[0])',
    ),
    ("repo.git.mv('data/x.csv', 'data/y.csv')", "move(repo, 'data/x.csv', 'data/y.csv')"),
    ("repo.git.rm('data/x.csv')", "untrack(repo, 'data/x.csv', outs=True)"),
    ("repo.git.rm('-r', 'data')", "remove(repo, 'data')"),
    # a whole command line
    ("repo.git.execute(['git', 'checkout', '-b', 'x'])", "repo.scm.checkout('x', create_new=True)"),
    ("repo.git.execute('git push origin main')", 'push(repo, "origin", "main", check=True)'),
    # LFS
    ("repo.git.lfs('install')", ""),
    ("repo.git.lfs('push', 'origin', 'main')", "repo.push()"),
    ("repo.git.lfs('pull')", "repo.pull()\nlfs_too(repo, 'pull')"),
    ("repo.git.lfs('fetch', '--all')", "repo.fetch(all_commits=True)\nlfs_too(repo, 'fetch', '--all')"),
    ("print(repo.git.lfs('ls-files', '-n'))", 'print("\\n".join(data_files(repo)))'),
    (
        "repo.git.lfs('track', '*.foo')\nrepo.git.add('.gitattributes', 'x.foo')",
        "track(repo, 'x.foo')",
    ),
    ("repo.git.lfs('push', 'origin', all=x)", "repo.push(all_commits=True)"),
    ("repo.git.lfs('track', pattern)", "track_pattern(repo, pattern)"),
]

# Left to git: what stands in front of the command, and behind it.
LEFT = [
    ("repo.git.push('--set-upstream', 'origin', 'x')", "repo.push(all_commits=True)", ""),
    ("repo.git.push('-u', 'origin', 'x')", "repo.push(all_commits=True)", ""),
    ("repo.git.push('--delete', 'origin', 'x')", "repo.push(all_commits=True)", ""),
    ("repo.git.push('origin', 'main', env={'X': '1'})", "repo.push(all_commits=True)", ""),
    ("repo.git.push('origin', '+main', 'side')", "repo.push(all_commits=True)", ""),
    ("repo.git.push('--tags', '--force')", "repo.push(all_commits=True)", ""),
    ("repo.git.push('origin', 'refs/tags/v1', force=True)", "repo.push(all_commits=True)", ""),
    ("repo.git.pull('--rebase')", "", "repo.pull()"),
    ("repo.git.pull(rebase=True)", "", "repo.pull()"),
    ("repo.git.commit('--amend', '-m', 'x')", "", ""),
    ("repo.git.commit('-a', '--amend', '--no-edit')", "add_updated(repo)", ""),
    ("repo.git.commit('-am', 'x', author='A <a@b.c>')", "add_updated(repo)", ""),
    ("repo.git.merge('x', no_ff=True)", "", "repo.checkout()"),
    ("repo.git.rebase('main')", "", "repo.checkout()"),
    ("repo.git.cherry_pick('x')", "", "repo.checkout()"),
    ("repo.git.revert('HEAD', no_edit=True)", "", "repo.checkout()"),
    ("repo.git.reset('--hard', 'HEAD~1')", "", "repo.checkout(force=True)"),
    ("repo.git.reset('--soft', 'HEAD~1')", "", ""),
    ("repo.git.checkout('-B', 'x')", "", "repo.checkout()"),
    ("repo.git.checkout(*words)", "", "repo.checkout()"),
    ("repo.git.checkout('--', 'x.py')", "", ""),
    ("repo.git.stash('apply')", "", "repo.checkout()"),
    ("repo.git.clean('-fd')", "", "repo.checkout()"),
    ("repo.git.branch('-m', 'x', 'y')", "", ""),
    ("repo.git.config('user.name', 'Ada')", "", ""),
    ("repo.git.remote('add', 'x', 'url')", "", ""),
    ("repo.git.worktree('add', '../x')", "", ""),
    ("repo.git.gc()", "", ""),
    ("repo.git.ls_files('--others', '--exclude-standard', '--exclude=*.log')", "", ""),
    ("repo.git.ls_files(others=True, exclude_standard=True, directory=x)", "", ""),
    ("repo.git.diff('--name-only', 'HEAD', 'a.py')", "", ""),
    ("repo.git.diff('--name-only', 'src/app')", "", ""),
    ("repo.git.diff('v1..v2', 'src', name_only=True)", "", ""),
    ("repo.git.diff('--cached', '--name-only', 'HEAD', 'src')", "", ""),
    ("repo.git.show(':a.py')", "", ""),
    ("repo.git.show(f':{x}')", "", ""),
    ("repo.git.show('HEAD:')", "", ""),
    ("repo.git.show(f'{x}:')", "", ""),
    ("repo.git.show(f'{x}:{y:>3}.py')", "", ""),
    ("repo.git.show(f'{x!s}:a.py')", "", ""),
    ("repo.git.log('-1', '--format=%H', *x)", "", ""),
    ("repo.git.rev_parse('HEAD^{tree}')", "", ""),
    ("repo.git.rev_parse('HEAD:a.py')", "", ""),
    ("repo.git.mv('x.py', 'y.py')", "", ""),
    ("repo.git.rm('--cached', 'x.py')", "", ""),
    ("repo.git.lfs('untrack', '*.bin')", "", ""),
    # flags that show only at run time
    ("repo.git.push('origin', 'main', force=x)", "repo.push(all_commits=True)", ""),
    ("repo.git.push('origin', tags=x)", "repo.push(all_commits=True)", ""),
    ("repo.git.commit('-m', 'm', allow_empty=x)", "", ""),
    ("repo.git.commit('-m', 'm', a=x)", "if x:\n    add_updated(repo)", ""),
    ("repo.git.checkout('main', f=x)", "", "repo.checkout()"),
    ("repo.git.reset(hard=x)", "", "if x:\n    repo.checkout(force=True)"),
    ("repo.git.add('a.py', A=x)", "", ""),
    ("repo.git.add('a.py', force=x)", "", ""),
    ("repo.git.tag('v1', f=x)", "", ""),
]


def _without_comments(code: str) -> str:
    return "\n".join(line for line in code.split("\n") if not line.startswith("# doctranslate:"))


@pytest.mark.parametrize(("before", "after"), TRANSLATED, ids=[before for before, _ in TRANSLATED])
def test_command_when_it_has_a_counterpart_then_becomes_it(
    body: Body, before: str, after: str | None
) -> None:
    assert _without_comments(body(before)) == after


@pytest.mark.parametrize(("command", "first", "last"), LEFT, ids=[command for command, _, _ in LEFT])
def test_command_when_it_is_left_to_git_then_its_data_is_looked_after(
    body: Body, rewrite: Rewrite, command: str, first: str, last: str
) -> None:
    bridged = command.replace("repo.git.", BRIDGE)
    wanted = [line for line in (first, bridged, last) if line]

    assert _without_comments(body(command)) == "\n".join(wanted)
    assert [b.code for b in rewrite(f"import git\n\nrepo = git.Repo()\n{command}\n").bridged] == [command]


def test_command_when_its_value_is_used_then_its_data_is_looked_after(body: Body) -> None:
    new = _without_comments(body("out = repo.git.pull('origin', 'main')\nprint(out)"))

    assert (
        new
        == "result = repo.scm.gitpython.repo.git.pull('origin', 'main')\nrepo.pull()\nout = result\nprint(out)"
    )


def test_path_of_data_when_git_is_asked_for_its_history_then_both_names_are_given(body: Body) -> None:
    new = body("repo.index.add(['data/x.csv'])\nprint(repo.git.log('--oneline', '--', 'data/x.csv'))")

    assert "git.log('--oneline', '--', 'data/x.csv', \"data/x.csv.dvc\")" in new


def test_command_when_a_handler_stands_further_out_then_its_errors_are_turned(body: Body) -> None:
    new = body(
        "def send():\n    repo.git.push('origin', 'main')\n\n"
        "try:\n    send()\nexcept git.GitCommandError:\n    print('no')"
    )

    assert "with git_errors():\n        push(repo, 'origin', 'main', check=True)" in new


def test_command_in_a_lambda_when_a_handler_sees_it_then_its_errors_are_turned(body: Body) -> None:
    new = body(
        "def attempt(what):\n    try:\n        what()\n    except git.GitCommandError:\n        print('no')\n\n"
        "attempt(lambda: repo.git.push('origin', 'main'))"
    )

    assert "attempt(lambda: git_errors()(push)(repo, 'origin', 'main', check=True))" in new


def test_commands_when_the_program_sets_their_environment_then_stay_with_git(body: Body) -> None:
    new = body("with repo.git.custom_environment(GIT_AUTHOR_NAME='Eve'):\n    repo.git.commit('-m', 'x')")

    assert "repo.scm.gitpython.repo.git.commit('-m', 'x')" in new


@pytest.mark.parametrize(
    ("call", "becomes"),
    [
        ("repo.remotes.origin.push()", "push(repo)"),
        ("repo.remotes.origin.pull()", "pull(repo)"),
        ("repo.git.pull('origin', 'main')", "pull(repo, 'main')"),
        ("repo.git.commit('-m', 'x')", "commit_staged(repo, 'x')"),
    ],
)
def test_transfer_in_a_lambda_when_translated_then_takes_its_data_along(
    body: Body, call: str, becomes: str
) -> None:
    assert body(f"later = lambda: {call}") == f"later = lambda: {becomes}"


@pytest.mark.parametrize(
    "statements",
    [
        "remote = repo.remote(name)\nremote.pull()",
        "repo.remote(name).pull()",
        "repo.remotes[name].pull()",
        "for remote in repo.remotes:\n    remote.pull()",
        "def update(remote):\n    remote.pull()\nupdate(repo.remotes.up)",
    ],
)
def test_pull_when_the_remote_shows_at_run_time_then_is_left_to_git(body: Body, statements: str) -> None:
    new = _without_comments(body(statements))

    assert "repo.scm.pull(" not in new
    assert ".pull()" in new.replace("repo.pull()", "")


@pytest.mark.parametrize(
    "remote", ["repo.remote()", "repo.remote(name='origin')", "repo.remotes.origin", "repo.remotes['origin']"]
)
def test_pull_when_the_remote_is_origin_then_becomes_two(body: Body, remote: str) -> None:
    assert _without_comments(body(f"{remote}.pull()")) == "repo.scm.pull()\nrepo.pull()"
    assert body(f"up = {remote}\nup.pull()").endswith("repo.scm.pull()\nrepo.pull()")


@pytest.mark.parametrize(
    "arguments",
    [
        "'+v1:refs/tags/v1'",
        "'+v1'",
        "tags=True, force=True",
        "'--tags', force=True",
        "'v1', force=True",
        "'main', force=x",
        "'--all', tags=True",
    ],
)
def test_push_when_scmrepo_cannot_do_it_then_git_does_behind_the_data(body: Body, arguments: str) -> None:
    new = _without_comments(body(f"repo.create_tag('v1')\nrepo.remotes.origin.push({arguments})"))

    assert new.split("\n")[-2:] == [
        "repo.push(all_commits=True)",
        f"repo.scm.gitpython.repo.remotes.origin.push({arguments})",
    ]


def test_message_when_something_is_added_to_it_then_the_whole_is_committed(body: Body) -> None:
    new = body("text = 'a'\ntext += more\nrepo.git.commit('-m', 't', '-m', text)")

    assert "['t', text]" in new


@pytest.mark.parametrize("given", ["['a.py']", "['a.csv']"])
def test_paths_when_more_are_added_to_a_parameter_then_the_program_tells(body: Body, given: str) -> None:
    new = body(f"def save(paths):\n    paths += more\n    repo.index.add(paths)\n\nsave({given})")

    assert "    add(repo, *paths)" in new


def test_clean_when_a_flag_shows_at_run_time_then_the_cache_of_dvc_stays(body: Body) -> None:
    new = _without_comments(body("repo.git.clean('-x', f=x)"))

    assert new == (
        'repo.scm.gitpython.repo.git.clean(\'-x\', "-e", "/.dvc/cache", "-e", "/.dvc/tmp", f=x)\n'
        "repo.checkout()"
    )


def test_tag_when_it_is_forced_then_one_that_exists_is_moved(body: Body) -> None:
    assert (
        body("repo.create_tag('v1', message='x', force=True)")
        == "repo.scm.dulwich.tag('v1', annotated=True, message='x')"
    )
    assert "create_tag(repo, 'v1', message=m, force=True)" in body(
        "def mark(m=None):\n    repo.create_tag('v1', message=m, force=True)\nmark()"
    )


def test_rev_parse_when_a_tag_is_asked_for_then_git_tells_the_tag(body: Body, rewrite: Rewrite) -> None:
    assert "git.rev_parse('v1')" in body(
        "repo.create_tag('v1', message='x')\nprint(repo.git.rev_parse('v1'))"
    )

    told = rewrite(
        "import git\n\nrepo = git.Repo()\nprint(repo.git.rev_parse(name), repo.git.rev_parse('main'))"
    )
    assert [note.message for note in told.notes if "annotated tag" in note.message] == [
        "of an annotated tag the commit is told, where git tells the tag object"
    ]


@pytest.mark.parametrize(
    ("remote", "error", "check"),
    [
        ("repo.remote('up')", "ValueError", "expect_remote(repo, 'up')"),
        ("repo.remotes.up", "AttributeError", 'expect_remote(repo, "up", AttributeError)'),
        ("repo.remotes[name]", "(IndexError, OSError)", "expect_remote(repo, name, IndexError)"),
    ],
)
def test_remote_when_the_program_is_ready_for_none_then_it_is_looked_for(
    body: Body, remote: str, error: str, check: str
) -> None:
    new = body(f"try:\n    print({remote}.url)\nexcept {error}:\n    print('none')")

    assert check in new


def test_remote_when_its_name_is_computed_and_one_may_be_missing_then_stays(body: Body) -> None:
    new = body("try:\n    print(repo.remote(pick()).url)\nexcept ValueError:\n    print('none')")

    assert "repo.scm.gitpython.repo.remote(pick())" in new
