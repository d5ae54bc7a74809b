import sys
from pathlib import Path

from git import GitCommandError, Repo

ATTEMPTS = 3


def push_with_retry(repo, attempts=ATTEMPTS):
    for attempt in range(1, attempts + 1):
        try:
            repo.git.push("origin", "main")
            return attempt
        except GitCommandError as error:
            if "rejected" not in error.stderr:
                raise
            print("rejected, rebasing")
            repo.git.pull("--rebase", "origin", "main")
    sys.exit("gave up")


def main():
    Path("data/speeds.csv").write_text("hour,kmh\n0,48\n1,52\n")
    repo = Repo(".")
    repo.git.add("data/speeds.csv")
    repo.git.commit("-m", "Add speeds")
    print("pushed at attempt", push_with_retry(repo))
    print([c.summary for c in repo.iter_commits("main")][:2])
    print(Path("data/counts.csv").read_text().splitlines()[-1])


main()
