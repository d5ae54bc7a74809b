import git

repo = git.Repo(".")
files = repo.git.diff("main", "develop", name_only=True).split("\n")
print(files)
print(repo.git.diff("v0.2.0", "v1.0.0", "--stat"))
