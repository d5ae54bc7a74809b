"""Paths of the project, wherever the notebook is started."""
import os
from functools import lru_cache
from pathlib import Path
from typing import Optional

import git


@lru_cache(maxsize=None)
def project_root(start: Optional[str] = None) -> Path:
    """Top folder of the repository around ``start``; the folder itself outside of one."""
    if "PROJECT_ROOT" in os.environ:
        return Path(os.environ["PROJECT_ROOT"])
    start = start or os.getcwd()
    try:
        repo = git.Repo(start, search_parent_directories=True)
    except git.InvalidGitRepositoryError:
        return Path(start)
    assert repo.working_tree_dir is not None
    return Path(repo.working_tree_dir)


def data_dir(*parts: str) -> Path:
    return project_root().joinpath("data", *parts)


def models_dir() -> Path:
    path = project_root() / "models"
    path.mkdir(exist_ok=True)
    return path


if __name__ == "__main__":
    os.makedirs("notebooks/eda", exist_ok=True)
    here = Path.cwd()
    os.chdir("notebooks/eda")
    print(project_root() == here)
    print(data_dir("raw", "readings.csv").read_text().splitlines()[-1])
    print([p.name for p in models_dir().iterdir()])
    print(project_root(str(here.parent)) == here.parent)  # not a repository
