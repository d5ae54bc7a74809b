import json
import os

import git

repo = git.Repo(search_parent_directories=True)
sha = repo.head.object.hexsha

config = {"lr": 0.01, "batch_size": 32, "git_sha": sha}
os.makedirs("runs/baseline", exist_ok=True)
with open("runs/baseline/config.json", "w") as f:
    json.dump(config, f, indent=2, sort_keys=True)
print("run baseline of", sha[:7])
