"""Git commands about files: what is in the index, what is changed, what is put aside."""

from __future__ import annotations

import re

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import command_rule, guarded
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT, SCM
from doctranslate.rules.gitpython_dvc.words import Command, Word
from doctranslate.rules.site import Site

book = RuleBook()
_PRINTS = "what git prints has no counterpart"
CLEAN_VALUES = ("-e", "--exclude")
STASH_VALUES = ("-m", "--message")


@book.rule(
    f"{GIT}.ls_files",
    to=(f"{SCM}.is_tracked", f"{DVC}.ls"),
    before="print(repo.git.ls_files())",
    after='print("\\n".join(tracked_files(repo)))',
)
def git_ls_files(site: Site) -> Rewrite:
    """``repo.git.ls_files()`` lists git's index; a data file stands for its ``.dvc`` file."""
    return command_rule(site, ls_files_command)


def ls_files_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git ls-files``."""
    words = [*command.words, *command.after_dashes]
    if command.has("--others", "-o"):
        command.only("--others", "-o", "--exclude-standard", "--")
        if not command.has("--exclude-standard") or words:
            raise NoCounterpart("files that are ignored have no counterpart")
        return Rewrite(f'"\\n".join(sorted({site.repo}.scm.untracked_files()))')
    command.only("-c", "--cached", "--")
    if command.is_open or not site.value_is_used:
        raise NoCounterpart(_PRINTS)
    given = "".join(f", {word.code}" for word in words)
    return Rewrite(f'"\\n".join({site.prelude("tracked_files")}({site.repo}{given}))')


@book.rule(
    f"{GIT}.ls_tree",
    to=f"{DVC}.ls",
    before='print(repo.git.ls_tree("-r", "--name-only", "v1"))',
    after='print("\\n".join(files_at(repo, "v1")))',
)
def git_ls_tree(site: Site) -> Rewrite:
    """``repo.git.ls_tree("-r", "--name-only", rev)`` lists the files of a revision, data among them."""
    return command_rule(site, ls_tree_command)


def ls_tree_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git ls-tree``."""
    command.only("-r", "--name-only", "--full-tree")
    if len(command.words) != 1 or not command.has("-r") or not command.has("--name-only") or command.is_open:
        raise NoCounterpart("only the names of all files of a revision have a counterpart")
    return Rewrite(f'"\\n".join({site.prelude("files_at")}({site.repo}, {command.words[0].code}))')


@book.rule(
    f"{GIT}.status",
    to=(f"{SCM}.status", f"{DVC}.data_status"),
    before='print(repo.git.status("--porcelain"))',
    after="print(porcelain(repo))",
)
def git_status(site: Site) -> Rewrite:
    """``repo.git.status("--porcelain")`` is put together from ``scm.status`` and ``repo.data_status``."""
    return command_rule(site, status_command)


def status_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git status``."""
    if not command.has("--porcelain", "-s", "--short") or command.words or command.after_dashes:
        raise NoCounterpart("what git status says to people has no counterpart")
    untracked = command.option("-u", "--untracked-files")
    command.only("--porcelain", "-s", "--short", "-u", "--untracked-files")
    if untracked is not None and untracked.text not in ("no", "all", "normal"):
        raise NoCounterpart("which untracked files are shown is known only at run time")
    how = untracked.text if untracked is not None else "all" if command.has("-u", "--untracked-files") else ""
    argument = f', untracked="{how}"' if how and how != "normal" else ""
    return Rewrite(f"{site.prelude('porcelain')}({site.repo}{argument})")


@book.rule(
    f"{GIT}.diff",
    to=(f"{SCM}.status", f"{DVC}.data_status", f"{DVC}.diff"),
    before='print(repo.git.diff("--name-only"))\nprint(repo.git.diff("HEAD~1", "HEAD", name_only=True))',
    after=(
        'print("\\n".join(changed_files(repo)))\nprint("\\n".join(files_between(repo, "HEAD~1", "HEAD")))'
    ),
)
def git_diff(site: Site) -> Rewrite:
    """``repo.git.diff("--name-only")`` names the files that are changed, data among them."""
    return command_rule(site, diff_command)


def diff_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git diff``."""
    if not command.has("--name-only") or command.after_dashes or command.is_open:
        raise NoCounterpart("a patch has no counterpart: of data, git sees the .dvc files")
    command.only("--name-only", "--cached", "--staged")
    words = command.words
    if command.has("--cached", "--staged"):
        if command.texts not in ([], ["HEAD"]):
            raise NoCounterpart("what is staged is compared with HEAD only")
        return Rewrite(f'"\\n".join({site.prelude("changed_files")}({site.repo}, staged=True))')
    if not words:
        return Rewrite(f'"\\n".join({site.prelude("changed_files")}({site.repo}))')
    if any(_is_path(site, word) for word in words):
        raise NoCounterpart("a comparison of single files has no counterpart")
    if len(words) == 2 and not any(".." in (word.text or "") for word in words):
        codes = [word.code for word in words]
    elif (
        len(words) == 1
        and words[0].text is not None
        and words[0].text.count("..") == 1
        and "..." not in words[0].text
    ):
        codes = [repr(part or "HEAD") for part in words[0].text.split("..")]
    else:
        raise NoCounterpart("only two revisions have a counterpart")
    return Rewrite(f'"\\n".join({site.prelude("files_between")}({site.repo}, {", ".join(codes)}))')


def _is_path(site: Site, word: Word) -> bool:
    """Whether the program's text shows that a word is no revision."""
    text = word.text or ""
    if re.match(r"\.\.?(/|$)", text):
        return True
    known = text in site.program.tags | site.program.branches
    if known or ".." in text or re.match(r"(HEAD|@|refs/|remotes/|origin/)", text):
        return False
    return text[-1:] == "/" or re.search(r"\.[a-zA-Z]\w*$", text) is not None


@book.rule(
    f"{GIT}.stash",
    to=(f"{SCM}.stash", f"{DVC}.checkout"),
    before='repo.git.stash()\nrepo.git.stash("pop")',
    after="repo.scm.stash.push()\nrepo.checkout()\nrepo.scm.stash.pop()\nrepo.checkout()",
)
def git_stash(site: Site) -> Rewrite:
    """``repo.git.stash(...)`` is ``repo.scm.stash``; data that is changed is recorded first, and brought back after."""
    return command_rule(site, stash_command, values=STASH_VALUES)


def stash_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git stash``."""
    if site.gives_value or command.is_open:
        raise NoCounterpart(_PRINTS)
    what, *rest = command.texts or ["push"]
    stash, back = f"{site.repo}.scm.stash", f"{site.repo}.checkout()"
    if what == "pop" and not rest:
        command.only()
        return Rewrite(lines=guarded(site, (f"{stash}.pop()", back)))
    if what in ("drop", "clear") and not rest:
        command.only()
        return Rewrite(lines=guarded(site, (f"{stash}.{what}()",)))
    if what not in ("push", "save") or (rest and what == "push") or len(rest) > 1:
        raise NoCounterpart("only the last stash is put away, brought back or dropped")
    command.only("-u", "--include-untracked", "-m", "--message", "-q", "--quiet")
    message = command.words[1] if rest else command.option("-m", "--message")
    arguments = [f"message={message.code}"] if message is not None else []
    arguments += ["include_untracked=True"] if command.has("-u", "--include-untracked") else []
    first = (f"{site.prelude('record_data')}({site.repo})",) if site.program.has_data else ()
    return Rewrite(lines=guarded(site, (*first, f"{stash}.push({', '.join(arguments)})", back)))


@book.rule(
    f"{GIT}.clean",
    to=f"{DVC}.checkout",
    before='repo.git.clean("-fdx")',
    after=(
        'repo.scm.gitpython.repo.git.clean("-d", "-f", "-x", "-e", "/.dvc/cache", "-e", "/.dvc/tmp")\n'
        "repo.checkout()"
    ),
    changes="what is ignored and removed may be data: its cache is spared, and repo.checkout() brings the files back",
)
def git_clean(site: Site) -> Rewrite:
    """``repo.git.clean("-x")`` removes what git ignores, and so data too: that is brought back from DVC's cache."""
    return command_rule(site, clean_command, values=CLEAN_VALUES)


def clean_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git clean``."""
    command.only("-f", "-d", "-x", "--force", "-q", "--quiet")
    if command.options:
        kept = ('"-e"', '"/.dvc/cache"', '"-e"', '"/.dvc/tmp"')
        raise NoCounterpart("which files git removes is known only at run time", also=kept)
    if not command.has("-x") or command.words or site.value_is_used:
        raise NoCounterpart("git removes untracked files; scmrepo does not")
    flags = ", ".join(f'"{flag}"' for flag in sorted(command.flags))
    line = f'{site.repo}.scm.gitpython.repo.git.clean({flags}, "-e", "/.dvc/cache", "-e", "/.dvc/tmp")'
    return Rewrite(lines=guarded(site, (line, f"{site.repo}.checkout()")))
