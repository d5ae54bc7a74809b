"""Git LFS: what DVC replaces outright."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import command_rule, guarded
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT
from doctranslate.rules.gitpython_dvc.words import Command, Word
from doctranslate.rules.site import Site

book = RuleBook()
LFS_VALUES = ("-I", "--include", "-X", "--exclude")


@book.rule(
    f"{GIT}.lfs",
    to=(f"{DVC}.add", f"{DVC}.init", f"{DVC}.push", f"{DVC}.pull", f"{DVC}.fetch", f"{DVC}.ls"),
    before=('repo.git.lfs("track", "*.psd")\nrepo.git.add("art/a.psd")'),
    after='track(repo, "art/a.psd")',
    changes="a pattern is no rule for files to come: it decides, in the program, which files are data",
)
def lfs(site: Site) -> Rewrite:
    """``repo.git.lfs(...)``: tracking is ``repo.add``, the transfers are ``repo.push``, ``pull`` and ``fetch``."""
    return command_rule(site, lfs_command, values=LFS_VALUES)


def lfs_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git lfs``."""
    if not command.words or command.words[0].text is None or command.is_open:
        raise NoCounterpart("which git lfs command runs is known only at run time")
    name, rest = command.words[0].text, command.words[1:]
    if name == "ls-files":
        return _ls_files(site, command, rest)
    if name in ("install", "uninstall", "track", *_TRANSFERS) and site.value_is_used:
        raise NoCounterpart("what git lfs prints has no counterpart")
    match name:
        case "install" | "uninstall":
            # DVC needs no filters in git: opening the repository has set it up.
            return Rewrite()
        case "track" if rest:
            return _track(site, rest)
    if name in _TRANSFERS:
        return _transfer(site, name, command)
    raise NoCounterpart(_REASONS.get(name, f"git lfs {name} has no counterpart"))


_TRANSFERS = ("push", "pull", "fetch", "checkout")
_REASONS = {
    "prune": "repo.gc() would delete data that is not pushed, too",
    "untrack": "DVC has no pattern rules: a file leaves DVC by repo.remove()",
    "migrate": "DVC rewrites no history",
    "version": "DVC has a version of its own",
    "env": "DVC has settings of its own",
    "status": "git lfs is asked about files that DVC keeps now",
    "lock": "DVC locks no files on a server",
    "unlock": "DVC locks no files on a server",
    "locks": "DVC locks no files on a server",
}


def _transfer(site: Site, name: str, command: Command) -> Rewrite:
    """DVC's transfers are about the data of the working tree, or of every commit; they know no name of a git remote.

    A program that sets up no LFS of its own may find files that LFS still keeps.
    """
    every = "all_commits=True" if "--all" in {*command.flags, *command.options} else ""
    note = "" if not command.options else "all data is transferred, and not only what matches"
    lines = [f"{site.repo}.{name}({every})"]
    if not site.program.sets_up_lfs and name != "push":
        words = (
            ", ".join(site.code(arg).strip().rstrip(",") for arg in site.call.args)
            if site.call is not None
            else ""
        )
        if site.symbol.endswith(".lfs"):
            lines.append(f"{site.prelude('lfs_too')}({site.repo}, {words})")
    return Rewrite(lines=guarded(site, tuple(lines)), note=note)


def _ls_files(site: Site, command: Command, rest: list[Word]) -> Rewrite:
    """The names of data files; what git-lfs prints beside them, an object's short name, DVC does not have."""
    if not command.has("-n", "--name-only") or rest:
        raise NoCounterpart(
            "git lfs ls-files prints what only git-lfs has: with --name-only there is a counterpart"
        )
    command.only("-n", "--name-only")
    return Rewrite(f'"\\n".join({site.prelude("data_files")}({site.repo}))')


def _track(site: Site, patterns: list[Word]) -> Rewrite:
    """A pattern becomes part of what counts as data; a file that nothing adds later is added here.

    To git-lfs, tracking is a rule for later; to DVC, it is the file that is put under version control. What git has
    already goes to DVC now, since the rule would have taken it along with its next change.
    """
    lines: list[str] = []
    notes: list[str] = []
    program = site.program
    for word in patterns:
        if word.text is None:
            lines.append(f"{site.prelude('track_pattern')}({site.repo}, {word.code})")
            notes.append(
                "what is tracked now decides in the program which files are data: DVC has no pattern rules"
            )
        elif any(c in word.text for c in "*?["):
            if program.adds_unknown and not program.makes_repository:
                lines.append(f"{site.prelude('move_to_dvc')}({site.repo}, {word.code})")
            notes.append(
                f"'{word.text}' now decides in the program which files are data: DVC has no pattern rules"
            )
        elif word.text not in program.added and not program.adds_everything:
            lines.append(f"{site.prelude('track')}({site.repo}, {word.code})")
            notes.append(f"{word.text} is put under DVC here; git-lfs would have waited for it to be added")
    return Rewrite(lines=guarded(site, tuple(lines)), note="; ".join(notes))
