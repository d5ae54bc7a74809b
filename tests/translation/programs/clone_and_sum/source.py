import csv
import sys

from git import Repo

Repo.clone_from(sys.argv[1], "../registry")

with open("../registry/iris/iris.csv", newline="") as f:
    rows = list(csv.DictReader(f))
print(len(rows), "flowers, sepals", round(sum(float(r["sepal"]) for r in rows), 1))
