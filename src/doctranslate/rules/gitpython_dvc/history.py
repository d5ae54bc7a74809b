"""Commits, and files as they were at a revision: the question that DVC answers best."""

from __future__ import annotations

import re

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import (
    ACTOR,
    API_READ,
    COMMIT,
    DVC,
    HEAD,
    OBJECT,
    REPO,
    SCM,
    STREAM,
)
from doctranslate.rules.site import Site, quoted

book = RuleBook()
_GET_REV = f"{SCM}.get_rev"
_RESOLVE = f"{SCM}.resolve_commit"


@book.rule(
    f"{OBJECT}.hexsha",
    to=(_GET_REV, _RESOLVE),
    before="print(repo.head.commit.hexsha)",
    after="print(repo.scm.get_rev())",
)
def hexsha(site: Site) -> Rewrite:
    """``repo.head.commit.hexsha`` is ``repo.scm.get_rev()``; a commit in hand keeps ``hexsha``."""
    code = site.receiver
    at_head = re.fullmatch(r"(.*\.scm\.)resolve_commit\(['\"]HEAD['\"]\)", code, re.DOTALL)
    if at_head:
        return Rewrite(f"{at_head[1]}get_rev()")
    return Rewrite(f"{code}.hexsha")


@book.rule(
    f"{REPO}.commit",
    to=_RESOLVE,
    before='print(repo.commit("v1").message)',
    after='print(repo.scm.resolve_commit("v1").message)',
)
def commit(site: Site) -> Rewrite:
    """``repo.commit(rev)`` is ``repo.scm.resolve_commit(rev)``."""
    site.only("rev")
    node = site.node_of("rev")
    rev = '"HEAD"' if node is None else site.argument(node)
    return Rewrite(f"{site.repo}.scm.resolve_commit({rev})")


@book.rule(
    f"{REPO}.iter_commits",
    to=(f"{SCM}.branch_revs", _RESOLVE),
    before=('for commit in repo.iter_commits("main", max_count=3):\n    print(commit.summary)'),
    after=(
        'for commit in history(repo, "main", max_count=3):\n    print(commit.message.partition("\\n")[0])'
    ),
)
def iter_commits(site: Site) -> Rewrite:
    """``repo.iter_commits(rev)`` walks ``resolve_commit`` from parent to parent, merges included."""
    site.only("rev", "max_count")
    node = site.node_of("rev")
    parts = [site.repo] if node is None else [site.repo, _single_rev(site, node)]
    count = site.arg("max_count")
    if count:
        parts.append(f"max_count={count}")
    return Rewrite(f"{site.prelude('history')}({', '.join(parts)})")


def _single_rev(site: Site, node: cst.BaseExpression) -> str:
    """A revision that is no range: where it is put together from text, the text tells."""
    texts = [site.constant(node)]
    if isinstance(node, cst.FormattedString):
        texts = [part.value for part in node.parts if isinstance(part, cst.FormattedStringText)]
    elif isinstance(node, cst.BinaryOperation):
        texts = [site.constant(node.left), site.constant(node.right)]
    if any(isinstance(text, str) and (".." in text or text.startswith(("^", "-"))) for text in texts):
        raise NoCounterpart("a range of revisions has no counterpart")
    return site.argument(node)


@book.rule(f"{COMMIT}.message", to=_RESOLVE)
def message(site: Site) -> Rewrite:
    """``commit.message`` keeps its name."""
    return Rewrite(f"{site.receiver}.message")


@book.rule(f"{COMMIT}.summary", to=_RESOLVE)
def summary(site: Site) -> Rewrite:
    """``commit.summary`` is the first line of the message."""
    return Rewrite(f'{site.receiver}.message.partition("\\n")[0]')


@book.rule(
    f"{COMMIT}.committed_date",
    to=_RESOLVE,
    before="print(repo.head.commit.committed_date)",
    after='print(repo.scm.resolve_commit("HEAD").commit_time)',
)
def committed_date(site: Site) -> Rewrite:
    """``commit.committed_date`` is ``commit.commit_time``, seconds since 1970."""
    return Rewrite(f"{site.receiver}.commit_time")


@book.rule(f"{COMMIT}.authored_date", to=_RESOLVE)
def authored_date(site: Site) -> Rewrite:
    """``commit.authored_date`` is ``commit.author_time``, seconds since 1970."""
    return Rewrite(f"{site.receiver}.author_time")


@book.rule(f"{COMMIT}.committed_datetime", to=_RESOLVE)
def committed_datetime(site: Site) -> Rewrite:
    """``commit.committed_datetime`` is ``commit.commit_datetime``."""
    return Rewrite(f"{site.receiver}.commit_datetime")


@book.rule(f"{COMMIT}.authored_datetime", to=_RESOLVE)
def authored_datetime(site: Site) -> Rewrite:
    """``commit.authored_datetime`` is ``commit.author_datetime``."""
    return Rewrite(f"{site.receiver}.author_datetime")


@book.rule(f"{COMMIT}.parents", to=_RESOLVE)
def parents(site: Site) -> Rewrite:
    """``commit.parents`` are hashes: each one is resolved, where more is asked than whether there are any."""
    if site.is_asked_whether:
        return Rewrite(f"{site.receiver}.parents")
    return Rewrite(f"[{site.repo}.scm.resolve_commit(parent) for parent in {site.receiver}.parents]")


@book.rule(
    f"{ACTOR}.name",
    f"{ACTOR}.email",
    to=_RESOLVE,
    before="print(repo.head.commit.author.name)",
    after='print(repo.scm.resolve_commit("HEAD").author_name)',
)
def person(site: Site) -> Rewrite:
    """``commit.author.name`` is ``commit.author_name``; so for the committer and for e-mail."""
    node = site.definition(site.receiver_node) if site.receiver_node is not None else None
    if not isinstance(node, cst.Attribute) or node.attr.value not in ("author", "committer"):
        raise NoCounterpart("a person is known by the commit only")
    field = site.symbol.rpartition(".")[2]
    return Rewrite(f"{site.render(node.value)}.{node.attr.value}_{field}")


# ---------------------------------------------------------------------- files at a revision
@book.rule(
    f"{STREAM}.read",
    to=API_READ,
    before='print((repo.commit("v1").tree / "data/x.csv").data_stream.read())',
    after='print(dvc.api.read("data/x.csv", repo=repo.root_dir, rev="v1", mode="rb"))',
)
def read_blob(site: Site) -> Rewrite:
    """``(commit.tree / path).data_stream.read()`` is ``dvc.api.read``: data or code, as it was."""
    if site.call is not None and site.call.args:
        raise NoCounterpart("reading a part of a file has no counterpart")
    stream = site.definition(_before_dot(site.receiver_node, "the stream"))
    blob = site.definition(_before_dot(stream, "the blob"))
    tree, path = _tree_and_path(site, blob)
    rev = _rev_of_tree(site, site.definition(tree))
    return Rewrite(f'{site.module("dvc.api")}.read({path}, repo={site.repo}.root_dir, rev={rev}, mode="rb")')


def _before_dot(node: cst.BaseExpression | None, what: str) -> cst.BaseExpression:
    if isinstance(node, cst.Attribute):
        return node.value
    if node is not None:
        return node
    raise NoCounterpart(f"it cannot be told where {what} comes from")


def _tree_and_path(site: Site, blob: cst.BaseExpression) -> tuple[cst.BaseExpression, str]:
    if isinstance(blob, cst.BinaryOperation):
        return _joined(site, site.definition(blob.left), [blob.right])
    if isinstance(blob, cst.Subscript) and isinstance(blob.slice[0].slice, cst.Index):
        return blob.value, site.render(blob.slice[0].slice.value)
    if isinstance(blob, cst.Call) and isinstance(blob.func, cst.Attribute) and blob.func.attr.value == "join":
        return blob.func.value, site.render(blob.args[0].value)
    raise NoCounterpart("the path of the file must be known where it is read")


def _joined(
    site: Site, tree: cst.BaseExpression, parts: list[cst.BaseExpression]
) -> tuple[cst.BaseExpression, str]:
    """``tree / "data" / name``: the folders on the way make one path."""
    while isinstance(tree, cst.BinaryOperation):
        parts.insert(0, tree.right)
        tree = site.definition(tree.left)
    texts = [site.constant(part) for part in parts]
    if len(parts) == 1:
        return tree, site.render(parts[0])
    if all(isinstance(text, str) for text in texts):
        return tree, quoted("/".join(str(text) for text in texts))
    return tree, f"{site.name('posixpath')}.join({', '.join(site.render(part) for part in parts)})"


def _rev_of_tree(site: Site, tree: cst.BaseExpression) -> str:
    if isinstance(tree, cst.Attribute) and tree.attr.value == "tree":
        code = site.render(tree.value)
        match = re.fullmatch(r".*\.scm\.resolve_commit\((.*)\)", code)
        return match[1] if match else f"{code}.hexsha"
    if isinstance(tree, cst.Call) and isinstance(tree.func, cst.Attribute) and tree.func.attr.value == "tree":
        return site.argument(tree.args[0].value) if tree.args else '"HEAD"'
    raise NoCounterpart("the revision of the tree must be known where it is read")


@book.rule(f"{HEAD}.reset", to=(f"{SCM}.reset", f"{DVC}.checkout"))
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
