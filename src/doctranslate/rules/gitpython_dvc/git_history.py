"""``git rev-parse``, ``git show`` and ``git reset``, as people call them through ``repo.git``."""

from __future__ import annotations

import re

import libcst as cst

from doctranslate.analysis.literals import literal
from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import API_READ, DVC, GIT, SCM
from doctranslate.rules.gitpython_dvc.words import read_command
from doctranslate.rules.site import Site, quoted

book = RuleBook()
_GET_REV = f"{SCM}.get_rev"


@book.rule(
    f"{GIT}.rev_parse",
    to=(_GET_REV, f"{SCM}.resolve_rev", f"{SCM}.root_dir", f"{SCM}.active_branch"),
    before='print(repo.git.rev_parse("HEAD"))',
    after="print(repo.scm.get_rev())",
)
def rev_parse(site: Site) -> Rewrite:
    """``repo.git.rev_parse`` is ``get_rev``, ``resolve_rev``, ``root_dir`` or ``active_branch``, by what is asked."""
    command = read_command(site)
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
    full = f"{repo}.get_rev()" if word.text == "HEAD" else f"{repo}.resolve_rev({word.code})"
    if short is not None:
        return Rewrite(f"{full}[:{short.code}]")
    return Rewrite(f"{full}[:7]" if command.has("--short") else full)


@book.rule(
    f"{GIT}.reset",
    to=(f"{SCM}.reset", f"{DVC}.checkout"),
    before='repo.git.reset("--hard")',
    after=("repo.scm.reset(hard=True)\nrepo.checkout(force=True)"),
)
def git_reset(site: Site) -> Rewrite:
    """``repo.git.reset("--hard")`` is ``scm.reset(hard=True)``, and ``repo.checkout(force=True)`` for the data."""
    command = read_command(site)
    data_after = (f"{site.repo}.checkout(force=True)",) if command.has("--hard") else ()
    if command.flags - {"--hard"} or [word.text for word in command.words] not in ([], ["HEAD"]):
        raise NoCounterpart("scm.reset knows HEAD only", after=data_after)
    if not command.has("--hard"):
        return Rewrite(lines=(f"{site.repo}.scm.reset()",))
    return Rewrite(lines=(f"{site.repo}.scm.reset(hard=True)", f"{site.repo}.checkout(force=True)"))


@book.rule(
    f"{GIT}.show",
    to=API_READ,
    before='print(repo.git.show("v1:data/x.csv"))',
    after='print(dvc.api.read("data/x.csv", repo=repo.root_dir, rev="v1").removesuffix("\\n"))',
)
def git_show(site: Site) -> Rewrite:
    """``repo.git.show("rev:path")`` is ``dvc.api.read(path, rev=rev)``: data or code, as it was."""
    command = read_command(site)
    command.only()
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
        return quoted(rev), quoted(path)
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
            plain = part.conversion is None and part.format_spec is None
            code = site.render(part.expression)
            current.append("{" + code + "}" if plain else cst.Module([]).code_for_node(part))
    if current is left:
        raise NoCounterpart("only REV:PATH has a counterpart")
    quote = node.start.lstrip("fFrR")
    return _string(left, quote), _string(right, quote)


def _string(parts: list[str], quote: str) -> str:
    parts = [part for part in parts if part]
    if len(parts) == 1 and parts[0].startswith("{"):
        return parts[0][1:-1]
    text = "".join(parts)
    return f"f{quote}{text}{quote}" if "{" in text else f"{quote}{text}{quote}"
