"""Have every address of a copied repository lead to a folder of its world, so that nothing needs the network."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from .objects import git
from .repositories import find_repositories

_STORAGE = "doctranslate-storage"


def main() -> None:
    """Change the world, and answer with what was changed, for people."""
    request = json.load(sys.stdin)
    world = Path(request["world"])
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if request["moved_from"]:
        _move(world, request["moved_from"])
        notes: list[str] = []
    else:
        work = world / "work"
        notes = [*_remotes(world, work), *_data_remote(world, work)] if (work / ".git").is_dir() else []
    with answer_to:
        json.dump(notes, answer_to)


def _move(world: Path, old: str) -> None:
    """Let the settings of a world that was copied name its new place."""
    settings = [world / "home/.gitconfig", world / "home/dvc/config"]
    for where, is_bare in find_repositories(world):
        settings.append(where / "config" if is_bare else where / ".git/config")
        settings += [where / ".dvc/config", where / ".dvc/config.local"]
    for path in settings:
        if path.is_file() and not path.is_symlink():
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            if old in text:
                path.write_text(text.replace(old, str(world)), encoding="utf-8", errors="surrogateescape")


def _remotes(world: Path, work: Path) -> Iterator[str]:
    """A bare repository in place of each remote, with the branches that were last seen there."""
    own = git(work, "rev-parse", "--git-dir").strip()
    for name in git(work, "remote").split():
        bare = world / (re.sub(r"[^\w.-]", "-", name) + ".git")
        address = git(work, "config", f"remote.{name}.url", strict=False).strip()
        git(world, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        seen = f"refs/remotes/{name}/"
        refs = git(work, "for-each-ref", "--format=%(refname)", seen).split()
        branches = [ref.removeprefix(seen) for ref in refs if not ref.endswith("/HEAD")]
        pushed = [f"{seen}{branch}:refs/heads/{branch}" for branch in branches]
        tags = ["refs/tags/*:refs/tags/*"] if git(work, "tag").strip() else []
        if pushed or tags:
            git(work, "push", "--quiet", str(bare), *pushed, *tags)
        head = git(work, "symbolic-ref", "--quiet", f"{seen}HEAD", strict=False).strip().removeprefix(seen)
        first = head or next((each for each in ("main", "master") if each in branches), "") or "main"
        git(bare, "symbolic-ref", "HEAD", f"refs/heads/{first}")
        objects = work / own / "lfs/objects"
        if objects.is_dir():
            shutil.copytree(objects, bare / "lfs/objects", dirs_exist_ok=True)
        git(work, "config", "--unset-all", f"remote.{name}.pushurl", strict=False)
        git(work, "config", f"remote.{name}.url", str(bare))
        yield f"remote {name} ({_without_password(address)}) stood for by a local repository as last seen"


def _without_password(address: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", address)


def _data_remote(world: Path, work: Path) -> Iterator[str]:
    """DVC's default remote in the world, with the data that this machine has."""
    if not (work / ".dvc").is_dir():
        return
    lines = f"[core]\n    remote = {_STORAGE}\n['remote \"{_STORAGE}\"']\n    url = {world / 'storage'}\n"
    (work / ".dvc/config.local").write_text(lines, encoding="utf-8")
    from dvc.repo import Repo

    try:
        with Repo(str(work)) as repo:
            repo.push(all_commits=True)
    except (
        Exception
    ) as error:  # what is not in the cache cannot be pushed; a program that needs it will say so
        yield f"not all data is in the cache of the workspace: {type(error).__name__}"
    yield "DVC's default remote stood for by a local folder"
