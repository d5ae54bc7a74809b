import git.repo
from git.repo import Repo as R
from git.repo.base import Repo


def branch():
    return Repo(".").active_branch.name


def summary():
    return R(".").head.commit.summary


def dirty():
    return git.repo.Repo(".").is_dirty()


def untracked():
    from git import Repo as Local

    return Local().untracked_files


open("new.txt", "w").close()
print(branch(), summary(), dirty(), untracked(), sep="\n")
