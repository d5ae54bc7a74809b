from __future__ import annotations

import json
import pathlib
import types

import git


class Run:
    """Metrics of one run, and a patch of what was not committed when it began."""

    def __init__(self, name: str, project: str = ".") -> None:
        self.dir = pathlib.Path("runs", name)
        self.metrics: dict[str, float] = {}
        try:
            self.repo: git.Repo | None = git.Repo(project, search_parent_directories=True)
        except git.InvalidGitRepositoryError:
            self.repo = None

    def __enter__(self) -> Run:
        self.dir.mkdir(parents=True)
        if self.repo is not None:
            patch = self.repo.git.diff("HEAD", "--", "src")
            if patch:
                (self.dir / "code.patch").write_text(patch + "\n")
            info = {
                "commit": self.repo.head.commit.hexsha,
                "branch": str(self.repo.active_branch),
                "dirty": self.repo.is_dirty(),
            }
            (self.dir / "git.json").write_text(json.dumps(info))
        return self

    def log(self, **values: float) -> None:
        self.metrics.update(values)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.metrics["failed"] = float(error is not None)
        (self.dir / "metrics.json").write_text(json.dumps(self.metrics, sort_keys=True))


with open("src/stats.py", "a") as f:
    f.write("\n\ndef total(values):\n    return sum(values)\n")

with Run("a") as run:
    run.log(loss=0.5)
    run.log(loss=0.25, accuracy=0.9)

for path in sorted(run.dir.iterdir()):
    print(path.name, len(path.read_text().splitlines()))
