"""Functions that a translated program may need; the rewriter copies their text, and nothing imports this module.

Each one stands where DVC and scmrepo need more than one call for what GitPython does in one, or where they behave
in another way. The comments in them are for the reader of the translated program.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,attr-defined"
# os.path is what most programs import already:
# ruff: noqa: PTH100, PTH103, PTH110, PTH112, PTH118, PTH120, PLW2901
from __future__ import annotations

import contextlib
import fnmatch
import heapq
import logging
import os
import posixpath

from dvc.exceptions import DvcException, NotDvcRepoError
from dvc.repo import Repo
from scmrepo.exceptions import SCMError
from scmrepo.git import Git

# What DVC versions, by path below the repository root; git keeps everything else.
DATA = ("*.bin", "data/*")
NOT_DATA = ("*.py",)

DATA_REMOTE = ""


@contextlib.contextmanager
def git_errors():
    """Turn errors of scmrepo's backends, which it lets through as they are, into SCMError."""
    try:
        yield
    except (SCMError, DvcException):
        raise
    except Exception as error:
        raise SCMError(str(error)) from error


def is_data(path):
    """Whether a file is data, which DVC versions, and not code, which git keeps."""
    path = posixpath.normpath(path.replace(os.sep, "/"))
    named = [glob for glob in NOT_DATA if fnmatch.fnmatch(path, glob)]
    return not named and any(fnmatch.fnmatch(path, glob) for glob in DATA)


def open_repo(path=".", search_parent_directories=False):
    """Open a git repository for DVC; NotDvcRepoError where there is none."""
    if not os.path.exists(path or "."):
        raise FileNotFoundError(path)
    try:
        scm = Git(os.path.abspath(path or "."), search_parent_directories=search_parent_directories)
    except SCMError as error:
        raise NotDvcRepoError(str(error)) from error
    return Repo(scm.root_dir, scm=scm, uninitialized=True)


def init_repo(path="."):
    """Make a git repository with DVC in it; what is there already stays."""
    path = os.path.abspath(path or ".")
    os.makedirs(path, exist_ok=True)
    if not os.path.exists(os.path.join(path, ".git")):
        Git.init(path)
    repo = open_repo(path)
    start_dvc(repo)
    return repo


def start_dvc(repo):
    """Put DVC into a repository, or a branch, that has none yet."""
    if not repo.dvc_dir:
        logging.getLogger("dvc").setLevel(logging.WARNING)  # it would report on stdout
        repo.__dict__ = Repo.init(repo.root_dir).__dict__  # the same object, which has DVC now
    elif not os.path.exists(os.path.join(repo.dvc_dir, "config")):  # a branch from before DVC
        repo.__dict__ = Repo(repo.root_dir).__dict__
        with repo.config.edit():
            pass  # writes an empty one
        repo.scm.add([os.path.join(repo.dvc_dir, name) for name in ("config", ".gitignore")])
    repo.scm_context.autostage = True  # .dvc files are staged as they are written


def use_data_remote(repo):
    """Send data to DATA_REMOTE where the repository has no data remote of its own."""
    start_dvc(repo)
    if "remote" not in repo.config["core"]:
        with repo.config.edit() as config:
            config["remote"]["storage"] = {"url": DATA_REMOTE}
            config["core"]["remote"] = "storage"
        repo.scm.add(os.path.join(repo.root_dir, Repo.DVC_DIR, "config"))
    return repo


def clone_repo(url, path, rev=None):
    """Clone a git repository and get its data."""
    url = os.path.abspath(url) if os.path.exists(url) else url
    Git.clone(url, path).close()
    repo = open_repo(path)
    if rev is not None:
        switch(repo, rev)
        repo = open_repo(path)
    repo.pull()
    return repo


def track(repo, path):
    """Put a data file under DVC and stage its .dvc file."""
    start_dvc(repo)
    path = os.path.join(repo.root_dir, path)
    if repo.scm.is_tracked(path):  # by git, so far
        repo.scm.gitpython.repo.index.remove([path])
    repo.add(path)


def untrack(repo, path, outs=False):
    """Take a data file out of DVC, and stage that its .dvc file is gone."""
    pointer = os.path.join(repo.root_dir, path + ".dvc")
    repo.remove(pointer, outs=outs)
    ignore = os.path.join(os.path.dirname(pointer), ".gitignore")
    repo.scm.add([pointer, *([ignore] if os.path.exists(ignore) or repo.scm.is_tracked(ignore) else [])])


def restore(repo, path, rev="HEAD"):
    """Bring a data file back as it was at a revision, and stage it."""
    full = os.path.join(repo.root_dir, path)
    Repo.get(repo.root_dir, path, out=full, rev=rev, force=True)
    track(repo, path)


def add(repo, *paths):
    """Stage files: data by DVC, everything else by git."""
    for path in paths:
        path = os.path.relpath(os.path.join(repo.root_dir, path), repo.root_dir)
        full = os.path.join(repo.root_dir, path)
        if os.path.isdir(full):
            add(repo, *files_below(repo, full))
        elif is_data(path) and os.path.exists(full):
            track(repo, path)
        elif os.path.lexists(full) or repo.scm.is_tracked(full):
            repo.scm.add(full)
        else:
            raise FileNotFoundError(path)


def files_below(repo, folder):
    """Files in a folder that git would look at, by path below the repository root."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in (".git", Repo.DVC_DIR))
        paths = [os.path.relpath(os.path.join(top, name), repo.root_dir) for name in sorted(names)]
        yield from (path for path in paths if is_data(path) or not repo.scm.is_ignored(path))


def add_all(repo):
    """Stage every change of the working tree: data by DVC, everything else by git."""
    _, unstaged, untracked = repo.scm.status()
    changed = [*unstaged, *untracked, *repo.data_status()["uncommitted"].get("modified", [])]
    add(repo, *(path for path in changed if not path.startswith((".dvc/cache/", ".dvc/tmp/"))))


def add_updated(repo):
    """Stage the changes of files that are versioned already: data by DVC, everything else by git."""
    _, unstaged, _ = repo.scm.status()
    add(repo, *unstaged, *repo.data_status()["uncommitted"].get("modified", []))


def commit_staged(repo, message):
    """Commit what is staged; with nothing staged it is an error, as on git's command line."""
    if not repo.scm.status()[0]:
        raise SCMError("nothing to commit")
    repo.scm.commit(message.strip() + "\n")


def create_tag(repo, name, target=None, message=None):
    """Tag a revision; a tag that exists is an error, as with git."""
    if name in repo.scm.list_tags():
        raise SCMError(f"tag '{name}' already exists")
    repo.scm.tag(name, target=target, annotated=message is not None, message=message)


def create_branch(repo, name, rev="HEAD"):
    """Create a branch at a revision, if there is none of that name yet."""
    if name not in repo.scm.list_branches():
        repo.scm.set_ref(f"refs/heads/{name}", repo.scm.resolve_rev(rev))
    return name


def is_detached(repo):
    """Whether HEAD names a commit and no branch."""
    return not (repo.scm.get_ref("HEAD", follow=False) or "").startswith("refs/heads/")


def switch(repo, name, force=False):
    """Switch git to a branch, tag or commit."""
    remote = f"refs/remotes/origin/{name}"
    if name not in repo.scm.list_branches() and repo.scm.get_ref(
        remote
    ):  # the branch exists on the remote only
        repo.scm.set_ref(f"refs/heads/{name}", repo.scm.get_ref(remote))
    repo.scm.checkout(name, force=force)


def checkout(repo, name, force=False):
    """Switch to a branch, tag or commit; data files follow."""
    switch(repo, name, force=force)
    repo.checkout(force=force)


def push(repo, remote="origin", *names, force=False):
    """Push data to DVC's remote, then branches and tags to the git remote."""
    repo.push(all_commits=True)  # data first: no .dvc file arrives before its data
    refs = []
    for name in names or [repo.scm.active_branch()]:
        source, _, target = name.partition(":")
        kind = "tags" if source in repo.scm.list_tags() else "heads"
        if source == "HEAD" and not target:
            source = repo.scm.active_branch()
        full = source if source.startswith("refs/") or source in ("", "HEAD") else f"refs/{kind}/{source}"
        goal = target or source
        refs.append(f"{full}:{goal if goal.startswith('refs/') else f'refs/{kind}/{goal}'}")
    url = repo.scm.get_remote_url(remote)
    beside = os.path.join(repo.root_dir, url)  # git reads a relative address from the repository
    status = repo.scm.push_refspecs(beside if os.path.exists(beside) else remote, refs, force=force)
    repo.scm.fetch(remote)
    return status


def push_tags(repo, remote="origin"):
    """Push data to DVC's remote, then every tag to the git remote."""
    return push(repo, remote, *(f"refs/tags/{name}" for name in repo.scm.list_tags()))


def is_dirty(repo, untracked_files=False):
    """Whether anything is changed and not committed: code in git, or data in DVC."""
    return repo.scm.is_dirty(untracked_files=untracked_files) or bool(repo.data_status()["uncommitted"])


def history(repo, rev="HEAD", max_count=None):
    """Commits that lead to a revision, newest first."""
    first = repo.scm.resolve_commit(repo.scm.resolve_rev(rev))
    queue, seen = [(-first.commit_time, 0, first)], {first.hexsha}
    while queue and max_count != 0:
        _, _, commit = heapq.heappop(queue)
        yield commit
        max_count = None if max_count is None else max_count - 1
        for parent in commit.parents:
            if parent not in seen:
                seen.add(parent)
                found = repo.scm.resolve_commit(parent)
                heapq.heappush(queue, (-found.commit_time, len(seen), found))
