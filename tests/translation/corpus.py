"""The programs of ``programs/``: each a source, where it starts, and what a right translation has with DVC."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "programs"
STARTS = HERE / "starts"


@dataclass(frozen=True)
class Program:
    """A program of the corpus, as its ``task.toml`` describes it."""

    name: str
    summary: str
    level: int
    tags: tuple[str, ...]
    with_dvc: tuple[str, ...]
    start: str = ""
    argv: tuple[str, ...] = ()
    data: tuple[str, ...] | None = None

    @property
    def source(self) -> str:
        """Its text."""
        return (FOLDER / self.name / "source.py").read_text(encoding="utf-8")

    @property
    def setup(self) -> Path:
        """The script that makes its start state."""
        own = FOLDER / self.name / "setup.sh"
        return own if own.is_file() else STARTS / f"{self.start}.sh"


def read_program(folder: Path) -> Program:
    """The program in a folder."""
    task = tomllib.loads((folder / "task.toml").read_text(encoding="utf-8"))
    lists = {key: tuple(task[key]) for key in ("tags", "with_dvc", "argv", "data") if key in task}
    return Program(name=folder.name, **{**task, **lists})


def programs() -> list[Program]:
    """All of them, by name."""
    return [read_program(path.parent) for path in sorted(FOLDER.glob("*/task.toml"))]


def with_mistakes() -> frozenset[str]:
    """Names of the programs in whose translations mistakes are made; ``MISTAKES=all`` in the environment takes all.

    To make seven wrong programs of each takes ten minutes more than to prove the right ones, so that other runs make
    them in every sixth.
    """
    everything = programs()
    chosen = everything if os.environ.get("MISTAKES") == "all" else everything[::6]
    return frozenset(each.name for each in chosen)
