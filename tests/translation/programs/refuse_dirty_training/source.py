#!/usr/bin/env python
# Guard for long trainings: a result must belong to a commit.
import sys
from git import Repo

with open("src/stats.py", "a") as fh:
    fh.write("\n\ndef spread(values):\n    return max(values) - min(values)\n")
with open("src/model.py", "w") as fh:
    fh.write("LAYERS = 3\n")

r = Repo(".")
if r.is_dirty(untracked_files=True):
    changed = [item.a_path for item in r.index.diff(None)]
    print("Refusing to train, commit your work first.")
    for path in changed:
        print("  modified:", path)
    for path in r.untracked_files:
        print("  new:     ", path)
    sys.exit(1)

print("training at", r.head.commit.hexsha)
