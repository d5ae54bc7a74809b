import git

repo = git.Repo(".")
origin = repo.remotes.origin

with open("data/sales.csv", "a") as f:
    f.write("apr,20\n")
repo.index.add(["data/sales.csv"])
repo.index.commit("feat: add April, a first count")
origin.push("HEAD:staging")

repo.create_tag("v1.1.0-rc1")
repo.create_tag("v1.1.0-rc2", message="Second candidate")
origin.push(tags=True)

repo.git.commit("--amend", "-m", "feat: add April")
origin.push("main:staging", force=True)
repo.git.push("origin", "main")

origin.fetch()
print(sorted(ref.remote_head for ref in origin.refs))
print(repo.commit("origin/staging").summary)
