import sys

from git import Repo

url = sys.argv[1]
Repo.init(url, bare=True, initial_branch="main")

repo = Repo(".")
if "mirror" in [remote.name for remote in repo.remotes]:
    mirror = repo.remote("mirror")
else:
    mirror = repo.create_remote("mirror", url)

mirror.push(refspec="refs/heads/*:refs/heads/*")
mirror.push(tags=True)

for remote in repo.remotes:
    print(remote.name)

copy = Repo(url)
print(sorted(h.name for h in copy.heads))
print(sorted(t.name for t in copy.tags))
