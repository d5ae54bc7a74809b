"""Lineage of the inputs of a report."""
from git import Repo

INPUTS = ["data/raw/readings.csv", "data/cities.csv", "models/model.bin"]

repo = Repo()
order = [c.hexsha for c in repo.iter_commits("main")]

for name in INPUTS:
    last = next(repo.iter_commits(paths=name, max_count=1))
    size = (last.tree / name).size
    print(f"{name}: {last.summary!r}, {order.index(last.hexsha)} commits ago, {size} bytes")
