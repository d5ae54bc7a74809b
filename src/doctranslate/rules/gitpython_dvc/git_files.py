"""Git commands about files: what is in the index, what is in the working tree."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import GIT, SCM
from doctranslate.rules.site import Site

book = RuleBook()


@book.rule(
    f"{GIT}.ls_files",
    to=f"{SCM}.is_tracked",
    before="print(repo.git.ls_files())",
    after=(
        "# doctranslate: kept on the source library: git's index cannot be listed with scmrepo\n"
        "print(repo.scm.gitpython.repo.git.ls_files())"
    ),
)
def git_ls_files(site: Site) -> Rewrite:
    """``repo.git.ls_files()`` lists git's index, which scmrepo does not give out."""
    raise NoCounterpart("git's index cannot be listed with scmrepo")
