import argparse

import git
from git.exc import BadName, GitError


def resolve(repo, rev):
    try:
        return repo.commit(rev)
    except (BadName, ValueError, GitError):
        return None


parser = argparse.ArgumentParser(description="Check revisions before a long run.")
parser.add_argument("revisions", nargs="+")
args = parser.parse_args()

repo = git.Repo(".")
bad = 0
for rev in args.revisions:
    commit = resolve(repo, rev)
    if commit is None:
        print(f"{rev:<12} unknown")
        bad += 1
    else:
        print(f"{rev:<12} {commit.message.strip()}")
raise SystemExit(2 if bad else 0)
