"""Short programs, each with one habit of people who use GitPython.

They start on branch main of a repository with a README, an empty ``data/`` and a remote.
"""

from __future__ import annotations

from textwrap import dedent

_HEAD = "import os\nfrom pathlib import Path\n\nimport git\nfrom git import Repo\n"

_PROGRAMS = {
    "data first on a branch, then on main": """
        repo = Repo(".")
        repo.git.checkout("-b", "exp")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        repo.git.checkout("main")
        Path("data").mkdir(exist_ok=True)
        Path("data/b.csv").write_text("2")
        repo.index.add(["data/b.csv"])
        repo.index.commit("b")
        repo.remotes.origin.push()
        """,
    "a folder with old and new data": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        Path("data/a.csv").write_text("2")
        Path("data/b.csv").write_text("2")
        repo.git.add("data")
        repo.git.commit("-m", "all")
        repo.remotes.origin.push()
        """,
    "from a sub-folder": """
        os.makedirs("sub")
        os.chdir("sub")
        repo = Repo(search_parent_directories=True)
        Path("../data/a.csv").write_text("1")
        Path("../x.py").write_text("1")
        repo.index.add(["data/a.csv", "x.py"])
        repo.index.commit("a")
        repo.remotes.origin.push()
        print(repo.is_dirty(), repo.untracked_files)
        """,
    "add everything, with a deletion": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        Path("x.py").write_text("1")
        os.remove("README.md")
        repo.git.add(A=True)
        repo.git.commit("-m", "all")
        Path("data/a.csv").write_text("2")
        repo.git.add(".")
        repo.index.commit("again")
        repo.remotes.origin.push()
        print(repo.is_dirty(untracked_files=True))
        """,
    "commit -am": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        Path("data/a.csv").write_text("2")
        Path("README.md").write_text("new")
        repo.git.commit("-am", "b")
        repo.remotes.origin.push()
        """,
    "a list in a variable": """
        repo = Repo(".")
        files = ["data/a.csv", "x.py"]
        for name in files:
            Path(name).write_text("1")
        repo.index.add(files)
        repo.index.commit("a")
        repo.remotes.origin.push()
        """,
    "a list as a parameter": """
        def save(repo, files):
            repo.index.add(files)
            repo.index.commit("m")

        def main(names):
            repo = Repo(".")
            for name in names:
                Path(name).write_text("1")
            save(repo, names)
            repo.remotes.origin.push()

        main(["data/a.csv", "x.py"])
        """,
    "starred names and push of HEAD": """
        repo = Repo(".")
        names = [f"data/{n}.csv" for n in "ab"]
        for name in names:
            Path(name).write_text("1")
        repo.git.add(*names)
        repo.git.commit("-m", "x")
        repo.git.push("origin", "HEAD")
        """,
    "path objects and odd names": """
        repo = Repo(".")
        out = Path("data") / "a b [x] \\u00e4.csv"
        out.write_text("1")
        repo.index.add([out])
        repo.index.commit(f"Add {out.name}")
        repo.remotes.origin.push()
        """,
    "forms of push": """
        repo = Repo(".")
        origin = repo.remote()
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        repo.create_tag("v1", message="x")
        repo.create_head("exp")
        origin.push(["main", "v1"])
        origin.push(refspec="exp:exp")
        repo.create_tag("v2")
        repo.git.push("origin", "--tags")
        """,
    "push to every remote": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        for remote in repo.remotes:
            remote.push()
        """,
    "push, and look at the result": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        info = repo.remotes.origin.push()
        print(len(info))
        """,
    "a new remote": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        backup = repo.create_remote("backup", os.path.abspath("../origin.git"))
        backup.push("main")
        """,
    "old data by checkout": """
        repo = Repo(".")
        for n in "12":
            Path("data/a.csv").write_text(n)
            repo.index.add(["data/a.csv"])
            repo.index.commit(n)
            repo.create_tag("v" + n)
        repo.git.checkout("v1")
        print(Path("data/a.csv").read_text(), repo.head.is_detached)
        repo.heads.main.checkout()
        print(Path("data/a.csv").read_text())
        """,
    "one old file by checkout": """
        repo = Repo(".")
        for n in "12":
            Path("data/a.csv").write_text(n)
            repo.index.add(["data/a.csv"])
            repo.index.commit(n)
        repo.git.checkout("HEAD~1", "--", "data/a.csv")
        print(Path("data/a.csv").read_text())
        repo.git.commit("-m", "back")
        """,
    "forms of reading": """
        repo = Repo(".")
        for n in "12":
            Path("data/a.csv").write_text(n)
            repo.index.add(["data/a.csv"])
            repo.index.commit("c" + n)
            repo.create_tag("v" + n)
        tree = repo.commit("v1").tree
        blob = tree["data/a.csv"]
        print(blob.data_stream.read(), repo.git.show("v1:data/a.csv"))
        print((repo.head.commit.tree / "data" / "a.csv").data_stream.read())
        for commit in repo.iter_commits():
            if len(commit.parents):
                print(commit.message, (commit.tree / "data/a.csv").data_stream.read())
        """,
    "names of refs": """
        repo = Repo(".")
        for n in "123":
            Path("x.py").write_text(n)
            repo.index.add(["x.py"])
            repo.index.commit("c" + n)
            repo.create_tag("v" + n)
        repo.create_head("old", "HEAD~1")
        repo.create_head("gone")
        repo.delete_head("gone")
        repo.delete_tag("v2")
        print([branch.name for branch in repo.branches], [str(tag) for tag in repo.tags], repo.active_branch)
        print(repo.heads.old.commit.message, repo.tags["v1"].commit.message, repo.tags[-1].name)
        """,
    "a range of commits": """
        repo = Repo(".")
        for n in "123":
            Path("x.py").write_text(n)
            repo.index.add(["x.py"])
            repo.index.commit("c" + n)
            repo.create_tag("v" + n)
        print([commit.message for commit in repo.iter_commits("v1..main")])
        """,
    "remove from the index": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        repo.index.remove(["data/a.csv"], working_tree=True)
        repo.index.commit("gone")
        repo.remotes.origin.push()
        """,
    "git rm": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.git.add("data/a.csv")
        repo.git.commit("-m", "a")
        repo.git.rm("data/a.csv")
        repo.git.commit("-m", "gone")
        repo.git.push()
        """,
    "clone a branch": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.git.checkout("-b", "dev")
        repo.index.add(["data/a.csv"])
        repo.index.commit("x")
        repo.git.push("origin", "dev")
        copy = Repo.clone_from(os.path.abspath("../origin.git"), "../copy", branch="dev")
        print(Path("../copy/data/a.csv").read_text(), copy.active_branch)
        """,
    "pull new data": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("x")
        repo.git.push()
        copy = Repo.clone_from(os.path.abspath("../origin.git"), "../copy")
        Path("data/a.csv").write_text("2")
        repo.index.add(["data/a.csv"])
        repo.index.commit("y")
        repo.remotes.origin.push()
        copy.git.pull("origin", "main")
        print(Path("../copy/data/a.csv").read_text())
        """,
    "merge a branch with data": """
        repo = Repo(".")
        repo.git.checkout("-b", "exp")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        repo.git.checkout("main")
        repo.git.merge("exp")
        print(Path("data/a.csv").read_text())
        repo.remotes.origin.push()
        """,
    "changes in the working tree": """
        repo = Repo(".")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("a")
        Path("data/a.csv").write_text("2")
        print(repo.untracked_files, repo.is_dirty())
        print([diff.a_path for diff in repo.index.diff(None)])
        repo.git.reset("--hard")
        print(Path("data/a.csv").read_text(), repo.is_dirty())
        """,
    "errors": """
        def attempt(what):
            try:
                what()
            except (git.exc.GitCommandError, ValueError) as error:
                print("failed")

        repo = Repo(".")
        repo.create_tag("v1", message="a")
        attempt(lambda: repo.create_tag("v1", message="b"))
        attempt(lambda: repo.git.checkout("nope"))
        attempt(lambda: repo.git.push("origin", "nope"))
        attempt(lambda: repo.git.checkout("-b", "main"))
        attempt(lambda: repo.git.commit("-m", "nothing"))
        attempt(lambda: Repo.clone_from("/nowhere", "x"))
        """,
    "another author": """
        from git import Actor

        repo = Repo(".")
        bob = Actor("Bob", "bob@example.com")
        Path("data/a.csv").write_text("1")
        repo.index.add(["data/a.csv"])
        repo.index.commit("x", author=bob, committer=bob)
        print(repo.head.commit.author.name)
        """,
    "notebook": """
        rp = git.Repo.init(".")
        Path("models").mkdir()
        Path("models/m.npz").write_bytes(b"1")
        rp.git.add("models/m.npz")
        rp.git.commit(m="model")
        rp.remotes["origin"].push()
        rp.close()
        """,
}

SMALL_PROGRAMS = {name: _HEAD + dedent(code) for name, code in _PROGRAMS.items()}
