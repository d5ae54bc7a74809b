import git

repo = git.Repo(search_parent_directories=True)
trunk = "main"

for branch in repo.branches:
    if branch.name == trunk:
        continue
    ahead = list(repo.iter_commits(f"{trunk}..{branch.name}"))
    behind = list(repo.iter_commits(f"{branch.name}..{trunk}"))
    print(f"{branch.name}: {len(ahead)} ahead, {len(behind)} behind")
    for commit in ahead:
        print("    +", commit.message.strip())

print("current:", repo.active_branch)
