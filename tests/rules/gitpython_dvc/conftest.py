"""Real repositories in temporary folders."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest

Git = Callable[..., str]
OWN = ("GIT_", "DVC_", "XDG_", "HOME")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that is the working directory, with settings for git and DVC of its own beside it."""
    home, work, storage = (tmp_path / name for name in ("home", "work", "storage"))
    for folder in (home / "dvc", home / "system", work, storage):
        folder.mkdir(parents=True)
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
    )
    (home / "dvc/config").write_text(
        f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {storage}\n"
    )
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(OWN)]:
        del os.environ[name]
    os.environ.update(
        HOME=str(home),
        GIT_CONFIG_GLOBAL=str(home / ".gitconfig"),
        GIT_CONFIG_NOSYSTEM="1",
        DVC_GLOBAL_CONFIG_DIR=str(home / "dvc"),
        DVC_SYSTEM_CONFIG_DIR=str(home / "system"),
        DVC_SITE_CACHE_DIR=str(home / "site"),
        DVC_NO_ANALYTICS="1",
    )
    with chdir(work):
        yield work
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def git(world: Path) -> Git:
    """Runs git in the working directory, or in ``at``."""

    def run(*args: str, at: Path = world) -> str:
        done = subprocess.run(["git", *args], cwd=at, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def committed(world: Path, git: Git) -> Path:
    """A repository on branch main with one commit, and a bare remote that has it."""
    git("init", "-q", "-b", "main")
    for key, value in (("user.name", "Ada"), ("user.email", "ada@example.com")):
        git("config", key, value)  # libgit2 reads no other settings
    (world / "README.md").write_text("one\n")
    (world / "data").mkdir()
    (world / "data/x.csv").write_text("a\n")
    git("add", "--all")
    git("commit", "-q", "-m", "first")
    git("init", "-q", "--bare", "-b", "main", "../origin.git")
    git("remote", "add", "origin", str(world.parent / "origin.git"))
    git("push", "-q", "-u", "origin", "main")
    return world
