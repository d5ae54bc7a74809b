import subprocess

from git import Repo

TARGET = "data/train.csv"

with open(TARGET, "a") as f:
    f.write("4,1\n")

subprocess.run(["dvc", "add", "--quiet", TARGET], check=True)
repo = Repo(".")
repo.index.add([TARGET + ".dvc", "data/.gitignore"])
repo.index.commit("Add customer 4")
subprocess.run(["dvc", "push", "--quiet"], check=True)
repo.remotes.origin.push()
print(repo.head.commit.message, "| dirty:", repo.is_dirty())
