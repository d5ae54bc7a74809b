"""Repositories: init, open, clone, and what a repository says of itself."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.expanding import UNEXPANDED, opened_path
from doctranslate.rules.gitpython_dvc.obtain import files_read
from doctranslate.rules.gitpython_dvc.symbols import DVC, REPO, SCM
from doctranslate.rules.site import Site, quoted

book = RuleBook()


def _arguments(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _opened(site: Site, code: str) -> str:
    """Wrap what opens a repository when the caller named a place for its data."""
    if site.program.data_remote and site.program.tracks_data:
        return f"{site.prelude('use_data_remote')}({code})"
    return code


@book.rule(
    REPO,
    f"{REPO}.__init__",
    to=(DVC, f"{SCM}.__init__"),
    before='other = git.Repo("other", search_parent_directories=True)',
    after='other = open_repo("other", search_parent_directories=True)',
    changes=UNEXPANDED,
)
def open_(site: Site) -> Rewrite:
    """``git.Repo(path)`` opens a ``dvc.repo.Repo``; its ``scm`` is the git side.

    The path is not searched upwards unless the program asks for it, as with GitPython.
    """
    site.only("path", "search_parent_directories", "expand_vars", ignore=("odbt",))
    path, note = opened_path(site)
    parents = site.arg("search_parent_directories")
    function = site.prelude("open_repo")
    keyword = f"search_parent_directories={parents}" if parents not in (None, "False") else None
    return Rewrite(_opened(site, f"{function}({_arguments(path, keyword)})"), note=note)


@book.rule(
    f"{REPO}.init",
    to=(f"{SCM}.init", f"{DVC}.init"),
    before='other = git.Repo.init("other")\ngit.Repo.init("hub.git", bare=True)',
    after='other = init_repo("other")\ninit_bare("hub.git")',
    changes=UNEXPANDED,
)
def init(site: Site) -> Rewrite:
    """``Repo.init(path)`` makes the git repository and the DVC repository in it; a bare one has no DVC."""
    site.only("path", "mkdir", "bare", "initial_branch", "b", "expand_vars", ignore=("odbt",))
    branch = site.arg("initial_branch") or site.arg("b")
    branch = f"branch={branch}" if branch else None
    path, note = opened_path(site)
    if site.truth("bare"):
        return Rewrite(f"{site.prelude('init_bare')}({_arguments(path or repr('.'), branch)})", note=note)
    return Rewrite(_opened(site, f"{site.prelude('init_repo')}({_arguments(path, branch)})"), note=note)


_TWO = "one clone is two transfers: commits with git, then their data with DVC"
_DROPPED = {
    "depth": "the whole history is cloned: scmrepo's clone has no depth",
    "progress": "progress is not reported",
    "no_checkout": "the files are checked out: scmrepo's clone always does it",
    "config": "the clone gets no settings of its own",
    "filter": "all objects are cloned: scmrepo's clone has no filter",
}


@book.rule(
    f"{REPO}.clone_from",
    f"{REPO}.clone",
    to=(f"{SCM}.clone", f"{DVC}.pull", f"{DVC}.get"),
    before=(
        'other = git.Repo.clone_from("https://example.org/x.git", "x", branch="main")\n'
        "with tempfile.TemporaryDirectory() as folder:\n"
        '    git.Repo.clone_from("https://example.org/x.git", folder, depth=1)\n'
        '    text = (Path(folder) / "data/x.csv").read_text()'
    ),
    after=(
        'other = clone_repo("https://example.org/x.git", "x", rev="main")\n'
        "with tempfile.TemporaryDirectory() as folder:\n"
        '    Repo.get("https://example.org/x.git", "data/x.csv", out=str(Path(folder) / "data/x.csv"))\n'
        '    text = (Path(folder) / "data/x.csv").read_text()'
    ),
    changes=f"{_TWO}; depth, filter, progress, config and no_checkout have no counterpart",
)
def clone(site: Site) -> Rewrite:
    """``Repo.clone_from(url, path)`` is two transfers; of a clone that is only read, ``Repo.get`` brings the files."""
    names = (
        "url",
        "to_path",
        "path",
        "branch",
        "b",
        "multi_options",
        "recursive",
        "recurse_submodules",
        "bare",
        "mirror",
    )
    site.only(*names, *_DROPPED, ignore=("single_branch", "quiet"))
    given = _options(site)
    url = site.arg("url") or f"{site.repo}.scm.root_dir"
    rev = f"rev={given['branch']}" if "branch" in given else None
    target = site.node_of("to_path") or site.node_of("path")
    path = site.render(target) if target is not None else ""
    wanted = files_read(site, target) if not site.value_is_used and not site.is_tried else None
    if wanted and not any(name in given for name in ("recursive", "recurse_submodules", "no_checkout")):
        get = f"{site.name(DVC)}.get"
        lines = (f"{get}({_arguments(url, file, f'out={out}', rev)})" for file, out in wanted)
        return Rewrite(lines=tuple(lines))
    if site.truth("bare") or site.truth("mirror"):
        return Rewrite(f"{site.prelude('clone_bare')}({_arguments(url, path)})")
    notes = [_TWO, *(text for name, text in _DROPPED.items() if name in given)]
    submodules = "recursive" in given or "recurse_submodules" in given
    more = "submodules=True" if submodules else None
    single = "single_branch=True" if "single_branch" in given or "depth" in given else None
    return Rewrite(
        f"{site.prelude('clone_repo')}({_arguments(url, path, rev, single, more)})",
        note="; ".join(notes),
        bridged="git brings the submodules" if submodules else "",
    )


def _options(site: Site) -> dict[str, str]:
    """What a clone is given, in keywords or in ``multi_options``: names to code."""
    given = {name: code for name in _DROPPED if (code := site.arg(name)) is not None}
    flags = ("recursive", "recurse_submodules", "single_branch")
    given |= {name: "True" for name in flags if site.truth(name)}
    branch = site.arg("branch") or site.arg("b")
    if branch is not None:
        given["branch"] = branch
    node = site.node_of("multi_options")
    texts = site.constant(node) if node is not None else []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise NoCounterpart("argument multi_options is known only at run time")
    words = [word for text in texts for word in str(text).replace("=", " ").split()]
    while words:
        word = words.pop(0)
        if word in ("--branch", "-b", "--depth", "--filter"):
            name = "branch" if word == "-b" else word.lstrip("-")
            given[name] = quoted(words.pop(0)) if words else ""
        elif word in ("--recurse-submodules", "--recursive"):
            given["recursive"] = "True"
        elif word == "--no-checkout":
            given["no_checkout"] = "True"
        elif word == "--single-branch":
            given["single_branch"] = "True"
        elif word not in ("--quiet", "-q", "--no-tags", "--progress"):
            raise NoCounterpart(f"git clone {word} has no counterpart")
    return given


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
    f"{REPO}.common_dir",
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
