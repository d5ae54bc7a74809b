"""What a program is expected to leave behind, and how a state that was read differs from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .state import RepoState, Tree
from .world import RunResult, is_data

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Expected:
    """The outcome of one scenario, the same for the source and for its translation.

    Only the place of the data differs: git keeps it for the source, DVC for the translation.

    Attributes:
        branches: Commit messages of each branch, oldest first.
        trees: Files of each branch and tag, as a user gets them.
        data: Per branch and tag, the paths that a translation moves to DVC.
        tags: Message of each tag, None for a lightweight one.
        head: Branch that is checked out; "" when it is detached.
        loose: Files of the working tree that differ from the checked-out commit.
        uncommitted: Lines of ``git status --porcelain`` about tracked files.
        origin: Branches and tags of the remote, each equal to the local one; None when there is no remote.
        announced: Data that the source only announces (``git lfs track``) and a translation adds.
        stdout: What the program prints, ``<sha>`` for any full commit id.
        returncode: What it exits with.
    """

    branches: Mapping[str, tuple[str, ...]]
    trees: Mapping[str, Files]
    data: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tags: Mapping[str, str | None] = field(default_factory=dict)
    head: str = "main"
    loose: Files = field(default_factory=dict)
    uncommitted: tuple[str, ...] = ()
    origin: tuple[str, ...] | None = None
    announced: Files = field(default_factory=dict)
    stdout: str = ""
    returncode: int = 0


def run_problems(run: RunResult, expected: Expected) -> list[str]:
    """How a run differs from what is expected; empty when it does not."""
    found = []
    if run.returncode != expected.returncode:
        found.append(
            f"exit code {run.returncode}, expected {expected.returncode}: {run.stderr.strip()[-600:]}"
        )
    printed = re.sub(r"\b[0-9a-f]{40}\b", "<sha>", run.stdout)
    if printed != expected.stdout:
        found.append(f"printed {printed!r}, expected {expected.stdout!r}")
    return found


def state_problems(state: RepoState, expected: Expected, *, translated: bool) -> list[str]:
    """How a state differs from what is expected, one line each; empty when it does not.

    Args:
        state: As `harness.state` read it.
        expected: The outcome of the scenario.
        translated: Whether data has to be with DVC (and not in git); otherwise all has to be in git.
    """
    added = expected.announced if translated else {}
    found = [
        *_differ("checked-out branch", state.head, expected.head),
        *_differ("branches", dict(state.branches), dict(expected.branches)),
        *_differ("tags", dict(state.tags), dict(expected.tags)),
        *_differ("uncommitted changes", state.uncommitted, expected.uncommitted),
    ]
    for ref, files in expected.trees.items():
        data = expected.data.get(ref, frozenset()) | frozenset(added) if translated else frozenset()
        found += _tree_problems(ref, state.trees.get(ref), {**files, **added}, data=data)
    loose = dict(expected.loose) if translated else {**expected.loose, **expected.announced}
    home = expected.trees.get(expected.head, {})
    found += _file_problems("the working tree", state.worktree, {**home, **added, **loose})
    if expected.origin is not None:
        found += _origin_problems(state, expected, translated=translated, added=added)
    return found


def differences(source: RepoState, translated: RepoState, *, where: str = "") -> list[str]:
    """How what a translation left differs from what its source left, one line each.

    Every file of every ref, every message, tag and upstream has to be the same to a user; in the translation
    data must be with DVC and must be there to be had.
    """
    found = []
    for what in ("head", "branches", "tags", "worktree", "uncommitted", "upstreams"):
        found += _differ(f"{where}{what}", getattr(translated, what), getattr(source, what))
    for ref, tree in source.trees.items():
        other = translated.trees.get(ref)
        data = frozenset(filter(is_data, tree.files))
        found += _tree_problems(f"{where}{ref}", other, tree.files, data=data)
    if source.origin is not None and translated.origin is not None:
        found += differences(source.origin, translated.origin, where="remote ")
    return found


def _origin_problems(
    state: RepoState, expected: Expected, *, translated: bool, added: Files
) -> Iterable[str]:
    origin = state.origin
    if origin is None or expected.origin is None:
        return ["there is no remote"]
    found = _differ("refs of the remote", sorted(origin.trees), sorted(expected.origin))
    for ref in expected.origin:
        if ref in expected.branches:
            found += _differ(f"remote branch {ref}", origin.branches.get(ref), expected.branches[ref])
        else:
            found += _differ(f"remote tag {ref}", origin.tags.get(ref, "(none)"), expected.tags[ref])
        data = expected.data.get(ref, frozenset()) | frozenset(added) if translated else frozenset()
        found += _tree_problems(
            f"{ref} of the remote", origin.trees.get(ref), {**expected.trees[ref], **added}, data=data
        )
    wanted = {**expected.trees.get(origin.head, {}), **added}
    return [*found, *_file_problems("a fresh clone after 'dvc pull'", origin.worktree, wanted)]


def _tree_problems(ref: str, tree: Tree | None, files: Files, *, data: frozenset[str]) -> list[str]:
    if tree is None:
        return [f"{ref}: no such branch or tag"]
    found = [f"{ref}: {path} cannot be had from DVC: {why}" for path, why in sorted(tree.broken.items())]
    found += [f"{ref}: {path} is in git, expected with DVC" for path in sorted(data & tree.in_git)]
    found += [f"{ref}: {path} is not with DVC" for path in sorted(data - tree.in_dvc)]
    found += [f"{ref}: {path} is with DVC, expected in git" for path in sorted(tree.in_dvc - data)]
    return found + _file_problems(ref, tree.files, files)


def _file_problems(where: str, found: Files, expected: Files) -> list[str]:
    problems = [f"{where}: {path} is missing" for path in sorted(expected.keys() - found.keys())]
    problems += [f"{where}: {path} should not be there" for path in sorted(found.keys() - expected.keys())]
    for path in sorted(found.keys() & expected.keys()):
        if found[path] != expected[path]:
            problems.append(f"{where}: {path} holds {found[path][:60]!r}, expected {expected[path][:60]!r}")
    return problems


def _differ(what: str, found: object, expected: object) -> list[str]:
    return [] if found == expected else [f"{what}: {found!r}, expected {expected!r}"]
