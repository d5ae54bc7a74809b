"""Exceptions: what a program catches and raises, and what it asks of them."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import (
    DVC_ERROR,
    HEAD,
    LIST,
    NO_FILE,
    NO_PATH,
    NOT_A_REPO,
    REMOTE,
    REPO,
    SCM_ERROR,
    STREAM,
    SYMBOLIC,
)
from doctranslate.rules.site import Site

book = RuleBook()

_EITHER = (SCM_ERROR, DVC_ERROR)
NAMES = {
    **{
        f"git.exc.{name}": _EITHER
        for name in (
            "GitError",
            "GitCommandError",
            "CommandError",
            "CheckoutError",
            "RepositoryDirtyError",
            "HookExecutionError",
            "UnmergedEntriesError",
            "CacheError",
        )
    },
    "git.exc.InvalidGitRepositoryError": (NOT_A_REPO,),
    "git.exc.WorkTreeRepositoryUnsupported": (NOT_A_REPO,),
    "git.exc.NoSuchPathError": (NO_PATH,),
    "gitdb.exc.ODBError": (SCM_ERROR,),
    "gitdb.exc.BadName": (SCM_ERROR,),
    "gitdb.exc.BadObject": (SCM_ERROR,),
    "gitdb.exc.AmbiguousObjectName": (SCM_ERROR,),
}
"""Exceptions of GitPython to those that are caught in their place."""

_SCM = (SCM_ERROR,)
_NO_FILE: dict[str, tuple[str, ...]] = {"KeyError": (NO_FILE,)}
_NO_REVISION: dict[str, tuple[str, ...]] = {"ValueError": _SCM, "IndexError": _SCM}
RAISES: dict[str, dict[str, tuple[str, ...]]] = {
    REPO: {"git.exc.GitError": (NO_PATH,)},
    f"{REPO}.active_branch": {"TypeError": _SCM},
    f"{SYMBOLIC}.reference": {"TypeError": _SCM},
    f"{SYMBOLIC}.ref": {"TypeError": _SCM},
    f"{SYMBOLIC}.commit": {"ValueError": _SCM},
    f"{SYMBOLIC}.object": {"ValueError": _SCM},
    f"{HEAD}.commit": {"ValueError": _SCM},
    f"{REPO}.commit": _NO_REVISION,
    f"{REPO}.rev_parse": _NO_REVISION,
    f"{REPO}.iter_commits": {"ValueError": _SCM},
    f"{STREAM}.read": _NO_FILE,
    f"{LIST}[{REMOTE}]": {"IndexError": ("IndexError", *_SCM), "AttributeError": ("AttributeError", *_SCM)},
    f"{REPO}.remote": {"ValueError": ("ValueError", *_SCM)},
}
"""Uses to what they fail with in the translation, by the exception that a program expects."""

SUBCLASSES = {NOT_A_REPO: (DVC_ERROR,), NO_FILE: (DVC_ERROR,)}
"""Target exceptions to those that catch them as well."""

_CHECKOUT = 'try:\n    repo.git.checkout("main")\nexcept git.GitCommandError as error:\n    '
_CHECKED_OUT = (
    "try:\n"
    "    with git_errors():\n"
    '        checkout(repo, "main")\n'
    "except (SCMError, DvcException) as error:\n    "
)


@book.rule(
    "git.exc.CommandError.stderr",
    to=SCM_ERROR,
    before=f"{_CHECKOUT}print(error.stderr)",
    after=f"{_CHECKED_OUT}print(str(error))",
    changes="the text of an error is another one where git itself is not run",
)
def stderr(site: Site) -> Rewrite:
    """``error.stderr`` is the message; where git itself was run, it is what git said."""
    node = site.receiver_node
    if node is not None and site.tries_only_native(node):
        return Rewrite(f"{site.receiver}.__cause__.stderr")
    return Rewrite(f"str({site.receiver})", note="the text of the error is another one")


@book.rule(
    "git.exc.CommandError.status",
    "git.exc.CommandError.command",
    "git.exc.CommandError.stdout",
    to=SCM_ERROR,
    before=f"{_CHECKOUT}print(error.status)",
    after=f'{_CHECKED_OUT}print(getattr(error.__cause__, "status", 128))',
    changes="where git itself is not run, there is no exit code (128 stands for it) and no command line",
)
def details(site: Site) -> Rewrite:
    """Exit code, command line and output are those of the git process, where one was run."""
    node = site.receiver_node
    field = site.symbol.rpartition(".")[2]
    if node is not None and site.tries_only_native(node):
        return Rewrite(f"{site.receiver}.__cause__.{field}")
    instead = {"status": "128", "command": "[]", "stdout": '""'}[field]
    return Rewrite(f'getattr({site.receiver}.__cause__, "{field}", {instead})')


@book.rule(
    *NAMES,
    to=(SCM_ERROR, NOT_A_REPO),
    before='raise git.InvalidGitRepositoryError("no repository here")',
    after='raise NotDvcRepoError("no repository here")',
)
def raised(site: Site) -> Rewrite:
    """An exception that the program raises itself is raised under the target's name, with its message."""
    name = NAMES[site.symbol][0]
    given = site.call.args if site.call is not None else ()
    if any(arg.star or arg.keyword is not None for arg in given):
        raise NoCounterpart("its message cannot be told")
    texts = [site.render(arg.value) for arg in given]
    if name in _EITHER and len(texts) > 1:  # GitCommandError(command, status, stderr)
        texts = [texts[2] if len(texts) > 2 else f"str({texts[0]})"]
    return Rewrite(f"{site.name(name)}({', '.join(texts[:1])})")
