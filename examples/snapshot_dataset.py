"""Clean the raw reviews, then commit, tag and push the result as one snapshot of the data set."""

import csv

from git import Repo

VERSION = "v1.0"

with open("data/raw.csv", newline="") as source:
    rows = [row for row in csv.DictReader(source) if row["text"].strip()]

with open("data/clean.csv", "w", newline="") as target:
    writer = csv.DictWriter(target, fieldnames=["id", "text", "label"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)

repo = Repo(".")

# The raw export and the cleaned table belong together; so does the script that made one from the other.
repo.index.add(["data/raw.csv", "data/clean.csv", "prepare.py"])
repo.index.commit("Add the cleaned reviews")
repo.create_tag(VERSION, message=f"{len(rows)} labelled reviews")

origin = repo.remotes.origin
origin.push()
origin.push(VERSION)

print(f"Snapshot {VERSION}: {len(rows)} rows")
