"""One repository per experiment, below experiments/."""
from pathlib import Path
from typing import Iterator, Tuple
import json

from git import Repo


def configs() -> Iterator[Tuple[str, dict]]:
    for depth in (2, 4):
        yield f"depth-{depth}", {"depth": depth, "seed": 7}


def run(config: dict) -> str:
    return "step,score\n" + "".join(f"{s},{s * config['depth']}\n" for s in range(3))


def create(folder: Path, config: dict) -> Repo:
    folder.mkdir(parents=True)
    repo = Repo.init(str(folder))
    (folder / "config.json").write_text(json.dumps(config))
    repo.index.add(["config.json"])
    repo.index.commit("Configure")
    return repo


def record(repo: Repo, scores: str) -> None:
    target = Path(repo.working_dir) / "scores.csv"
    target.write_text(scores)
    repo.index.add([str(target)])
    repo.index.commit("Record scores")


for name, config in configs():
    repo = create(Path("experiments") / name, config)
    record(repo, run(config))
    messages = [c.message for c in repo.iter_commits()]
    print(name, messages, "clean" if not repo.is_dirty(untracked_files=True) else "dirty")
