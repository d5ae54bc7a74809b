"""Programs and their translations, run side by side in equal worlds: same output, same repositories."""

from __future__ import annotations

import pytest

from tests.rules.conftest import Rewrite
from tests.rules.gitpython_dvc.sides import assert_translation_leaves_the_same

pytestmark = pytest.mark.slow

ALIASES = """\
from git import Repo

class Store:
    def __init__(self, path):
        self.repo = Repo(path)
        self._index = self.repo.index
        self.git = self.repo.git
        self.origin = self.repo.remotes.origin

    def save(self, name, text):
        with open(name, "w") as f: f.write(text)
        self._index.add([name]); commit = self._index.commit(f"save {name}")
        return commit

s = Store(".")
c = s.save("n.txt", "1")
print(c.message, len(c.hexsha), str(c) == c.hexsha, f"{c}" == s.repo.head.commit.hexsha)
git = s.repo.git
git.checkout("-b", "work")
open("README.md", "a").write("w")
git.commit("-a", "-m", "work")
s.origin.push("work")
s.repo.heads.main.checkout()
print(s.repo.active_branch.name, open("README.md").read())
"""

LISTS = """\
import git

repo = git.Repo(".")
tags = sorted(repo.tags, key=lambda t: t.commit.committed_date)
print([t.name for t in tags], max(repo.tags, key=str).name, [*repo.tags][0].commit.summary)
by_name = {h.name: h.commit.message.strip() for h in repo.heads}
print(by_name, "feature" in repo.heads, repo.heads["feature"].commit.author.name)
found = []
for c in repo.iter_commits("main", max_count=5):
    found.append(c)
print([c.message for c in found], len(found[-1].parents), bool(found[0].parents))
for i, (t, h) in enumerate(zip(repo.tags, repo.heads)):
    print(i, t.name, h.name)
first, *rest = list(repo.iter_commits())
print(first.summary, [r.author.email for r in rest], next(repo.iter_commits()).hexsha == first.hexsha)
def newest(repo):
    yield from repo.tags
for t in newest(repo):
    print(t.name, t.commit.committed_datetime == first.committed_datetime)
print(f"{repo.active_branch.name}: {', '.join(t.name for t in repo.tags)} {repo.head.commit.message!r}")
"""

ERRORS = """\
import git
from git import GitCommandError, InvalidGitRepositoryError, NoSuchPathError

def sync(path, branch):
    try:
        repo = git.Repo(path)
        repo.git.checkout(branch)
    except (NoSuchPathError, InvalidGitRepositoryError):
        return "no repository"
    except GitCommandError as error:
        return "failed" if error.stderr else "silent"
    else:
        return repo.active_branch.name
    finally:
        print("tried", branch)

print(sync(".", "feature"), sync(".", "nope"), sync("/nowhere", "main"), sync("data", "main"))
repo = git.Repo(".")
repo.create_tag("a", message="x")
try: repo.create_tag("a", message="y")
except Exception: print("exists")
try:
    repo.commit("nope")
except (ValueError, git.exc.GitError, Exception):
    print("unknown")
"""

DATA = """\
import glob
import git

repo = git.Repo(".")
for i in range(2):
    open(f"data/f{i}.csv", "w").write(str(i))
    repo.git.add(f"data/f{i}.csv")
repo.index.add(glob.glob("data/*.csv"))
repo.index.add(["README.md", "data/x.csv"])
repo.git.commit("-m", "data")
print(repo.is_dirty(), sorted(repo.untracked_files))
open("data/x.csv", "a").write("2\\n")
print(repo.is_dirty())
repo.git.add(update=True)
repo.index.commit("more data")
print((repo.commit("HEAD~1").tree / "data/x.csv").data_stream.read().decode())
print(repo.git.show("HEAD:data/x.csv"))
repo.create_tag("data-1", message="first data")
repo.remotes.origin.push("main")
repo.remotes.origin.push("data-1")
"""

FUNCTIONS = """\
import contextlib
import git

REPO = None

def get():
    global REPO
    if REPO is None:
        REPO = git.Repo(".")
    return REPO

@contextlib.contextmanager
def opened(path):
    repo = git.Repo(path)
    try:
        yield repo
    finally:
        repo.close()

def put(index, name):
    open(name, "w").write(name)
    index.add([name])
    index.commit("put " + name)

def send(remote, branch="main"):
    remote.push(branch)
    return remote.name

def show(commit):
    return commit.author.name, commit.summary

with opened(".") as r:
    print(r.active_branch.name)
put(get().index, "p1")
print(send(get().remotes.origin), send(get().remote("origin")))
for c in get().iter_commits(paths="README.md"):
    print(show(c))
print(show(get().head.commit))
d = {"branch": get().active_branch, "remote": get().remotes.origin}
print(d["branch"].name, d["remote"].name)
repo = get()
print(len({c for c in repo.iter_commits()}), len(set(repo.iter_commits())))
"""

REMOTES = """\
import os
import tempfile
import git

repo = git.Repo(".")
origin = repo.remote()
print(origin.name, origin.url == repo.remotes["origin"].url, len(repo.remotes), [r.name for r in repo.remotes])
origin.fetch(); origin.pull()
copy = git.Repo.clone_from(origin.url, os.path.join(tempfile.mkdtemp(), "c"), branch="main", depth=1)
print(copy.active_branch.name, copy.head.commit.message, os.path.basename(copy.git_dir))
if repo.head.is_detached: print("detached")
elif (b := repo.active_branch.name) == "main":
    new = repo.create_head("exp", "v1")
    new.checkout()
    print(repo.active_branch, repo.head.commit.message, repo.head.is_valid(), b)
repo.git.checkout(repo.tags["v1"].commit)
print(repo.head.is_detached)
repo.git.checkout("main"); repo.git.merge("feature")
repo.git.branch("-D", "exp")
def url(name):
    try:
        return os.path.basename(repo.remotes[name].url)
    except IndexError:
        return None
print(url("origin"), url("up"))
for name in ("origin", "up"):
    try:
        found = repo.remote(name)
    except ValueError as error:
        print(error)
    else:
        found.push("main")
try:
    repo.remotes.up.push("main")
except git.GitCommandError:
    print("rejected")
except AttributeError:
    print("none")
open("README.md", "w").write("broken")
repo.head.reset(index=True, working_tree=True)
print(open("README.md").read(), [h.name for h in repo.heads])
"""


@pytest.mark.parametrize(
    "program",
    [ALIASES, LISTS, ERRORS, DATA, FUNCTIONS, REMOTES],
    ids=["aliases", "lists", "errors", "data", "functions", "remotes"],
)
def test_translation_does_what_the_program_does(rewrite: Rewrite, program: str) -> None:
    assert_translation_leaves_the_same(rewrite, program)
