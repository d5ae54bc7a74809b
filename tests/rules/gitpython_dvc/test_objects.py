"""Commits, references, trees, changes, clones and errors: translations print and leave what their sources do."""

from __future__ import annotations

import pytest

from tests.rules.conftest import Rewrite
from tests.rules.gitpython_dvc.sides import assert_translation_leaves_the_same

pytestmark = pytest.mark.slow

COMMITS = """\
from git import Repo

repo = Repo(".")
for c in repo.iter_commits():
    print(c.summary, c.author.email, c.committer.name, c.committed_date, len(c.parents), c.message)
print([c.summary for c in repo.iter_commits("v1..main")], [c.summary for c in repo.iter_commits("main", skip=1, max_count=2)])
print([c.summary for c in repo.iter_commits(reverse=True)], [c.summary for c in repo.iter_commits(no_merges=True)])
print([c.summary for c in repo.iter_commits(first_parent=True)])
print([c.summary for c in repo.iter_commits(paths="src/app.py")], [c.summary for c in repo.iter_commits("v2", ["data", "src/topic.py"])])
print(repo.head.commit.count(), repo.head.commit.parents[0].parents[0].summary, repo.rev_parse("HEAD~1").summary)
seen = set()
for b in repo.branches:
    for c in repo.iter_commits(b):
        if c in seen:
            continue
        seen.add(c)
print(len(seen))
"""

DATA_HISTORY = """\
from pathlib import Path
from git import Repo

repo = Repo(".")
for n in range(2):
    Path("data/x.csv").write_text(f"n{n}")
    repo.index.add(["data/x.csv"])
    repo.index.commit(f"x {n}")
def read(repo, rev, path):
    blob = repo.commit(rev).tree / path
    return blob.data_stream.read().decode()
for c in repo.iter_commits(paths="data/x.csv"):
    print(c.summary, (c.tree / "data" / "x.csv").data_stream.read(), sorted(c.stats.files))
print(read(repo, "HEAD", "data/x.csv"), read(repo, "v1", "data/x.csv"))
for c in repo.iter_commits(since="2000-01-01", max_count=1):
    print((c.tree / "data/x.csv").data_stream.read())
"""

TREES = """\
import io
from pathlib import Path
from git import Repo

repo = Repo(".")
Path("data/x.csv").write_text("n")
Path("data/new.csv").write_text("nn")
repo.index.add(["data/x.csv", "data/new.csv"])
repo.index.commit("new x")
tree = repo.head.commit.tree
for entry in tree.traverse():
    print(entry.type, entry.path, entry.name)
    if entry.type == "blob":
        print(entry.size, entry.hexsha, entry.mime_type, len(entry.data_stream.read()))
print([b.path for b in (tree / "data").blobs], [t.name for t in tree.trees], "README.md" in tree, "data/new.csv" in tree)
print(sorted(e.name for e in repo.commit("v1").tree["data"]), len(tree))
blob = repo.commit("v1").tree / "data/x.csv"
print(blob.size, blob.name, io.BytesIO(blob.data_stream.read()).getvalue())
with open("out.csv", "wb") as f:
    blob.stream_data(f)
try:
    found = repo.head.commit.tree / "nope.csv"
except KeyError:
    found = None
print(found)
try:
    print((repo.head.commit.tree / "nope.csv").data_stream.read())
except KeyError:
    print("missing")
"""

REFS = """\
import git
from git import Repo

repo = Repo(".")
new = repo.create_head("a")
old = git.Head.create(repo, "old", commit="v1")
repo.create_head("feature", "HEAD", force=True)
print(new.path, old.commit.summary, repo.heads.feature.commit.summary)
repo.delete_head("a", old, force=True)
print([r.name for r in repo.remotes.origin.refs], [r.remote_head for r in repo.remotes.origin.refs])
develop = repo.create_head("develop", repo.remotes.origin.refs.main)
develop.set_tracking_branch(repo.remotes.origin.refs.main)
print(develop.tracking_branch(), repo.remotes.origin.refs["feature"].commit.summary)
for t in repo.tags:
    print(t.name, t.tag.message if t.tag else None, t.path)
    if t.tag is not None:
        print(t.tag.tagger.name, t.tag.tagged_date, t.tag.tag)
print(max(repo.tags, key=lambda t: t.commit.committed_datetime).name in ("v1", "v2", "light"))
git.TagReference.create(repo, "v3", ref="v1", message="third")
repo.delete_tag("light", repo.tags["v1"])
repo.head.reset("HEAD~1", index=True, working_tree=True)
print(repo.head.commit.summary, repo.head.is_valid(), repo.head.is_detached)
"""

CHANGES = """\
import os
from pathlib import Path
from git import Repo

repo = Repo(".")
Path("data/x.csv").write_text("n")
Path("data/z.csv").write_text("z")
Path("src/app.py").write_text("zz")
repo.index.add(["data/x.csv", "data/z.csv", "src/app.py"])
print([(d.a_path, d.b_path, d.change_type) for d in repo.index.diff("HEAD")])
print([(d.a_path, d.new_file) for d in repo.head.commit.diff()])
repo.index.commit("one")
Path("data/x.csv").write_text("m")
if repo.index.diff(None):
    print(len(repo.index.diff(None)))
repo.index.add(["data/x.csv"])
c = repo.index.commit("two")
for d in c.parents[0].diff(c):
    print(d.change_type, d.a_path, d.renamed_file)
print([d.b_path for d in repo.commit("v1").diff(c)], [d.b_path for d in repo.commit("v1").diff("HEAD", paths="src")])
print([d.a_path for d in repo.head.commit.diff("HEAD~1").iter_change_type("M")])
os.remove("data/z.csv")
print([(d.a_path, d.deleted_file) for d in repo.index.diff(None)])
"""

ERRORS = """\
import tempfile
import git
import gitdb
from git import Repo
from git.exc import BadName, GitCommandError, InvalidGitRepositoryError, NoSuchPathError

def load(path):
    try:
        repo = Repo(path)
        repo.git.checkout("nope")
    except GitCommandError:
        return "command"
    except InvalidGitRepositoryError:
        return "invalid"
    except NoSuchPathError:
        return "no path"
for path in (".", tempfile.mkdtemp(), "/nowhere"):
    print(load(path))
repo = Repo(".")
for attempt in (BadName, gitdb.exc.BadName):
    try:
        repo.commit("nope")
    except attempt:
        print("bad name")
try:
    repo.commit("nope")
except (ValueError, git.BadName):
    print("unknown")
try:
    branch = repo.heads["x"]
except IndexError:
    branch = repo.create_head("x")
print(branch.name)
for delete in ("none",):
    try:
        repo.delete_tag(delete)
    except git.GitCommandError:
        print("no such tag")
try:
    repo.create_head("feature", "HEAD")
except OSError:
    print("exists")
try:
    repo.git.cherry_pick("nope")
except GitCommandError as error:
    print(error.status, error.stderr)
class Refused(git.GitError):
    pass
try:
    raise Refused("no")
except git.GitError as error:
    print(error)
repo.git.checkout("v1")
try:
    print(repo.active_branch.name)
except TypeError:
    print("detached")
"""

CLONES = """\
import os
import shutil
import tempfile
from pathlib import Path
from git import Repo

URL = os.path.abspath("../origin.git")

def read(url, tag):
    with tempfile.TemporaryDirectory() as folder:
        Repo.clone_from(url, folder, branch=tag, depth=1)
        return (Path(folder) / "data" / "x.csv").read_text()

def rows(url, name):
    folder = tempfile.mkdtemp()
    Repo.clone_from(url, folder)
    path = os.path.join(folder, name)
    with open(path) as f:
        found = f.read().split()
    shutil.rmtree(folder)
    return found

print(read(URL, "v1"), read(URL, "main"), rows(URL, "data/x.csv"))
with tempfile.TemporaryDirectory() as folder:
    Repo.clone_from(URL, folder)
    Path(folder, "new.txt").write_text("x")
    print(sorted(os.listdir(folder)))
bare = Repo.clone_from(URL, "../bare.git", bare=True)
print(sorted(head.name for head in bare.heads))
hub = Repo.init("../hub.git", bare=True, initial_branch="trunk")
Repo.init("../hub.git", bare=True)
one = Repo.clone_from(URL, "../one", multi_options=["--branch feature", "--single-branch"])
print(one.active_branch.name, [head.name for head in one.heads], Path("../hub.git/HEAD").read_text())
"""


@pytest.mark.parametrize(
    "program",
    [COMMITS, DATA_HISTORY, TREES, REFS, CHANGES, ERRORS, CLONES],
    ids=["commits", "data-history", "trees", "refs", "changes", "errors", "clones"],
)
def test_translation_when_run_then_does_what_the_program_does(rewrite: Rewrite, program: str) -> None:
    assert_translation_leaves_the_same(rewrite, program)
