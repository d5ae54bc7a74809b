"""Run one experiment on a branch of its own and leave the main branch as it was."""

from pathlib import Path

from git import Repo

BRANCH = "experiment/low-rate"
PREDICTIONS = "data/predictions.csv"


def predict(rate):
    return "step,value\n" + "".join(f"{step},{step * rate:.2f}\n" for step in range(1, 4))


repo = Repo(".")
if repo.is_dirty():
    raise SystemExit("Commit your changes first")
home = repo.active_branch.name
print("Not under version control:", ", ".join(repo.untracked_files))

branch = repo.create_head(BRANCH)
branch.checkout()

Path("params.yaml").write_text("rate: 0.01\n")
Path(PREDICTIONS).write_text(predict(0.01))
repo.git.add("params.yaml", PREDICTIONS)
repo.git.commit(m="Try a low rate")
repo.git.push("--set-upstream", "origin", BRANCH)

# Back to where we were: both files are as before.
repo.git.checkout(home)
print("On", repo.active_branch.name, "of", [head.name for head in repo.heads])
print("Parameters:", Path("params.yaml").read_text().strip())
print("Predictions:", Path(PREDICTIONS).read_text().splitlines()[-1])
