"""A source, a right translation of it by hand, and ways to get it wrong one at a time."""

from __future__ import annotations

from doctranslate.verification.equivalence import reasons

SOURCE = """\
import json
from git import Repo


def write(path, text, mode="w"):
    with open(path, mode) as file:
        file.write(text)


repo = Repo(".")
write("data/train.csv", "x\\n1\\n")
write("train.py", "RATE = 1\\n")
repo.index.add(["data/train.csv", "train.py"])
first = repo.index.commit("Add training data")
repo.create_tag("v1", message="First")
repo.create_head("old")
write("data/train.csv", "2\\n", "a")
repo.index.add(["data/train.csv"])
second = repo.index.commit("Add a row")
write("made_from.json", json.dumps({"commit": second.hexsha}))
repo.remotes.origin.push(["main", "old", "v1"])
repo.heads.old.checkout()
print("first", first.hexsha[:7], "second", second.hexsha)
"""

RIGHT = """\
import json
from dvc.repo import Repo


def write(path, text, mode="w"):
    with open(path, mode) as file:
        file.write(text)


repo = Repo.init(".")
repo.scm_context.autostage = True
write("data/train.csv", "x\\n1\\n")
write("train.py", "RATE = 1\\n")
repo.add("data/train.csv")
repo.scm.add("train.py")
repo.scm.commit("Add training data")
first = repo.scm.get_rev()
repo.scm.tag("v1", annotated=True, message="First")
repo.scm.branch("old")
write("data/train.csv", "2\\n", "a")
repo.add("data/train.csv")
repo.scm.commit("Add a row")
second = repo.scm.get_rev()
write("made_from.json", json.dumps({"commit": second}))
repo.push(all_commits=True)
repo.scm.push_refspecs("origin", ["refs/heads/main", "refs/heads/old", "refs/tags/v1"])
repo.scm.fetch("origin")
repo.scm.checkout("old")
repo.checkout()
print("first", first[:7], "second", second)
"""

# What is replaced by what, and the kind and likely reason of a difference that has to be told.
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "data never pushed": ("repo.push(all_commits=True)\n", "", "file", reasons.DATA_PUSH_MISSING),
    "data of one commit never pushed": ("push(all_commits=True)", "push()", "file", reasons.DATA_PUSH_MISSING),
    "commits never pushed": ('"refs/heads/main", ', "", "commits", reasons.PUSH_MISSING),
    "tag never pushed": (', "refs/tags/v1"', "", "tag", reasons.TAG_NOT_PUSHED),
    "data left in git": ('Repo.init(".")\n', 'Repo.init(".")\nrepo.add = lambda path: repo.scm.add(path, force=True)\n', "data", reasons.DATA_LEFT),
    "code given to DVC": ('repo.scm.add("train.py")', 'repo.add("train.py")', "data", reasons.CODE_GIVEN),
    "commit dropped": ('repo.scm.commit("Add a row")\n', "", "commits", reasons.DROPPED),
    "empty commit": ('repo.scm.commit("Add a row")\n', 'repo.scm.commit("Add a row")\nrepo.scm.commit("Again")\n', "commits", reasons.EMPTY),
    "commit of DVC's files": ("autostage = True\n", 'autostage = True\nrepo.scm.commit("Set up DVC")\n', "commits", reasons.PLUMBING_COMMIT),
    "other message": ('"Add a row"', '"Add one row"', "commits", reasons.REWORDED),
    "tag missing": ('fetch("origin")\n', 'fetch("origin")\nrepo.scm.remove_ref("refs/tags/v1")\n', "tag", reasons.TAG_MISSING),
    "tag moved": ('repo.push(all', 'repo.scm.tag("v1", annotated=True, message="First")\nrepo.push(all', "tag", reasons.TAG_MOVED),
    "tag without message": (', annotated=True, message="First"', "", "tag", reasons.TAG_OTHERWISE),
    "stray tag": ("repo.checkout()\n", 'repo.checkout()\nrepo.scm.tag("v2")\n', "tag", reasons.TAG_EXTRA),
    "stale working tree": ("repo.checkout()\n", "", "worktree", reasons.STALE),
    "left on another branch": ('repo.scm.checkout("old")\n', "", "head", reasons.OTHER_CHECKOUT),
    "another commit printed": ('"second", second)', '"second", first)', "stdout", reasons.OTHER_COMMIT),
    "another abbreviated commit printed": ("first[:7]", "second[:7]", "stdout", reasons.OTHER_COMMIT),
    "another commit noted": ('{"commit": second}', '{"commit": first}', "worktree", reasons.WRONG_CONTENT),
    "other content": ('"x\\n1\\n"', '"x\\n3\\n"', "file", reasons.WRONG_CONTENT),
    "file forgotten": ('repo.scm.add("train.py")\n', "", "file", reasons.NOT_COMMITTED),
    "pointer not staged": ("autostage = True", "autostage = False", "file", reasons.NOT_COMMITTED),
    "file left behind": ("repo.checkout()\n", 'repo.checkout()\nwrite("debug.log", "")\n', "worktree", reasons.LEFT_BEHIND),
    "left staged": ("repo.checkout()\n", 'repo.checkout()\nwrite("README.md", "")\nrepo.scm.add("README.md")\n', "uncommitted", ""),
    "branch missing": ("repo.checkout()\n", 'repo.checkout()\nrepo.scm.remove_ref("refs/heads/main")\n', "branch", reasons.BRANCH_MISSING),
    "exit status": ("repo.checkout()\n", "repo.checkout()\nimport atexit, os\natexit.register(os._exit, 3)\n", "exit", ""),
}  # fmt: skip
