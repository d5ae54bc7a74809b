"""Functions that a translated program may need; the rewriter copies their text, and nothing imports this module.

Each one stands where DVC and scmrepo need more than one call for what GitPython does in one, or where they behave
in another way. The comments in them are for the reader of the translated program.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,attr-defined,var-annotated"
# os.path is what most programs import already:
# ruff: noqa: PTH100, PTH103, PTH110, PTH112, PTH118, PTH119, PTH120, PTH123, PTH208, PLW0603, PLW2901
from __future__ import annotations

import contextlib
import fnmatch
import functools
import hashlib
import heapq
import logging
import os
import posixpath
import typing

from dvc.api import DVCFileSystem
from dvc.exceptions import DvcException, NotDvcRepoError
from dvc.repo import Repo
from scmrepo.exceptions import SCMError
from scmrepo.git import Git
from scmrepo.git.backend.base import SyncStatus

# What DVC versions, by path below the repository root; git keeps everything else.
DATA = ("*.bin", "data/*")
NOT_DATA = ("*.py",)

DATA_REMOTE = ""

# What DVC and scmrepo take where nothing is said, so that calls in the copies need not say it.
_DEFAULTS = {
    "checkout": {"force": False},
    "commit": {"no_verify": False},
    "is_dirty": {"untracked_files": False},
    "push_refspecs": {"force": False},
    "remove": {"outs": False, "working_tree": False},
    "status": {"untracked_files": "all"},
}


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
    """Open a git repository for DVC; an error where there is none."""
    if search_parent_directories and not os.path.exists(path or "."):
        raise FileNotFoundError(path)  # its parents are there
    try:
        scm = Git(os.path.abspath(path or "."), search_parent_directories=search_parent_directories)
    except SCMError as error:
        if not os.path.exists(path or "."):
            raise FileNotFoundError(path) from error
        raise NotDvcRepoError(str(error)) from error
    return Repo(scm.root_dir, scm=scm, uninitialized=True)


def init_repo(path=".", branch=None):
    """Make a git repository with DVC in it; what is there already stays."""
    path = os.path.abspath(path or ".")
    os.makedirs(path, exist_ok=True)
    if not os.path.exists(os.path.join(path, ".git")):
        scm = Git.init(path)
        if branch:
            scm.set_ref("HEAD", f"refs/heads/{branch}", symbolic=True)
    repo = open_repo(path)
    start_dvc(repo)
    return repo


def init_bare(path, branch=None):
    """Make a bare git repository; one that is there already stays."""
    path = os.path.abspath(path)
    if not os.path.exists(os.path.join(path, "HEAD")):
        os.makedirs(path, exist_ok=True)
        scm = Git.init(path, bare=True)
        if branch:
            scm.set_ref("HEAD", f"refs/heads/{branch}", symbolic=True)
    return open_repo(path)


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


def clone_repo(url, path, rev=None, single_branch=False, submodules=False):
    """Clone a git repository and get its data."""
    Git.clone(os.path.abspath(url) if os.path.exists(url) else url, path).close()
    repo = open_repo(path)
    if single_branch:
        first = repo.scm.active_branch()
        kept = ("HEAD", first) if rev is None or rev == first else (rev,)
        for ref in list(repo.scm.iter_refs("refs/remotes/origin/")):
            if ref.removeprefix("refs/remotes/origin/") not in kept:
                repo.scm.remove_ref(ref)
    if rev is not None and rev != repo.scm.active_branch():
        first = repo.scm.active_branch()
        switch(repo, rev)
        repo.scm.remove_ref(f"refs/heads/{first}")  # git makes no other branch than the one
        repo = open_repo(path)
    if submodules:
        repo.scm.gitpython.repo.submodule_update(recursive=True)
    repo.pull()
    return repo


def clone_bare(url, path):
    """Clone every branch and tag of a git repository, without files."""
    scm = Git.clone(url, path, bare=True)
    for ref in list(scm.iter_refs("refs/remotes/origin/")):
        name = ref.removeprefix("refs/remotes/origin/")
        if name != "HEAD":
            scm.set_ref(f"refs/heads/{name}", scm.get_ref(ref))
        scm.remove_ref(ref)
    return open_repo(path)


def track(repo, path, unchanged=False):
    """Put a data file under DVC and stage its .dvc file."""
    full = os.path.join(repo.root_dir, path)
    if repo.scm.is_tracked(full):  # by git, so far
        if not unchanged and is_as_staged(repo, full):
            return  # it may stay there
        repo.scm.gitpython.repo.index.remove([full])
    start_dvc(repo)
    repo.add(full)


def is_as_staged(repo, full):
    """Whether a file is the same as in git's index."""
    entry = repo.scm.dulwich.repo.open_index()[os.fsencode(os.path.relpath(full, repo.root_dir))]
    return repo.scm.gitpython.repo.git.hash_object("--no-filters", full) == entry.sha.decode()


def track_pattern(repo, *patterns):
    """Count files that match as data from now on; those that git has so far go to DVC."""
    global DATA
    DATA += tuple(glob for pattern in patterns for glob in (pattern, f"*/{pattern}"))
    move_to_dvc(repo, *patterns)


def move_to_dvc(repo, *patterns):
    """Put files under DVC that git has so far."""
    for path in tracked_files(repo, *patterns):
        if not os.path.exists(os.path.join(repo.root_dir, path + ".dvc")):
            track(repo, path, unchanged=True)


def lfs_too(repo, *command):
    """Let Git LFS do the same for files that it still keeps."""
    attributes = os.path.join(repo.root_dir, ".gitattributes")
    if os.path.exists(attributes):
        with open(attributes) as file:
            if "filter=lfs" in file.read():
                repo.scm.gitpython.repo.git.lfs(*command)


def untrack(repo, path, outs=False):
    """Take a data file out of DVC, and stage that its .dvc file is gone."""
    pointer = os.path.join(repo.root_dir, path + ".dvc")
    if not os.path.exists(pointer):  # git has the file itself
        repo.scm.gitpython.repo.index.remove([path], working_tree=outs)
        return
    repo.remove(pointer, outs=outs)
    ignore = os.path.join(os.path.dirname(pointer), ".gitignore")
    repo.scm.add([pointer, *([ignore] if os.path.exists(ignore) or repo.scm.is_tracked(ignore) else [])])


def restore(repo, *paths, rev=None):
    """Bring files back from the index, or from a revision, which stages them."""
    for path in paths:
        full = os.path.join(repo.root_dir, path)
        if rev is not None:
            Repo.get(repo.root_dir, path, out=full, rev=rev, force=True)
            if os.path.exists(full + ".dvc"):
                track(repo, path)
            else:
                repo.scm.add(full)
        elif os.path.exists(full + ".dvc"):
            repo.checkout(full + ".dvc", force=True)
        else:
            repo.scm.gitpython.repo.git.checkout("--", path)


def remove(repo, *paths, cached=False):
    """Take files out of version control: out of DVC or out of git's index."""
    for path in each(paths):
        full = os.path.join(repo.root_dir, path)
        if os.path.exists(full + ".dvc"):
            untrack(repo, path, outs=not cached)
        elif os.path.isdir(full):
            remove(repo, *tracked_files(repo, path), cached=cached)
        else:
            repo.scm.gitpython.repo.index.remove([path], working_tree=not cached)


def move(repo, source, target):
    """Give a file another name, and stage that: data with DVC, everything else with git."""
    old, new = (os.path.join(repo.root_dir, path) for path in (source, target))
    if os.path.isdir(new):
        new = os.path.join(new, os.path.basename(source))
    if os.path.exists(old + ".dvc"):
        start_dvc(repo)
        repo.move(old, new)
    elif os.path.isdir(old):
        for path in tracked_files(repo, source):
            below = os.path.join(new, os.path.relpath(os.path.join(repo.root_dir, path), old))
            os.makedirs(os.path.dirname(below), exist_ok=True)
            move(repo, path, below)
    else:
        repo.scm.gitpython.repo.git.mv(old, new)
        if is_data(os.path.relpath(new, repo.root_dir)):
            track(repo, new, unchanged=True)


def each(paths):
    """Paths out of lists of paths."""
    for path in paths:
        if isinstance(path, (str, os.PathLike)):
            yield os.fspath(path)
        else:
            yield from each(path)


def stage(repo, *paths):
    """Stage files with git; one that is missing is an error."""
    for path in each(paths):
        full = os.path.join(repo.root_dir, path)
        if os.path.exists(os.path.join(full, ".git")):
            repo.scm.gitpython.repo.git.add(path)  # a submodule
        elif os.path.lexists(full) or repo.scm.is_tracked(full):
            repo.scm.add(full, force=True)
        else:
            raise FileNotFoundError(path)


def add(repo, *paths):
    """Stage files: data by DVC, everything else by git."""
    for path in each(paths):
        path = os.path.relpath(os.path.join(repo.root_dir, path), repo.root_dir)
        full = os.path.join(repo.root_dir, path)
        if os.path.exists(os.path.join(full, ".git")):
            stage(repo, path)  # a submodule
        elif os.path.isdir(full):
            versioned = tracked_files(repo, path)
            gone = [name for name in versioned if not os.path.lexists(os.path.join(repo.root_dir, name))]
            add(repo, *files_below(repo, full), *gone)
        elif is_data(path) and os.path.exists(full):
            track(repo, path)
        elif os.path.exists(full + ".dvc") and not os.path.lexists(full):
            untrack(repo, path)
        elif any(c in path for c in "*?[") and not os.path.lexists(full):
            add(repo, *fnmatch.filter(files_below(repo, repo.root_dir), path))
        else:
            stage(repo, path)


def files_below(repo, folder):
    """Files in a folder that git would look at, by path below the repository root."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in (".git", Repo.DVC_DIR))
        paths = [os.path.relpath(os.path.join(top, name), repo.root_dir) for name in sorted(names)]
        yield from (path for path in paths if is_data(path) or not repo.scm.is_ignored(path))


def add_all(repo):
    """Stage every change of the working tree: data by DVC, everything else by git."""
    _, unstaged, untracked = repo.scm.dulwich.status()
    changed = [*unstaged, *untracked, *changed_data(repo)]
    add(repo, *(path for path in changed if not path.startswith((".dvc/cache/", ".dvc/tmp/"))))


def add_updated(repo):
    """Stage the changes of files that are versioned already: data by DVC, everything else by git."""
    _, unstaged, _ = repo.scm.dulwich.status(untracked_files="no")
    add(repo, *unstaged, *changed_data(repo))


def changed_data(repo):
    """Data files that are not as DVC recorded them, or are gone."""
    changes = repo.data_status()["uncommitted"]
    return [*changes.get("modified", []), *changes.get("deleted", [])]


def commit_staged(repo, message, allow_empty=False, no_verify=False):
    """Commit what is staged."""
    if not allow_empty and not repo.scm.dulwich.status(untracked_files="no")[0]:
        raise SCMError("nothing to commit")  # as on git's command line
    repo.scm.commit(message.strip() + "\n", no_verify=no_verify)


def create_tag(repo, name, target=None, message=None, force=False):
    """Tag a revision; a tag that exists is an error, as with git."""
    if not force and name in repo.scm.list_tags():
        raise SCMError(f"tag '{name}' already exists")
    # libgit2 annotates every tag, and would be asked where it answered last
    repo.scm.dulwich.tag(name, target=target, annotated=message is not None, message=message)


def create_branch(repo, name, rev="HEAD"):
    """Create a branch at a revision; one that is there already must be there."""
    sha = repo.scm.resolve_rev(rev)
    if name not in repo.scm.list_branches():
        repo.scm.set_ref(f"refs/heads/{name}", sha)
    elif repo.scm.resolve_rev(f"refs/heads/{name}") != sha:
        raise FileExistsError(name)
    return name


def delete_ref(repo, ref):
    """Delete a branch or tag; one that is not there is an error, as with git."""
    if repo.scm.get_ref(ref) is None:
        raise SCMError(f"'{ref}' not found")
    repo.scm.remove_ref(ref)


def remote_branches(repo, remote):
    """Names of the branches that were fetched from a remote."""
    refs = repo.scm.iter_refs(f"refs/remotes/{remote}/")
    return sorted(ref.removeprefix("refs/remotes/") for ref in refs)


def expect_remote(repo, name, error=ValueError):
    """Fail where there is no git remote of a name."""
    try:
        repo.scm.get_remote_url(name)
    except SCMError:
        raise error(f"Remote named '{name}' didn't exist") from None


def annotation(repo, tag):
    """What an annotated tag says; None for a tag without annotation."""
    found = repo.scm.get_tag(tag)
    return None if isinstance(found, str) else found


def is_detached(repo):
    """Whether HEAD names a commit and no branch."""
    return not (repo.scm.get_ref("HEAD", follow=False) or "").startswith("refs/heads/")


def switch(repo, name, force=False):
    """Switch git to a branch, tag or commit."""
    if repo.scm.get_ref(f"refs/remotes/origin/{name}") and name not in repo.scm.list_branches():
        repo.scm.gitpython.repo.git.checkout(name)  # makes the branch, and notes that it follows the remote's
    else:
        repo.scm.checkout(name, force=force)


def checkout(repo, name, force=False):
    """Switch to a branch, tag or commit; data files follow."""
    switch(repo, name, force=force)
    repo.checkout(force=force)


def push(repo, remote="origin", *names, force=False, check=False):
    """Push data to DVC's remote, then branches and tags, or the current branch, to the git remote."""
    tags = repo.scm.list_tags() if names else ()
    refs = [
        f"refs/{'tags' if name in tags else 'heads'}/{name}" for name in names or [repo.scm.active_branch()]
    ]
    return send(repo, remote, refs, force=force, check=check)


def push_refspecs(repo, remote, *names, force=False, check=False):
    """Push data to DVC's remote, then what some refspecs name to the git remote, as git reads them."""
    refs, gone = [], []
    for name in names or [repo.scm.active_branch()]:
        source, colon, target = name.partition(":")
        kind = "tags" if source in repo.scm.list_tags() else "heads"
        if source == "HEAD" and not target:
            source = repo.scm.active_branch()
        full = source if source.startswith("refs/") or source in ("", "HEAD") else f"refs/{kind}/{source}"
        goal = target or source
        refs.append(f"{full}:{goal if goal.startswith('refs/') else f'refs/{kind}/{goal}'}")
        if colon and not source:
            gone.append(f"refs/remotes/{remote}/{target.removeprefix('refs/heads/')}")
    status = send(repo, remote, refs, force=force, check=check)
    for ref in gone:
        if SyncStatus.DIVERGED not in status.values() and repo.scm.get_ref(ref):
            repo.scm.remove_ref(ref)
    return status


def send(repo, remote, refs, force=False, check=False):
    """Send data to DVC's remote, then references to the git remote."""
    repo.push(all_commits=True)  # data first: no .dvc file arrives before its data
    url = repo.scm.get_remote_url(remote)
    beside = os.path.join(repo.root_dir, url)  # git reads a relative address from the repository
    status = repo.scm.push_refspecs(beside if os.path.exists(beside) else remote, refs, force=force)
    if SyncStatus.DIVERGED not in status.values():
        repo.scm.fetch(remote)  # scmrepo leaves origin/main where it was, git moves it
    elif check:
        raise SCMError(f"push was rejected (non-fast-forward): '{remote}' has commits that are not here")
    return status


def pull(repo, branch=None):
    """Pull commits with git, then the data that they point to with DVC."""
    repo.scm.pull(**({"refspec": branch} if branch else {}))
    repo.pull()


def push_tags(repo, remote="origin", **options):
    """Push data to DVC's remote, then every tag to the git remote."""
    return send(repo, remote, [f"refs/tags/{name}" for name in repo.scm.list_tags()], **options)


def is_dirty(repo, untracked_files=False):
    """Whether anything is changed and not committed: code in git, or data in DVC."""
    return repo.scm.is_dirty(untracked_files=untracked_files) or bool(repo.data_status()["uncommitted"])


def record_data(repo):
    """Let DVC record data files that were changed, so that git can put their .dvc files aside."""
    for path in changed_data(repo):
        if os.path.exists(os.path.join(repo.root_dir, path)):
            repo.add(os.path.join(repo.root_dir, path))


def without_dvc(repo, paths):
    """Paths as git would list them without DVC: a data file for its .dvc file, and nothing of DVC's own."""
    return sorted({path.removesuffix(".dvc") for path in paths if not is_of_dvc(repo, path)})


def is_of_dvc(repo, path):
    """Whether DVC keeps a file for itself: its settings, or a .gitignore that names data files only."""
    if path == ".dvcignore" or path.startswith(".dvc/"):
        return True
    folder, name = os.path.split(os.path.join(repo.root_dir, path))
    if name != ".gitignore" or not os.path.exists(os.path.join(folder, name)):
        return False
    data = {other.removesuffix(".dvc") for other in os.listdir(folder) if other.endswith(".dvc")}
    with open(os.path.join(folder, name)) as file:
        return names_only(file.read(), data)


def names_only(text, data):
    """Whether a .gitignore names some of the data files in its folder, and nothing else: then it is DVC's own."""
    lines = [line for line in text.split("\n") if line]
    return bool(lines) and all(line.strip("/").replace("\\", "") in data for line in lines)


def tracked_files(repo, *paths):
    """Files under version control, or those of them that are meant by some paths."""
    index = repo.scm.dulwich.repo.open_index()
    names = without_dvc(repo, (os.fsdecode(name) for name in index))
    globs = [glob for path in paths for glob in (path, f"{path.rstrip('/')}/*")] or ["*"]
    return [name for name in names if any(fnmatch.fnmatch(name, glob) for glob in globs)]


def data_files(repo):
    """Files that DVC keeps."""
    return sorted(entry["path"] for entry in Repo.ls(repo.root_dir, recursive=True, dvc_only=True))


def files_at(repo, rev):
    """Files of a revision, data among them."""
    return without_dvc(repo, (path.lstrip("/") for path in DVCFileSystem(repo.root_dir, rev=rev).find("/")))


def changed_files(repo, staged=False):
    """Files with changes that are not staged, or with staged ones."""
    in_index, unstaged, _ = repo.scm.dulwich.status(untracked_files="no")
    if staged:
        return without_dvc(repo, (path for paths in in_index.values() for path in paths))
    return without_dvc(repo, [*unstaged, *changed_data(repo)])


def files_between(repo, old, new):
    """Files that differ between two revisions, data among them."""
    return [change.b_path for change in changes(repo, old, new)]


def porcelain(repo, untracked="normal"):
    """What ``git status --porcelain`` says, with data files in place of their .dvc files."""
    in_index, unstaged, new = repo.scm.dulwich.status(untracked_files=untracked)
    index = kinds_of_change(repo, in_index)
    changed = without_dvc(repo, [*unstaged, *changed_data(repo)])
    tree = {path: "M" if os.path.exists(os.path.join(repo.root_dir, path)) else "D" for path in changed}
    lines = [f"{index.get(path, ' ')}{tree.get(path, ' ')} {path}" for path in sorted({*index, *tree})]
    return "\n".join([*lines, *(f"?? {path}" for path in without_dvc(repo, new))])


def history(repo, rev="HEAD", max_count=None, skip=0, version=None, without=()):
    """Commits that lead to a revision, newest first."""
    seen, queue, todo = set(without), [], [repo.scm.resolve_rev(rev)]
    while (queue or todo) and max_count != 0:
        for sha in todo:
            if sha not in seen:
                seen.add(sha)
                found = repo.scm.resolve_commit(sha)
                heapq.heappush(queue, (-found.commit_time, len(seen), found))
        if not queue:
            return
        commit = heapq.heappop(queue)[2]
        todo = commit.parents
        if version:  # as git does: where a parent has the same, only that one is followed
            here = version(commit.hexsha)
            same = [sha for sha in todo if version(sha) == here]
            if same or not (todo or any(here)):
                todo = same[:1]
                continue
        if skip:
            skip -= 1
            continue
        max_count = None if max_count is None else max_count - 1
        yield commit


def history_in(repo, revs, max_count=None, skip=0, version=None):
    """Commits that lead to a revision, or lie in a range such as v1..v2, newest first."""
    old, dots, new = revs.rpartition("..")
    seen = {commit.hexsha for commit in history(repo, old or "HEAD")} if dots else ()
    yield from history(repo, new or "HEAD", max_count=max_count, skip=skip, version=version, without=seen)


def history_of(repo, paths, revs="HEAD", max_count=None, skip=0):
    """Commits that changed files or folders, newest first; a data file by its .dvc file."""
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    names = [posixpath.normpath(os.fspath(path)) for path in paths]
    names += [f"{name}.dvc" for name in names]

    @functools.cache
    def version(sha):
        fs = repo.scm.get_fs(sha)
        return [fs.info(name)["sha"] if fs.exists(name) else None for name in names]

    return history_in(repo, revs, max_count=max_count, skip=skip, version=version)


class Entry:
    """A file or folder as it was at a revision, data and code alike."""

    def __init__(self, fs, rev, path):
        self.fs, self.rev, self.path, self.name = fs, rev, path, posixpath.basename(path)

    def entry(self, path):
        """A file or folder below this one; KeyError where there is none."""
        path = posixpath.join(self.path, path)
        if not self.fs.exists(path or "/"):
            raise KeyError(path)
        return (Folder if self.fs.isdir(path or "/") else File)(self.fs, self.rev, path)


class File(Entry):
    """A file as it was at a revision."""

    type = "blob"

    @property
    def size(self):
        """Its size in bytes."""
        return self.fs.size(self.path)

    def read(self):
        """Its content."""
        return self.fs.read_bytes(self.path)


class Folder(Entry):
    """A folder as it was at a revision."""

    type = "tree"

    @functools.cached_property
    def entries(self):
        """What is in it, in git's order, without the files of DVC itself."""
        paths = [path.lstrip("/") for path in self.fs.ls(self.path or "/", detail=False)]
        found = [Folder(self.fs, self.rev, "").entry(path) for path in paths]
        data = {entry.name for entry in found if self.fs.isdvc(entry.path)}
        found = [e for e in found if e.name != ".gitignore" or not names_only(e.read().decode(), data)]
        return sorted(found, key=lambda entry: entry.name + "/" * (entry.type == "tree"))

    def __iter__(self):
        return iter(self.entries)

    def __len__(self):
        return len(self.entries)

    def __contains__(self, path):
        return any(path in (entry.path, entry.name) for entry in self.entries)

    def walk(self):
        """Everything in it, level by level."""
        level = list(self)
        while level:
            yield from level
            level = [entry for folder in level if folder.type == "tree" for entry in folder]


def entry_at(repo, rev="HEAD", path=""):
    """A file or folder at a revision; KeyError where there is none."""
    return Folder(DVCFileSystem(repo.root_dir, rev=rev), rev, "").entry(path)


def blob_hash(content):
    """The hash that git gives a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Change(typing.NamedTuple):
    """A file that was added (A), deleted (D), modified (M) or renamed (R)."""

    change_type: str
    a_path: str
    b_path: str


def changes(repo, old, new, paths=()):
    """Files that differ between two revisions, data and code alike."""
    before, after = contents_at(repo, old), contents_at(repo, new)
    gone = {content: path for path, content in before.items() if path not in after}
    found = []
    for path in sorted({*before, *after}):
        if path not in before:
            source = gone.pop(after[path], None)
            found.append(Change("R", source, path) if source else Change("A", path, path))
        elif path in after and before[path] != after[path]:
            found.append(Change("M", path, path))
    renamed = {change.a_path for change in found}
    found += [Change("D", path, path) for path in before if path not in after and path not in renamed]
    within = [paths] if isinstance(paths, str) else paths
    return [
        change
        for change in sorted(found, key=lambda change: change.b_path)
        if not within or any(f"{change.b_path}/".startswith(f"{path.rstrip('/')}/") for path in within)
    ]


def changed_in(repo, commit):
    """Files that a commit changed, data by its own name."""
    found = changes(repo, commit.parents[0] if commit.parents else None, commit.hexsha)
    return sorted({path for change in found for path in (change.a_path, change.b_path)})


def contents_at(repo, rev):
    """Files of a revision to the hash of their content, as git would have it."""
    if rev is None:
        return {}
    fs = DVCFileSystem(repo.root_dir, rev=rev)
    found = {path.lstrip("/"): info for path, info in fs.find("/", detail=True).items()}
    data = {path for path, info in found.items() if "md5" in info}
    return {
        path: blob_hash(fs.read_bytes(path)) if path in data else info["fs_info"]["sha"]
        for path, info in found.items()
        if not is_list_of_data(fs, path, data)
    }


def is_list_of_data(fs, path, data):
    """Whether a file is a .gitignore of DVC, that names data files only."""
    folder, name = posixpath.split(path)
    if name != ".gitignore":
        return False
    beside = {posixpath.basename(each) for each in data if posixpath.dirname(each) == folder}
    return names_only(fs.read_bytes(path).decode(), beside)


def kinds_of_change(repo, in_index):
    """Files with staged changes, data by its own name: added (A), deleted (D) or modified (M)."""
    kinds = {}
    for kind, paths in in_index.items():
        for path in without_dvc(repo, paths):
            # data that moves from git to DVC is in both
            kinds[path] = "M" if path in kinds else kind[0].upper()
    return kinds


def staged_changes(repo, backwards=False):
    """Staged changes, data by its own name; backwards as seen from the index."""
    kinds = kinds_of_change(repo, repo.scm.dulwich.status(untracked_files="no")[0])
    swapped = {"A": "D", "D": "A"} if backwards else {}
    return [Change(swapped.get(kind, kind), path, path) for path, kind in sorted(kinds.items())]


def unstaged_changes(repo):
    """Changes that are not staged, data by its own name."""
    paths = without_dvc(repo, [*repo.scm.dulwich.status(untracked_files="no")[1], *changed_data(repo)])
    there = [os.path.exists(os.path.join(repo.root_dir, path)) for path in paths]
    return [Change("M" if found else "D", path, path) for path, found in zip(paths, there, strict=True)]
