"""Makes the start state that source and translation begin with."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from doctranslate.errors import UsageError, VerificationError
from doctranslate.verification.equivalence.reader import ask
from doctranslate.verification.equivalence.world import addresses, environment, is_world, make_world
from doctranslate.verification.sandbox import Sandbox, SandboxRun

MAX_WORKSPACE_BYTES = 2 * 2**30
DEFAULT_SETUP = """\
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir -p data
printf '# Project\\n' > README.md
git add README.md
git commit --quiet -m "Initial commit"
git push --quiet --set-upstream origin main
"""
_NEW_ORIGIN = 'git init --quiet --bare --initial-branch=main "$ORIGIN"\n'
# A copied file has other times than the index of its repository knows: git would call it changed until it looks.
# Where a link of a workspace leads is for the sandbox to say, so what the programs need is made inside.
REFRESH = """\
mkdir -p "$HOME/tmp" 2>/dev/null
(
    cd "$WORLD" || exit
    for each in work work/*; do
        if [ -e "$each/.git" ]; then git -C "$each" update-index -q --refresh >/dev/null 2>&1; fi
    done
)
exec "$@"
"""


@dataclass(frozen=True)
class Start:
    """A start state.

    Attributes:
        root: Where it lives while a program runs; nothing is there in between.
        saved: Where it is kept.
        known: Ids of the commits that are in it.
        local_config: DVC's settings for this machine, "" when there are none.
        notes: What was changed so that nothing leaves the machine, for the report.
    """

    root: Path
    saved: Path
    known: tuple[str, ...]
    local_config: str = ""
    notes: tuple[str, ...] = ()


def look_at(workspace: Path | None, setup: str | Path | None) -> None:
    """Whether a start state could be made of them, as far as can be told without making it.

    Raises:
        UsageError: The workspace cannot be used, or the setup cannot be read.
    """
    if workspace is not None:
        _look_at_folder(workspace)
    if setup is not None:
        _command(setup)


def prepare(top: Path, *, workspace: Path | None, setup: str | Path | None, sandbox: Sandbox) -> Start:
    """Make a start state below the empty folder ``top``.

    Args:
        top: Is written to.
        workspace: A folder to begin with: a world as it is, any other as ``work/``; None for an empty one.
        setup: Shell text, or the path of a ``.sh`` or ``.py`` file, that completes it. With neither, a small
            repository on branch main with a README, an empty ``data/`` and a remote.
        sandbox: Where the setup runs.

    Raises:
        UsageError: The workspace cannot be used.
        VerificationError: The setup failed.
    """
    root = top / "world"
    notes: tuple[str, ...] = ()
    env = environment(root) | addresses(root)
    if workspace is not None and is_world(workspace):
        _copy(workspace, root)
        notes = _localise(root, sandbox, moved_from=workspace.resolve())
    else:
        make_world(root)
        if workspace is not None:
            (root / "work").rmdir()
            _copy(workspace, root / "work")
            notes = _localise(root, sandbox)
    steps = [] if (root / "origin.git").exists() else [["bash", "-eu", "-c", _NEW_ORIGIN]]
    if setup is not None:
        steps.append(_command(setup))
    elif workspace is None:
        steps.append(["bash", "-eu", "-c", DEFAULT_SETUP])
    for step in steps:
        _must(sandbox.run(step, workspace=root, cwd=root / "work", env=env), "the setup")
    told = _must(
        ask("commits", root, sandbox=sandbox, request={"world": str(root)}), "reading the start state"
    )
    saved = top / "start"
    root.rename(saved)
    answer = json.loads(told.stdout)
    return Start(root, saved, tuple(answer["known"]), answer["local_config"], notes)


def _command(setup: str | Path) -> list[str]:
    text = str(setup)
    is_path = isinstance(setup, Path) or ("\n" not in text and text.endswith((".sh", ".py")))
    if not is_path:
        return ["bash", "-eu", "-c", text]
    path = Path(setup)
    try:
        script = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the setup script {path} cannot be read: {error}") from error
    return [sys.executable, "-c", script] if path.suffix == ".py" else ["bash", "-eu", "-c", script]


def _must(run: SandboxRun, what: str) -> SandboxRun:
    if run.stopped or run.returncode:
        why = run.stopped or f"exit status {run.returncode}"
        raise VerificationError(f"{what} failed ({why}): {run.stderr.strip()[-800:]}")
    return run


def _localise(root: Path, sandbox: Sandbox, *, moved_from: Path | None = None) -> tuple[str, ...]:
    """Have every address of a copied repository lead to a folder of the world."""
    request = {"world": str(root), "moved_from": str(moved_from) if moved_from else ""}
    run = ask("local_remotes", root, sandbox=sandbox, request=request)
    return tuple(json.loads(_must(run, "giving the copied repository remotes of its own").stdout))


def _copy(folder: Path, to: Path) -> None:
    """Copy a folder: links stay links."""
    _look_at_folder(folder)
    try:
        shutil.copytree(folder, to, symlinks=True)
    except (OSError, shutil.Error) as error:
        raise UsageError(f"the workspace {folder} cannot be copied: {error}") from error


def _look_at_folder(folder: Path) -> None:
    """Refuse a folder that cannot be copied or holds what is neither file nor folder nor link."""
    if not folder.is_dir():
        raise UsageError(f"the workspace {folder} is not a folder")
    if (folder / ".git").is_file():
        raise UsageError(
            f"the workspace {folder} is a linked working tree or a submodule, whose repository is elsewhere: "
            "give a clone of it"
        )
    if (folder / ".git/objects/info/alternates").exists():
        raise UsageError(
            f"the repository of {folder} borrows objects from another one: give a clone made without --shared"
        )
    size = 0
    for here, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            about = (Path(here) / name).lstat()
            size += about.st_size if stat.S_ISREG(about.st_mode) else 0
            if not (
                stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode) or stat.S_ISLNK(about.st_mode)
            ):
                raise UsageError(f"{Path(here) / name} is neither a file nor a folder: it cannot be copied")
        if size > MAX_WORKSPACE_BYTES:
            raise UsageError(
                f"the workspace {folder} is larger than {MAX_WORKSPACE_BYTES >> 30} GiB: give a smaller one"
            )
