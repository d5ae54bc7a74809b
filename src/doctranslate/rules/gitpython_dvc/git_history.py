"""``git rev-parse``, ``git show`` and ``git reset``, as people call them through ``repo.git``."""

from __future__ import annotations

import re

import libcst as cst

from doctranslate.analysis.literals import literal
from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import command_rule
from doctranslate.rules.gitpython_dvc.symbols import API_READ, DVC, GIT, SCM
from doctranslate.rules.gitpython_dvc.words import Command, Word
from doctranslate.rules.site import Site, quoted

book = RuleBook()
_GET_REV = f"{SCM}.get_rev"


@book.rule(
    f"{GIT}.rev_parse",
    to=(_GET_REV, f"{SCM}.resolve_rev", f"{SCM}.root_dir", f"{SCM}.active_branch"),
    before='print(repo.git.rev_parse("HEAD"))',
    after="print(repo.scm.get_rev())",
    changes=(
        "on a detached HEAD asking for the branch is an error, where git prints HEAD; of an annotated tag the commit is"
        " told, where git tells the tag object"
    ),
)
def rev_parse(site: Site) -> Rewrite:
    """``repo.git.rev_parse`` is ``get_rev``, ``resolve_rev``, ``root_dir`` or ``active_branch``, by what is asked."""
    return command_rule(site, rev_parse_command)


def rev_parse_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git rev-parse``."""
    repo = f"{site.repo}.scm"
    if command.has("--show-toplevel") and not command.words:
        return Rewrite(f"{repo}.root_dir")
    if command.has("--abbrev-ref") and [word.text for word in command.words] == ["HEAD"]:
        return Rewrite(
            f"{repo}.active_branch()", note="on a detached HEAD this is an error, where git prints HEAD"
        )
    short = command.option("--short")
    command.only("--short", "--verify")
    if len(command.words) != 1 or command.words[0].starred:
        raise NoCounterpart("only one revision has a counterpart")
    word = command.words[0]
    note = _tag_note(site, word.text)
    full = f"{repo}.get_rev()" if word.text == "HEAD" else f"{repo}.resolve_rev({word.code})"
    if short is not None:
        digits = short.text if short.text is not None and short.text.isdigit() else short.code
        return Rewrite(f"{full}[:{digits}]", note=note)
    return Rewrite(f"{full}[:7]" if command.has("--short") else full, note=note)


def _tag_note(site: Site, text: str | None) -> str:
    """What is told of a revision that may be a tag; one that surely is, or is no commit, stays with git."""
    name = (text or "").removeprefix("refs/").removeprefix("tags/")
    if name in site.program.tags or ":" in name or "^{t" in name:
        raise NoCounterpart("resolve_rev gives commits, and no tags, trees or files")
    if re.match(r"(HEAD|@)?[~^@]|HEAD$|[0-9a-f]{7,40}$|refs/|heads/|remotes/|origin/", name):
        return ""
    if name in site.program.branches or re.search(r"[~^]", name):
        return ""
    return "of an annotated tag the commit is told, where git tells the tag object"


@book.rule(
    f"{GIT}.reset",
    to=(f"{SCM}.reset", f"{DVC}.checkout"),
    before='repo.git.reset("--hard")',
    after=("repo.scm.reset(hard=True)\nrepo.checkout(force=True)"),
)
def git_reset(site: Site) -> Rewrite:
    """``repo.git.reset("--hard")`` is ``scm.reset(hard=True)``, and ``repo.checkout(force=True)`` for the data."""
    return command_rule(site, reset_command)


def reset_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git reset``."""
    paths = [*(command.words[1:] if command.texts[:1] == ["HEAD"] else []), *command.after_dashes]
    if paths and site.program.has_data:
        also = tuple(pointer_code(word) for word in paths if _may_be_data(site, word))
        raise NoCounterpart("scm.reset does not take new files out of the index", also=also)
    if command.texts not in ([], ["HEAD"]):
        raise NoCounterpart("scm.reset knows HEAD only")
    command.only("--hard", "--mixed", "-q", "--quiet")
    if site.value_is_used:
        raise NoCounterpart("what git prints has no counterpart")
    if not command.has("--hard"):
        return Rewrite(lines=(site.guarded(f"{site.repo}.scm.reset()"),))
    lines = (f"{site.repo}.scm.reset(hard=True)", f"{site.repo}.checkout(force=True)")
    return Rewrite(lines=tuple(map(site.guarded, lines)))


@book.rule(
    f"{GIT}.show",
    to=API_READ,
    before='print(repo.git.show("v1:data/x.csv"))',
    after='print(dvc.api.read("data/x.csv", repo=repo.root_dir, rev="v1").removesuffix("\\n"))',
)
def git_show(site: Site) -> Rewrite:
    """``repo.git.show("rev:path")`` is ``dvc.api.read(path, rev=rev)``: data or code, as it was."""
    return command_rule(site, show_command)


def show_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git show``."""
    if command.after_dashes or command.flags or command.options:
        return git_path_twice(site, command)
    if len(command.words) != 1 or command.words[0].node is None:
        raise NoCounterpart("only REV:PATH has a counterpart")
    rev, path = _rev_and_path(site, command.words[0].node)
    call = f"{site.module('dvc.api')}.read({path}, repo={site.repo}.root_dir, rev={rev})"
    # GitPython takes the last newline off what a command prints.
    return Rewrite(f'{call}.removesuffix("\\n")')


def _rev_and_path(site: Site, node: cst.BaseExpression) -> tuple[str, str]:
    text = literal(node)
    if isinstance(text, str) and ":" in text:
        rev, _, path = text.partition(":")
        if rev and path:
            return quoted(rev), quoted(path)
        raise NoCounterpart("what is staged, and a folder, have no counterpart")
    if isinstance(node, cst.FormattedString):
        return _split_fstring(site, node)
    if isinstance(node, cst.BinaryOperation):
        code = site.render(node)
        match = re.fullmatch(r"(.+?) \+ ['\"]:(.*?)['\"](?: \+ (.+))?", code)
        if match and (match[3] or match[2]):
            return match[1], " + ".join(part for part in (match[2] and quoted(match[2]), match[3]) if part)
    raise NoCounterpart("only REV:PATH with its colon in the program text has a counterpart")


def _split_fstring(site: Site, node: cst.FormattedString) -> tuple[str, str]:
    left: list[str] = []
    right: list[str] = []
    current = left
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText) and current is left and ":" in part.value:
            before, _, after = part.value.partition(":")
            left.append(before)
            current = right
            right.append(after)
        elif isinstance(part, cst.FormattedStringText):
            current.append(part.value)
        elif isinstance(part, cst.FormattedStringExpression):
            if part.conversion is not None or part.format_spec is not None or part.equal is not None:
                raise NoCounterpart("only a REV:PATH of plain parts has a counterpart")
            current.append("{" + site.render(part.expression) + "}")
    if not any(left) or not any(right):
        raise NoCounterpart("only REV:PATH has a counterpart")
    quote = node.start.lstrip("fFrR")
    return _string(left, quote), _string(right, quote)


def _string(parts: list[str], quote: str) -> str:
    parts = [part for part in parts if part]
    if len(parts) == 1 and parts[0].startswith("{"):
        return parts[0][1:-1]
    text = "".join(parts)
    return f"f{quote}{text}{quote}" if "{" in text else f"{quote}{text}{quote}"


LOG_VALUES = (
    "-n", "--max-count", "--format", "--pretty", "--author", "--since", "--until", "--after", "--before", "--date",
)  # fmt: skip


@book.rule(
    f"{GIT}.log",
    to=(_GET_REV, f"{SCM}.resolve_commit"),
    before='print(repo.git.log("-1", "--format=%H"))',
    after="print(repo.scm.get_rev())",
)
def git_log(site: Site) -> Rewrite:
    """``repo.git.log("-1", format="%H")`` asks for one commit; what git formats otherwise is left to git."""
    return command_rule(site, log_command, values=LOG_VALUES)


def log_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git log``."""
    count = command.option("-n", "--max-count")
    form = command.option("--format", "--pretty")
    single = command.has("-1") or (count is not None and (count.text == "1" or count.code == "1"))
    plain = len(command.words) < 2 and not command.after_dashes and not command.is_open
    if not single or form is None or form.text is None or not plain:
        return git_path_twice(site, command)
    command.only("-1", "-n", "--max-count", "--format", "--pretty")
    rev = command.words[0].code if command.words else '"HEAD"'
    commit = f"{site.repo}.scm.resolve_commit({rev})"
    match form.text.removeprefix("format:").removeprefix("tformat:"):
        case "%H":
            return Rewrite(f"{site.repo}.scm.get_rev()" if rev == '"HEAD"' else f"{commit}.hexsha")
        case "%s":
            return Rewrite(f'{commit}.message.partition("\\n")[0]')
        case "%B":
            return Rewrite(f"{commit}.message")
        case "%an" | "%ae" | "%cn" | "%ce" as letters:
            who = "author" if letters[1] == "a" else "committer"
            return Rewrite(f"{commit}.{who}_{'name' if letters[2] == 'n' else 'email'}")
        case "%at" | "%ct" as letters:
            return Rewrite(f"str({commit}.{'author' if letters[1] == 'a' else 'commit'}_time)")
    raise NoCounterpart("what git formats has no counterpart")


def git_path_twice(site: Site, command: Command) -> Rewrite:
    """A path of data, given to git: the history of its ``.dvc`` file goes on where its own ends."""
    reason = "what git formats has no counterpart"
    if not site.program.has_data:
        raise NoCounterpart(reason)
    also = [pointer_code(word) for word in command.after_dashes if _may_be_data(site, word)]
    raise NoCounterpart(reason, also=tuple(also))


def _may_be_data(site: Site, word: Word) -> bool:
    return not word.starred and (word.text is None or bool(site.program.policy.is_data(word.text)))


def pointer_code(word: Word) -> str:
    """Code of the path of the ``.dvc`` file that stands for a data file."""
    if word.text is not None and word.is_literal:
        return quoted(f"{word.text}.dvc")
    return 'f"{' + word.code + '}.dvc"' if '"' not in word.code else word.code + ' + ".dvc"'
