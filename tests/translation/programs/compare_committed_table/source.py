"""Recompute the means; commit them only when they have changed by more than rounding."""
import csv
import io

import git


def table(text):
    return {row["city"]: float(row["mean"]) for row in csv.DictReader(io.StringIO(text))}


def recompute(day_shift):
    sums, counts = {}, {}
    with open("data/raw/readings.csv") as f:
        for row in csv.DictReader(f):
            sums[row["city"]] = sums.get(row["city"], 0) + float(row["celsius"]) + day_shift
            counts[row["city"]] = counts.get(row["city"], 0) + 1
    with open("data/means.csv", "w") as f:
        f.write("city,mean\n")
        for city in sorted(sums):
            f.write(f"{city},{sums[city] / counts[city]}\n")


def update(repo, day_shift):
    recompute(day_shift)
    committed = repo.head.commit.tree["data/means.csv"].data_stream.read().decode()
    old, new = table(committed), table(open("data/means.csv").read())
    moved = {city: new[city] - old[city] for city in new if abs(new[city] - old[city]) > 0.01}
    if not moved:
        repo.git.checkout("--", "data/means.csv")
        print("no change")
        return
    repo.index.add(["data/means.csv"])
    repo.index.commit("Update the means of " + ", ".join(moved))
    print("updated", moved)


repo = git.Repo(".")
update(repo, 0.001)
update(repo, 1.0)
update(repo, 1.0)
repo.remotes.origin.push()
