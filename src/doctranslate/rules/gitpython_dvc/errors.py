"""Exceptions: what a program catches, and what it asks of them."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import DVC_ERROR, NOT_A_REPO, SCM_ERROR
from doctranslate.rules.site import Site

book = RuleBook()

_EITHER = (SCM_ERROR, DVC_ERROR)
NAMES = {
    "git.exc.GitError": _EITHER,
    "git.exc.GitCommandError": _EITHER,
    "git.exc.CommandError": _EITHER,
    "git.exc.InvalidGitRepositoryError": (NOT_A_REPO,),
    "git.exc.NoSuchPathError": (NOT_A_REPO,),
    "git.exc.CheckoutError": _EITHER,
    "git.exc.RepositoryDirtyError": _EITHER,
}


@book.rule(
    "git.exc.CommandError.stderr",
    "git.exc.CommandError.stdout",
    to=SCM_ERROR,
    before=(
        'try:\n    repo.git.checkout("main")\nexcept git.GitCommandError as error:\n    print(error.stderr)'
    ),
    after=(
        "try:\n"
        "    with git_errors():\n"
        '        checkout(repo, "main")\n'
        "except (SCMError, DvcException) as error:\n"
        "    print(str(error))"
    ),
)
def output(site: Site) -> Rewrite:
    """``error.stderr`` is the message: nothing is run whose output could be read."""
    return Rewrite(f"str({site.receiver})", note="the text of the error is another one")


@book.rule("git.exc.CommandError.status", "git.exc.CommandError.command", to=SCM_ERROR)
def details(site: Site) -> Rewrite:
    """Exit code and command line: no process is run that could have them."""
    raise NoCounterpart("errors of DVC and scmrepo have a text only")
