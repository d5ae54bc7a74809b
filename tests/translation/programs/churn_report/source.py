from collections import defaultdict
from git import Repo

N = 6
repo = Repo()
churn = defaultdict(lambda: [0, 0])

for commit in repo.iter_commits(max_count=N):
    if len(commit.parents) > 1:
        continue
    for filename, stats in commit.stats.files.items():
        churn[filename][0] += stats["insertions"]
        churn[filename][1] += stats["deletions"]

print("last %d commits" % N)
for filename in sorted(churn, key=lambda name: (-sum(churn[name]), name)):
    added, deleted = churn[filename]
    print(f"{filename:<20} +{added:<3} -{deleted}")
