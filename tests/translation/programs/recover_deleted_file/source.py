"""Undelete: python undelete.py PATH"""
import sys

from git import Repo
from git.exc import GitCommandError


def last_commit_that_touched(repo, path):
    sha = repo.git.rev_list("-n", "1", "HEAD", "--", path)
    return repo.commit(sha) if sha else None


def main(argv):
    path = argv[1]
    repo = Repo(".")
    commit = last_commit_that_touched(repo, path)
    if commit is None:
        print(f"{path} was never here")
        return 1
    print("deleted by:", commit.summary)
    try:
        repo.git.checkout(f"{commit.hexsha}^", "--", path)
    except GitCommandError as err:
        print("cannot restore it, status", err.status)
        return 2
    repo.index.commit(f"Bring back {path}")
    with open(path) as f:
        print(f.read(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
