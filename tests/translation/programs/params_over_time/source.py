"""How did our parameters change?  Usage: params_over_time.py FILE"""
import sys

from git import Repo


def parse(text):
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def revisions(repo, path):
    for commit in repo.iter_commits(paths=path):
        blob = commit.tree / path
        yield commit, parse(blob.data_stream.read().decode("utf-8"))


if __name__ == "__main__":
    path = sys.argv[1]
    repo = Repo(".")
    newer = None
    for commit, params in revisions(repo, path):
        day = commit.committed_datetime.strftime("%Y-%m-%d")
        print(day, commit.author.name, "-", commit.message.splitlines()[0])
        for key in sorted(params):
            mark = "*" if newer is not None and newer.get(key) != params[key] else " "
            print(f"  {mark} {key} = {params[key]}")
        newer = params
