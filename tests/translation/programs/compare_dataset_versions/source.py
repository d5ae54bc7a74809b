import csv
import io
import sys

import git


def load(repo, rev, path="data/prices.csv"):
    """Rows of the table at a revision, by day."""
    blob = repo.commit(rev).tree[path]
    text = blob.data_stream.read().decode()
    return {row["day"]: row for row in csv.DictReader(io.StringIO(text))}


a, b = sys.argv[1:3]
repo = git.Repo(".")
old, new = load(repo, a), load(repo, b)

print(f"{a}: {len(old)} rows, {b}: {len(new)} rows")
for day in sorted(new.keys() - old.keys()):
    print("new", day, new[day]["price"])
for day in sorted(old.keys() & new.keys()):
    if old[day] != new[day]:
        print("changed", day, old[day]["price"], new[day]["price"])
