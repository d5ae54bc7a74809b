"""``git checkout``, ``git branch`` and ``git tag``, as people call them through ``repo.git``."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.refs import ref_code, write_tag
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT, SCM
from doctranslate.rules.gitpython_dvc.words import Command, read_command
from doctranslate.rules.site import Site

book = RuleBook()
_UNMERGED = "git refuses to delete a branch that is not merged; remove_ref does not"
_CHECKOUT = (f"{SCM}.checkout", f"{DVC}.checkout")


@book.rule(
    f"{GIT}.checkout",
    to=_CHECKOUT,
    before='repo.git.checkout("main")',
    after='checkout(repo, "main")',
)
def git_checkout(site: Site) -> Rewrite:
    """``repo.git.checkout(name)`` moves git's files; ``repo.checkout()`` moves the data files after them."""
    return checkout_command(site, read_command(site, values=("-b", "-B")))


def checkout_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git checkout``."""
    data_after = (f"{site.repo}.checkout()",)
    try:
        command.only("-b", "-f", "--force", "-q", "--quiet", "--detach", "--")
    except NoCounterpart as exc:
        raise NoCounterpart(str(exc), after=data_after) from exc
    if site.value_is_used:
        raise NoCounterpart("what git prints has no counterpart", after=data_after)
    new = command.option("-b")
    if "-b" in command.flags and command.words:
        new = command.words.pop(0)
    words = command.words
    if any(word.starred for word in words):
        raise NoCounterpart("the words are known only at run time")
    if new is not None and len(words) <= 1:
        if not words:
            return Rewrite(lines=(site.guarded(f"{site.repo}.scm.checkout({new.code}, create_new=True)"),))
        made = (f"{site.prelude('create_branch')}({site.repo}, {new.code}, {words[0].code})",)
        return Rewrite(lines=(*made, f"{site.repo}.scm.checkout({new.code})", f"{site.repo}.checkout()"))
    paths = command.after_dashes
    if len(words) <= 1 and paths and all(w.text and site.program.policy.is_data(w.text) for w in paths):
        rev = words[0].code if words else None
        lines = tuple(
            f"{site.prelude('restore')}({site.repo}, {w.code}{f', {rev}' if rev else ''})" for w in paths
        )
        return Rewrite(lines=lines)
    if len(words) != 1 or paths:
        raise NoCounterpart("checking out single paths has no counterpart", after=data_after)
    force = ", force=True" if command.has("-f", "--force") else ""
    return Rewrite(lines=(site.guarded(f"{site.prelude('checkout')}({site.repo}, {words[0].code}{force})"),))


@book.rule(
    f"{GIT}.branch",
    to=(f"{SCM}.branch", f"{SCM}.remove_ref"),
    before='repo.git.branch("-D", "old")',
    after='repo.scm.remove_ref("refs/heads/old")',
)
def git_branch(site: Site) -> Rewrite:
    """``repo.git.branch(name)`` is ``repo.scm.branch``; ``-D`` removes the reference."""
    command = read_command(site)
    command.only("-D", "-d", "--delete", "--show-current")
    words = command.words
    if command.has("--show-current") and not words:
        return Rewrite(f"{site.repo}.scm.active_branch()")
    if site.value_is_used or not words or any(word.starred for word in words):
        raise NoCounterpart("what git prints has no counterpart")
    if command.has("-D", "-d", "--delete"):
        return Rewrite(
            lines=tuple(
                f"{site.repo}.scm.remove_ref({ref_code('heads', w.text if w.is_literal else None, w.code)})"
                for w in words
            ),
            note="" if command.has("-D") else _UNMERGED,
        )
    if len(words) == 2:
        return Rewrite(
            lines=(f"{site.prelude('create_branch')}({site.repo}, {words[0].code}, {words[1].code})",)
        )
    return Rewrite(lines=(f"{site.repo}.scm.branch({words[0].code})",))


@book.rule(
    f"{GIT}.tag",
    to=(f"{SCM}.tag", f"{SCM}.list_tags"),
    before='repo.git.tag("-a", "v1", "-m", "First")',
    after='repo.scm.tag("v1", annotated=True, message="First")',
)
def git_tag(site: Site) -> Rewrite:
    """``repo.git.tag(...)`` is ``repo.scm.tag``, or ``list_tags`` without a name."""
    return tag_command(site, read_command(site, values=("-m", "--message")))


def tag_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git tag``."""
    command.only("-a", "--annotate", "-m", "--message", "-f", "--force", "-d", "--delete", "-l", "--list")
    for flag in ("-a", "-d"):  # tag(a="v1") is "-a v1" to git
        if flag in command.options:
            command.flags.add(flag)
            command.words.insert(0, command.options[flag])
    if any(word.starred for word in command.words):
        raise NoCounterpart("the words are known only at run time")
    if command.has("-d", "--delete"):
        lines = [
            f"{site.repo}.scm.remove_ref({ref_code('tags', w.text if w.is_literal else None, w.code)})"
            for w in command.words
        ]
        return Rewrite(lines=tuple(lines))
    if not command.words:
        return Rewrite(f'"\\n".join({site.repo}.scm.list_tags())')
    if command.has("-l", "--list") or len(command.words) > 2:
        raise NoCounterpart("a pattern of tags has no counterpart")
    if site.value_is_used:
        raise NoCounterpart("what git prints has no counterpart")
    name, *target = [word.code for word in command.words]
    message = command.option("-m", "--message")
    if command.has("-a", "--annotate") and message is None:
        raise NoCounterpart("without a message git opens an editor")
    parts = [name, *(f"target={code}" for code in target)]
    return write_tag(site, name, parts, message.code if message else None, force=command.has("-f", "--force"))
