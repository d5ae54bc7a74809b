"""Git commands about names: references, remotes, settings."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import command_rule
from doctranslate.rules.gitpython_dvc.symbols import GIT, SCM
from doctranslate.rules.gitpython_dvc.words import Command
from doctranslate.rules.site import Site, quoted

book = RuleBook()
_PRINTS = "what git prints has no counterpart"
FORMAT_VALUES = ("--format", "--sort", "--count", "--points-at")


@book.rule(
    f"{GIT}.config",
    to=f"{SCM}.get_config",
    before='print(repo.git.config("--get", "user.name"))',
    after='print(repo.scm.get_config().get(("user",), "name"))',
)
def git_config(site: Site) -> Rewrite:
    """``repo.git.config(name)`` is ``repo.scm.get_config().get(section, name)``; scmrepo writes no settings."""
    return command_rule(site, config_command)


def config_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git config``."""
    command.only("--get")
    if len(command.words) != 1 or not site.value_is_used:
        raise NoCounterpart("scmrepo writes no settings of git")
    if site.is_tried:
        raise NoCounterpart("git is asked: the program handles that a setting is missing")
    text = command.words[0].text
    if text is None or text.count(".") < 1:
        raise NoCounterpart("which setting is asked for is known only at run time")
    section, _, name = text.rpartition(".")
    head, dot, rest = section.partition(".")
    parts = f"({quoted(head)}, {quoted(rest)})" if dot else f"({quoted(head)},)"
    return Rewrite(f"{site.repo}.scm.get_config().get({parts}, {quoted(name)})")


@book.rule(
    f"{GIT}.remote",
    to=f"{SCM}.get_remote_url",
    before='print(repo.git.remote("get-url", "origin"))',
    after='print(repo.scm.get_remote_url("origin"))',
)
def git_remote(site: Site) -> Rewrite:
    """``repo.git.remote("get-url", name)`` is ``repo.scm.get_remote_url(name)``."""
    return command_rule(site, remote_command)


def remote_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git remote``."""
    command.only()
    if len(command.words) != 2 or command.words[0].text != "get-url":
        raise NoCounterpart("scmrepo tells the address of a remote, and no more")
    return Rewrite(f"{site.repo}.scm.get_remote_url({command.words[1].code})")


@book.rule(
    f"{GIT}.update_ref",
    to=(f"{SCM}.set_ref", f"{SCM}.remove_ref"),
    before='repo.git.update_ref("refs/heads/kept", "HEAD")\nrepo.git.update_ref("-d", "refs/heads/old")',
    after=('repo.scm.set_ref("refs/heads/kept", repo.scm.get_rev())\nrepo.scm.remove_ref("refs/heads/old")'),
)
def git_update_ref(site: Site) -> Rewrite:
    """``repo.git.update_ref(name, rev)`` is ``repo.scm.set_ref``; ``-d`` is ``remove_ref``."""
    return command_rule(site, update_ref_command, values=("-m",))


def update_ref_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git update-ref``."""
    command.only("-d", "-m")
    words = command.words
    if site.is_guarded or command.is_open:
        raise NoCounterpart("git is asked: the program handles what it refuses")
    if command.has("-d") and len(words) == 1:
        return Rewrite(lines=(f"{site.repo}.scm.remove_ref({words[0].code})",))
    if command.has("-d") or len(words) != 2 or (words[0].text or "HEAD") == "HEAD":
        raise NoCounterpart("only a name of a branch or tag and its new commit have a counterpart")
    head = words[1].text == "HEAD"
    rev = f"{site.repo}.scm.get_rev()" if head else f"{site.repo}.scm.resolve_rev({words[1].code})"
    return Rewrite(lines=(f"{site.repo}.scm.set_ref({words[0].code}, {rev})",))


@book.rule(
    f"{GIT}.symbolic_ref",
    to=(f"{SCM}.get_ref", f"{SCM}.active_branch", f"{SCM}.set_ref"),
    before='print(repo.git.symbolic_ref("HEAD"))\nprint(repo.git.symbolic_ref("--short", "HEAD"))',
    after='print(repo.scm.get_ref("HEAD", follow=False))\nprint(repo.scm.active_branch())',
)
def git_symbolic_ref(site: Site) -> Rewrite:
    """``repo.git.symbolic_ref("HEAD")`` is ``repo.scm.get_ref("HEAD", follow=False)``."""
    return command_rule(site, symbolic_ref_command)


def symbolic_ref_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git symbolic-ref``."""
    command.only("--short")
    if command.texts[:1] != ["HEAD"] or len(command.words) > 2 or command.is_open:
        raise NoCounterpart("only HEAD is asked for, or set")
    if len(command.words) == 2:
        line = f'{site.repo}.scm.set_ref("HEAD", {command.words[1].code}, symbolic=True)'
        return Rewrite(lines=(line,))
    if command.has("--short"):
        return Rewrite(f"{site.repo}.scm.active_branch()")
    if site.is_tried:
        raise NoCounterpart("git is asked: the program handles a detached HEAD")
    return Rewrite(f'{site.repo}.scm.get_ref("HEAD", follow=False)')


@book.rule(
    f"{GIT}.for_each_ref",
    to=(f"{SCM}.list_branches", f"{SCM}.list_tags"),
    before='print(repo.git.for_each_ref("refs/heads", format="%(refname:short)"))',
    after='print("\\n".join(repo.scm.list_branches()))',
)
def git_for_each_ref(site: Site) -> Rewrite:
    """``repo.git.for_each_ref("refs/heads")`` lists names: ``list_branches`` and ``list_tags``."""
    return command_rule(site, for_each_ref_command, values=FORMAT_VALUES)


def for_each_ref_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git for-each-ref``."""
    command.only("--format")
    form, words = command.option("--format"), command.words
    kind = (words[0].text or "").rstrip("/") if len(words) == 1 else ""
    names = {"refs/heads": "list_branches", "refs/tags": "list_tags"}
    if form is None or form.text != "%(refname:short)" or kind not in names:
        raise NoCounterpart("scmrepo lists the names of branches and of tags, and no more")
    return Rewrite(f'"\\n".join({site.repo}.scm.{names[kind]}())')
