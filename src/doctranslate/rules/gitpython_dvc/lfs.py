"""Git LFS: what DVC replaces outright."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT
from doctranslate.rules.gitpython_dvc.words import Command, Word, read_command
from doctranslate.rules.site import Site

book = RuleBook()


@book.rule(
    f"{GIT}.lfs",
    to=(f"{DVC}.add", f"{DVC}.init", f"{DVC}.push", f"{DVC}.pull", f"{DVC}.fetch", f"{DVC}.ls"),
    before=('repo.git.lfs("track", "*.psd")\nrepo.git.add("art/a.psd")'),
    after='track(repo, "art/a.psd")',
)
def lfs(site: Site) -> Rewrite:
    """``repo.git.lfs(...)``: tracking is ``repo.add``, the transfers are ``repo.push``, ``pull`` and ``fetch``."""
    return lfs_command(site, read_command(site))


def lfs_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git lfs``."""
    if not command.words or command.words[0].text is None:
        raise NoCounterpart("which git lfs command runs is known only at run time")
    name, rest = command.words[0].text, command.words[1:]
    if site.value_is_used and name != "ls-files":
        raise NoCounterpart("what git lfs prints has no counterpart")
    match name:
        case "install":
            # DVC needs no filters in git: opening the repository has set it up.
            return Rewrite()
        case "track":
            return _track(site, rest)
        case "push":
            return Rewrite(lines=(f"{site.repo}.push()",))
        case "pull":
            return Rewrite(lines=(f"{site.repo}.pull()",))
        case "fetch":
            every = "all_commits=True" if command.has("--all") else ""
            return Rewrite(lines=(f"{site.repo}.fetch({every})",))
        case "checkout" if not rest:
            return Rewrite(lines=(f"{site.repo}.checkout()",))
    raise NoCounterpart(f"git lfs {name} has no counterpart")


def _track(site: Site, patterns: list[Word]) -> Rewrite:
    """A pattern becomes part of what counts as data; a file that nothing adds later is added here.

    To git-lfs, tracking is a rule for later; to DVC, it is the file that is put under version control.
    """
    lines: list[str] = []
    notes: list[str] = []
    for word in patterns:
        if word.text is None or word.starred:
            raise NoCounterpart("which files are tracked is known only at run time")
        if any(c in word.text for c in "*?["):
            notes.append(
                f"'{word.text}' now decides in the program which files are data: DVC has no pattern rules"
            )
        elif word.text not in site.program.added and not site.program.adds_everything:
            lines.append(f"{site.prelude('track')}({site.repo}, {word.code})")
            notes.append(f"{word.text} is put under DVC here; git-lfs would have waited for it to be added")
    return Rewrite(lines=tuple(lines), note="; ".join(notes))
