"""Keep what is worth keeping of an output folder."""
from pathlib import Path

import git

repo = git.Repo(".")
Path(".gitignore").write_text("*.tmp\n*.log\n")
out = Path("out")
out.mkdir()
(out / "table.csv").write_text("a,b\n1,2\n")
(out / "run.log").write_text("started\n")
(out / "cache.tmp").write_text("0\n")
(out / "summary.txt").write_text("two columns\n")

paths = sorted(str(p) for p in out.iterdir())
ignored = set(repo.ignored(*paths))
keep = [p for p in paths if p not in ignored]
for path in paths:
    print("ignored" if path in ignored else "kept", path)

repo.index.add([".gitignore"] + keep)
repo.index.commit("Keep the outputs")
print(repo.untracked_files, repo.is_dirty())
