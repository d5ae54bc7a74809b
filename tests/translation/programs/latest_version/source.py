import git

repo = git.Repo(".")

tags = sorted(repo.tags, key=lambda t: t.commit.committed_datetime)
latest_tag = tags[-1]
print("latest:", latest_tag)
print("all:", ", ".join(str(t) for t in tags))

if latest_tag.commit == repo.head.commit:
    print("nothing new")
else:
    n = len(list(repo.iter_commits(f"{latest_tag.name}..develop")))
    print(n, "new")

repo.git.checkout("develop")
since = list(repo.iter_commits(f"{latest_tag}..HEAD"))
print(len(since), "commits on develop since then:")
for commit in since:
    print("*", commit.summary)
