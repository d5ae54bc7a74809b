from pathlib import Path

from git import Repo, GitCommandError

Path("README.md").write_text("# Traffic\n\nCars per hour on the bridge.\n")

repo = Repo(".")
stashed = False
if repo.is_dirty():
    repo.git.stash("save", "before the pull")
    stashed = True
try:
    repo.remotes[0].pull()
finally:
    if stashed:
        repo.git.stash("pop")

print(Path("README.md").read_text().splitlines()[-1])
print(repo.git.stash("list") or "nothing is stashed")
print([d.a_path for d in repo.index.diff(None)])
