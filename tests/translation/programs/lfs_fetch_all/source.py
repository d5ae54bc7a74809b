"""Nightly backup: every version of every large file has to be on this disk."""
import git

repo = git.Repo(search_parent_directories=True)
repo.git.lfs("fetch", "--all")
repo.git.lfs("checkout")

with open("models/acoustic.bin") as model:
    print(model.read(), end="")
print(len(list(repo.iter_commits(paths="models/acoustic.bin"))), "versions")
