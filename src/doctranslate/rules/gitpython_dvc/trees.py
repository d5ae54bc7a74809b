"""Files and folders as they were at a revision: the question that DVC answers best."""

from __future__ import annotations

import re

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import (
    API_READ,
    BLOB,
    COMMIT,
    DVC_FS,
    OBJECT,
    REPO,
    STREAM,
    TREE,
)
from doctranslate.rules.site import Site, quoted

book = RuleBook()
_ENTRY = "git.objects.base.IndexObject"
_KEPT = (BLOB, TREE)


# ---------------------------------------------------------------------- reading a file
@book.rule(
    f"{STREAM}.read",
    to=API_READ,
    before='print((repo.commit("v1").tree / "data/x.csv").data_stream.read())',
    after='print(dvc.api.read("data/x.csv", repo=repo.root_dir, rev="v1", mode="rb"))',
)
def read_blob(site: Site) -> Rewrite:
    """``(commit.tree / path).data_stream.read()`` is ``dvc.api.read``: data or code, as it was."""
    if site.call is not None and site.call.args:
        return Rewrite(f"{site.receiver}.read({site.bridged_arguments})")
    node = site.receiver_node
    stream = site.definition(node) if node is not None else None
    if isinstance(stream, cst.Attribute) and stream.attr.value == "data_stream":
        return Rewrite(_content(site, stream.value))
    return Rewrite(f"{site.receiver}.read()")


@book.rule(
    f"{OBJECT}.data_stream",
    to=API_READ,
    before='found = json.load((repo.commit("v1").tree / "params.json").data_stream)',
    after=(
        'found = json.load(io.BytesIO(dvc.api.read("params.json", repo=repo.root_dir, rev="v1", mode="rb")))'
    ),
)
def data_stream(site: Site) -> Rewrite:
    """``blob.data_stream`` is the content as a file."""
    _check_kept(site)
    if site.receiver_node is None:
        raise NoCounterpart("it is not asked of a file")
    return Rewrite(f"{site.module('io')}.BytesIO({_content(site, site.receiver_node)})")


@book.rule(
    f"{OBJECT}.stream_data",
    to=API_READ,
    before='with open("old.csv", "wb") as f:\n    (repo.commit("v1").tree / "data/x.csv").stream_data(f)',
    after=(
        'with open("old.csv", "wb") as f:\n'
        '    f.write(dvc.api.read("data/x.csv", repo=repo.root_dir, rev="v1", mode="rb"))'
    ),
)
def stream_data(site: Site) -> Rewrite:
    """``blob.stream_data(file)`` writes the content to the file."""
    _check_kept(site)
    if site.receiver_node is None or site.value_is_used:
        raise NoCounterpart("the object that it gives back is used")
    return Rewrite(lines=(f"{site.arg('ostream')}.write({_content(site, site.receiver_node)})",))


def _content(site: Site, blob: cst.BaseExpression) -> str:
    """Code of a file's content: by its path and revision where they can be told, else from the entry in hand."""
    found = _traced(site, blob)
    if found is None:
        return f"{site.render(blob)}.read()"
    rev, path = found
    return f'{site.module("dvc.api")}.read({path}, repo={site.repo}.root_dir, rev={rev}, mode="rb")'


# ---------------------------------------------------------------------- picking files and folders
@book.rule(
    f"{COMMIT}.tree",
    f"{REPO}.tree",
    to=DVC_FS,
    before='for entry in repo.commit("v1").tree:\n    print(entry.path)',
    after='for entry in entry_at(repo, "v1"):\n    print(entry.path)',
)
def tree(site: Site) -> Rewrite:
    """``commit.tree`` is what a ``DVCFileSystem`` shows of its revision: data by its own name."""
    return Rewrite(_entry(site, site.node))


@book.rule(
    f"{TREE}.__truediv__",
    f"{TREE}.__getitem__",
    f"{TREE}.join",
    f"{BLOB}.__truediv__",
    f"{BLOB}.__getitem__",
    f"{BLOB}.join",
    to=DVC_FS,
    before='blob = repo.head.commit.tree / "data/x.csv"\nprint(blob.size)',
    after='blob = entry_at(repo, "HEAD", "data/x.csv")\nprint(blob.size)',
)
def entry(site: Site) -> Rewrite:
    """``tree / path`` is a file or folder below it; KeyError where there is none."""
    return Rewrite(_entry(site, site.node))


def _entry(site: Site, node: cst.BaseExpression) -> str:
    found = _traced(site, node)
    if found is not None:
        parts = [site.repo, *(part for part in found if part != '""')]
        if parts[1:] == ['"HEAD"']:
            del parts[1]
        return f"{site.prelude('entry_at')}({', '.join(parts)})"
    before, path = _taken_apart(site, node)
    return f"{site.render(before)}.entry({path})"


# ---------------------------------------------------------------------- what a file or folder says
@book.rule(
    f"{_ENTRY}.path",
    f"{_ENTRY}.name",
    f"{OBJECT}.size",
    f"{BLOB}.type",
    f"{TREE}.type",
    f"{OBJECT}.type",
    to=DVC_FS,
    before='blob = repo.head.commit.tree / "data/x.csv"\nprint(blob.name, blob.path, blob.type, blob.size)',
    after=('blob = entry_at(repo, "HEAD", "data/x.csv")\nprint(blob.name, blob.path, blob.type, blob.size)'),
)
def field(site: Site) -> Rewrite:
    """Path, name, type and size of a file keep their names."""
    _check_kept(site)
    return Rewrite(f"{site.receiver}.{site.symbol.rpartition('.')[2]}")


@book.rule(
    f"{_ENTRY}.abspath",
    to=DVC_FS,
    before='blob = repo.head.commit.tree / "a.py"\nprint(blob.abspath)',
    after='blob = entry_at(repo, "HEAD", "a.py")\nprint(os.path.join(repo.root_dir, blob.path))',
)
def abspath(site: Site) -> Rewrite:
    """``blob.abspath`` is its path in the working tree."""
    _check_kept(site)
    return Rewrite(f"{site.module('os')}.path.join({site.repo}.root_dir, {site.receiver}.path)")


@book.rule(
    f"{BLOB}.mime_type",
    to=DVC_FS,
    before='blob = repo.head.commit.tree / "a.py"\nprint(blob.mime_type)',
    after='blob = entry_at(repo, "HEAD", "a.py")\nprint(mimetypes.guess_type(blob.path)[0] or "text/plain")',
)
def mime_type(site: Site) -> Rewrite:
    """``blob.mime_type`` is a guess by the file's name."""
    guess = f"{site.module('mimetypes')}.guess_type({site.receiver}.path)[0]"
    return Rewrite(f'{guess} or "text/plain"' if not site.has_member_read else f'({guess} or "text/plain")')


def blob_hash(site: Site) -> Rewrite:
    """``blob.hexsha`` is the hash that git gives the content: for data, too."""
    node = site.receiver_node
    if node is None or site.type_of(node) != BLOB:
        raise NoCounterpart("folders and tags have no hash with DVC")
    return Rewrite(f"{site.prelude('blob_hash')}({_content(site, node)})")


# ---------------------------------------------------------------------- listing
@book.rule(
    f"{TREE}.traverse",
    f"{BLOB}.traverse",
    to=DVC_FS,
    before=(
        'for entry in repo.head.commit.tree.traverse():\n    if entry.type == "blob":\n        print(entry.path)'
    ),
    after='for entry in entry_at(repo).walk():\n    if entry.type == "blob":\n        print(entry.path)',
)
def traverse(site: Site) -> Rewrite:
    """``tree.traverse()`` shows data by its own name, and not the ``.dvc`` files."""
    site.only()
    return Rewrite(f"{site.receiver}.walk()")


@book.rule(
    f"{TREE}.blobs",
    f"{TREE}.trees",
    f"{BLOB}.blobs",
    f"{BLOB}.trees",
    to=DVC_FS,
    before='print([blob.name for blob in (repo.head.commit.tree / "data").blobs])',
    after=(
        "print([blob.name for blob in "
        '[entry for entry in entry_at(repo, "HEAD", "data") if entry.type == "blob"]])'
    ),
)
def children(site: Site) -> Rewrite:
    """``tree.blobs`` and ``tree.trees`` are the files and the folders in it."""
    each = site.element("entry", site.receiver)
    kind = "blob" if site.symbol.endswith("blobs") else "tree"
    return Rewrite(f'[{each} for {each} in {site.receiver} if {each}.type == "{kind}"]')


# ---------------------------------------------------------------------- which file of which revision
def _check_kept(site: Site) -> None:
    if site.receiver_node is None or site.type_of(site.receiver_node) not in _KEPT:
        raise NoCounterpart("it is asked of something else than a file or folder")


def _traced(site: Site, node: cst.BaseExpression) -> tuple[str, str] | None:
    """Code of revision and path of a file or folder, "" for the root; None where they cannot be told."""
    parts: list[cst.BaseExpression] = []
    while True:
        defined = site.definition(node)
        if defined is not node and site.is_expected_to_raise("KeyError", node=defined):
            return None  # the program sees there whether the file exists
        node = defined
        rev = _rev_of_tree(site, node)
        if rev is not None:
            return rev, _path(site, parts) if parts else '""'
        picked = _picked(node)
        if picked is None or site.type_of(picked[0]) not in _KEPT:
            return None
        node = picked[0]
        parts.insert(0, picked[1])


def _picked(node: cst.BaseExpression) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The folder and the path of ``folder / path``, ``folder[path]`` and ``folder.join(path)``."""
    if isinstance(node, cst.BinaryOperation):
        return node.left, node.right
    if isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
        return node.value, node.slice[0].slice.value
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "join":
        return node.func.value, node.args[0].value
    return None


def _taken_apart(site: Site, node: cst.BaseExpression) -> tuple[cst.BaseExpression, str]:
    picked = _picked(node)
    if picked is None:
        raise NoCounterpart("the revision of the tree must be known where it is read")
    if isinstance(site.constant(picked[1]), int):
        raise NoCounterpart("a number picks the file")
    return picked[0], site.render(picked[1])


def _path(site: Site, parts: list[cst.BaseExpression]) -> str:
    """``tree / "data" / name``: the folders on the way make one path."""
    texts = [site.constant(part) for part in parts]
    if len(parts) == 1:
        return site.render(parts[0])
    if all(isinstance(text, str) for text in texts):
        return quoted("/".join(str(text) for text in texts))
    return f"{site.name('posixpath')}.join({', '.join(site.render(part) for part in parts)})"


def _rev_of_tree(site: Site, node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.Attribute) and node.attr.value == "tree" and site.type_of(node.value) == COMMIT:
        code = site.render(node.value)
        match = re.fullmatch(r"[\w.]+\.scm\.resolve_commit\((.*)\)", code)
        return match[1] if match else f"{code}.hexsha"
    func = node.func if isinstance(node, cst.Call) else None
    if isinstance(node, cst.Call) and isinstance(func, cst.Attribute) and func.attr.value == "tree":
        return site.argument(node.args[0].value) if node.args else '"HEAD"'
    return None
