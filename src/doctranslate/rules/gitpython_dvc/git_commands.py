"""``repo.git.execute``, and the commands that are left to git."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc import git_refs, lfs, remotes, staging
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT
from doctranslate.rules.gitpython_dvc.words import read_command
from doctranslate.rules.site import Site

book = RuleBook()


@book.rule(
    f"{GIT}.execute",
    to=(f"{DVC}.add", f"{DVC}.push", f"{DVC}.pull"),
    before='repo.git.execute(["git", "lfs", "pull"])',
    after="repo.pull()",
)
def execute(site: Site) -> Rewrite:
    """``repo.git.execute(["git", ...])`` is translated as the command that it runs."""
    command = read_command(site, values=("-m", "--message", "-b"))
    known = {
        "lfs": lfs.lfs_command,
        "add": staging.add_command,
        "commit": staging.commit_command,
        "push": remotes.push_command,
        "pull": remotes.pull_command,
        "fetch": remotes.fetch_command,
        "tag": git_refs.tag_command,
        "checkout": git_refs.checkout_command,
    }
    if command.name not in known:
        raise NoCounterpart(f"git {command.name} has no counterpart")
    return known[command.name](site, command)


MOVES_FILES = (
    "merge",
    "rebase",
    "cherry_pick",
    "stash",
    "revert",
    "restore",
    "switch",
    "am",
    "apply",
    "clean",
)


@book.rule(
    *(f"{GIT}.{name}" for name in MOVES_FILES),
    to=f"{DVC}.checkout",
    before='repo.git.merge("experiment")',
    after=(
        "# doctranslate: kept on the source library: git merge is left to git\n"
        'repo.scm.gitpython.repo.git.merge("experiment")\n'
        "repo.checkout()"
    ),
)
def moves_files(site: Site) -> Rewrite:
    """Git commands that change the working tree stay with git; ``repo.checkout()`` brings the data files after them."""
    name = site.symbol.rpartition(".")[2].replace("_", "-")
    raise NoCounterpart(f"git {name} is left to git", after=(f"{site.repo}.checkout()",))
