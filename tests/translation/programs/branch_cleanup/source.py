import sys

import git
from git.exc import GitCommandError

PROTECTED = {"main", "master", "develop"}


def merged_branches(repo):
    for line in repo.git.branch("--merged", "main").splitlines():
        name = line.strip("* ").strip()
        if name not in PROTECTED:
            yield name


def main():
    repo = git.Repo(".")
    # branches that are left over from old reviews
    repo.create_head("old-review", "v0.2")
    repo.create_head("older-review", "v0.1")
    repo.git.push("origin", "old-review")

    for name in sorted(merged_branches(repo)):
        repo.delete_head(name)
        print("deleted", name)
        try:
            repo.git.push("origin", "--delete", name)
        except GitCommandError:
            print("   it was not on the remote")
        else:
            print("   and on the remote")
    print("left:", sorted(head.name for head in repo.heads))
    return 0


if __name__ == "__main__":
    sys.exit(main())
