"""Git LFS: what DVC replaces outright."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import command_rule
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT
from doctranslate.rules.gitpython_dvc.words import Command, Word
from doctranslate.rules.site import Site, quoted

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
    if name in ("install", "uninstall", "track", "checkout", *_TRANSFERS) and site.value_is_used:
        raise NoCounterpart("what git lfs prints has no counterpart")
    match name:
        case "install" | "uninstall":
            # DVC needs no filters in git: opening the repository has set it up.
            return Rewrite()
        case "track" if rest:
            return _track(site, rest)
        case "checkout":
            return Rewrite(lines=_each_target(site, "checkout", rest))
    if name in _TRANSFERS:
        return Rewrite(lines=_transfer(site, name, command))
    raise NoCounterpart(_REASONS.get(name, f"git lfs {name} has no counterpart"))


_TRANSFERS = ("push", "pull", "fetch")
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


def _transfer(site: Site, name: str, command: Command) -> tuple[str, ...]:
    """DVC's transfers are about the data of the working tree, or of every commit; they know no name of a git remote."""
    arguments = ["all_commits=True"] if command.has("--all") else []
    only, without = command.option("-I", "--include"), command.option("-X", "--exclude")
    if without is not None:
        raise NoCounterpart("a transfer of all files but some has no counterpart")
    if only is not None:
        if only.text is None or any(c in only.text for c in "*?["):
            raise NoCounterpart("a transfer of the files that match a pattern has no counterpart")
        targets = [quoted(part.strip()) for part in only.text.split(",")]
        arguments.append(targets[0] if len(targets) == 1 else f"[{', '.join(targets)}]")
    return (f"{site.repo}.{name}({', '.join(arguments)})",)


def _each_target(site: Site, name: str, words: list[Word]) -> tuple[str, ...]:
    codes = [word.code for word in words]
    targets = codes[0] if len(codes) == 1 else f"[{', '.join(codes)}]" if codes else ""
    return (f"{site.repo}.{name}({targets})",)


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
