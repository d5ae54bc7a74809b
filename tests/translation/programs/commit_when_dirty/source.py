"""A pipeline that leaves one commit per stage, and none for a stage that changed nothing."""
import csv

import git

STAGES = []


def stage(function):
    STAGES.append(function)
    return function


@stage
def clean():
    """Drop readings below -4 degrees"""
    with open("data/raw/readings.csv") as src, open("data/clean.csv", "w", newline="") as dst:
        reader = csv.reader(src)
        writer = csv.writer(dst, lineterminator="\n")
        writer.writerow(next(reader))
        writer.writerows(row for row in reader if float(row[2]) >= -4)


@stage
def check():
    """Look for cities without a position"""
    with open("data/cities.csv") as f:
        known = {row["city"] for row in csv.DictReader(f)}
    with open("data/clean.csv") as f:
        assert {row["city"] for row in csv.DictReader(f)} <= known


@stage
def average():
    """Average per city"""
    by_city = {}
    with open("data/clean.csv") as f:
        for row in csv.DictReader(f):
            by_city.setdefault(row["city"], []).append(float(row["celsius"]))
    with open("data/means.csv", "w") as f:
        f.write("city,mean\n")
        for city, values in sorted(by_city.items()):
            f.write(f"{city},{sum(values) / len(values)}\n")


def run(repo: git.Repo) -> None:
    for function in STAGES:
        function()
        if repo.is_dirty(untracked_files=True):
            repo.git.add("--all")
            repo.git.commit("--message", function.__doc__)
            print(function.__name__, "->", repo.head.commit.summary)
        else:
            print(function.__name__, "changed nothing")


if __name__ == "__main__":
    run(git.Repo("."))
