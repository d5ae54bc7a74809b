"""One reply, and the program that most of them are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Expected = Literal["accepted", "merged", "repaired", "refused"]
"""``repaired`` is asked for once more and then right; ``refused`` is asked for once more and no better."""

SOURCE = '''\
"""Publishes a data set."""

import os
import git

REMOTE = "origin"  # where it goes


def opened(path: str) -> git.Repo:
    """Open it."""
    return git.Repo(path)


class Publisher:
    """Publishes."""

    limit: int = 3

    def __init__(self, repo: git.Repo) -> None:
        self.repo = repo

    def add(self, paths: list[str]) -> None:
        # only what is there
        there = [path for path in paths if os.path.exists(path)]
        self.repo.index.add(there)
        print(f"added {len(there)}")

    def push(self, tag: str) -> None:
        self.repo.create_tag(tag)
        self.repo.git.push(REMOTE, tag)


if __name__ == "__main__":
    publisher = Publisher(opened("."))
    publisher.add(["data/a.csv"])
    publisher.push("v1")
'''

TRANSLATED = (
    SOURCE.replace("import git\n", "from dvc.repo import Repo\n")
    .replace("git.Repo", "Repo")
    .replace("self.repo.index.add(there)", "self.repo.add(there)")
    .replace("self.repo.create_tag(tag)", "self.repo.scm.tag(tag)")
    .replace("self.repo.git.push(REMOTE, tag)", "self.repo.push()")
)


@dataclass(frozen=True)
class ReplyCase:
    """A reply and what is to become of it.

    Attributes:
        kind: What is special about it.
        name: Unique.
        reply: As a model writes it.
        expected: What is to become of it.
        code: The program that is to come of it; "" where none is.
        source: The program that it answers.
    """

    kind: str
    name: str
    reply: str
    expected: Expected
    code: str = ""
    source: str = SOURCE


def fenced(code: str, language: str = "python") -> str:
    return f"```{language}\n{code}```"
