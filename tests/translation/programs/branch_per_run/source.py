import sys

import git

run_id = sys.argv[1]
branch = f"run/{run_id}"

repo = git.Repo(".")
home = repo.active_branch
new = repo.create_head(branch)
new.checkout()

with open("data/predictions.csv", "w") as f:
    f.write("city,day,celsius\nOslo,3,-4\nRome,3,14\n")
repo.index.add(["data/predictions.csv"])
repo.index.commit(f"Predictions of run {run_id}")
repo.git.push("--set-upstream", "origin", branch)

home.checkout()
print("back on", repo.active_branch.name)
print("branches:", ", ".join(sorted(h.name for h in repo.heads)))
