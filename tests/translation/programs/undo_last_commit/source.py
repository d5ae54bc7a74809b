from git import Repo

repo = Repo()
with open("params.yaml", "a") as f:
    f.write("seed: 1\n")
repo.index.add(["params.yaml"])
repo.index.commit("wip")
print("before:", repo.head.commit.message)

repo.head.reset("HEAD~1", index=False)
print("undone:", repo.head.commit.summary, "| staged:", [d.a_path for d in repo.index.diff("HEAD")])

repo.index.commit("feat: fix the seed")
print("after:", [c.summary for c in repo.iter_commits(max_count=2)])

# and throw away what is not committed
with open("README.md", "w") as f:
    f.write("oops")
repo.head.reset(index=True, working_tree=True)
print(open("README.md").readline().strip())
