"""State of all checkouts below a folder, as the lab's Monday mail shows it."""
import os

import git


def open_all(root):
    repos = {}
    for name in sorted(os.listdir(root)):
        path = os.path.join(root, name)
        try:
            repos[name] = git.Repo(path)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            print(f"({name} is no repository)")
    return repos


def row(name, repo):
    if not repo.head.is_valid():
        return [name, "-", "empty", "-"]
    state = "dirty" if repo.is_dirty(untracked_files=True) else "clean"
    remotes = ",".join(r.name for r in repo.remotes) or "-"
    return [name, repo.active_branch.name, state, remotes]


repos = open_all(".")
table = [row(name, repo) for name, repo in repos.items()]
for cells in table:
    print("{:<8} {:<8} {:<6} {}".format(*cells))

newest = max((r for r in repos.values() if r.head.is_valid()), key=lambda r: r.head.commit.committed_date)
print("newest:", newest.head.commit.message.strip())
