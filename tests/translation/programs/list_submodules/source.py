from git import Repo

repo = Repo(".")
print(len(repo.submodules), "submodule(s)")
for sub in repo.submodules:
    print(sub.name, "at", sub.path, "pinned to", sub.hexsha[:7])
