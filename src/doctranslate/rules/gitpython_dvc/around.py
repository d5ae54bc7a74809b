"""What data needs around a git command, whether a rule translates the command or git runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from doctranslate.rules.base import NoCounterpart, Rewrite
from doctranslate.rules.gitpython_dvc.symbols import GIT, REMOTE
from doctranslate.rules.gitpython_dvc.words import Command, executed_name, read_command
from doctranslate.rules.site import Site

# Commands that change the working tree: git moves its files and the .dvc files, DVC the data that they stand for.
MOVES_FILES = frozenset(
    {
        "am", "apply", "bisect", "checkout", "checkout-index", "cherry-pick", "clean", "merge", "pull", "read-tree",
        "rebase", "reset", "restore", "revert", "stash", "switch",
    }
)  # fmt: skip


_LOOK_AT_ENVIRONMENT = {"commit", "push", "pull", "fetch", "tag"}


def insist_on_plain_environment(site: Site) -> None:
    """Leave to git what it runs in an environment that the program sets for it.

    Raises:
        NoCounterpart: The program sets one.
    """
    if site.program.sets_environment:
        raise NoCounterpart("git runs in an environment that the program sets for it, and scmrepo does not")


class CodeOnly(NoCounterpart):  # control flow inside the rules, as its base
    """A refusal of a use that data has nothing to do with: nothing goes around it."""


def command_rule(
    site: Site, translate: Callable[[Site, Command], Rewrite], *, values: Iterable[str] = ()
) -> Rewrite:
    """Translate a git command; where it is left to git, what its data needs goes around it.

    Args:
        site: The call.
        translate: Writes the translation, or refuses.
        values: Flags that take a value as their next word.

    Raises:
        NoCounterpart: It is left to git.
    """
    command = None
    try:
        command = read_command(site, values=values)
        if command.name in _LOOK_AT_ENVIRONMENT:
            insist_on_plain_environment(site)
        return translate(site, command)
    except NoCounterpart as exc:
        if exc.before or exc.after or isinstance(exc, CodeOnly):
            raise
        before, after = around(site, command)
        raise NoCounterpart(str(exc), before=before, after=after, also=exc.also) from exc


def around(site: Site, command: Command | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Statements in front of and behind a command that git runs.

    Args:
        site: The call.
        command: Its words, or None where they cannot be told.
    """
    name = command.name if command is not None else _name(site)
    repo = site.repo
    if name == "commit":
        given = command is not None and bool({"-a", "--all"} & {*command.flags, *command.options})
        line = f"{site.prelude('add_updated')}({repo})" if given else ""
        return command.when(line, "-a", "--all") if command is not None else (), ()
    if name == "push":
        return push_data(site), ()
    if name == "stash":
        kept = (f"{site.prelude('record_data')}({repo})",) if site.program.has_data else ()
        return kept, (f"{repo}.checkout()",)
    if name == "pull":
        return (), (f"{repo}.pull()",)
    if name == "reset" and command is not None:
        return (), command.when(f"{repo}.checkout(force=True)", "--hard", "--merge", "--keep")
    if name in ("reset", "restore"):
        return (), (f"{repo}.checkout(force=True)",)
    return (), (f"{repo}.checkout()",) if name in MOVES_FILES else ()


def _name(site: Site) -> str:
    name = site.symbol.rpartition(".")[2].replace("_", "-")
    if name == "execute" and site.call is not None:
        return executed_name(site.call) or ""
    return name


def push_data(site: Site) -> tuple[str, ...]:
    """Data first: no ``.dvc`` file may arrive before its data. Several commits may each have data of their own."""
    if site.follows(f"{REMOTE}.push", f"{GIT}.push"):
        return ()  # it has just been pushed
    return (f"{site.repo}.push({'' if site.program.n_commits == 1 else 'all_commits=True'})",)


def guarded(site: Site, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Statements whose errors are turned into the target's, all in one block, where the program handles any."""
    return (site.guarded("\n    ".join(lines)),) if site.is_guarded and lines else lines
