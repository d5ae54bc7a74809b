#!/usr/bin/env python3
"""Release bot.  release_bot.py major|minor|patch"""
import logging
import sys
from pathlib import Path

from git import Repo

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stdout)
log = logging.getLogger("release")


class ReleaseBot:
    """Bumps the version of a repository and publishes it."""

    def __init__(self, path="."):
        self.repo = Repo(path)
        self.version_file = Path(path) / "VERSION"

    @property
    def version(self):
        return self.version_file.read_text().strip()

    def next_version(self, part):
        numbers = [int(n) for n in self.version.split(".")]
        index = ["major", "minor", "patch"].index(part)
        numbers[index] += 1
        numbers[index + 1 :] = [0] * (2 - index)
        return ".".join(map(str, numbers))

    def release(self, part):
        if self.repo.is_dirty():
            raise SystemExit("commit your changes first")
        version = self.next_version(part)
        self.version_file.write_text(version + "\n")
        self.repo.index.add(["VERSION"])
        commit = self.repo.index.commit(f"Release {version}")
        tag = self.repo.create_tag(f"v{version}", message=f"Version {version}")
        log.info("%s: %s", tag.name, commit.message)
        self.push(tag)
        return tag

    def push(self, tag):
        origin = self.repo.remote()
        origin.push()
        origin.push(tag.name)
        log.info("pushed to %s", origin.name)


if __name__ == "__main__":
    bot = ReleaseBot()
    log.info("version is %s", bot.version)
    bot.release(sys.argv[1])
