#!/usr/bin/env python
"""Write CHANGELOG.md: one section per tag, newest first, with the subjects of its commits."""
from git import Repo

TAGS = ["v0.1", "v0.2", "v1.0"]

repo = Repo(".")

sections = []
previous = None
for tag in TAGS:
    span = tag if previous is None else f"{previous}..{tag}"
    subjects = [commit.message.splitlines()[0] for commit in repo.iter_commits(span)]
    lines = [f"## {tag}", ""]
    lines += [f"- {subject}" for subject in subjects if not subject.startswith("Merge")]
    sections.append("\n".join(lines))
    previous = tag

with open("CHANGELOG.md", "w") as out:
    out.write("# Changelog\n\n")
    out.write("\n\n".join(reversed(sections)))
    out.write("\n")

repo.index.add(["CHANGELOG.md"])
repo.index.commit("docs: write the changelog")
print(open("CHANGELOG.md").read())
