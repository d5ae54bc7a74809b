"""The programs of ``programs/``: each a source, where it starts, and what a right translation has with DVC."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "programs"
STARTS = HERE / "starts"

# Programs whose translation is known not to be equivalent yet, with the reason. Strict: a program that passes must
# leave this list.
KNOWN: dict[str, str] = {
    "callback_push": "methods handed on as functions stay with git: their errors pass the translated except, and the "
    "data that they add stays in git",
    "data_inventory": "DVC's .gitignore shows where the program lists a data folder by itself",
    "dynamic_commands": "which git command adds the data is known at run time only",
    "ignored_but_wanted": "DVC refuses data in a folder that git ignores",
    "job_classes": "several repositories are opened on one path before the first of them sets DVC up",
    "lfs_clone_then_pull": "scmrepo's clone brings LFS objects whatever GIT_LFS_SKIP_SMUDGE says",
}
# Mistakes in a call that leave nothing for anyone to see, and why. Strict: one that is found has to leave this list.
# The same mistake is then made when the program ends, and has to be found there.
NOTHING_TO_SEE: dict[tuple[str, str], str] = {
    ("mirror_exactly", "wrong file"): "what it writes is thrown away by reset and clean",
}


@dataclass(frozen=True)
class Program:
    """A program of the corpus, as its ``task.toml`` describes it.

    Attributes:
        name: Of its folder.
        summary: What it does, in a sentence.
        level: 1: one or two calls; 2: a short script, perhaps with a helper; 3: functions, classes, error handling;
            4: a whole tool.
        tags: What it does and how it is written.
        with_dvc: Globs of what a right translation has with DVC.
        start: Name of a script in ``starts/``; "" where its folder has a ``setup.sh``.
        argv: Its arguments; ``{origin}`` and ``{world}`` are replaced.
        data: Globs that are given to ``translate``, or None.
    """

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

    To make seven wrong programs of each takes longer than to prove the right ones, so that other runs make them in
    every sixth, and in those of `NOTHING_TO_SEE`.
    """
    everything = programs()
    chosen = everything if os.environ.get("MISTAKES") == "all" else everything[::6]
    return frozenset(each.name for each in chosen) | {name for name, _ in NOTHING_TO_SEE}
