from __future__ import annotations

from pathlib import Path

import git


def state(repo: git.Repo) -> tuple[str, int]:
    if new := repo.untracked_files:
        return "untracked", len(new)
    if changed := [d.a_path for d in repo.index.diff(None)]:
        return "changed", len(changed)
    return "clean", 0


def act(repo: git.Repo) -> str:
    match state(repo):
        case "untracked", n if n > 1:
            return f"{n} new files, have a look"
        case "untracked", _:
            repo.git.add("--all")
            repo.git.commit("-m", "Add a file")
            return "added"
        case "changed", n:
            repo.git.commit("--all", "-m", f"Change {n} file(s)")
            return f"committed {n}"
        case _:
            return "nothing to do"


repo = git.Repo(".")
print(act(repo))
Path("new.txt").write_text("new\n")
print(act(repo))
Path("new.txt").write_text("newer\n")
Path("VERSION").write_text("2\n")
print(act(repo))
Path("a.txt").write_text("a\n")
Path("b.txt").write_text("b\n")
print(act(repo))
if (head := repo.head.commit).parents:
    print(head.summary, "<-", head.parents[0].summary)
