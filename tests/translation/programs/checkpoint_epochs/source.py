import os
import pickle

import git

repo = git.Repo(".", search_parent_directories=True)
os.makedirs("checkpoints", exist_ok=True)
losses = [0.9, 0.5, 0.6]
commits = {}
for epoch, loss in enumerate(losses):
    path = "checkpoints/last.pt"
    with open(path, "wb") as f:
        pickle.dump({"epoch": epoch, "loss": loss}, f, protocol=4)
    repo.index.add([path])
    commits[loss] = repo.index.commit(f"epoch {epoch}, loss {loss}")

best = commits[min(commits)]
print("best:", best.message)
state = pickle.loads((best.tree / "checkpoints" / "last.pt").data_stream.read())
print(state)
