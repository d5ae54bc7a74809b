"""Snapshots of a table, of which the repository shows only the newest ones."""
import glob
import os

import git

KEEP = 2


def snapshot(repo, day, rows):
    """Write and commit the snapshot of a day, and drop what is too old."""
    os.makedirs("snapshots", exist_ok=True)
    name = f"snapshots/day-{day:03d}.csv"
    with open(name, "w") as f:
        f.write("id,balance\n")
        f.writelines(f"{i},{balance}\n" for i, balance in enumerate(rows))
    repo.index.add([name])

    old = sorted(glob.glob("snapshots/day-*.csv"))[:-KEEP]
    if old:
        repo.index.remove(old, working_tree=True)
    repo.index.commit(f"Snapshot of day {day}" + (f", without {len(old)} old" if old else ""))


def main():
    repo = git.Repo(".")
    for day in range(1, 5):
        snapshot(repo, day, [day * 10, day * 20])
    repo.remotes.origin.push()
    print(sorted(glob.glob("snapshots/*.csv")))
    for commit in repo.iter_commits(max_count=4):
        print(commit.message)


if __name__ == "__main__":
    main()
