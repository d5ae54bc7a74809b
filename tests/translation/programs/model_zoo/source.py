"""A model zoo in a git repository.

Models are ``models/NAME.pkl`` with a card ``models/NAME.yaml``. A version is a tag ``NAME@N``; the tag
``NAME@production`` marks the one in use.
"""
from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, NamedTuple

import git
from git import GitCommandError, Repo


class Version(NamedTuple):
    name: str
    number: int
    message: str

    @property
    def tag(self) -> str:
        return f"{self.name}@{self.number}"


class NotInZoo(KeyError):
    pass


class ModelZoo:
    def __init__(self, root: str = ".") -> None:
        self.root = Path(root)
        self.repo: Repo = git.Repo(root)
        (self.root / "models").mkdir(exist_ok=True)

    def _paths(self, name: str) -> tuple[str, str]:
        return f"models/{name}.pkl", f"models/{name}.yaml"

    def versions(self, name: str) -> list[Version]:
        found = []
        for tag in self.repo.tags:
            model, _, number = tag.name.partition("@")
            if model == name and number.isdigit():
                found.append(Version(model, int(number), tag.tag.message))
        return sorted(found, key=lambda v: v.number)

    def register(self, name: str, model: Any, note: str) -> Version:
        weights, card = self._paths(name)
        (self.root / weights).write_bytes(pickle.dumps(model, protocol=4))
        (self.root / card).write_text(f"name: {name}\nnote: {note}\n")
        self.repo.index.add([weights, card])
        self.repo.index.commit(f"{name}: {note}")
        version = Version(name, len(self.versions(name)) + 1, note)
        self.repo.create_tag(version.tag, message=note)
        return version

    def promote(self, version: Version) -> None:
        """Let ``NAME@production`` point to a version."""
        name = f"{version.name}@production"
        self.repo.create_tag(name, ref=version.tag, force=True)

    def load(self, name: str, version: str | int = "production") -> Any:
        weights, _ = self._paths(name)
        try:
            blob = self.repo.commit(f"{name}@{version}").tree / weights
        except (git.BadName, KeyError, ValueError):
            raise NotInZoo(f"{name}@{version}") from None
        return pickle.loads(blob.data_stream.read())

    def publish(self) -> bool:
        try:
            self.repo.git.push("origin", "HEAD")
            self.repo.git.push("origin", "--tags", "--force")
        except GitCommandError as error:
            print("not published:", error.status)
            return False
        return True


def main() -> None:
    zoo = ModelZoo()
    first = zoo.register("spam", {"w": [0.1, 0.9]}, "baseline")
    second = zoo.register("spam", {"w": [0.2, 0.8]}, "more mail")
    zoo.register("ham", {"w": [1.0]}, "constant")
    zoo.promote(second)
    print("published" if zoo.publish() else "kept here")
    print(zoo.load("spam"))
    zoo.promote(first)
    print(zoo.load("spam"), zoo.load("spam", 2))
    for version in zoo.versions("spam"):
        print(version.tag, "-", version.message)
    try:
        zoo.load("eggs")
    except NotInZoo as error:
        print("missing:", error)


if __name__ == "__main__":
    main()
