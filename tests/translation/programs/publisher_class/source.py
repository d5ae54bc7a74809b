"""Publish what a training leaves behind."""
from __future__ import annotations

from pathlib import Path
from typing import Iterable

from git import PushInfo, Remote, Repo


class PublishError(RuntimeError):
    pass


class Publisher:
    def __init__(self, root: Path, remote: str = "origin") -> None:
        self.repo = Repo(root)
        self.remote: Remote = self.repo.remote(remote)

    def changed(self, paths: Iterable[Path]) -> list[Path]:
        untracked = set(self.repo.untracked_files)
        return [
            path
            for path in paths
            if path.as_posix() in untracked or self.repo.is_dirty(path=str(path))
        ]

    def publish(self, paths: Iterable[Path], message: str) -> str | None:
        changed = self.changed(paths)
        if not changed:
            return None
        self.repo.index.add([str(path) for path in changed])
        commit = self.repo.index.commit(message)
        for info in self.remote.push():
            if info.flags & PushInfo.ERROR:
                raise PublishError(info.summary)
        return commit.summary


def main() -> None:
    publisher = Publisher(Path("."))
    model, card = Path("models/model.bin"), Path("CARD.md")
    model.write_bytes(b"weights 0.3 0.7\n")
    card.write_text("# Model\n\nMean of two cities.\n")
    for attempt in (1, 2):
        done = publisher.publish([model, card, Path("params.yaml")], "Publish model 2")
        print(attempt, done or "nothing new")


main()
