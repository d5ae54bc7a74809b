from __future__ import annotations

from typing import Iterable, Optional

import git
from git import Commit, Head, Repo, TagReference


def find_branch(repo: Repo, name: str) -> Optional[Head]:
    return next((head for head in repo.heads if head.name == name), None)


def tip(branch: Head) -> Commit:
    return branch.commit


def newest(commits: Iterable[Commit]) -> Commit:
    return max(commits, key=lambda c: c.committed_date)


def tag_of(repo: git.Repo, commit: git.Commit) -> Optional[TagReference]:
    for tag in repo.tags:
        if tag.commit.hexsha == commit.hexsha:
            return tag
    return None


def describe(repo: Repo, commit: Commit) -> str:
    tag = tag_of(repo, commit)
    label = tag.name if tag else "untagged"
    return f"{commit.summary} [{label}]"


repo = Repo(".")
found: dict[str, Commit] = {}
for name in ("main", "develop", "feature/export", "gone"):
    branch = find_branch(repo, name)
    if branch is None:
        print(name, "is not here")
        continue
    found[name] = tip(branch)
    print(name, "->", describe(repo, found[name]))
print("newest:", newest(found.values()).message.strip())
