import json
import os
from typing import Any, Dict

try:
    import git
except ImportError:
    git = None


def git_info(path: str = ".") -> Dict[str, Any]:
    """Branch, last message and state of the code, empty without git."""
    if git is None:
        return {}
    try:
        repo = git.Repo(path, search_parent_directories=True)
    except git.InvalidGitRepositoryError:
        return {}
    return {
        "branch": repo.active_branch.name,
        "message": repo.head.commit.message.strip(),
        "dirty": repo.is_dirty(untracked_files=True),
    }


config = {"lr": 0.1, "git": git_info()}
os.makedirs("../runs", exist_ok=True)
with open("../runs/config.json", "w") as f:
    json.dump(config, f)
print(json.dumps(config, sort_keys=True))
print(git_info(".."))
