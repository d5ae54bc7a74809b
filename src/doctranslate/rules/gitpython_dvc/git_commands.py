"""``repo.git.execute``, and the commands that are left to git."""

from __future__ import annotations

from collections.abc import Callable

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc import (
    git_files,
    git_history,
    git_names,
    git_refs,
    lfs,
    remotes,
    staging,
)
from doctranslate.rules.gitpython_dvc.around import command_rule
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT
from doctranslate.rules.gitpython_dvc.words import Command, executed_name
from doctranslate.rules.site import Site

book = RuleBook()

Translate = Callable[[Site, Command], Rewrite]
COMMANDS: dict[str, tuple[Translate, tuple[str, ...]]] = {
    "add": (staging.add_command, ()),
    "branch": (git_refs.branch_command, git_refs.BRANCH_VALUES),
    "checkout": (git_refs.checkout_command, git_refs.CHECKOUT_VALUES),
    "clean": (git_files.clean_command, git_files.CLEAN_VALUES),
    "commit": (staging.commit_command, staging.COMMIT_VALUES),
    "config": (git_names.config_command, ()),
    "diff": (git_files.diff_command, ()),
    "fetch": (remotes.fetch_command, ()),
    "for-each-ref": (git_names.for_each_ref_command, git_names.FORMAT_VALUES),
    "lfs": (lfs.lfs_command, lfs.LFS_VALUES),
    "log": (git_history.log_command, git_history.LOG_VALUES),
    "ls-files": (git_files.ls_files_command, ()),
    "ls-tree": (git_files.ls_tree_command, ()),
    "mv": (staging.mv_command, ()),
    "pull": (remotes.pull_command, ()),
    "push": (remotes.push_command, ()),
    "remote": (git_names.remote_command, ()),
    "reset": (git_history.reset_command, ()),
    "restore": (git_refs.restore_command, git_refs.RESTORE_VALUES),
    "rev-parse": (git_history.rev_parse_command, ()),
    "rm": (staging.rm_command, ()),
    "show": (git_history.show_command, git_history.LOG_VALUES),
    "stash": (git_files.stash_command, git_files.STASH_VALUES),
    "status": (git_files.status_command, ()),
    "switch": (git_refs.switch_command, git_refs.SWITCH_VALUES),
    "symbolic-ref": (git_names.symbolic_ref_command, ()),
    "tag": (git_refs.tag_command, git_refs.TAG_VALUES),
    "update-ref": (git_names.update_ref_command, ("-m",)),
}

# Commands after which HEAD, or the files, are others.
MOVES_HEAD = (
    "merge", "rebase", "cherry_pick", "stash", "revert", "restore", "switch", "am", "apply", "bisect", "read_tree",
    "update_ref", "symbolic_ref",
)  # fmt: skip
_MOVES = "scmrepo does not do this; git does, and repo.checkout() brings the data files after it"
# Command: why it is left to git.
LEFT_MOVING = {
    "merge": "repo.scm.merge writes another message, and after a conflict it leaves no merge to go on with",
    "rebase": _MOVES,
    "cherry-pick": _MOVES,
    "revert": _MOVES,
    "am": _MOVES,
    "apply": _MOVES,
    "bisect": _MOVES,
    "read-tree": _MOVES,
    "checkout-index": _MOVES,
}
LEFT = {
    "describe": "repo.scm.describe finds only names that stand at the very commit",
    "blame": "neither DVC nor scmrepo knows who wrote a line",
    "reflog": "scmrepo does not read where a reference has been",
    "merge-base": "scmrepo does not look for common ancestors",
    "rev-list": "scmrepo lists no commits between two revisions",
    "shortlog": "scmrepo does not count commits by author",
    "ls-remote": "scmrepo lists the names of a remote's references without their commits",
    "show-ref": "scmrepo lists the names of references without their commits",
    "check-ignore": "git is asked: what DVC keeps is ignored by git",
    "check-attr": "what git prints has no counterpart",
    "cat-file": "scmrepo gives no single object of git's",
    "worktree": "a second working tree has no counterpart in scmrepo",
    "archive": "scmrepo packs no revision",
    "submodule": "scmrepo lists submodules, and does not change them",
    "gc": "repo.gc() deletes versions of data, where git gc deletes nothing that can be reached",
}


def _symbols(commands: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{GIT}.{name.replace('-', '_')}" for name in commands)


@book.rule(
    f"{GIT}.execute",
    to=(f"{DVC}.add", f"{DVC}.push", f"{DVC}.pull"),
    before='repo.git.execute(["git", "lfs", "pull"])\nrepo.git.execute(["git", "commit", "-m", "x"])',
    after='repo.pull()\ncommit_staged(repo, "x")',
    changes="it means what the command that it runs means",
)
def execute(site: Site) -> Rewrite:
    """``repo.git.execute(["git", ...])`` is translated as the command that it runs."""
    name = (executed_name(site.call) if site.call is not None else None) or ""
    translate, values = COMMANDS.get(name, (_left, ()))
    return command_rule(site, translate, values=values)


def _left(site: Site, command: Command) -> Rewrite:
    raise NoCounterpart({**LEFT, **LEFT_MOVING}.get(command.name, f"git {command.name} is left to git"))


@book.rule(
    *_symbols(LEFT_MOVING),
    to=f"{DVC}.checkout",
    before='repo.git.merge("experiment")',
    after='repo.scm.gitpython.repo.git.merge("experiment")\nrepo.checkout()',
    lost="scmrepo does not do it, or in another way; git does, and repo.checkout() brings the data after it",
)
def left_moving(site: Site) -> Rewrite:
    """Git commands that change the working tree stay with git; ``repo.checkout()`` brings the data files after them."""
    return command_rule(site, _left)


@book.rule(
    *_symbols(LEFT),
    before="print(repo.git.describe(tags=True, always=True))",
    after="print(repo.scm.gitpython.repo.git.describe(tags=True, always=True))",
    lost="git is asked: neither DVC nor scmrepo has an answer",
)
def left(site: Site) -> Rewrite:
    """Git commands that only git answers."""
    return command_rule(site, _left)


book.bridged(
    f"{GIT}.custom_environment",
    f"{GIT}.update_environment",
    because="scmrepo sets no environment: the commands that look at it are left to git, too",
    before='with repo.git.custom_environment(GIT_AUTHOR_NAME="Eve"):\n    repo.git.commit("-m", "x")',
    after=(
        'with repo.scm.gitpython.repo.git.custom_environment(GIT_AUTHOR_NAME="Eve"):\n'
        '    repo.scm.gitpython.repo.git.commit("-m", "x")'
    ),
)
