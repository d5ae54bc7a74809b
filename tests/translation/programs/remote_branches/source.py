from git import Repo

repo = Repo(".")
origin = repo.remotes["origin"]
repo.git.branch("-D", "develop")

local = {h.name for h in repo.heads}
for ref in sorted(origin.refs, key=lambda r: r.name):
    name = ref.remote_head
    if name == "HEAD":
        continue
    print(ref.name, "here" if name in local else "missing")

develop = repo.create_head("develop", origin.refs.develop)
develop.set_tracking_branch(origin.refs.develop)
develop.checkout()
print(repo.active_branch.tracking_branch())
