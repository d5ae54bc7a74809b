import shutil
from pathlib import Path
from typing import List

import git

DELIVERY = Path("..") / "delivery"
DATA = Path("data")


def sync(source: Path, target: Path) -> None:
    for old in target.glob("*.csv"):
        if not (source / old.name).exists():
            old.unlink()
    for new in source.glob("*.csv"):
        shutil.copyfile(new, target / new.name)


def changes(repo: git.Repo) -> List[str]:
    found = [d.a_path for d in repo.index.diff(None) if d.change_type == "D"]
    return [f"removed {path}" for path in sorted(found)]


def main() -> None:
    repo = git.Repo(".")
    sync(DELIVERY, DATA)
    notes = changes(repo)
    repo.git.add("data")
    if repo.is_dirty():
        repo.git.commit("-m", "Take the delivery in", "-m", "\n".join(notes))
        repo.git.push()
    print(repo.head.commit.message)


main()
