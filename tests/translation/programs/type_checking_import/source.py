from __future__ import annotations

from typing import TYPE_CHECKING

import git

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git.objects import Commit


def fork_point(repo: git.Repo, a: str, b: str) -> Commit | None:
    bases: Sequence[Commit] = repo.merge_base(a, b)
    return bases[0] if bases else None


def is_merged(repo: git.Repo, branch: str, into: str = "main") -> bool:
    return repo.is_ancestor(repo.commit(branch), repo.commit(into))


repo = git.Repo(".")
for name in ("develop", "feature/export"):
    base = fork_point(repo, "main", name)
    print(name, "| fork:", base.summary if base else None, "| merged:", is_merged(repo, name))
print("v0.2.0 merged:", is_merged(repo, "v0.2.0"))
