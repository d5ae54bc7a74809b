from datetime import datetime, timezone

import git

SINCE = "2025-04-01"
repo = git.Repo(".")

print("Since", SINCE)
for commit in repo.iter_commits("main", since=SINCE, no_merges=True):
    when = datetime.fromtimestamp(commit.committed_date, tz=timezone.utc)
    print(f"  {when:%d.%m.} {commit.author.name}: {commit.summary}")

print("By Grace, about data")
for commit in repo.iter_commits(all=True, author="Grace", paths=["data/", "metrics.json"]):
    print(f"  {commit.summary} ({commit.size > 0})")

print(repo.git.log("--since=2025-06-01", "--pretty=format:%an - %s", "main"))
print(repo.git.shortlog("-s", "-n", "main").replace("\t", " ").strip())
