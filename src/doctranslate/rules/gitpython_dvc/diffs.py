"""What changed: between revisions, in the index, in the working tree; data by its own name."""

from __future__ import annotations

import re

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import COMMIT, DIFF, DVC, INDEX, SCM
from doctranslate.rules.site import Site

book = RuleBook()
_CODE_ONLY = "git compares its own files, and the program has no data"
_NO_PATCH = "the text of a change is git's, and of data it sees the .dvc files"
_KNOWN = {"a_path", "b_path", "change_type", "new_file", "deleted_file", "renamed_file", "renamed"}
_RENAMED = "a file that is renamed and changed at once is one that is deleted and one that is added"


@book.rule(
    "git.diff.Diffable.diff",
    to=(f"{DVC}.diff", "dvc.api.DVCFileSystem"),
    before=(
        'names = ["data/x.csv"]\nfor change in repo.commit("v1").diff("HEAD"):\n'
        "    print(change.change_type, change.a_path)"
    ),
    after=(
        'names = ["data/x.csv"]\nfor change in changes(repo, "v1", "HEAD"):\n'
        "    print(change.change_type, change.a_path)"
    ),
    changes=_RENAMED,
)
def commit_diff(site: Site) -> Rewrite:
    """``commit.diff(other)`` compares what DVC shows of both revisions: of data its content, not its ``.dvc`` file."""
    _check(site)
    if site.receiver_node is None or site.type_of(site.receiver_node) != COMMIT:
        raise NoCounterpart("only commits are compared")
    this = _revision(site.argument(site.receiver_node))
    given = site.given("other")
    if given is None:  # compared with the index
        if this != '"HEAD"':
            raise NoCounterpart("only HEAD is compared with the index")
        return Rewrite(f"{site.prelude('staged_changes')}({site.repo})")
    if site.type_of(given) not in ("str", COMMIT):
        raise NoCounterpart("only revisions are compared")
    other = _revision(site.argument(given))
    paths = site.arg("paths")
    parts = [site.repo, this, other, *([f"paths={paths}"] if paths else [])]
    return Rewrite(f"{site.prelude('changes')}({', '.join(parts)})", note=_RENAMED)


@book.rule(
    f"{INDEX}.diff",
    to=(f"{SCM}.status", f"{DVC}.data_status"),
    before='names = ["data/x.csv"]\nprint([change.a_path for change in repo.index.diff(None)])',
    after='names = ["data/x.csv"]\nprint([change.a_path for change in unstaged_changes(repo)])',
)
def index_diff(site: Site) -> Rewrite:
    """``repo.index.diff(None)`` is ``scm.status()`` and ``data_status()``; ``diff("HEAD")`` is so, the other way."""
    _check(site, "R")
    if site.arg("paths") is not None:
        raise NoCounterpart("some paths only are compared")
    given = site.given("other")
    if isinstance(given, cst.Name) and given.value == "None":
        return Rewrite(f"{site.prelude('unstaged_changes')}({site.repo})")
    if given is None or _revision(site.argument(given)) not in ('"HEAD"', "'HEAD'"):
        raise NoCounterpart("the index is compared with HEAD only")
    backwards = "" if site.truth("R") else ", backwards=True"
    return Rewrite(f"{site.prelude('staged_changes')}({site.repo}{backwards})")


def _check(site: Site, *names: str) -> None:
    if not site.program.has_data:
        raise NoCounterpart(_CODE_ONLY)
    if site.truth("create_patch") or site.members_read(DIFF) - _KNOWN:
        raise NoCounterpart(_NO_PATCH)
    site.only("other", "paths", "create_patch", *names)


def _revision(code: str) -> str:
    """Code of the revision behind code of a commit or of its hash."""
    found = re.fullmatch(r"[\w.]+\.scm\.resolve_commit\((.*)\)(?:\.hexsha)?", code)
    return found[1] if found else code


@book.rule(
    f"{DIFF}.a_path",
    f"{DIFF}.b_path",
    f"{DIFF}.change_type",
    to=f"{DVC}.diff",
    before=(
        'names = ["data/x.csv"]\nfor change in repo.index.diff(None):\n'
        "    print(change.change_type, change.a_path, change.b_path)"
    ),
    after=(
        'names = ["data/x.csv"]\nfor change in unstaged_changes(repo):\n'
        "    print(change.change_type, change.a_path, change.b_path)"
    ),
)
def field(site: Site) -> Rewrite:
    """Kind and paths of a change keep their names."""
    return Rewrite(f"{site.receiver}.{site.symbol.rpartition('.')[2]}")


_KINDS = {"new_file": "A", "deleted_file": "D", "renamed_file": "R", "renamed": "R"}


@book.rule(
    *(f"{DIFF}.{name}" for name in _KINDS),
    to=f"{DVC}.diff",
    before=(
        'names = ["data/x.csv"]\nfor change in repo.index.diff(None):\n'
        "    if change.deleted_file:\n        print(change.a_path)"
    ),
    after=(
        'names = ["data/x.csv"]\nfor change in unstaged_changes(repo):\n'
        '    if change.change_type == "D":\n        print(change.a_path)'
    ),
)
def kind(site: Site) -> Rewrite:
    """``change.new_file`` and the like ask for one kind of change."""
    letter = _KINDS[site.symbol.rpartition(".")[2]]
    code = f'{site.receiver}.change_type == "{letter}"'
    return Rewrite(code if site.is_asked_whether else f"({code})")


@book.rule(
    "git.diff.DiffIndex.iter_change_type",
    to=f"{DVC}.diff",
    before=(
        'names = ["data/x.csv"]\nfor change in repo.index.diff(None).iter_change_type("M"):\n'
        "    print(change.a_path)"
    ),
    after=(
        'names = ["data/x.csv"]\nfor change in '
        '(change for change in unstaged_changes(repo) if change.change_type == "M"):\n    print(change.a_path)'
    ),
)
def of_kind(site: Site) -> Rewrite:
    """``diff.iter_change_type(kind)`` picks the changes of one kind."""
    wanted = site.arg("change_type") or ""
    each = site.element("change", site.receiver, wanted)
    return Rewrite(f"({each} for {each} in {site.receiver} if {each}.change_type == {wanted})")


@book.rule(
    "git.util.Stats.files",
    to="dvc.api.DVCFileSystem",
    before='names = ["data/x.csv"]\nprint(sorted(repo.head.commit.stats.files))',
    after='names = ["data/x.csv"]\nprint(sorted(changed_in(repo, repo.scm.resolve_commit("HEAD"))))',
)
def files_of_commit(site: Site) -> Rewrite:
    """``commit.stats.files`` names the files that a commit changed: data by its own name; lines are not counted."""
    node = site.receiver_node
    stats = site.definition(node) if node is not None else None
    if not site.program.has_data:
        raise NoCounterpart(_CODE_ONLY)
    if not isinstance(stats, cst.Attribute) or not _only_names(site):
        raise NoCounterpart("scmrepo counts no lines, and of data git counts those of the .dvc files")
    return Rewrite(f"{site.prelude('changed_in')}({site.repo}, {site.render(stats.value)})")


def _only_names(site: Site) -> bool:
    """Whether only the names of the files are read, and not the numbers behind them."""
    around = site.around(site.node)
    looped = isinstance(around, cst.For | cst.CompFor) and around.iter is site.node
    return (
        looped
        or isinstance(around, cst.ComparisonTarget)
        or site.is_given_to("sorted", "list", "len", "set", "tuple", "enumerate")
    )
