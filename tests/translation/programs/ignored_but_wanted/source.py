# results/ is ignored, but what goes into the paper is not.
from pathlib import Path
from git import Repo

Path(".gitignore").write_text("results/\n")
Path("results").mkdir()
for name in ("try1.csv", "final.csv"):
    Path("results", name).write_text("x\n1\n")
Path("results/final.npz").write_bytes(b"PK\x03\x04 arrays")
Path("results/README.md").write_text("Only the final results.\n")

repo = Repo(".")
repo.index.add([".gitignore"])
repo.index.commit("Ignore results")

repo.index.add(["results/final.csv", "results/README.md"])
repo.git.add("-f", "results/final.npz")
repo.index.commit("Keep the final results")
repo.remotes.origin.push()
print(repo.untracked_files)
