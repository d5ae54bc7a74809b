"""Fit a line to a table and commit the data, the model and a report under names given on the command line."""

import argparse
import csv
import struct
import sys
from pathlib import Path

import git


def fit(path):
    """Least-squares slope and intercept of column y over column x."""
    with open(path, newline="") as f:
        points = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(f)]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return slope, mean_y - slope * mean_x


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--report", required=True)
    parser.add_argument("--tag")
    parser.add_argument("--push", action="store_true")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    repo = git.Repo(search_parent_directories=True)
    started_from = repo.head.object.hexsha

    slope, intercept = fit(args.data)
    Path(args.model).write_bytes(struct.pack("<2d", slope, intercept))
    formula = f"y = {slope:.3f} x + {intercept:.3f}"
    Path(args.report).write_text(f"# Fit of {args.data}\n\n{formula}\n")

    repo.index.add([args.data, args.model, args.report])
    repo.index.commit(f"Fit {args.data}")
    if args.tag:
        repo.create_tag(args.tag)
    if args.push:
        repo.remote("origin").push()

    print(f"Trained from {started_from}")
    print(formula)
    return 0


if __name__ == "__main__":
    sys.exit(main())
