import git

repo = git.Repo(".")
repo.git.mv("data/cities.csv", "data/stations.csv")
repo.index.move(["src/stats.py", "src/statistics.py"])
repo.git.commit("-m", "Say stations, and statistics")

print(sorted(b.path for b in repo.head.commit.tree.traverse() if b.type == "blob" and not b.name.startswith(".")))
print(open("data/stations.csv").readline().strip())
