from git import Actor, Repo

author = Actor("Weather Station 7", "station7@example.com")
bot = Actor("ingest-bot", "bot@example.com")

repo = Repo(".")
with open("data/raw/readings.csv", "a") as readings:
    readings.write("3,Oslo,-6\n")

repo.index.add(["data/raw/readings.csv"])
commit = repo.index.commit("Ingest station 7", author=author, committer=bot)
repo.remotes.origin.push()
print(commit.author.name, "via", commit.committer.name)
print([c.author.name for c in repo.iter_commits()])
