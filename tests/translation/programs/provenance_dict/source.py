"""Collect what is needed to find the code of an experiment again."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from git import Repo


def collect(where: Path) -> dict[str, Any]:
    repo = Repo(where)
    commit = repo.head.commit
    return {
        "branch": repo.active_branch.name,
        "commit": commit.hexsha,
        "short": commit.hexsha[:8],
        "subject": commit.message.splitlines()[0],
        "author": f"{commit.author.name} <{commit.author.email}>",
        "committed": commit.committed_datetime.isoformat(),
        "dirty": repo.is_dirty(),
        "untracked": sorted(repo.untracked_files),
    }


if __name__ == "__main__":
    Path("params.yaml").write_text("alpha: 0.5\nepochs: 5\n")
    Path("scratch.txt").write_text("try a larger alpha\n")
    info = collect(Path.cwd())
    print(json.dumps(info, indent=1))
