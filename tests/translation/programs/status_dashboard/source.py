import os
from dataclasses import dataclass, field

from git import Repo


@dataclass
class Status:
    branch: str
    subject: str
    dirty: bool
    staged: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    untracked: list = field(default_factory=list)

    @classmethod
    def of(cls, repo):
        return cls(
            branch=repo.active_branch.name,
            subject=repo.head.commit.message.strip(),
            dirty=repo.is_dirty(),
            staged=[d.a_path for d in repo.index.diff("HEAD")],
            changed=[d.a_path for d in repo.index.diff(None)],
            untracked=sorted(repo.untracked_files),
        )

    def show(self):
        print(f"{self.branch} | {self.subject} | {'dirty' if self.dirty else 'clean'}")
        for title in ("staged", "changed", "untracked"):
            for name in getattr(self, title):
                print(f"  {title:<9} {name}")


repo = Repo(".")
Status.of(repo).show()

with open("VERSION", "w") as f:
    f.write("1.1.0\n")
repo.index.add(["VERSION"])
with open("README.md", "a") as f:
    f.write("See VERSION.\n")
open("todo.txt", "w").close()
os.remove("src/columns.py")
Status.of(repo).show()
