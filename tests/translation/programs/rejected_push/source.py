import git

repo = git.Repo(".")

with open("notes.txt", "a") as f:
    f.write("mine\n")
repo.git.add("notes.txt")
repo.git.commit("-m", "Write my note")

for attempt in range(1, 4):
    try:
        repo.git.push("origin", "main")
    except git.exc.GitCommandError as e:
        print("attempt", attempt, "rejected:", "non-fast-forward" in e.stderr or "fetch first" in e.stderr)
        repo.git.pull("--rebase", "origin", "main")
    else:
        print("attempt", attempt, "pushed")
        break

print([c.message.strip() for c in repo.iter_commits()])
