import git

repo = git.Repo(".")
g = repo.git

with open("NOTES.md", "w") as notes:
    notes.write("Camera 4 looks at the bridge.\n")
g.add("NOTES.md")
g.commit("-m", "Say where camera 4 is")

g.pull("--rebase", "origin", "main")
g.push("origin", "main")
print([c.summary for c in repo.iter_commits(max_count=4)])
