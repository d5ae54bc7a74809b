"""Is my copy of the data up to date?  Fetch, compare, and pull when nothing can be lost."""
from __future__ import annotations

from git import Repo


def count(repo: Repo, span: str) -> int:
    return sum(1 for _ in repo.iter_commits(span))


def sync(repo: Repo) -> str:
    origin = repo.remotes.origin
    origin.fetch()
    branch = repo.active_branch.name
    behind = count(repo, f"{branch}..origin/{branch}")
    ahead = count(repo, f"origin/{branch}..{branch}")
    print(f"{branch}: {ahead} ahead, {behind} behind")
    if repo.is_dirty(untracked_files=True):
        return "dirty, left alone"
    if ahead and behind:
        return "diverged, left alone"
    if behind:
        origin.pull()
        return "pulled"
    return "up to date"


repo = Repo(".")
print(sync(repo))
print(sync(repo))
with open("data/log.csv") as f:
    print(f.read(), end="")
