import git

repo = git.Repo(".")
g = repo.git

g.checkout("main")
g.merge("feature/export", no_ff=True, m="Merge the export of rows")
g.push("origin", "main")

head = repo.head.commit
print(head.message.strip())
print(len(head.parents), "parents")
print(g.log("--oneline", "--format=%s", "-n", "3"))
