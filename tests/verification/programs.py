"""Honest programs on DVC, in the styles that people write."""

HONEST = {
    "script": """
        from dvc.repo import Repo
        from scmrepo.git import Git

        scm = Git.init("work")
        repo = Repo.init("work")
        repo.add("work/data.csv")
        repo.scm.add(["work/data.csv.dvc", "work/.gitignore"])
        repo.scm.commit("Add data")
        repo.scm.tag("v1", annotated=True, message="First")
        print(repo.scm.get_rev()[:7].upper())
        """,
    "functions": """
        from dvc.repo import Repo

        def open_repo(path="."):
            return Repo(path)

        def save(repo, files, message):
            stages = repo.add(files)
            repo.scm.add([stage.path for stage in stages])
            repo.scm.commit(message)
            return repo.scm.get_rev()

        def main():
            repo = open_repo()
            for name in ("a.csv", "b.csv"):
                print(save(repo, name, f"Add {name}"))
            repo.push()

        if __name__ == "__main__":
            main()
        """,
    "class": """
        from dvc.repo import Repo

        class Store:
            def __init__(self, root):
                self.repo = Repo(root)
                self._saved = []

            @property
            def branch(self) -> str:
                return self.repo.scm.active_branch()

            def save(self, path, *, message=None):
                self.repo.add(path)
                self.repo.scm.commit(message or f"Add {path}")
                self._saved.append(path)
                return self

            def publish(self):
                self.repo.push(remote="origin")
                self.repo.scm.push_refspecs("origin", f"refs/heads/{self.branch}")

        Store(".").save("x").save("y", message="m").publish()
        """,
    "aliases": """
        import dvc.api as api
        from dvc.repo import Repo as R
        from scmrepo.git import Git as G

        r = R(".")
        s = r.scm
        save = s.commit
        save("message")
        text = api.read("f.txt", rev="HEAD~1")
        print(text.strip(), G(".").list_tags())
        """,
    "try": """
        from dvc.exceptions import DvcException, NotDvcRepoError
        from dvc.repo import Repo
        from scmrepo.exceptions import SCMError

        try:
            repo = Repo(".")
        except NotDvcRepoError:
            repo = Repo.init(".", no_scm=True)
        try:
            repo.scm.checkout("main")
            repo.checkout(force=True)
        except (SCMError, DvcException) as error:
            print("cannot:", error)
        except OSError as error:
            print(error.strerror, error.filename)
        """,
    "with": """
        from contextlib import closing, suppress
        from dvc.repo import Repo

        with Repo(".") as repo, suppress(FileNotFoundError):
            repo.pull()
            with repo.config.edit("local") as conf:
                conf["remote"]["s3"] = {"url": "s3://b"}
                conf.setdefault("core", {})["remote"] = "s3"
        with closing(Repo(".")) as other:
            other.fetch(all_branches=True)
        """,
    "comprehensions": """
        from dvc.repo import Repo

        repo = Repo(".")
        commits = [repo.scm.resolve_commit(sha) for sha in repo.scm.branch_revs("main")]
        by_author = {c.author_name: c.hexsha[:8] for c in commits if c.message.startswith("Add")}
        dates = sorted(c.commit_datetime.isoformat() for c in commits)
        print(by_author, dates, max(commits, key=lambda c: c.commit_time).message.splitlines())
        """,
    "argparse": """
        import argparse
        from dvc.repo import Repo

        def add(args):
            Repo(args.root).add(args.paths, no_commit=args.dry)

        def push(args):
            print(Repo(args.root).push(jobs=args.jobs))

        parser = argparse.ArgumentParser()
        parser.add_argument("--root", default=".")
        sub = parser.add_subparsers()
        one = sub.add_parser("add")
        one.add_argument("paths", nargs="+")
        one.set_defaults(run=add)
        two = sub.add_parser("push")
        two.set_defaults(run=push)
        args = parser.parse_args()
        args.run(args)
        """,
    "read at a revision": """
        import json
        import dvc.api
        from dvc.api import DVCFileSystem

        with dvc.api.open("metrics.json", rev="v1", mode="rb") as file:
            old = json.load(file)
        fs = DVCFileSystem(rev="v1")
        for path in fs.find("/data"):
            with fs.open(path) as file:
                print(path, len(file.read()), old.get("auc"))
        print(dvc.api.params_show("params.yaml"), dvc.api.metrics_show())
        """,
    "union with none": """
        from __future__ import annotations
        from dvc.repo import Repo

        _repo: Repo | None = None

        def get_repo() -> Repo:
            global _repo
            if _repo is None:
                _repo = Repo(".")
            return _repo

        print(get_repo().root_dir.rstrip("/"), get_repo().scm.is_dirty())
        """,
    "status": """
        import os
        from dvc.repo import Repo

        repo = Repo(".")
        staged, unstaged, untracked = repo.scm.status()
        paths = [os.path.join(repo.scm.root_dir, p) for p in [*unstaged, *untracked]]
        repo.scm.add(paths)
        changed = bool(repo.data_status()["uncommitted"]) or repo.scm.is_dirty(untracked_files=True)
        print(sorted(staged), changed, repo.status(cloud=True))
        """,
    "clone": """
        from pathlib import Path
        from dvc.repo import Repo
        from scmrepo.git import Git

        def obtain(url: str, target: Path) -> Repo:
            if target.exists():
                repo = Repo(str(target))
                repo.scm.fetch("origin")
            else:
                Git.clone(url, str(target), rev="main").close()
                repo = Repo(str(target))
            repo.pull()
            return repo

        Repo.get("https://example.com/r", "data.csv", out="here.csv", rev="v1")
        obtain("https://example.com/r", Path("r")).close()
        """,
    "own subclass": """
        from dvc.repo import Repo

        class Project(Repo):
            extra = 1

            def __init__(self, root, name):
                super().__init__(root)
                self.name = name

            def publish(self):
                self.add("data")
                self.push()
                self.log(f"{self.name}: {self.root_dir}")
                return super().status()

            def log(self, text):
                print(text, self.extra)

        Project(".", "p").publish()
        """,
    "dataclass": """
        from dataclasses import dataclass, field
        from dvc.repo import Repo
        from scmrepo.git import Git

        @dataclass
        class Context:
            repo: Repo
            tags: list[str] = field(default_factory=list)

            @classmethod
            def open(cls, root):
                return cls(Repo(root))

            @staticmethod
            def git(root) -> Git:
                return Git(root)

        ctx = Context.open(".")
        ctx.tags.extend(ctx.repo.scm.list_tags())
        print(ctx.git(".").dir, ctx.tags)
        """,
    "generator": """
        from dvc.repo import Repo

        def repos(roots):
            for root in roots:
                yield Repo(root)

        def walk():
            yield from repos(["a", "b"])

        for number, repo in enumerate(walk()):
            print(number, repo.root_dir, repo.scm.list_branches())
        first = next(iter(repos(["c"])))
        first.status(cloud=True)
        """,
    "decorators": """
        import functools
        from dvc.repo import Repo

        def retry(times):
            def wrap(function):
                @functools.wraps(function)
                def inner(*args, **kwargs):
                    for _ in range(times):
                        return function(*args, **kwargs)
                return inner
            return wrap

        @functools.lru_cache
        def repo():
            return Repo(".")

        @retry(3)
        def push(remote=None):
            return repo().push(remote=remote)

        push("origin").anything()
        """,
    "threads": """
        from concurrent.futures import ThreadPoolExecutor
        from dvc.repo import Repo

        def pull(root):
            with Repo(root) as repo:
                return repo.pull(jobs=4)

        with ThreadPoolExecutor(max_workers=2) as pool:
            results = list(pool.map(pull, ["a", "b"]))
        print([r.get("stats") for r in results])
        """,
    "bridge": """
        from dvc.repo import Repo

        repo = Repo(".")
        native = repo.scm.gitpython.repo
        native.create_remote("origin", "https://example.com/r")
        print(native.git.describe("--tags"), repo.scm.gitpython.repo.head.commit.author.email)
        """,
    "async": """
        import asyncio
        from dvc.repo import Repo

        async def open_repo():
            return Repo(".")

        async def main():
            repo = await open_repo()
            await asyncio.to_thread(repo.push, remote="origin")
            print(repo.root_dir)

        asyncio.run(main())
        """,
    "set attribute": """
        from dvc.repo import Repo

        repo = Repo(".")
        repo.my_label = "x"
        repo.scm_context.autostage = True
        print(repo.my_label)
        """,
    "match": """
        from dvc.repo import Repo
        from scmrepo.git import Git

        def show(thing):
            match thing:
                case Repo(root_dir=root):
                    print(root.title())
                case Git() as scm:
                    print(scm.get_rev())
                case [first, *rest]:
                    print(first.name, rest)

        show(Repo("."))
        """,
    "star import": """
        from dvc.api import *

        print(read("f", rev="HEAD"), params_show())
        """,
    "shadowed name": """
        from dvc.repo import Repo

        class Index:
            def add(self, path):
                return path

        def build(repo):
            index = Index()
            index.add("x")
            push = lambda branch: branch
            return push(branch="main"), repo.index.targets_view

        build(Repo("."))
        """,
}

HONEST_SOURCE = """
import argparse
import os

import git

url, data = "https://example.com/r", "s3://b"
repo = git.Repo(".")
repo.git.checkout("main", force=True)
repo.git.gc()
repo.create_remote("s3", data)
"""
"""What they are translations of, as far as it matters: what they do to a machine, it does as well."""
