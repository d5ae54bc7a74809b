"""``git checkout``, ``switch``, ``restore``, ``branch`` and ``tag``, as people call them through ``repo.git``."""

from __future__ import annotations

import re

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import CodeOnly, command_rule
from doctranslate.rules.gitpython_dvc.refs import ref_code
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT, SCM
from doctranslate.rules.gitpython_dvc.tags import write_tag
from doctranslate.rules.gitpython_dvc.words import Command, Word
from doctranslate.rules.site import Site

book = RuleBook()
_PRINTS = "what git prints has no counterpart"
_UNMERGED = "git refuses to delete a branch that is not merged; remove_ref does not"
_UNSEEN = "remove_ref does not refuse what git refuses, and the program handles that"
_CHECKOUT = (f"{SCM}.checkout", f"{DVC}.checkout")
CHECKOUT_VALUES = ("-b", "-B", "--orphan")
SWITCH_VALUES = ("-c", "--create", "-C", "--force-create", "--orphan")
RESTORE_VALUES = ("-s", "--source")
BRANCH_VALUES = ("--format", "--sort", "-u", "--set-upstream-to", "--points-at")
TAG_VALUES = ("-m", "--message", "-F", "--file", "--sort", "--format", "--points-at")


@book.rule(
    f"{GIT}.checkout",
    to=_CHECKOUT,
    before='repo.git.checkout("main")\nrepo.git.checkout("-b", "new")',
    after='checkout(repo, "main")\nrepo.scm.checkout("new", create_new=True)',
)
def git_checkout(site: Site) -> Rewrite:
    """``repo.git.checkout(name)`` moves git's files; ``repo.checkout()`` moves the data files after them."""
    return command_rule(site, checkout_command, values=CHECKOUT_VALUES)


def checkout_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git checkout``."""
    command.only("-b", "-f", "--force", "-q", "--quiet", "--detach", "--")
    if site.gives_value:
        raise NoCounterpart(_PRINTS)
    if command.is_open:
        raise NoCounterpart("the words are known only at run time")
    new, words, paths = command.option("-b"), command.words, command.after_dashes
    if new is None and command.has("-b"):  # checkout("x", b=True) is "-b x" to git
        new = words.pop(0) if words else None
    if new is not None:
        return _new_branch(site, new, words)
    if not paths and len(words) > 1:
        words, paths = words[:1], words[1:]
    if not paths and words and _is_path(site, words[0]):
        words, paths = [], words
    if paths:
        return _restore(site, paths, words[0] if words else None)
    if not words:
        raise NoCounterpart("it says neither a branch nor a file")
    if command.has("--detach"):
        line = f"{site.repo}.scm.checkout({words[0].code}, detach=True)"
        return Rewrite(lines=(site.guarded(line), f"{site.repo}.checkout()"))
    force = ", force=True" if command.has("-f", "--force") else ""
    return Rewrite(lines=(site.guarded(f"{site.prelude('checkout')}({site.repo}, {words[0].code}{force})"),))


def _new_branch(site: Site, name: Word, start: list[Word]) -> Rewrite:
    """A branch that follows another one (``origin/x``) is left to git, which notes whom it follows."""
    line = f"{site.repo}.scm.checkout({name.code}, create_new=True)"
    if not start or start[0].text == "HEAD":
        return Rewrite(lines=(site.guarded(line),))
    text = start[0].text
    if len(start) > 1 or text is None or text not in site.program.tags | site.program.branches:
        raise NoCounterpart("a branch that starts elsewhere may follow a branch of a remote")
    first = site.guarded(f"{site.prelude('checkout')}({site.repo}, {start[0].code})")
    return Rewrite(lines=(first, site.guarded(line)))


def _is_path(site: Site, word: Word) -> bool:
    """Whether a word that stands alone is a file of the working tree, and no branch, tag or commit."""
    if word.text is None:
        return False
    known = site.program.tags | site.program.branches
    suffix = re.search(r"\.[a-zA-Z]\w*$", word.text) is not None
    return word.text == "." or (word.text not in known and suffix)


def _restore(site: Site, paths: list[Word], rev: Word | None) -> Rewrite:
    """Bring files back: as they were staged last, or as they are at a revision."""
    if any(word.text == "." for word in paths):
        raise NoCounterpart(
            "scmrepo brings no single files back", after=(f"{site.repo}.checkout(force=True)",)
        )
    if all(word.text is not None and not site.program.policy.is_data(word.text) for word in paths):
        raise CodeOnly("scmrepo brings no single files back")
    given = ", ".join(("*" if word.starred else "") + word.code for word in paths)
    at = f", rev={rev.code}" if rev is not None else ""
    return Rewrite(lines=(site.guarded(f"{site.prelude('restore')}({site.repo}, {given}{at})"),))


@book.rule(
    f"{GIT}.switch",
    to=_CHECKOUT,
    before='repo.git.switch("main")\nrepo.git.switch("-c", "new")',
    after='checkout(repo, "main")\nrepo.scm.checkout("new", create_new=True)',
)
def git_switch(site: Site) -> Rewrite:
    """``repo.git.switch(name)`` is ``git checkout`` of a branch."""
    return command_rule(site, switch_command, values=SWITCH_VALUES)


def switch_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git switch``."""
    command.only("-c", "--create", "-q", "--quiet")
    if site.gives_value or command.is_open:
        raise NoCounterpart(_PRINTS)
    new = command.option("-c", "--create")
    if new is not None:
        return _new_branch(site, new, command.words)
    if len(command.words) != 1 or command.has("-c", "--create"):
        raise NoCounterpart("it says no branch")
    return Rewrite(lines=(site.guarded(f"{site.prelude('checkout')}({site.repo}, {command.words[0].code})"),))


@book.rule(
    f"{GIT}.restore",
    to=(f"{DVC}.checkout", f"{DVC}.get"),
    before='repo.git.restore("data/x.csv")',
    after='restore(repo, "data/x.csv")',
)
def git_restore(site: Site) -> Rewrite:
    """``repo.git.restore(path)`` is ``repo.checkout`` of a data file; code is left to git."""
    return command_rule(site, restore_command, values=RESTORE_VALUES)


def restore_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git restore``."""
    if command.has("-S", "--staged") and command.has("-W", "--worktree"):
        command.only("-S", "--staged", "-W", "--worktree", "-s", "--source", "--", "-q", "--quiet")
        rev = command.option("-s", "--source") or Word('"HEAD"', "HEAD")
        return _restore(site, [*command.words, *command.after_dashes], rev)
    command.only("-W", "--worktree", "--", "-q", "--quiet")
    paths = [*command.words, *command.after_dashes]
    if site.value_is_used or not paths:
        raise NoCounterpart(_PRINTS)
    return _restore(site, paths, None)


@book.rule(
    f"{GIT}.branch",
    to=(f"{SCM}.branch", f"{SCM}.list_branches", f"{SCM}.active_branch", f"{SCM}.remove_ref"),
    before='repo.git.branch("new")\nrepo.git.branch("-D", "old")\nprint(repo.git.branch("--show-current"))',
    after='repo.scm.branch("new")\nrepo.scm.remove_ref("refs/heads/old")\nprint(repo.scm.active_branch())',
    changes="a branch that is not merged is removed, where git refuses",
)
def git_branch(site: Site) -> Rewrite:
    """``repo.git.branch(name)`` is ``repo.scm.branch``; ``-D`` removes the reference."""
    return command_rule(site, branch_command, values=BRANCH_VALUES)


def branch_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git branch``."""
    command.only("-D", "-d", "--delete", "--show-current", "--format", "-q", "--quiet")
    for flag in {"-D", "-d"} & set(command.options):  # branch(D="x") is "-D x" to git
        command.flags.add(flag)
        command.words = [*command.options[flag], *command.words]
    words = command.words
    if command.has("--show-current") and not words:
        return Rewrite(f"{site.repo}.scm.active_branch()")
    form = command.option("--format")
    if form is not None and form.text == "%(refname:short)" and not words:
        return Rewrite(f'"\\n".join({site.repo}.scm.list_branches())')
    if form is not None or site.value_is_used or not words or command.is_open:
        raise NoCounterpart(_PRINTS)
    if command.has("-D", "-d", "--delete"):
        if site.is_guarded:
            raise NoCounterpart(_UNSEEN)
        note = "" if command.has("-D") else _UNMERGED
        return Rewrite(lines=_removed(site, "heads", words), note=note)
    if len(words) == 2 and words[1].text != "HEAD":
        raise NoCounterpart("a branch that starts elsewhere may follow a branch of a remote")
    return Rewrite(lines=(site.guarded(f"{site.repo}.scm.branch({words[0].code})"),))


def _removed(site: Site, kind: str, words: list[Word]) -> tuple[str, ...]:
    return tuple(
        f"{site.repo}.scm.remove_ref({ref_code(kind, word.text if word.is_literal else None, word.code)})"
        for word in words
    )


@book.rule(
    f"{GIT}.tag",
    to=(f"{SCM}.tag", f"{SCM}.list_tags", f"{SCM}.remove_ref"),
    before='repo.git.tag("-a", "v1", "-m", "First")\nrepo.git.tag("-d", "v0")\nprint(repo.git.tag("-l", "v*"))',
    after=(
        'repo.scm.tag("v1", annotated=True, message="First")\n'
        'repo.scm.remove_ref("refs/tags/v0")\n'
        'print("\\n".join(fnmatch.filter(repo.scm.list_tags(), "v*")))'
    ),
    changes="a tag that exists already is moved, where git refuses",
)
def git_tag(site: Site) -> Rewrite:
    """``repo.git.tag(...)`` is ``repo.scm.tag``, or ``list_tags`` without a name."""
    return command_rule(site, tag_command, values=TAG_VALUES)


def tag_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git tag``."""
    command.only("-a", "--annotate", "-m", "--message", "-f", "--force", "-d", "--delete", "-l", "--list")
    force = command.has("-f", "--force")
    for flag in ("-a", "-d", "-l", "--list"):  # tag(a="v1") is "-a v1" to git
        if flag in command.options:
            command.flags.add(flag)
            command.words = [*command.options[flag], *command.words]
    if command.is_open:
        raise NoCounterpart("the words are known only at run time")
    if command.has("-d", "--delete"):
        if site.is_guarded:
            raise NoCounterpart(_UNSEEN)
        return Rewrite(lines=_removed(site, "tags", command.words))
    if not command.words or command.has("-l", "--list"):
        return _tags(site, command.words)
    if len(command.words) > 2 or site.value_is_used:
        raise NoCounterpart(_PRINTS)
    name, *target = [word.code for word in command.words]
    messages = command.all_options("-m", "--message")
    if command.has("-a", "--annotate") and not messages:
        raise NoCounterpart("without a message git opens an editor")
    if len(messages) > 1:
        raise NoCounterpart("a message of several paragraphs has no counterpart")
    parts = [name, *(f"target={code}" for code in target)]
    message = messages[0].code if messages else None
    return write_tag(site, name, parts, message, force=force)


def _tags(site: Site, patterns: list[Word]) -> Rewrite:
    listed = f"{site.repo}.scm.list_tags()"
    if len(patterns) > 1:
        raise NoCounterpart("several patterns of tags have no counterpart")
    if patterns:
        listed = f"{site.module('fnmatch')}.filter({listed}, {patterns[0].code})"
    return Rewrite(f'"\\n".join({listed})')
