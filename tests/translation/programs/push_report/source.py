import sys
from pathlib import Path

import git
from git import PushInfo

repo = git.Repo(".")
Path("CONTACT.md").write_text("Ask Ada.\n")
repo.index.add(["CONTACT.md"])
repo.index.commit("Say whom to ask")

failed = False
for info in repo.remotes.origin.push("main"):
    if info.flags & PushInfo.ERROR:
        print("failed:", info.summary.strip())
        failed = True
    elif info.flags & PushInfo.UP_TO_DATE:
        print("up to date")
    else:
        print("pushed", info.local_ref.name, "->", info.remote_ref_string)

sys.exit(1 if failed else 0)
