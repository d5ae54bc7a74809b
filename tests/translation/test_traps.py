"""What looks like the obvious call of DVC and is not: each trap is real, and the translation does not step into it.

Each one has a source program and the translation that suggests itself. Both are run from the same start; the
second one has to be found different, and ours has to be found equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

import pytest

import doctranslate
from doctranslate.verification.equivalence import Judge

from .conftest import Translations

pytestmark = pytest.mark.slow

# data/old.csv is with git, as before anybody thought of DVC.
SETUP = """\
git init -q -b main
git config user.name Ada
git config user.email ada@example.com
mkdir data
printf 'one\\n' > README.md
printf 'old\\n' > data/old.csv
git add --all
git commit -q -m first
git remote add origin "$ORIGIN"
git push -q -u origin main
"""
_SOURCE = "import os\nfrom pathlib import Path\n\nimport git\n\n"
_NAIVE = "import os\nfrom pathlib import Path\n\nimport dvc.api\nfrom dvc.repo import Repo\nfrom scmrepo.git import Git\n\n"
# How somebody begins who has read that DVC needs a repository of its own.
_INIT = "repo = Repo.init()\nrepo.scm_context.autostage = True\n"


@dataclass(frozen=True)
class Trap:
    """A source program, and the translation that suggests itself."""

    source: str
    naive: str


TRAPS = {
    "everything is added": Trap(
        """
        repo = git.Repo(".")
        Path("x.py").write_text("1")
        repo.git.add(".")
        repo.git.commit("-m", "all")
        print(repo.head.commit.message, repo.is_dirty(untracked_files=True))
        """,
        """
        scm = Git(".")
        Path("x.py").write_text("1")
        scm.add(".")
        scm.commit("all\\n")
        print("all\\n", scm.is_dirty(untracked_files=True))
        """,
    ),
    "paths count from the working directory": Trap(
        """
        os.makedirs("sub")
        os.chdir("sub")
        repo = git.Repo(search_parent_directories=True)
        Path("../x.py").write_text("1")
        repo.index.add(["x.py"])
        repo.index.commit("x")
        """,
        """
        os.makedirs("sub")
        os.chdir("sub")
        scm = Git()
        Path("../x.py").write_text("1")
        scm.add(["x.py"])
        scm.commit("x")
        """,
    ),
    "a missing file is no error": Trap(
        """
        repo = git.Repo(".")
        try:
            repo.index.add(["missing.py"])
            print("added")
        except FileNotFoundError:
            print("missing")
        """,
        """
        scm = Git(".")
        try:
            scm.add(["missing.py"])
            print("added")
        except FileNotFoundError:
            print("missing")
        """,
    ),
    "nothing is committed all the same": Trap(
        """
        repo = git.Repo(".")
        try:
            repo.git.commit("-m", "nothing")
        except git.GitCommandError:
            print("nothing to commit")
        """,
        """
        scm = Git(".")
        try:
            scm.commit("nothing")
        except Exception:
            print("nothing to commit")
        """,
    ),
    "only whole hashes are compared": Trap(
        """
        repo = git.Repo(".")
        repo.create_tag("v1")
        Path("x.py").write_text("1")
        repo.index.add(["x.py"])
        repo.index.commit("x")
        print(repo.git.diff("v1", "HEAD", name_only=True))
        """,
        """
        scm = Git(".")
        scm.tag("v1", annotated=False)
        Path("x.py").write_text("1")
        scm.add(["x.py"])
        scm.commit("x")
        print("x.py" if "x.py" in scm.diff("v1", "HEAD") else "")
        """,
    ),
    "a push wants an upstream branch": Trap(
        """
        repo = git.Repo(".")
        repo.git.checkout("-b", "exp")
        Path("x.py").write_text("1")
        repo.index.add(["x.py"])
        repo.index.commit("x")
        repo.remotes.origin.push("exp")
        """,
        """
        scm = Git(".")
        scm.checkout("exp", create_new=True)
        Path("x.py").write_text("1")
        scm.add(["x.py"])
        scm.commit("x")
        scm.push()
        """,
    ),
    "a refused push is no error": Trap(
        """
        repo = git.Repo(".")
        other = git.Repo.clone_from(os.path.abspath("../origin.git"), "../other")
        other.git.commit("--allow-empty", "-m", "theirs", author="Bob <bob@example.com>")
        other.git.push("origin", "main")
        repo.git.commit("--allow-empty", "-m", "mine")
        try:
            repo.git.push("origin", "main")
            print("pushed")
        except git.GitCommandError:
            print("refused")
        """,
        """
        import subprocess

        scm = Git(".")
        Git.clone(os.path.abspath("../origin.git"), "../other")
        words = ["commit", "-q", "--allow-empty", "-m", "theirs", "--author=Bob <bob@example.com>"]
        subprocess.run(["git", "-C", "../other", *words], check=True)
        subprocess.run(["git", "-C", "../other", "push", "-q", "origin", "main"], check=True)
        scm.commit("mine")
        try:
            scm.push_refspecs("origin", "refs/heads/main:refs/heads/main")
            print("pushed")
        except Exception:
            print("refused")
        """,
    ),
    "history has a second parent": Trap(
        """
        repo = git.Repo(".")
        repo.git.checkout("-b", "exp")
        repo.git.commit("--allow-empty", "-m", "on exp")
        repo.git.checkout("main")
        repo.git.merge("exp", no_ff=True)
        print(sorted(commit.message.strip() for commit in repo.iter_commits()))
        """,
        """
        import subprocess

        scm = Git(".")
        scm.checkout("exp", create_new=True)
        scm.commit("on exp")
        scm.checkout("main")
        subprocess.run(["git", "merge", "-q", "--no-ff", "-m", "Merge branch 'exp'", "exp"], check=True)
        print(sorted(scm.resolve_commit(rev).message.strip() for rev in scm.branch_revs("HEAD")))
        """,
    ),
    "a folder inside is taken for a repository": Trap(
        """
        try:
            repo = git.Repo("data")
            print(os.path.basename(repo.working_dir))
        except git.InvalidGitRepositoryError:
            print("no repository")
        """,
        """
        try:
            print(os.path.basename(Git("data").root_dir))
        except Exception:
            print("no repository")
        """,
    ),
    "git has the data already": Trap(
        """
        repo = git.Repo(".")
        Path("data/old.csv").write_text("new")
        repo.index.add(["data/old.csv"])
        repo.index.commit("new")
        repo.remotes.origin.push()
        """,
        _INIT
        + """
        Path("data/old.csv").write_text("new")
        repo.add("data/old.csv")
        repo.scm.commit("new")
        repo.push()
        repo.scm.push()
        """,
    ),
    "changed data is not seen": Trap(
        """
        repo = git.Repo(".")
        Path("data/new.csv").write_text("1")
        repo.index.add(["data/new.csv"])
        repo.index.commit("new")
        Path("data/new.csv").write_text("2")
        print(repo.is_dirty())
        """,
        _INIT
        + """
        Path("data/new.csv").write_text("1")
        repo.add("data/new.csv")
        repo.scm.commit("new")
        Path("data/new.csv").write_text("2")
        print(repo.scm.is_dirty())
        """,
    ),
    "data stays behind": Trap(
        """
        repo = git.Repo(".")
        Path("data/new.csv").write_text("1")
        repo.index.add(["data/new.csv"])
        repo.index.commit("new")
        repo.git.checkout("-b", "exp")
        Path("data/new.csv").write_text("2")
        repo.index.add(["data/new.csv"])
        repo.index.commit("newer")
        repo.git.checkout("main")
        print(Path("data/new.csv").read_text())
        """,
        _INIT
        + """
        Path("data/new.csv").write_text("1")
        repo.add("data/new.csv")
        repo.scm.commit("new")
        repo.scm.checkout("exp", create_new=True)
        Path("data/new.csv").write_text("2")
        repo.add("data/new.csv")
        repo.scm.commit("newer")
        repo.scm.checkout("main")
        print(Path("data/new.csv").read_text())
        """,
    ),
    "the backend that answered last makes the tag": Trap(
        """
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):  # libgit2 stands back where they are set
            os.environ.pop(name, None)
        repo = git.Repo(".")
        repo.git.checkout("-b", "exp")
        repo.create_tag("v1")
        """,
        """
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            os.environ.pop(name, None)
        scm = Git(".")
        scm.checkout("exp", create_new=True)
        scm.tag("v1", annotated=False)
        """,
    ),
    "a tag is moved without a word": Trap(
        """
        repo = git.Repo(".")
        repo.create_tag("v1", message="first")
        try:
            repo.create_tag("v1", message="second")
        except git.GitCommandError:
            print("v1 is there")
        """,
        """
        scm = Git(".")
        scm.tag("v1", annotated=True, message="first")
        try:
            scm.tag("v1", annotated=True, message="second")
        except Exception:
            print("v1 is there")
        """,
    ),
    "names are asked of a DVC repository": Trap(
        """
        repo = git.Repo(".")
        repo.create_tag("v1")
        print([tag.name for tag in repo.tags], [head.name for head in repo.heads])
        """,
        """
        scm = Git(".")
        scm.tag("v1", annotated=False)
        print(dvc.api.all_tags(), dvc.api.all_branches())
        """,
    ),
    "old data is where git had it": Trap(
        """
        repo = git.Repo(".")
        Path("data/old.csv").write_text("new")
        repo.index.add(["data/old.csv"])
        repo.index.commit("new")
        print(repo.git.show("HEAD~1:data/old.csv"), repo.git.show("HEAD:data/old.csv"))
        """,
        _INIT
        + """
        Path("data/old.csv").write_text("new")
        repo.scm.gitpython.repo.index.remove(["data/old.csv"])
        repo.add("data/old.csv")
        repo.scm.commit("new")
        for rev in ("HEAD~1", "HEAD"):
            print(repo.scm.get_fs(rev).open("data/old.csv", "r").read().strip(), end=" ")
        """,
    ),
}


def _program(head: str, body: str) -> str:
    begin = _INIT if body.startswith(_INIT) else ""
    return head + begin + dedent(body.removeprefix(begin))


@pytest.mark.parametrize("name", TRAPS)
def test_trap_when_it_is_translated_then_is_not_stepped_into(name: str, translations: Translations) -> None:
    source = _program(_SOURCE, TRAPS[name].source)
    translation = doctranslate.translate(source, "gitpython", "dvc", "docs", engine="offline")

    with Judge(source, "gitpython", "dvc", setup=SETUP) as judge:
        assert judge.source_outcome().run.returncode == 0, judge.source_outcome().run.stderr
        naive_ran, naive = judge.check(_program(_NAIVE, TRAPS[name].naive))
        executed, equivalent = judge.check(translation.code)

    assert "fail" in (naive_ran.outcome, naive.outcome), "the obvious translation is right: this is no trap"
    assert executed.outcome == "pass", str(executed)
    assert equivalent.outcome == "pass", "\n".join(map(str, equivalent.differences))
