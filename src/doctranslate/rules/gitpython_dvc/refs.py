"""Branches, tags and HEAD. A branch or tag is kept as its name."""

from __future__ import annotations

import libcst as cst

from doctranslate.analysis.literals import literal
from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.remotes import element_name
from doctranslate.rules.gitpython_dvc.symbols import (
    BRANCH,
    DVC,
    GIT,
    HEAD,
    LIST,
    REFERENCE,
    REPO,
    SCM,
    SYMBOLIC,
    TAG,
)
from doctranslate.rules.gitpython_dvc.words import Command, read_command
from doctranslate.rules.site import Site, is_simple, quoted

book = RuleBook()
_PRINTED = "a list of branches or tags is printed as a list of names"
_UNMERGED = "git refuses to delete a branch that is not merged; remove_ref does not"
_CHECKOUT = (f"{SCM}.checkout", f"{DVC}.checkout")


# ---------------------------------------------------------------------- branches
@book.rule(
    f"{REPO}.heads",
    f"{REPO}.branches",
    to=f"{SCM}.list_branches",
    before="names = [head.name for head in repo.heads]",
    after="names = repo.scm.list_branches()",
)
def branches(site: Site) -> Rewrite:
    """``repo.branches`` is ``repo.scm.list_branches()``, a list of names."""
    return Rewrite(f"{site.repo}.scm.list_branches()", note=_PRINTED if site.is_printed else "")


@book.rule(f"{LIST}[{BRANCH}]", to=f"{SCM}.list_branches")
def branch_of_list(site: Site) -> Rewrite:
    """``repo.heads.main`` and ``repo.heads["main"]`` are the branch's name."""
    name = element_name(site)
    return Rewrite(name) if name is not None else _by_number(site)


@book.rule(f"{LIST}[{TAG}]", to=f"{SCM}.list_tags")
def tag_of_list(site: Site) -> Rewrite:
    """``repo.tags["v1"]`` is the tag's name."""
    name = element_name(site)
    return Rewrite(name) if name is not None else _by_number(site)


def _by_number(site: Site) -> Rewrite:
    if not isinstance(site.node, cst.Subscript):
        raise NoCounterpart("only a name, a number or a slice picks from the list")
    inside = ", ".join(site.code(element).strip() for element in site.node.slice)
    return Rewrite(f"{site.receiver}[{inside}]")


@book.rule(
    f"{REPO}.active_branch",
    f"{SYMBOLIC}.reference",
    f"{SYMBOLIC}.ref",
    to=f"{SCM}.active_branch",
    before="print(repo.active_branch.name)",
    after="print(repo.scm.active_branch())",
)
def active_branch(site: Site) -> Rewrite:
    """``repo.active_branch`` is ``repo.scm.active_branch()``, a name; SCMError on a detached HEAD."""
    if site.symbol != f"{REPO}.active_branch" and _receiver_type(site) != HEAD:
        raise NoCounterpart("only HEAD's reference can be asked for")
    return Rewrite(f"{site.repo}.scm.active_branch()")


@book.rule(f"{REFERENCE}.name", f"{SYMBOLIC}.name", to=f"{SCM}.list_branches")
def ref_name(site: Site) -> Rewrite:
    """``branch.name`` and ``tag.name`` are the name itself."""
    if _receiver_type(site) not in (BRANCH, TAG):
        raise NoCounterpart("only branches and tags are kept as names")
    return Rewrite(site.receiver)


@book.rule(
    f"{REPO}.create_head",
    to=(f"{SCM}.branch", f"{SCM}.set_ref"),
    before='branch = repo.create_head("experiment")',
    after='branch = create_branch(repo, "experiment")',
)
def create_head(site: Site) -> Rewrite:
    """``repo.create_head(name)`` is ``repo.scm.branch(name)``; an existing branch is kept, as with GitPython."""
    site.only("path", "commit", ignore=("logmsg",))
    name = site.arg("path") or ""
    node = site.node_of("commit")
    rev = "" if node is None else f", {site.argument(node)}"
    line = f"{site.prelude('create_branch')}({site.repo}, {name}{rev})"
    return Rewrite(line)


@book.rule(
    f"{REPO}.delete_head",
    f"{REPO}.delete_tag",
    to=f"{SCM}.remove_ref",
    before='repo.delete_tag("v0")',
    after='repo.scm.remove_ref("refs/tags/v0")',
)
def delete_ref(site: Site) -> Rewrite:
    """``repo.delete_head(name)`` and ``repo.delete_tag(name)`` remove the reference."""
    kind = "heads" if site.symbol.endswith("head") else "tags"
    given = [arg for arg in site.call.args if arg.keyword is None] if site.call is not None else []
    if not given or any(arg.star for arg in given):
        raise NoCounterpart("the names must stand in the call")
    site.only(*site.given_names(positional=True), ignore=("force",))
    names = [(literal(arg.value), site.render(arg.value)) for arg in given]
    lines = [f"{site.repo}.scm.remove_ref({_ref(kind, text, code)})" for text, code in names]
    return Rewrite(
        lines=tuple(lines), note="git refuses to delete a branch that is not merged; remove_ref does not"
    )


def _ref(kind: str, text: object, code: str) -> str:
    return (
        quoted(f"refs/{kind}/{text}")
        if isinstance(text, str)
        else 'f"refs/' + kind + "/{" + code.replace('"', "'") + '}"'
    )


@book.rule(
    f"{BRANCH}.checkout",
    to=_CHECKOUT,
    before='repo.heads["main"].checkout()',
    after=('repo.scm.checkout("main")\nrepo.checkout()'),
)
def head_checkout(site: Site) -> Rewrite:
    """``branch.checkout()`` moves git's files; ``repo.checkout()`` moves the data files after them."""
    site.only("force", ignore=("kwargs",))
    force = "force=True" if site.truth("force") else ""
    name = site.receiver
    lines = (
        site.guarded(f"{site.repo}.scm.checkout({', '.join(p for p in (name, force) if p)})"),
        f"{site.repo}.checkout({force})",
    )
    return Rewrite(name if is_simple(name) or name.startswith(("'", '"')) else None, lines)


# ---------------------------------------------------------------------- tags
@book.rule(
    f"{REPO}.tags",
    to=f"{SCM}.list_tags",
    before="names = [tag.name for tag in repo.tags]",
    after="names = repo.scm.list_tags()",
)
def tags(site: Site) -> Rewrite:
    """``repo.tags`` is ``repo.scm.list_tags()``, a list of names."""
    return Rewrite(f"{site.repo}.scm.list_tags()", note=_PRINTED if site.is_printed else "")


@book.rule(
    f"{REPO}.create_tag",
    to=f"{SCM}.tag",
    before='repo.create_tag("v1", message="First")',
    after='repo.scm.tag("v1", annotated=True, message="First")',
)
def create_tag(site: Site) -> Rewrite:
    """``repo.create_tag(name, ref, message)`` is ``repo.scm.tag``, which would move a tag that exists."""
    site.only("path", "ref", "message", "force", "m")
    name = site.arg("path") or ""
    message = site.arg("message") or site.arg("m")
    node = site.node_of("ref")
    parts = [name] if node is None else [name, f"target={site.argument(node)}"]
    given = site.node_of("message") or site.node_of("m")
    may_be_none = given is not None and site.may_be_none(given)
    return _tag(site, name, parts, message, force=site.truth("force"), may_be_none=may_be_none)


def _tag(
    site: Site, name: str, parts: list[str], message: str | None, *, force: bool, may_be_none: bool = False
) -> Rewrite:
    note = ""
    if site.is_guarded and not force:
        parts = [site.repo, *parts] + ([f"message={message}"] if message else [])
        line = f"{site.prelude('create_tag')}({', '.join(parts)})"
    else:
        annotated = f"{message} is not None" if may_be_none else str(message is not None)
        parts = [*parts, f"annotated={annotated}", *([f"message={message}"] if message else [])]
        line = f"{site.repo}.scm.tag({', '.join(parts)})"
        note = "" if force else "a tag that exists already is moved, where git refuses"
    if not site.value_is_used:
        return Rewrite(lines=(line,), note=note)
    if not (is_simple(name) or name.startswith(("'", '"'))):
        raise NoCounterpart("the tag's name would have to be computed twice")
    return Rewrite(name, (line,), note)


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
            f"{site.repo}.scm.remove_ref({_ref('tags', w.text if w.is_literal else None, w.code)})"
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
    return _tag(site, name, parts, message.code if message else None, force=command.has("-f", "--force"))


# ---------------------------------------------------------------------- HEAD and commits behind references
@book.rule(
    f"{SYMBOLIC}.commit",
    f"{SYMBOLIC}.object",
    f"{TAG}.commit",
    f"{TAG}.object",
    to=f"{SCM}.resolve_commit",
    before='print(repo.tags["v1"].commit.message)',
    after='print(repo.scm.resolve_commit("v1").message)',
)
def ref_commit(site: Site) -> Rewrite:
    """``repo.head.commit`` is ``repo.scm.resolve_commit("HEAD")``; a branch's or tag's commit goes by its name."""
    kind = _receiver_type(site)
    if kind == HEAD:
        return Rewrite(f'{site.repo}.scm.resolve_commit("HEAD")')
    if kind in (BRANCH, TAG):
        return Rewrite(f"{site.repo}.scm.resolve_commit({site.receiver})")
    raise NoCounterpart("only HEAD, branches and tags lead to a commit")


@book.rule(
    f"{SYMBOLIC}.is_detached",
    to=f"{SCM}.get_ref",
    before="print(repo.head.is_detached)",
    after="print(is_detached(repo))",
)
def is_detached(site: Site) -> Rewrite:
    """``repo.head.is_detached`` asks whether HEAD names a branch."""
    return Rewrite(f"{site.prelude('is_detached')}({site.repo})")


@book.rule(
    f"{SYMBOLIC}.is_valid",
    to=f"{SCM}.no_commits",
    before="print(repo.head.is_valid())",
    after="print(not repo.scm.no_commits)",
)
def is_valid(site: Site) -> Rewrite:
    """``repo.head.is_valid()`` is ``not repo.scm.no_commits``."""
    if _receiver_type(site) != HEAD:
        raise NoCounterpart("only HEAD can be asked")
    return Rewrite(f"not {site.repo}.scm.no_commits")


def _receiver_type(site: Site) -> str:
    node = site.receiver_node
    return site.type_of(node) if node is not None else ""


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
                f"{site.repo}.scm.remove_ref({_ref('heads', w.text if w.is_literal else None, w.code)})"
                for w in words
            ),
            note="" if command.has("-D") else _UNMERGED,
        )
    if len(words) == 2:
        return Rewrite(
            lines=(f"{site.prelude('create_branch')}({site.repo}, {words[0].code}, {words[1].code})",)
        )
    return Rewrite(lines=(f"{site.repo}.scm.branch({words[0].code})",))
