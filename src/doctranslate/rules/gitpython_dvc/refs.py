"""Branches, tags and HEAD. A branch or tag is kept as its name."""

from __future__ import annotations

import libcst as cst

from doctranslate.analysis.literals import literal
from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.remotes import element_name
from doctranslate.rules.gitpython_dvc.symbols import (
    BRANCH,
    DVC,
    HEAD,
    LIST,
    REFERENCE,
    REPO,
    SCM,
    SYMBOLIC,
    TAG,
)
from doctranslate.rules.site import Site, is_simple, quoted

book = RuleBook()
_PRINTED = "a list of branches or tags is printed as a list of names"
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
    lines = [f"{site.repo}.scm.remove_ref({ref_code(kind, text, code)})" for text, code in names]
    return Rewrite(
        lines=tuple(lines), note="git refuses to delete a branch that is not merged; remove_ref does not"
    )


def ref_code(kind: str, text: object, code: str) -> str:
    """Code of the full name of a reference: of a literal name, or of one that shows at run time."""
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
    return write_tag(site, name, parts, message, force=site.truth("force"), may_be_none=may_be_none)


def write_tag(
    site: Site, name: str, parts: list[str], message: str | None, *, force: bool, may_be_none: bool = False
) -> Rewrite:
    """Create a tag; where the program handles errors, one that exists is an error."""
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
