"""Repositories: init, open, clone, and what a repository says of itself."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import DVC, REPO, SCM
from doctranslate.rules.site import Site

book = RuleBook()


def _arguments(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _opened(site: Site, code: str) -> str:
    """Wrap what opens a repository when the caller named a place for its data."""
    if site.program.data_remote and site.program.tracks_data:
        return f"{site.prelude('use_data_remote')}({code})"
    return code


@book.rule(REPO, f"{REPO}.__init__", to=(DVC, f"{SCM}.__init__"))
def open_(site: Site) -> Rewrite:
    """``git.Repo(path)`` opens a ``dvc.repo.Repo``; its ``scm`` is the git side.

    The path is not searched upwards unless the program asks for it, as with GitPython.
    """
    site.only("path", "search_parent_directories", ignore=("expand_vars", "odbt"))
    path = site.arg("path")
    path = None if site.literal("path") == "." else path
    parents = site.arg("search_parent_directories")
    function = site.prelude("open_repo")
    keyword = f"search_parent_directories={parents}" if parents not in (None, "False") else None
    return Rewrite(_opened(site, f"{function}({_arguments(path, keyword)})"))


@book.rule(
    f"{REPO}.init",
    to=(f"{SCM}.init", f"{DVC}.init"),
    before='other = git.Repo.init("other")',
    after='other = init_repo("other")',
)
def init(site: Site) -> Rewrite:
    """``Repo.init(path)`` makes the git repository and the DVC repository in it."""
    site.only("path", "mkdir", "bare")
    if site.truth("bare"):
        if site.value_is_used:
            raise NoCounterpart("a bare repository has no DVC side")
        return Rewrite(f"{site.name(SCM)}.init({_arguments(site.arg('path') or repr('.'), 'bare=True')})")
    path = None if site.literal("path") == "." else site.arg("path")
    return Rewrite(_opened(site, f"{site.prelude('init_repo')}({_arguments(path)})"))


@book.rule(
    f"{REPO}.clone_from",
    f"{REPO}.clone",
    to=(f"{SCM}.clone", f"{DVC}.pull"),
    before='other = git.Repo.clone_from("https://example.org/x.git", "x", branch="main")',
    after='other = clone_repo("https://example.org/x.git", "x", rev="main")',
)
def clone(site: Site) -> Rewrite:
    """``Repo.clone_from(url, path)`` is two transfers: the code with git, the data with DVC."""
    site.only("url", "to_path", "path", "branch", ignore=("progress", "depth", "single_branch"))
    notes = ["one clone is two transfers: commits with git, then their data with DVC"]
    if site.arg("depth") is not None:
        notes.append("the whole history is cloned: scmrepo's clone has no depth")
    if site.arg("progress") is not None:
        notes.append("progress is not reported")
    url = site.arg("url") or f"{site.repo}.scm.root_dir"
    to_path = site.arg("to_path") or site.arg("path") or ""
    branch = site.arg("branch")
    return Rewrite(
        f"{site.prelude('clone_repo')}({_arguments(url, to_path, f'rev={branch}' if branch else None)})",
        note="; ".join(notes),
    )


@book.rule(
    f"{REPO}.working_dir",
    f"{REPO}.working_tree_dir",
    to=f"{SCM}.root_dir",
    before="print(repo.working_dir)",
    after="print(repo.scm.root_dir)",
)
def working_dir(site: Site) -> Rewrite:
    """``repo.working_dir`` is ``repo.scm.root_dir``."""
    return Rewrite(f"{site.repo}.scm.root_dir")


@book.rule(
    f"{REPO}.git_dir",
    to=f"{SCM}.dir",
    before="print(repo.git_dir)",
    after="print(repo.scm.dir)",
)
def git_dir(site: Site) -> Rewrite:
    """``repo.git_dir`` is ``repo.scm.dir``."""
    return Rewrite(f"{site.repo}.scm.dir")


@book.rule(
    f"{REPO}.close",
    f"{REPO}.__del__",
    to=f"{DVC}.close",
    before="repo.close()",
    after="repo.close()",
)
def close(site: Site) -> Rewrite:
    """``repo.close()`` keeps its name."""
    return Rewrite(f"{site.repo}.close()")


@book.rule(
    f"{REPO}.is_dirty",
    to=(f"{SCM}.is_dirty", f"{DVC}.data_status"),
    before="print(repo.is_dirty())",
    after="print(repo.scm.is_dirty())",
)
def is_dirty(site: Site) -> Rewrite:
    """``repo.is_dirty()`` asks git, and DVC too where there is data: git does not see changed data."""
    site.only("untracked_files", "index", "working_tree", ignore=("submodules",))
    if not (site.truth("index", default=True) and site.truth("working_tree", default=True)):
        raise NoCounterpart("git's index and working tree cannot be asked apart")
    untracked = site.arg("untracked_files")
    keyword = f"untracked_files={untracked}" if untracked not in (None, "False") else None
    if site.program.has_data:
        return Rewrite(f"{site.prelude('is_dirty')}({_arguments(site.repo, keyword)})")
    return Rewrite(f"{site.repo}.scm.is_dirty({_arguments(keyword)})")


@book.rule(
    f"{REPO}.untracked_files",
    to=f"{SCM}.untracked_files",
    before="print(repo.untracked_files)",
    after="print(sorted(repo.scm.untracked_files()))",
)
def untracked_files(site: Site) -> Rewrite:
    """``repo.untracked_files`` is a method call, and not sorted by itself."""
    listed = f"{site.repo}.scm.untracked_files()"
    if site.program.tracks_data:  # on a branch from before DVC its cache is not ignored
        listed = f'path for path in {listed} if not path.startswith(".dvc/")'
    if site.is_given_to("sorted", "set", "len"):
        return Rewrite(f"[{listed}]" if listed.startswith("path for") else listed)
    return Rewrite(f"sorted({listed})")


@book.rule(
    f"{REPO}.ignored",
    to=f"{SCM}.is_ignored",
    before='print(repo.ignored(["a.log", "b.log"]))',
    after='print([path for path in ["a.log", "b.log"] if repo.scm.is_ignored(path)])',
)
def ignored(site: Site) -> Rewrite:
    """``repo.ignored(paths)`` asks for one path at a time."""
    given = site.call.args if site.call is not None else ()
    if not given or any(arg.keyword for arg in given):
        raise NoCounterpart("it is called without paths")
    if len(given) == 1 and not given[0].star and site.type_of(given[0].value) == "list":
        many = site.render(given[0].value)
    else:
        many = "[" + ", ".join(f"{arg.star}{site.render(arg.value)}" for arg in given) + "]"
    return Rewrite(f"[path for path in {many} if {site.repo}.scm.is_ignored(path)]")
