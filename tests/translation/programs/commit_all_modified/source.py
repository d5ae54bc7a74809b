# Recompute the means after adding the readings of day 3.
import csv
from collections import defaultdict
from git import Repo

with open("data/raw/readings.csv", "a") as f:
    f.write("3,Oslo,-1\n3,Rome,15\n")

values = defaultdict(list)
with open("data/raw/readings.csv") as f:
    for row in csv.DictReader(f):
        values[row["city"]].append(float(row["celsius"]))

with open("data/means.csv", "w") as f:
    f.write("city,mean\n")
    for city, celsius in sorted(values.items()):
        f.write(f"{city},{sum(celsius) / len(celsius):.1f}\n")
with open("README.md", "a") as f:
    f.write("\nUp to day 3.\n")

repo = Repo(search_parent_directories=True)
repo.git.commit("-am", "Add readings of day 3")
repo.git.push()
print(open("data/means.csv").read(), end="")
