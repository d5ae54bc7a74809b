import git

repo = git.Repo(search_parent_directories=True)
origin = repo.remote("origin")
origin.fetch()

branch = repo.active_branch
incoming = list(repo.iter_commits(f"{branch.name}..origin/{branch.name}"))
outgoing = list(repo.iter_commits(f"origin/{branch.name}..{branch.name}"))
print(f"{branch.name}: {len(incoming)} behind, {len(outgoing)} ahead")

for commit in reversed(incoming):
    print(f"* {commit.summary} ({commit.author.name})")
    for path in sorted(commit.stats.files):
        print("   ", path)

if incoming and not repo.is_dirty():
    origin.pull(branch.name)
    print("now at:", repo.head.commit.summary)
