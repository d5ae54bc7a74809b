import json
import git

VERSION = "1.1.0"

repo = git.Repo(".")
with open("models/model.bin", "w") as f:
    f.write("weights 0.2 0.8\n")
with open("metrics.json", "w") as f:
    json.dump({"rmse": 1.25}, f)

repo.index.add(["models/model.bin", "metrics.json"])
repo.index.commit(f"Model {VERSION}")
tag = repo.create_tag(f"model-v{VERSION}", message="rmse 1.25 on day 2")

origin = repo.remotes.origin
origin.push()
origin.push(tag.name)
print(tag, "->", tag.commit.summary)
