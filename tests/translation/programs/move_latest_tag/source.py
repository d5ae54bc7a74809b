"""Deployments follow the tag `latest`: point it at what is on main."""
import sys

from git import Repo, exc

repo = Repo(search_parent_directories=True)
origin = repo.remotes.origin


def retag(name, ref="HEAD"):
    if name in repo.tags:
        repo.delete_tag(name)
        print("dropped", name)
    return repo.create_tag(name, ref=ref)


retag("latest", "v0.2")
origin.push("latest")
print("latest is at:", repo.tags["latest"].commit.summary)

tag = retag("latest")
try:
    origin.push(tag.name, force=True).raise_if_error()
except exc.GitCommandError as error:
    print(error)
    sys.exit(1)
print("latest is at:", tag.commit.summary)

# v0.1 was a mistake
repo.delete_tag(repo.tags["v0.1"])
repo.git.push("origin", ":refs/tags/v0.1")
print([t.name for t in repo.tags])
