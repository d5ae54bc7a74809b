"""GitPython to DVC: one module for each part of GitPython, one function for each mapping."""

from __future__ import annotations

from pathlib import Path

from doctranslate.apis import ApiIndex, ApiObject
from doctranslate.rules.base import RuleSet, Type, gather
from doctranslate.rules.gitpython_dvc import (
    diffs,
    errors,
    git_commands,
    git_files,
    git_history,
    git_names,
    git_refs,
    history,
    left,
    lfs,
    refs,
    remotes,
    repos,
    staging,
    tags,
    trees,
)
from doctranslate.rules.gitpython_dvc.survey import survey
from doctranslate.rules.gitpython_dvc.symbols import (
    ACTOR,
    BLOB,
    BRANCH,
    COMMIT,
    DIFF,
    DVC,
    GIT,
    GIT_COMMIT,
    GIT_TAG,
    HEAD,
    INDEX,
    LIST,
    OBJECT,
    REMOTE,
    REMOTE_BRANCH,
    REPO,
    STREAM,
    SYMBOLIC,
    TAG,
    TAG_OBJECT,
    TREE,
)

_TYPES = (
    Type(REPO, "object", target=DVC),
    Type(
        COMMIT,
        "object",
        target=GIT_COMMIT,
        native="{owner}.commit({self}.hexsha)",
        as_argument="{self}.hexsha",
        as_text="{self}.hexsha",
        hashable=False,
    ),
    Type(REMOTE, "name", native="{owner}.remote({self})"),
    Type(BRANCH, "name", native="{owner}.heads[{self}]"),
    Type(TAG, "name", native="{owner}.tags[{self}]"),
    Type(REMOTE_BRANCH, "name", native="{owner}.refs[{self}]", given="{owner}.refs[{self}]"),
    Type(TAG_OBJECT, "object", target=GIT_TAG, native="{owner}.tags[{self}.name].tag"),
    Type(GIT, "facet"),
    Type(INDEX, "facet"),
    Type(HEAD, "facet"),
    Type(TREE, "object", target="prelude.Folder", native="{owner}.tree({self}.rev)"),
    Type(BLOB, "object", target="prelude.File", native="{owner}.tree({self}.rev)[{self}.path]"),
    Type("git.util.Stats", "facet"),
    Type(STREAM, "object", target="io.BytesIO"),
    Type(DIFF, "object", target="prelude.Change"),
    Type(f"git.diff.DiffIndex[{DIFF}]", "object", target="list"),
    Type(f"{LIST}[{COMMIT}]", "object", target="list"),
    Type(ACTOR, "facet"),
    Type(f"{LIST}[{REMOTE}]", "facet"),
    Type(f"{LIST}[{BRANCH}]", "object", target="list"),
    Type(f"{LIST}[{TAG}]", "object", target="list"),
    Type(f"{LIST}[{REMOTE_BRANCH}]", "object", target="list"),
    # Exceptions are caught under the target's names, and carry themselves.
    *(Type(name, "object") for name in errors.NAMES),
)

# What GitPython's annotations leave open: where they say "some object", a commit or a file is what programs get.
_OVERRIDES = {
    f"{SYMBOLIC}.object": COMMIT,
    f"{TAG_OBJECT}.object": COMMIT,
    f"{TAG}.object": TAG_OBJECT,
    f"{SYMBOLIC}.create": BRANCH,
    f"{TAG}.create": TAG,
    f"{SYMBOLIC}.reference": BRANCH,
    f"{SYMBOLIC}.ref": BRANCH,
    f"{TREE}.__truediv__": BLOB,
    f"{TREE}.__getitem__": BLOB,
    f"{TREE}.join": BLOB,
    f"{OBJECT}.data_stream": STREAM,
    f"{TREE}.traverse": f"list[{BLOB}]",
    f"{TREE}.trees": f"list[{BLOB}]",
    f"{TREE}.__iter__": f"list[{BLOB}]",
    f"{REPO}.rev_parse": COMMIT,
    "git.diff.DiffIndex.iter_change_type": f"list[{DIFF}]",
    f"{SYMBOLIC}.log": "list[git.refs.log.RefLogEntry]",
    f"{COMMIT}.parents": f"{LIST}[{COMMIT}]",
}

# The stream that a blob hands out belongs to gitdb, which GitPython brings along. What ``tree / name`` gives counts as
# a file; where it is a folder, ``/`` goes on.
_GITDB = ApiIndex(
    "gitdb",
    "",
    {
        **{
            f"{BLOB}.{name}": ApiObject(f"{BLOB}.{name}", "function", returns=BLOB)
            for name in ("__truediv__", "__getitem__", "join")
        },
        f"{BLOB}.__iter__": ApiObject(f"{BLOB}.__iter__", "function", returns=f"list[{BLOB}]"),
        f"{BLOB}.traverse": ApiObject(f"{BLOB}.traverse", "function", returns=f"list[{BLOB}]"),
        f"{BLOB}.blobs": ApiObject(f"{BLOB}.blobs", "attribute", returns=f"list[{BLOB}]"),
        f"{BLOB}.trees": ApiObject(f"{BLOB}.trees", "attribute", returns=f"list[{BLOB}]"),
        # What Repo takes over from a module of functions.
        f"{REPO}.rev_parse": ApiObject(f"{REPO}.rev_parse", "function", returns=COMMIT),
        STREAM: ApiObject(STREAM, "class"),
        f"{STREAM}.read": ApiObject(f"{STREAM}.read", "function", returns="bytes"),
    },
)

RULES = RuleSet(
    src="gitpython",
    dst="dvc",
    root=REPO,
    bridge="{self}.scm.gitpython.repo",
    rules=gather(
        [
            repos.book,
            staging.book,
            remotes.book,
            refs.book,
            tags.book,
            history.book,
            trees.book,
            diffs.book,
            left.book,
            lfs.book,
            errors.book,
            git_refs.book,
            git_history.book,
            git_names.book,
            git_files.book,
            git_commands.book,
        ],
    ),
    types={kind.name: kind for kind in _TYPES},
    overrides=_OVERRIDES,
    names={
        REPO: (DVC,),
        COMMIT: (GIT_COMMIT,),
        TREE: ("prelude.Folder",),
        BLOB: ("prelude.File",),
        **errors.NAMES,
    },
    pure=frozenset({"entry_at"}),
    survey=survey,
    raises=errors.RAISES,
    subclasses=errors.SUBCLASSES,
    moving=frozenset({f"{SYMBOLIC}.commit", f"{SYMBOLIC}.object", f"{REPO}.active_branch", f"{HEAD}.commit"}),
    movers=frozenset(
        [f"{INDEX}.commit", f"{INDEX}.reset", f"{HEAD}.reset", f"{BRANCH}.checkout", f"{REMOTE}.pull"]
        + [
            f"{GIT}.{name}"
            for name in ("commit", "checkout", "reset", "pull", "execute", *git_commands.MOVES_HEAD)
        ]
    ),
    adopter="open_repo",
    adopt="{self}.working_dir",
    extra_api=_GITDB,
    guard="git_errors",
    beside={
        f"{REMOTE}.push": ("{owner}.push(all_commits=True)", ""),
        f"{REMOTE}.pull": ("", "{owner}.pull()"),
        f"{BRANCH}.checkout": ("", "{owner}.checkout()"),
    },
    prelude_path=str(Path(__file__).with_name("prelude.py")),
)
