"""Retry anything that talks to the network."""
import functools

from git import GitCommandError, Repo


def retried(times):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for left in range(times - 1, -1, -1):
                try:
                    return function(*args, **kwargs)
                except GitCommandError:
                    if not left:
                        raise
                    print("again")

        return wrapper

    return decorate


def attempt(action, *args):
    return retried(3)(action)(*args)


repo = Repo(".")
origin = repo.remotes.origin
attempt(origin.fetch)

with open("data/cities.csv", "a") as f:
    f.write("Lima,-12.0,-77.0\n")
steps = [
    (repo.git.add, ["data/cities.csv"]),
    (repo.git.commit, ["-m", "Add Lima"]),
    (repo.git.push, ["origin", "main"]),
]
for action, words in steps:
    attempt(action, *words)

try:
    attempt(repo.git.push, "nowhere", "main")
except GitCommandError:
    print("nowhere to push to")
print(repo.head.commit.summary)
