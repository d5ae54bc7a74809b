"""Branches, remote branches and HEAD. A branch is kept as its name."""

from __future__ import annotations

import ast

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.remotes import element_name
from doctranslate.rules.gitpython_dvc.symbols import (
    BRANCH,
    DVC,
    HEAD,
    LIST,
    REFERENCE,
    REMOTE,
    REMOTE_BRANCH,
    REPO,
    SCM,
    SYMBOLIC,
    TAG,
)
from doctranslate.rules.site import Site, is_simple, quoted

book = RuleBook()
_PRINTED = "a list of branches is printed as a list of names"
_UNMERGED = "git refuses to delete a branch that is not merged; remove_ref does not"
_CHECKOUT = (f"{SCM}.checkout", f"{DVC}.checkout")
_NAMED = (BRANCH, TAG, REMOTE_BRANCH)


# ---------------------------------------------------------------------- branches
@book.rule(
    f"{REPO}.heads",
    f"{REPO}.branches",
    to=f"{SCM}.list_branches",
    before="names = [head.name for head in repo.heads]",
    after="names = repo.scm.list_branches()",
    changes=_PRINTED,
)
def branches(site: Site) -> Rewrite:
    """``repo.branches`` is ``repo.scm.list_branches()``, a list of names."""
    return Rewrite(f"{site.repo}.scm.list_branches()", note=_PRINTED if site.is_printed else "")


@book.rule(
    f"{LIST}[{BRANCH}]",
    to=f"{SCM}.list_branches",
    before='branch = repo.heads["main"]\nprint(branch.commit.message)\nprint(repo.heads[0].name)',
    after='branch = "main"\nprint(repo.scm.resolve_commit(branch).message)\nprint(repo.scm.list_branches()[0])',
)
def branch_of_list(site: Site) -> Rewrite:
    """``repo.heads.main`` is the branch's name; a number or a slice picks from the list of names."""
    return of_list(site, f"{site.repo}.scm.list_branches()")


def of_list(site: Site, listing: str, *, within: str = "") -> Rewrite:
    """An element of a list of named things.

    Args:
        site: The use.
        listing: Code of the list of names.
        within: Code of what stands before the names, with a slash between: a remote.
    """
    name = element_name(site)
    if name is None:
        if not isinstance(site.node, cst.Subscript):
            raise NoCounterpart("only a name, a number or a slice picks from the list")
        inside = ", ".join(site.code(element).strip() for element in site.node.slice)
        return Rewrite(f"{site.receiver}[{inside}]")
    code = _joined(within, name) if within else name
    error = "AttributeError" if isinstance(site.node, cst.Attribute) else "IndexError"
    if not site.is_expected_to_raise(error):
        return Rewrite(code)
    return Rewrite(code, (f"if {code} not in {listing}:\n    raise {error}({name})",))


def _joined(first: str, second: str) -> str:
    """Code of two names with a slash between."""
    texts = [_text(first), _text(second)]
    if None not in texts:
        return quoted("/".join(str(text) for text in texts))
    codes = [code.replace('"', "'") for code in (first, second)]
    inside = [text if text is not None else f"{{{code}}}" for text, code in zip(texts, codes, strict=True)]
    return f'f"{"/".join(inside)}"'


def _text(code: str) -> str | None:
    """The text that code is a plain literal of, or None."""
    try:
        text = ast.literal_eval(code)
    except (ValueError, SyntaxError):
        return None
    return text if isinstance(text, str) else None


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


@book.rule(
    f"{REFERENCE}.name",
    f"{SYMBOLIC}.name",
    to=f"{SCM}.list_branches",
    before="for branch in repo.branches:\n    print(branch.name)",
    after="for branch in repo.scm.list_branches():\n    print(branch)",
)
def ref_name(site: Site) -> Rewrite:
    """``branch.name`` and ``tag.name`` are the name itself."""
    if _receiver_type(site) not in _NAMED:
        raise NoCounterpart("only branches and tags are kept as names")
    return Rewrite(site.receiver)


@book.rule(
    f"{REFERENCE}.path",
    f"{BRANCH}.path",
    f"{SYMBOLIC}.path",
    to=f"{SCM}.list_branches",
    before='print(repo.heads["main"].path)',
    after='print("refs/heads/main")',
)
def ref_path(site: Site) -> Rewrite:
    """``branch.path`` is the name behind ``refs/heads/``, and so for tags and remote branches."""
    kinds = {BRANCH: "heads", TAG: "tags", REMOTE_BRANCH: "remotes"}
    kind = kinds.get(_receiver_type(site))
    if kind is None:
        raise NoCounterpart("only branches and tags are kept as names")
    return Rewrite(_joined(f'"refs/{kind}"', site.receiver))


@book.rule(
    f"{REPO}.create_head",
    f"{SYMBOLIC}.create",
    to=f"{SCM}.set_ref",
    before='branch = repo.create_head("experiment")\nrepo.create_head("old", "v1", force=True)',
    after=(
        'branch = create_branch(repo, "experiment")\n'
        'repo.scm.set_ref("refs/heads/old", repo.scm.resolve_rev("v1"))'
    ),
)
def create_head(site: Site) -> Rewrite:
    """``repo.create_head(name)`` sets a reference; a branch that is there already must be there, as with GitPython."""
    site.only("repo", "path", "commit", "reference", "force", ignore=("logmsg",))
    static = site.symbol.startswith(SYMBOLIC)  # Head.create(repo, name)
    if static and (site.call is None or site.type_of(site.call) != BRANCH):
        raise NoCounterpart("only branches and tags are made by name")
    repo = (site.arg("repo") or "") if static else site.repo
    name = site.arg("path") or ""
    node = site.node_of("reference" if static else "commit")  # Head.create takes no notice of commit=
    rev = "" if node is None else site.argument(node)
    if site.truth("force"):
        ref = ref_code("heads", None, name)
        sha = f"{repo}.scm.resolve_rev({rev})" if rev else f"{repo}.scm.get_rev()"
        return Rewrite(name, (f"{repo}.scm.set_ref({ref}, {sha})",))
    return Rewrite(f"{site.prelude('create_branch')}({', '.join(p for p in (repo, name, rev) if p)})")


@book.rule(
    f"{REPO}.delete_head",
    f"{REPO}.delete_tag",
    f"{BRANCH}.delete",
    f"{TAG}.delete",
    to=f"{SCM}.remove_ref",
    before='repo.delete_tag("v0")\nrepo.delete_head("old", force=True)',
    after='repo.scm.remove_ref("refs/tags/v0")\nrepo.scm.remove_ref("refs/heads/old")',
    changes=_UNMERGED,
)
def delete_ref(site: Site) -> Rewrite:
    """``repo.delete_head(name)`` and ``repo.delete_tag(name)`` remove the reference."""
    kind = "heads" if site.symbol in (f"{REPO}.delete_head", f"{BRANCH}.delete") else "tags"
    given = [arg for arg in site.call.args if arg.keyword is None] if site.call is not None else []
    static = not site.symbol.startswith(REPO)  # Head.delete(repo, name)
    repo = site.render(given[0].value) if static and given else site.repo
    given = given[1:] if static else given
    if not given or any(arg.star for arg in given):
        raise NoCounterpart("the names must stand in the call")
    site.only(*site.given_names(positional=True), ignore=("force",))
    names = [ref_code(kind, None, site.argument(arg.value)) for arg in given]
    note = _UNMERGED if kind == "heads" and "force" not in site.given_names(positional=False) else ""
    if site.is_guarded:
        delete = site.prelude("delete_ref")
        return Rewrite(lines=tuple(f"{delete}({repo}, {name})" for name in names), note=note)
    return Rewrite(lines=tuple(f"{repo}.scm.remove_ref({name})" for name in names), note=note)


def ref_code(kind: str, text: object, code: str) -> str:
    """Code of the full name of a reference: of a literal name, or of one that shows at run time."""
    return quoted(f"refs/{kind}/{text}") if isinstance(text, str) else _joined(f'"refs/{kind}"', code)


@book.rule(
    f"{BRANCH}.checkout",
    to=_CHECKOUT,
    before='repo.heads["main"].checkout()',
    after=('repo.scm.checkout("main")\nrepo.checkout()'),
)
def head_checkout(site: Site) -> Rewrite:
    """``branch.checkout()`` moves git's files; ``repo.checkout()`` moves the data files after them."""
    try:
        site.only("force")
    except NoCounterpart as exc:
        raise NoCounterpart(str(exc), after=(f"{site.repo}.checkout()",)) from exc
    force = "force=True" if site.truth("force") else ""
    name = site.receiver
    lines = (
        site.guarded(f"{site.repo}.scm.checkout({', '.join(p for p in (name, force) if p)})"),
        f"{site.repo}.checkout({force})",
    )
    return Rewrite(name if is_simple(name) or name.startswith(("'", '"')) else None, lines)


# ---------------------------------------------------------------------- remote branches
@book.rule(
    f"{REMOTE}.refs",
    to=f"{SCM}.iter_refs",
    before="for branch in repo.remotes.origin.refs:\n    print(branch.name)",
    after='for branch in remote_branches(repo, "origin"):\n    print(branch)',
    changes=_PRINTED,
)
def remote_refs(site: Site) -> Rewrite:
    """``remote.refs`` are the names behind ``refs/remotes/``."""
    listing = f"{site.prelude('remote_branches')}({site.repo}, {site.receiver})"
    return Rewrite(listing, note=_PRINTED if site.is_printed else "")


@book.rule(
    f"{LIST}[{REMOTE_BRANCH}]",
    to=f"{SCM}.iter_refs",
    before="print(repo.remotes.origin.refs.main.commit.message)",
    after='print(repo.scm.resolve_commit("origin/main").message)',
)
def remote_branch_of_list(site: Site) -> Rewrite:
    """``remote.refs.main`` is the name, with the remote's in front."""
    refs = site.receiver_node
    if not isinstance(refs, cst.Attribute) or refs.attr.value != "refs":
        raise NoCounterpart("the remote must be named where its branch is picked")
    remote = site.render(refs.value)
    return of_list(site, f"{site.prelude('remote_branches')}({site.repo}, {remote})", within=remote)


@book.rule(
    f"{REFERENCE}.remote_name",
    f"{REFERENCE}.remote_head",
    to=f"{SCM}.iter_refs",
    before="print([branch.remote_head for branch in repo.remotes.origin.refs])",
    after='print([branch.partition("/")[2] for branch in remote_branches(repo, "origin")])',
)
def remote_part(site: Site) -> Rewrite:
    """``branch.remote_name`` is what stands before the first slash, ``remote_head`` what stands behind it."""
    return Rewrite(f'{site.receiver}.partition("/")[{0 if site.symbol.endswith("name") else 2}]')


# ---------------------------------------------------------------------- HEAD and commits behind references
@book.rule(
    f"{SYMBOLIC}.commit",
    f"{SYMBOLIC}.object",
    f"{TAG}.commit",
    to=f"{SCM}.resolve_commit",
    before='print(repo.tags["v1"].commit.message)',
    after='print(repo.scm.resolve_commit("v1").message)',
)
def ref_commit(site: Site) -> Rewrite:
    """``repo.head.commit`` is ``repo.scm.resolve_commit("HEAD")``; a branch's or tag's commit goes by its name."""
    kind = _receiver_type(site)
    if kind == HEAD:
        return Rewrite(f'{site.repo}.scm.resolve_commit("HEAD")')
    if kind in _NAMED:
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
    to=f"{SCM}.get_ref",
    before="print(repo.head.is_valid())",
    after='print(repo.scm.dulwich.get_ref("HEAD") is not None)',
)
def is_valid(site: Site) -> Rewrite:
    """``repo.head.is_valid()`` asks whether HEAD leads to a commit; of scmrepo's backends dulwich gives None if not."""
    if _receiver_type(site) != HEAD:
        raise NoCounterpart("only HEAD can be asked")
    found = f'{site.repo}.scm.dulwich.get_ref("HEAD")'
    return Rewrite(found if site.is_asked_whether else f"{found} is not None")


def _receiver_type(site: Site) -> str:
    node = site.receiver_node
    return site.type_of(node) if node is not None else ""
