import csv
import os
from datetime import date

from git import Repo

TODAY = date(2026, 3, 14)
path = os.path.join("data", "daily", f"{TODAY:%Y-%m-%d}.csv")
os.makedirs(os.path.dirname(path), exist_ok=True)

with open(path, "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["station", "mm"])
    w.writerows([["north", 3], ["south", 0]])
with open("LOG.md", "a") as f:
    f.write(f"- {TODAY.isoformat()}: 2 stations\n")

repo = Repo(os.getcwd())
repo.index.add([path, "LOG.md"])
repo.index.commit(f"Rain of {TODAY}")
origin = repo.remote(name="origin")
origin.push()
