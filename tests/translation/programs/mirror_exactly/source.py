#!/usr/bin/env python3
"""Deploy: the checkout is a mirror, local edits are thrown away."""
import os
import git

# somebody "fixed" something on the server
open("README.md", "a").write("edited by hand\n")
os.makedirs("tmp", exist_ok=True)
open("tmp/left-over.txt", "w").write("x")

repo = git.Repo(".")
repo.git.fetch("--all")
repo.git.reset("--hard", "origin/main")
repo.git.clean("-fd")

print(repo.head.commit.message.strip())
print(sorted(p for p in os.listdir(".") if not p.startswith(".")))
print("dirty:", repo.is_dirty(untracked_files=True))
