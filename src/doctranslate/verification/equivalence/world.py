"""A world for a version-control program: its folders, and the environment of everything that runs in it.

A world is a folder: ``home/`` (settings of git and DVC), ``origin.git`` (bare), ``storage/`` (DVC's remote)
and ``work/``, where the program runs. Nothing outside is written.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

FIXED_TIME = 1767323045
FIXED_DATE = f"{FIXED_TIME} +0000"


def environment(root: Path) -> dict[str, str]:
    """The whole environment of every process of the world at ``root``."""
    home = root / "home"
    own = str(Path(sys.executable).parent)
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.com"), ("DATE", FIXED_DATE))
    }
    return identity | {
        "PATH": os.pathsep.join([own, os.environ.get("PATH", os.defpath)]),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(home),
        # Not every sandbox has a /tmp of its own.
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc"),
        "DVC_SYSTEM_CONFIG_DIR": str(home / "dvc-system"),
        "DVC_SITE_CACHE_DIR": str(home / "dvc-site"),
        "DVC_NO_ANALYTICS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def addresses(root: Path) -> dict[str, str]:
    """Where the parts of the world at ``root`` are, for a setup script."""
    return {"WORLD": str(root), "ORIGIN": str(root / "origin.git"), "STORAGE": str(root / "storage")}


def make_world(root: Path) -> None:
    """Make the folders and settings that every start state begins with; ``work/`` is empty."""
    for name in ("home/dvc", "home/dvc-system", "home/tmp", "storage", "work"):
        (root / name).mkdir(parents=True)
    # dulwich, which makes DVC's repositories, calls the first branch so whatever git's settings say. Remotes of a
    # world are folders, which git refuses for submodules unless told that it may.
    settings = (
        "[user]\n\tname = Ada\n\temail = ada@example.com\n"
        "[init]\n\tdefaultBranch = master\n"
        '[protocol "file"]\n\tallow = always\n'
        "[safe]\n\tdirectory = *\n"
    )
    (root / "home/.gitconfig").write_text(settings)
    remote = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {root / 'storage'}\n"
    (root / "home/dvc/config").write_text(remote)


def is_world(folder: Path) -> bool:
    """Whether a folder is a world, and not a project that happens to have folders of these names."""
    parts = [folder / name for name in ("home", "work", "storage")]
    has_parts = all(part.is_dir() and not part.is_symlink() for part in parts)
    return has_parts and (folder / "home/dvc/config").is_file() and not os.path.lexists(folder / ".git")
