"""Commits: walking through them, and what each one says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import (
    ACTOR,
    BRANCH,
    COMMIT,
    DVC,
    HEAD,
    LIST,
    OBJECT,
    REPO,
    SCM,
    TAG,
)
from doctranslate.rules.site import Site

book = RuleBook()
_GET_REV = f"{SCM}.get_rev"
_RESOLVE = f"{SCM}.resolve_commit"


# ---------------------------------------------------------------------- one commit
@book.rule(
    f"{REPO}.commit",
    to=_RESOLVE,
    before='print(repo.commit("v1").message)',
    after='print(repo.scm.resolve_commit("v1").message)',
)
def commit(site: Site) -> Rewrite:
    """``repo.commit(rev)`` is ``repo.scm.resolve_commit(rev)``."""
    site.only("rev")
    return Rewrite(f"{site.repo}.scm.resolve_commit({_rev(site)})")


@book.rule(
    f"{REPO}.rev_parse",
    to=_RESOLVE,
    before='print(repo.rev_parse("HEAD~1").message)',
    after='print(repo.scm.resolve_commit("HEAD~1").message)',
)
def rev_parse(site: Site) -> Rewrite:
    """``repo.rev_parse("HEAD…")`` is ``repo.scm.resolve_commit``: that names a commit for sure."""
    node = site.call.args[0].value if site.call is not None and len(site.call.args) == 1 else None
    text = site.constant(node) if node is not None else None
    if node is None or not (isinstance(text, str) and re.fullmatch(r"HEAD[~^\d]*|[0-9a-f]{40}", text)):
        raise NoCounterpart("what it names may be a tag, a folder or a file")
    return Rewrite(f"{site.repo}.scm.resolve_commit({site.render(node)})")


def _rev(site: Site, default: str = '"HEAD"') -> str:
    node = site.node_of("rev")
    if node is None:
        return default
    code = site.argument(node)
    return f'{code} or "HEAD"' if isinstance(node, cst.Name) and site.is_none_by_default(node) else code


# ---------------------------------------------------------------------- many commits
_LIMITS = ("max_count", "skip")


@book.rule(
    f"{REPO}.iter_commits",
    to=(f"{SCM}.branch_revs", _RESOLVE),
    before=(
        'for commit in repo.iter_commits("main", max_count=3):\n    print(commit.summary)\n'
        'for commit in repo.iter_commits(paths="data/x.csv"):\n    print(commit.message)'
    ),
    after=(
        'for commit in history(repo, "main", max_count=3):\n    print(commit.message.partition("\\n")[0])\n'
        'for commit in history_of(repo, "data/x.csv"):\n    print(commit.message)'
    ),
)
def iter_commits(site: Site) -> Rewrite:
    """``repo.iter_commits(rev)`` walks ``resolve_commit`` from parent to parent, merges included."""
    try:
        return Rewrite(_walk(site))
    except NoCounterpart as exc:
        if not site.program.has_data or not site.members_read(COMMIT) & {"tree", "diff"}:
            raise
        # Git finds the commits; what is read from them is data, and has to come from DVC.
        found = f"{site.repo}.scm.gitpython.repo.iter_commits({site.bridged_arguments})"
        each = site.element("found", found)
        value = f"({site.repo}.scm.resolve_commit({each}.hexsha) for {each} in {found})"
        return Rewrite(value, bridged=str(exc))


def _walk(site: Site) -> str:
    site.only("rev", "paths", "reverse", "no_merges", "first_parent", *_LIMITS)
    rev, paths = site.node_of("rev"), site.node_of("paths")
    if rev is not None:
        _check_rev(site, rev)
    if paths is not None:
        _check_paths(site, paths)
    limits = [f"{name}={code}" for name in _LIMITS if (code := site.arg(name)) and code != "-1"]
    picked = [name for name in ("first_parent", "no_merges") if site.truth(name)]
    if picked and (limits or paths is not None or len(picked) > 1):
        raise NoCounterpart("commits cannot be picked by their parents and by something else")
    value = _picked(site, picked[0]) if picked else _called(site, paths, limits)
    if not site.truth("reverse"):
        return value
    return f"reversed([{value[1:-1]}])" if picked else f"reversed(list({value}))"


def _called(site: Site, paths: cst.BaseExpression | None, limits: list[str]) -> str:
    if paths is None or site.constant(paths) in ("", []):
        walk = "history_in" if _may_be_range(site) else "history"
        parts = [site.prelude(walk), site.repo, _rev(site, "")]
    else:
        parts = [site.prelude("history_of"), site.repo, site.render(paths), _rev(site, "")]
    return f"{parts[0]}({', '.join(part for part in [*parts[1:], *limits] if part)})"


def _may_be_range(site: Site) -> bool:
    """Whether the revision to start from may be ``v1..v2``: only the program's text can tell that it is none."""
    node = site.node_of("rev")
    if node is None or site.type_of(node) in (COMMIT, BRANCH, TAG):
        return False
    text = site.constant(node)
    return not isinstance(text, str) or ".." in text


def _picked(site: Site, name: str) -> str:
    if name == "first_parent":
        sha = site.element("sha", _rev(site))
        revs = f"{site.repo}.scm.branch_revs({_rev(site)})"
        return f"({site.repo}.scm.resolve_commit({sha}) for {sha} in {revs})"
    each = site.element("commit", _rev(site))
    return f"({each} for {each} in {_called(site, None, [])} if len({each}.parents) < 2)"


def _check_rev(site: Site, node: cst.BaseExpression) -> None:
    """Refuse what is neither a revision nor a range of two: the program text tells, where it is put together."""
    for text in _texts(site, node):
        if "..." in text or text.startswith(("^", "-")):
            raise NoCounterpart("only a revision, or a range of two, has a counterpart")


def _texts(site: Site, node: cst.BaseExpression) -> Iterator[str]:
    if isinstance(node, cst.FormattedString):
        yield from (part.value for part in node.parts if isinstance(part, cst.FormattedStringText))
    elif isinstance(node, cst.BinaryOperation):
        yield from _texts(site, node.left)
        yield from _texts(site, node.right)
    elif isinstance(text := site.constant(node), str):
        yield text


def _check_paths(site: Site, node: cst.BaseExpression) -> None:
    nodes = [e.value for e in node.elements] if isinstance(node, cst.List | cst.Tuple) else [node]
    for text in (text for each in nodes for text in _texts(site, each)):
        if set(text) & set("*?[:"):
            raise NoCounterpart("a pattern of paths has no counterpart")


# ---------------------------------------------------------------------- what a commit says
@book.rule(
    f"{OBJECT}.hexsha",
    to=(_GET_REV, _RESOLVE),
    before="print(repo.head.commit.hexsha)",
    after="print(repo.scm.get_rev())",
)
def hexsha(site: Site) -> Rewrite:
    """``repo.head.commit.hexsha`` is ``repo.scm.get_rev()``; a commit in hand keeps ``hexsha``."""
    from doctranslate.rules.gitpython_dvc.trees import blob_hash

    node = site.receiver_node
    if node is not None and site.type_of(node) != COMMIT:
        return blob_hash(site)
    code = site.receiver
    at_head = re.fullmatch(r"(.*\.scm\.)resolve_commit\(['\"]HEAD['\"]\)", code, re.DOTALL)
    if at_head:
        return Rewrite(f"{at_head[1]}get_rev()")
    parent = re.fullmatch(r"[\w.]+\.scm\.resolve_commit\(([\w.]+\.parents\[\d+\])\)", code)
    return Rewrite(parent[1] if parent else f"{code}.hexsha")


@book.rule(
    f"{COMMIT}.message",
    to=_RESOLVE,
    before="print(repo.head.commit.message)",
    after='print(repo.scm.resolve_commit("HEAD").message)',
)
def message(site: Site) -> Rewrite:
    """``commit.message`` keeps its name."""
    return Rewrite(f"{site.receiver}.message")


@book.rule(
    f"{COMMIT}.summary",
    to=_RESOLVE,
    before="print(repo.head.commit.summary)",
    after='print(repo.scm.resolve_commit("HEAD").message.partition("\\n")[0])',
)
def summary(site: Site) -> Rewrite:
    """``commit.summary`` is the first line of the message."""
    return Rewrite(f'{site.receiver}.message.partition("\\n")[0]')


_DATES = {
    "committed_date": "commit_time",
    "authored_date": "author_time",
    "committed_datetime": "commit_datetime",
    "authored_datetime": "author_datetime",
}


@book.rule(
    *(f"{COMMIT}.{name}" for name in _DATES),
    to=_RESOLVE,
    before="print(repo.head.commit.committed_date)\nprint(repo.head.commit.authored_datetime)",
    after=(
        'print(repo.scm.resolve_commit("HEAD").commit_time)\n'
        'print(repo.scm.resolve_commit("HEAD").author_datetime)'
    ),
)
def date(site: Site) -> Rewrite:
    """``commit.committed_date`` is ``commit_time``, in seconds; ``committed_datetime`` is ``commit_datetime``."""
    return Rewrite(f"{site.receiver}.{_DATES[site.symbol.rpartition('.')[2]]}")


@book.rule(
    f"{COMMIT}.parents",
    to=_RESOLVE,
    before="parents = repo.head.commit.parents",
    after='parents = [repo.scm.resolve_commit(parent) for parent in repo.scm.resolve_commit("HEAD").parents]',
)
def parents(site: Site) -> Rewrite:
    """``commit.parents`` are hashes: each one is resolved, where more is asked than whether there are any."""
    if site.is_asked_whether:
        return Rewrite(f"{site.receiver}.parents")
    each = site.element("parent", site.receiver)
    return Rewrite(f"[{site.repo}.scm.resolve_commit({each}) for {each} in {site.receiver}.parents]")


@book.rule(
    f"{LIST}[{COMMIT}]",
    to=_RESOLVE,
    before="print(repo.head.commit.parents[0].message)",
    after='print(repo.scm.resolve_commit(repo.scm.resolve_commit("HEAD").parents[0]).message)',
)
def one_parent(site: Site) -> Rewrite:
    """``commit.parents[0]`` is the commit of the first hash."""
    if not isinstance(site.node, cst.Subscript) or site.receiver_node is None:
        raise NoCounterpart("only a number or a slice picks from the list")
    inside = ", ".join(site.code(element).strip() for element in site.node.slice)
    of = site.receiver_node
    if isinstance(of, cst.Attribute) and of.attr.value == "parents" and ":" not in inside:
        return Rewrite(f"{site.repo}.scm.resolve_commit({site.render(of.value)}.parents[{inside}])")
    return Rewrite(f"{site.receiver}[{inside}]")


@book.rule(
    f"{ACTOR}.name",
    f"{ACTOR}.email",
    to=_RESOLVE,
    before="print(repo.head.commit.author.name)",
    after='print(repo.scm.resolve_commit("HEAD").author_name)',
)
def person(site: Site) -> Rewrite:
    """``commit.author.name`` is ``commit.author_name``; so for the committer, a tag's tagger, and for e-mail."""
    node = site.definition(site.receiver_node) if site.receiver_node is not None else None
    if not isinstance(node, cst.Attribute) or node.attr.value not in ("author", "committer", "tagger"):
        raise NoCounterpart("a person is known by the commit only")
    field = site.symbol.rpartition(".")[2]
    return Rewrite(f"{site.render(node.value)}.{node.attr.value}_{field}")


@book.rule(
    f"{COMMIT}.count",
    to=_RESOLVE,
    before="print(repo.head.commit.count())",
    after='print(sum(1 for _ in history(repo, repo.scm.resolve_commit("HEAD").hexsha)))',
)
def count(site: Site) -> Rewrite:
    """``commit.count()`` counts the commits that lead to it."""
    site.only()
    return Rewrite(f"sum(1 for _ in {site.prelude('history')}({site.repo}, {site.receiver}.hexsha))")


@book.rule(
    f"{HEAD}.reset",
    to=(f"{SCM}.reset", f"{DVC}.checkout"),
    before="repo.head.reset(working_tree=True)",
    after="repo.scm.reset(hard=True)\nrepo.checkout(force=True)",
)
def head_reset(site: Site) -> Rewrite:
    """``repo.head.reset(working_tree=True)`` is ``scm.reset(hard=True)``, and ``repo.checkout`` for the data."""
    hard = site.truth("working_tree")
    data_after = (f"{site.repo}.checkout(force=True)",) if hard else ()
    try:
        site.only("commit", "index", "working_tree")
    except NoCounterpart as exc:
        raise NoCounterpart(str(exc), after=data_after) from exc
    node = site.node_of("commit")
    if node is not None and site.constant(node) != "HEAD":
        raise NoCounterpart("scm.reset knows HEAD only", after=data_after)
    if not site.truth("index", default=True):
        raise NoCounterpart("it resets no files", after=data_after)
    if not hard:
        return Rewrite(lines=(f"{site.repo}.scm.reset()",))
    return Rewrite(lines=(f"{site.repo}.scm.reset(hard=True)", *data_after))
