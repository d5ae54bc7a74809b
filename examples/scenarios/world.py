"""Start states of the scenarios, in the worlds that doctranslate verifies translations in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from doctranslate.verification.equivalence.world import environment, make_world

# One process does what `dvc init`, `dvc add` and `dvc push` do, in a third of the time.
RECORD = """
import os, sys
from dvc.repo import Repo
with Repo() if os.path.isdir(".dvc") else Repo.init() as repo:
    repo.add(sys.argv[1:])
    repo.push()
"""


@dataclass(frozen=True)
class RunResult:
    """What a run left on its streams, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def execute(command: Sequence[str], *, root: Path, cwd: Path, timeout_s: float = 60) -> RunResult:
    """Run a command in the world at ``root``, with no terminal and no input."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(root),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout_s,
        check=False,
    )
    return RunResult(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


def run_program(
    program: Path | str, root: Path, *, argv: Sequence[str] = (), timeout_s: float = 60
) -> RunResult:
    """Run a program, given as a file or as its text, in ``root/work``.

    It runs from a copy beside ``work/``, so that no file of the repository can shadow a module that it
    imports (Fig. 9's repository holds a ``dvc.py``).
    """
    copy = root / "program.py"
    copy.write_text(program if isinstance(program, str) else program.read_text(encoding="utf-8"), "utf-8")
    command = [sys.executable, str(copy), *argv]
    return execute(command, root=root, cwd=root / "work", timeout_s=timeout_s)


def git(root: Path, repository: Path, *args: str) -> str:
    """The output of a git command, which must succeed."""
    done = execute(["git", *args], root=root, cwd=repository)
    if done.returncode:
        raise RuntimeError(f"git {' '.join(args)} in {repository}: {done.stderr.strip()}")
    return done.stdout


def is_data(path: str) -> bool:
    """Whether a path of the example repositories holds data."""
    return path.startswith(("data/", "models/"))


class World:
    """Builds the start state of a scenario under ``root``.

    Args:
        root: An empty folder.
        migrated: Keep data with DVC from the first commit on, as after an earlier migration; else all in git.
    """

    def __init__(self, root: Path, *, migrated: bool) -> None:
        self.root = root
        self.migrated = migrated
        make_world(root)

    def write(self, files: Mapping[str, bytes], *, repository: str = "work") -> None:
        """Write files that are in no commit."""
        for name, content in files.items():
            path = self.root / repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def start(self, files: Mapping[str, bytes], *, remote: bool = True) -> None:
        """Make ``work/`` a repository on branch main with one commit, pushed where there is a remote."""
        work = self.root / "work"
        git(self.root, work, "init", "--quiet", "--initial-branch=main")
        self._identify("work")
        if remote:
            git(self.root, self.root, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
            git(self.root, work, "remote", "add", "origin", str(self.root / "origin.git"))
        self.commit("Initial commit", files)
        if remote:
            git(self.root, work, "push", "--quiet", "--set-upstream", "origin", "main")

    def commit(self, message: str, files: Mapping[str, bytes], *, repository: str = "work") -> None:
        """Write and commit files."""
        self.write(files, repository=repository)
        data = [name for name in files if self.migrated and is_data(name)]
        if data:
            self.dvc(RECORD, *data, repository=repository)
        git(self.root, self.root / repository, "add", "--all")
        git(self.root, self.root / repository, "commit", "--quiet", "-m", message)

    def tag(self, name: str, message: str) -> None:
        """Make an annotated tag."""
        git(self.root, self.root / "work", "tag", "-a", name, "-m", message)

    def push_from_elsewhere(self, message: str, files: Mapping[str, bytes]) -> None:
        """Let a colleague push one commit that ``work/`` does not have."""
        git(self.root, self.root, "clone", "--quiet", "origin.git", "colleague")
        self._identify("colleague")
        self.commit(message, files, repository="colleague")
        git(self.root, self.root / "colleague", "push", "--quiet")
        shutil.rmtree(self.root / "colleague")

    def _identify(self, repository: str) -> None:
        # In the repository's own settings: libgit2 reads no others.
        git(self.root, self.root / repository, "config", "user.name", "Ada")
        git(self.root, self.root / repository, "config", "user.email", "ada@example.com")

    def dvc(self, code: str, *args: str, repository: str) -> None:
        """Run a program of ours that uses DVC in a repository of the world."""
        done = execute([sys.executable, "-c", code, *args], root=self.root, cwd=self.root / repository)
        if done.returncode:
            raise RuntimeError(f"{code!r} with {args}: {done.stderr.strip()}")
