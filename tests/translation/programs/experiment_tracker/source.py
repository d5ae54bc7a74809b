"""Track experiments with nothing but git.

Each run is a branch ``run/NAME`` with ``params.json`` and ``results/curve.csv``.
"""
from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Iterator

from git import GitCommandError, Repo


@dataclass(frozen=True)
class Params:
    rate: float
    epochs: int = 3


class Tracker:
    """Runs of one repository."""

    prefix = "run/"

    def __init__(self, path: str | Path = ".") -> None:
        self.repo = Repo(path)
        self.root = Path(self.repo.working_tree_dir)

    @contextmanager
    def run(self, name: str, params: Params) -> Iterator[Path]:
        """Work on the run's branch, commit what is there in the end, come back."""
        home = self.repo.active_branch.name
        self.repo.git.checkout("-b", self.prefix + name)
        try:
            (self.root / "params.json").write_text(json.dumps(asdict(params)))
            results = self.root / "results"
            results.mkdir(exist_ok=True)
            yield results
            self.repo.index.add(["params.json", "results/curve.csv"])
            self.repo.index.commit(f"Run {name}")
        finally:
            self.repo.git.checkout(home)

    def names(self) -> list[str]:
        heads = [head.name for head in self.repo.heads]
        return sorted(name[len(self.prefix):] for name in heads if name.startswith(self.prefix))

    def params(self, name: str) -> Params:
        text = self.repo.git.show(f"{self.prefix}{name}:params.json")
        return Params(**json.loads(text))

    def final_loss(self, name: str) -> float:
        commit = self.repo.heads[self.prefix + name].commit
        blob = commit.tree / "results" / "curve.csv"
        last = blob.data_stream.read().decode().splitlines()[-1]
        return float(last.split(",")[1])

    def forget(self, name: str) -> bool:
        try:
            self.repo.git.branch("-D", self.prefix + name)
        except GitCommandError:
            return False
        return True


def train(params: Params, results: Path) -> None:
    loss = 1.0
    lines = ["epoch,loss"]
    for epoch in range(params.epochs):
        loss *= 1.0 - params.rate
        lines.append(f"{epoch},{loss:.3f}")
    (results / "curve.csv").write_text("\n".join(lines) + "\n")


def main() -> None:
    tracker = Tracker()
    for rate in (0.5, 0.1, 0.3):
        params = Params(rate)
        with tracker.run(f"rate-{rate}", params) as results:
            train(params, results)
    print("forgot rate-0.1:", tracker.forget("rate-0.1"))
    print("forgot rate-0.9:", tracker.forget("rate-0.9"))
    for name in tracker.names():
        print(name, tracker.params(name), tracker.final_loss(name))
    print("on", tracker.repo.active_branch, "with", sorted(p.name for p in Path(".").glob("*.md")))


if __name__ == "__main__":
    main()
