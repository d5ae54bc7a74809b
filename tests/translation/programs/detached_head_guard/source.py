"""Where am I?  Works on a branch and on a tag."""
import git


def where(repo):
    if repo.head.is_detached:
        names = [tag.name for tag in repo.tags if tag.commit == repo.head.commit]
        return "detached at " + (names[0] if names else "no tag")
    return "branch " + repo.active_branch.name


repo = git.Repo(".")
print(where(repo))

repo.git.checkout("v0.2.0")
print(where(repo))
try:
    repo.active_branch
except TypeError:
    print("no active branch now")
print(open("VERSION").read().strip())

repo.git.checkout("main")
print(where(repo))
