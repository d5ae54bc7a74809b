"""Run before `python -m build`."""
import pathlib
import re

from git import Repo
from git.exc import GitCommandError

TEMPLATE = '''# written by ci_version_file
version = "{version}"
commit = "{commit}"
'''


def version_of(repo):
    try:
        text = repo.git.describe("--tags", "--long", "--match", "v*")
    except GitCommandError:
        return "0.0.0"
    tag, ahead, _ = text.rsplit("-", 2)
    number = re.sub("^v", "", tag)
    return number if ahead == "0" else f"{number}.post{ahead}"


repo = Repo(".")
for branch in ("main", "develop", "feature/export"):
    repo.git.checkout(branch)
    print(branch, version_of(repo))

repo.git.checkout("develop")
out = pathlib.Path("src") / "_version.py"
out.write_text(TEMPLATE.format(version=version_of(repo), commit=repo.head.commit.hexsha))
print(out.read_text().splitlines()[1])
