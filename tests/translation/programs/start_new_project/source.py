import sys
from pathlib import Path

import git

url = sys.argv[1]
here = Path.cwd()

(here / "data").mkdir()
(here / "data" / "seed.csv").write_text("n\n1\n1\n2\n3\n5\n")
(here / "README.md").write_text("# Fibonacci\n")
(here / ".gitignore").write_text("*.tmp\n__pycache__/\n")
(here / "scratch.tmp").write_text("not for git\n")

repo = git.Repo.init(here, initial_branch="main")
with repo.config_writer() as config:
    config.set_value("user", "name", "Leo")
    config.set_value("user", "email", "leo@example.com")
repo.index.add(["README.md", ".gitignore", "data/seed.csv"])
repo.index.commit("First version")
origin = repo.create_remote("origin", url)
origin.push(refspec="main:main", set_upstream=True)
print(repo.untracked_files, repo.active_branch.tracking_branch())
