import git

repo = git.Repo(".")
for rev in ("v0.1", "v1.0", "origin/seasonal"):
    print(rev)
    print(repo.git.show(f"{rev}:params.yaml"))
