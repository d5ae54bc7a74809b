import os

import git

_repo = None


def repo():
    global _repo
    if _repo is None:
        _repo = git.Repo(os.curdir, search_parent_directories=True)
    return _repo


def short_sha(n=7):
    return repo().head.commit.hexsha[:n]


def version():
    tags = {t.commit.hexsha: t.name for t in repo().tags}
    return tags.get(repo().head.commit.hexsha, "0+" + short_sha())


def branch():
    return repo().active_branch.name


def stamp(text):
    return f"{text} [{branch()} {version()}]"


print(stamp("trained"))
repo().git.checkout("develop")
print(stamp("trained").split("+")[0], len(short_sha()))
with open("stamp.txt", "w") as f:
    f.write(branch() + "\n")
repo().index.add(["stamp.txt"])
repo().index.commit("Stamp " + branch())
print(repo().head.commit.message)
