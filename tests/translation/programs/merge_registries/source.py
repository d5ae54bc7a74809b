"""Join the petals of the registry with our own measurements."""
import argparse
import csv
import pathlib
import tempfile

from git import Repo

OWN = [("6.0", "1.9"), ("5.7", "1.2")]


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registry", required=True, help="URL of the registry")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("data/out.csv"))
    parser.add_argument("--no-push", action="store_true")
    return parser.parse_args()


def registry_rows(url):
    tmp = tempfile.mkdtemp()
    clone = Repo.clone_from(url, tmp)
    version = clone.tags[-1].name
    with open(pathlib.Path(tmp, "iris/iris.csv")) as f:
        rows = [tuple(row) for row in csv.reader(f)][1:]
    return version, rows


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(["sepal", "petal"])
        writer.writerows(sorted(set(rows)))


def main():
    args = parse_args()
    version, rows = registry_rows(args.registry)
    write(args.out, rows + OWN)

    repo = Repo(".")
    repo.index.add([str(args.out)])
    repo.index.commit(f"Merge registry {version}")
    if not args.no_push:
        repo.remotes.origin.push()
    print("wrote", args.out, "with", len(rows) + len(OWN), "rows")


if __name__ == "__main__":
    main()
