import json

import git

repo = git.Repo(".")
history = []

for commit in reversed(list(repo.iter_commits("main"))):
    try:
        raw = commit.tree["metrics.json"].data_stream.read()
    except KeyError:
        # the first commits have no metrics yet
        continue
    value = json.loads(raw)["rmse"]
    if not history or history[-1]["rmse"] != value:
        history.append({"date": commit.committed_date, "rmse": value, "why": commit.summary})

with open("metrics_history.json", "w") as f:
    json.dump(history, f, indent=1)

best = min(history, key=lambda h: h["rmse"])
print("best rmse", best["rmse"], "by", best["why"])

repo.git.add("metrics_history.json")
repo.git.commit("-m", f"Track rmse, best is {best['rmse']}")
