"""Start an analysis from the first commit."""
import os
import subprocess

import git

repo = git.Repo(".")
first = list(repo.iter_commits("main"))[-1]
repo.git.checkout("-b", "analysis/first", first.hexsha)
subprocess.run(["dvc", "checkout", "--quiet"], check=True)
with open("data/extra.csv", "w") as f:
    f.write("id,age\n1,40\n")
repo.index.add(["data/extra.csv"])
repo.index.commit("Add ages")
print([c.summary for c in repo.iter_commits()])
print(os.path.exists("models/churn.pkl"), open("data/train.csv").read().count("\n") - 1)
