"""Which commits reached main through a merge, and which were pushed straight to it?"""
import git

repo = git.Repo("./")
merged = set()

for commit in repo.iter_commits("main"):
    if len(commit.parents) < 2:
        continue
    base, tip = commit.parents
    print("merge:", commit.summary)
    print("   onto", base.summary)
    print("   took", tip.summary)
    for c in repo.iter_commits(f"{base.hexsha}..{tip.hexsha}"):
        merged.add(c.hexsha)

direct = [c for c in repo.iter_commits("main", no_merges=True) if c.hexsha not in merged]
print(len(merged), "merged,", len(direct), "direct")
for c in direct:
    print(" ", c.author.name, c.summary)
