"""Bring a working copy up to date, and say in one line why when that is not possible."""

import sys
from pathlib import Path

from git import Repo
from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError


def open_repo(path):
    try:
        return Repo(path)
    except (InvalidGitRepositoryError, NoSuchPathError):
        print(f"{path}: not a repository")
        return None


def sync(repo):
    """Fetch and pull; True when it worked."""
    if repo.is_dirty():
        print("There are local changes: commit them first")
        return False
    origin = repo.remote()
    try:
        origin.fetch()
        origin.pull()
    except GitCommandError:
        print("Could not pull: is there a remote branch to pull from?")
        return False
    return True


def main():
    repo = open_repo(sys.argv[1] if len(sys.argv) > 1 else ".")
    if repo is None:
        return 2
    if not sync(repo):
        return 1
    rows = Path(repo.working_dir, "data/train.csv").read_text().splitlines()[1:]
    print(f"{repo.active_branch.name}: {repo.head.commit.message.strip()}")
    print(f"{len(rows)} training rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
