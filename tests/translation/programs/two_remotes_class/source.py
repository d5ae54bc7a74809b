"""Publish a model: every training goes to staging, releases go to production."""
import sys
from pathlib import Path

import git
from git import Repo
from git.exc import GitCommandError


class Publisher:
    def __init__(self, folder, world):
        self._repo = Repo(folder)
        self._world = Path(world)
        self._remotes = {}

    def connect(self, name):
        url = str(self._world / f"{name}.git")
        git.Repo.init(url, bare=True)
        try:
            remote = self._repo.create_remote(name, url)
        except GitCommandError:
            remote = self._repo.remote(name)
            remote.set_url(url)
        self._remotes[name] = remote

    def stage(self, weights, message):
        path = Path(self._repo.working_tree_dir, "models", "model.bin")
        path.write_text(weights)
        self._repo.index.add([str(path)])
        self._repo.index.commit(message)
        self._remotes["staging"].push("main:main")

    def release(self, version):
        tag = self._repo.create_tag(version, message=f"Model {version}")
        self._remotes["production"].push([tag.name])
        return tag

    def report(self):
        for name in sorted(self._remotes):
            refs = self._repo.git.ls_remote(name).splitlines()
            print(name, sorted(line.split("\t")[1] for line in refs if not line.endswith(("HEAD", "^{}"))))


publisher = Publisher(".", sys.argv[1])
publisher.connect("staging")
publisher.connect("production")
publisher.connect("staging")
publisher.stage("weights 1 2\n", "Train on day 1")
publisher.stage("weights 2 3\n", "Train on day 2")
print(publisher.release("m1.0"))
publisher.stage("weights 3 4\n", "Train on day 3")
publisher.report()
