"""What a program is expected to leave behind, and how a state that was read differs from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from doctranslate.verification.equivalence import Files as Found
from doctranslate.verification.equivalence import RepoState

from .state import Seen, branches, files_at, tags
from .world import RunResult

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


def state_problems(seen: Seen, expected: Expected, *, translated: bool) -> list[str]:
    """How a state differs from what is expected, one line each; empty when it does not.

    Args:
        seen: What the program left.
        expected: The outcome of the scenario.
        translated: Whether data has to be with DVC (and not in git); otherwise all has to be in git.
    """
    added = expected.announced if translated else {}
    here = seen.repository
    found = [
        *_differ("checked-out branch", here.head, expected.head),
        *_differ("branches", branches(here), dict(expected.branches)),
        *_differ("tags", tags(here), dict(expected.tags)),
        *_differ("staged changes", dict(here.staged), {}),
    ]
    for ref, files in expected.trees.items():
        data = expected.data.get(ref, frozenset()) | frozenset(added) if translated else frozenset()
        found += _tree_problems(ref, files_at(here, ref), {**files, **added}, data=data)
    loose = dict(expected.loose) if translated else {**expected.loose, **expected.announced}
    home = expected.trees.get(expected.head, {})
    found += _file_problems("the working tree", here.worktree, {**home, **added, **loose})
    if expected.origin is not None:
        found += _origin_problems(seen.origin, expected, translated=translated, added=added)
    return found


def _origin_problems(
    origin: RepoState | None, expected: Expected, *, translated: bool, added: Files
) -> Iterable[str]:
    if origin is None or expected.origin is None:
        return ["there is no remote"]
    found = _differ("refs of the remote", sorted({*branches(origin), *tags(origin)}), sorted(expected.origin))
    for ref in expected.origin:
        if ref in expected.branches:
            found += _differ(f"remote branch {ref}", branches(origin).get(ref), expected.branches[ref])
        else:
            found += _differ(f"remote tag {ref}", tags(origin).get(ref, "(none)"), expected.tags[ref])
        data = expected.data.get(ref, frozenset()) | frozenset(added) if translated else frozenset()
        found += _tree_problems(
            f"{ref} of the remote", files_at(origin, ref), {**expected.trees[ref], **added}, data=data
        )
    wanted = {**expected.trees.get(origin.head, {}), **added}
    return [*found, *_file_problems("a fresh clone after 'dvc pull'", origin.clone or {}, wanted)]


def _tree_problems(ref: str, tree: Found | None, files: Files, *, data: frozenset[str]) -> list[str]:
    if tree is None:
        return [f"{ref}: no such branch or tag"]
    in_dvc = {path for path, entry in tree.items() if entry.kind == "dvc"}
    found = [
        f"{ref}: {path} cannot be had from DVC: {entry.error}"
        for path, entry in sorted(tree.items())
        if entry.error
    ]
    found += [f"{ref}: {path} is in git, expected with DVC" for path in sorted(data & (tree.keys() - in_dvc))]
    found += [f"{ref}: {path} is not with DVC" for path in sorted(data - in_dvc)]
    found += [f"{ref}: {path} is with DVC, expected in git" for path in sorted(in_dvc - data)]
    return found + _file_problems(ref, tree, files)


def _file_problems(where: str, found: Found, expected: Files) -> list[str]:
    problems = [f"{where}: {path} is missing" for path in sorted(expected.keys() - found.keys())]
    problems += [f"{where}: {path} should not be there" for path in sorted(found.keys() - expected.keys())]
    for path in sorted(found.keys() & expected.keys()):
        if found[path].hash != hashlib.sha256(expected[path]).hexdigest():
            start = found[path].start[:60]
            problems.append(f"{where}: {path} holds {start!r}, expected {expected[path][:60]!r}")
    return problems


def _differ(what: str, found: object, expected: object) -> list[str]:
    return [] if found == expected else [f"{what}: {found!r}, expected {expected!r}"]
