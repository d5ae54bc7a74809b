import os
import sys

from git import Repo


def deliver(repo, day, values):
    with open("data/sensor.csv", "a") as f:
        for v in values:
            f.write(f"{day},{v}\n")
    repo.index.add(["data/sensor.csv"])
    repo.index.commit(f"Sensor data of day {day}")


def valid():
    with open("data/sensor.csv") as f:
        return all(float(line.split(",")[1]) < 100 for line in f)


def main():
    repo = Repo(".")
    os.makedirs("data", exist_ok=True)
    days = {1: [20.5, 21.0], 2: [20.0, 999.0], 3: [19.5]}
    for day, values in days.items():
        deliver(repo, day, values)
        if valid():
            print("day", day, "ok")
        else:
            repo.git.reset("--hard", "HEAD~1")
            print("day", day, "rejected")
    repo.remotes.origin.push()
    print(open("data/sensor.csv").read(), end="")
    print([c.message for c in repo.iter_commits(max_count=3)])


if __name__ == "__main__":
    sys.exit(main())
