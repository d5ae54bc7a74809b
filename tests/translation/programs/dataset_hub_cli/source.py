#!/usr/bin/env python3
"""hub: propose changes to shared data sets, accept or refuse them."""
import argparse
import logging
import shlex
import sys
from pathlib import Path

from git import Repo
from git.exc import GitCommandError

logger = logging.getLogger("hub")


class HubError(Exception):
    """Something the user can put right."""


class Hub:
    def __init__(self, path="."):
        self.repo = Repo(path)
        self.git = self.repo.git

    def _branch(self, title):
        return "propose/" + title.lower().replace(" ", "-")

    def propose(self, title, files):
        branch = self._branch(title)
        try:
            self.git.checkout("-b", branch)
        except GitCommandError as error:
            raise HubError(f"{title!r} is proposed already") from error
        for name, text in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git.add(*files)
        self.git.commit("-m", title)
        self.git.push("--set-upstream", "origin", branch)
        self.git.checkout("main")
        logger.info("proposed %s", branch)

    def proposals(self):
        return [h for h in self.repo.heads if h.name.startswith("propose/")]

    def accept(self, title):
        branch = self._branch(title)
        if branch not in [h.name for h in self.proposals()]:
            raise HubError(f"no proposal {title!r}")
        self.git.merge("--no-ff", branch, "-m", f"Accept: {title}")
        self.git.push("origin", "main")
        self._drop(branch)
        logger.info("accepted %s", branch)

    def refuse(self, title):
        self._drop(self._branch(title))
        logger.info("refused %s", title)

    def _drop(self, branch):
        self.repo.delete_head(branch, force=True)
        self.repo.remotes.origin.push(refspec=":" + branch)

    def log(self, path):
        for commit in self.repo.iter_commits("main", paths=path):
            yield f"{commit.author.name}: {commit.message.strip()}"


def run(hub, line):
    parser = argparse.ArgumentParser(prog="hub")
    parser.add_argument("command", choices=["accept", "refuse", "list", "log"])
    parser.add_argument("name", nargs="?")
    args = parser.parse_args(shlex.split(line))
    if args.command == "list":
        print([head.name for head in hub.proposals()])
    elif args.command == "log":
        print(*hub.log(args.name), sep="\n")
    else:
        getattr(hub, args.command)(args.name)


def main():
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    logger.setLevel(logging.INFO)
    hub = Hub()
    hub.propose("Add cities", {"geo/cities.parquet": "PAR1 oslo rome PAR1\n", "geo/README.md": "Cities.\n"})
    hub.propose("Add rivers", {"geo/rivers.parquet": "PAR1 tiber PAR1\n"})
    try:
        hub.propose("Add cities", {})
    except HubError as error:
        print("error:", error)
    for line in ["list", "accept 'Add cities'", "refuse 'Add rivers'", "accept 'Add seas'", "list",
                 "log geo/README.md"]:
        try:
            run(hub, line)
        except HubError as error:
            print("error:", error)
    print(sorted(str(p) for p in Path("geo").glob("*.parquet")))


if __name__ == "__main__":
    main()
