"""Which commit broke the model?  Bisect over the commits that carry metrics.json."""
import json

from git import Repo

LIMIT = 0.5


def error_at(commit):
    blob = commit.tree / "metrics.json"
    return json.loads(blob.data_stream.read())["error"]


def first_bad(commits):
    """Position of the first commit above the limit, by bisection; commits are oldest first."""
    low, high = 0, len(commits)
    steps = 0
    while low < high:
        middle = (low + high) // 2
        steps += 1
        if error_at(commits[middle]) > LIMIT:
            high = middle
        else:
            low = middle + 1
    return low, steps


repo = Repo(".")
commits = list(repo.iter_commits("main", reverse=True))
position, steps = first_bad(commits)
bad = commits[position]
print(f"{len(commits)} commits, {steps} steps")
print("good:", commits[position - 1].message.strip(), error_at(commits[position - 1]))
print("bad: ", bad.message.strip(), error_at(bad))

repo.create_head("before-regression", bad.parents[0])
repo.heads["before-regression"].checkout()
print(open("metrics.json").read())
