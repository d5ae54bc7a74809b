#!/usr/bin/env python3
"""ci_select.py BASE HEAD: print the jobs that a change needs."""
import sys

from git import Repo

JOBS = {
    "src/": "unit tests",
    "data/": "data validation",
    "docs/": "build docs",
    "params.yaml": "retrain",
}


def changed(repo, base, head):
    diff = repo.commit(base).diff(repo.commit(head))
    names = set()
    for item in diff:
        names.add(item.a_path)
        names.add(item.b_path)
        print(item.change_type, item.b_path)
    return names


repo = Repo(".")
names = changed(repo, sys.argv[1], sys.argv[2])
jobs = {job for prefix, job in JOBS.items() if any(name.startswith(prefix) for name in names)}
print("jobs:", ", ".join(sorted(jobs)) or "none")
