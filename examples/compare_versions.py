"""Compare the metrics of two released versions without touching the working tree."""

import csv
import io
import sys

from git import Repo

METRICS = "data/metrics.csv"


def parse(text):
    return {row["metric"]: float(row["value"]) for row in csv.DictReader(io.StringIO(text))}


def main():
    old, new = sys.argv[1:3]
    repo = Repo(".")

    commit = repo.commit(old)
    before = parse((commit.tree / METRICS).data_stream.read().decode("utf-8"))
    after = parse(repo.git.show(f"{new}:{METRICS}"))

    print("Versions:", " ".join(tag.name for tag in repo.tags))
    for metric in sorted(before.keys() & after.keys()):
        print(f"{metric:10}{before[metric]:8.3f} -> {after[metric]:.3f}")

    print("History:")
    for entry in repo.iter_commits("main", max_count=3):
        print(f"  {entry.message.strip()} ({entry.author.name})")


if __name__ == "__main__":
    main()
