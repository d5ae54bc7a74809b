"""Read a world: the request comes as JSON on standard input, the answer goes as JSON to standard output."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .commit_names import Names, name_commits, parents_first
from .contents import Entry, working_files
from .dates import Clock, date_texts
from .dvc_data import files_at, pointers, pull
from .objects import git
from .repositories import SKIPPED, Repository, find_repositories

# Every commit that the program made is read, up to so many; of older ones, those that a branch or tag leads to.
_MAX_TREES = 300


class World:
    """A world while it is read.

    Args:
        root: Its folder.
        known: Commits that were there before the program ran.
        clock: When the program ran; all times of that while, and of new commits, stand for one.
        local_config: DVC's settings for this machine, which a clone does not bring; "" for none.
        asks_dvc: Whether to read data and to clone; without, an answer takes a third of the time.
    """

    def __init__(
        self,
        root: Path,
        *,
        known: frozenset[str],
        clock: Clock,
        local_config: str = "",
        asks_dvc: bool = True,
    ) -> None:
        self.root, self.known, self.local_config, self.asks_dvc = root, known, local_config, asks_dvc
        self.repositories = {
            where.relative_to(root).as_posix(): Repository.open(where, is_bare=is_bare)
            for where, is_bare in find_repositories(root)
        }
        commits = {sha: each for repo in self.repositories.values() for sha, each in repo.commits.items()}
        refs = {
            f"{name} {place}": sha
            for place, repo in self.repositories.items()
            for name, sha in repo.published().items()
        }
        labels = name_commits(commits, refs)
        trees = {commits[sha].tree: f"the tree of {label}" for sha, label in reversed(labels.items())}
        new = [each for sha, each in commits.items() if sha not in known]
        dates = date_texts({moment for each in new for moment in each.times}, clock)
        # A label holds a message, which may hold the date of a commit: messages are compared with dates replaced.
        plain = Names({}, dates)
        self.labels = {sha: plain.replace(label) for sha, label in labels.items()}
        self.names = Names({**trees, **self.labels}, dates)
        self.texts = {"ids": {**trees, **self.labels}, "dates": dates}

    def read(self) -> dict[str, Any]:
        """The whole answer."""
        inside = [repo.where for repo in self.repositories.values()]
        found: dict[str, Any] = {"repositories": {}}
        for place, repo in self.repositories.items():
            nested = tuple(path for path in inside if repo.where in path.parents)
            found["repositories"][place] = repo.state(self.names, self.labels, nested=nested)
        skip = [*(self.root / name for name in SKIPPED), *inside]
        found["loose"] = working_files(self.root, self.names, skip=skip)
        found["settings"] = sorted(
            self.names.replace(line.replace("\n", "=", 1))
            for line in git(self.root, "config", "--global", "--null", "--list", strict=False).split("\0")
            if line and not line.startswith(("filter.lfs.", "lfs."))
        )
        scratch = Path(tempfile.mkdtemp(prefix=".reading-", dir=self.root))
        try:
            for number, (place, repo) in enumerate(self.repositories.items()):
                found["repositories"][place] |= self._trees(repo, scratch / str(number))
        finally:
            with suppress(RecursionError):  # folders may be nested deeper than Python recurses
                shutil.rmtree(scratch, ignore_errors=True)
        for repo in self.repositories.values():
            repo.objects.close()
        return {
            **found,
            **self.texts,
            "known": sorted({s for r in self.repositories.values() for s in r.commits}),
        }

    def _trees(self, repo: Repository, scratch: Path) -> dict[str, Any]:
        """Files of the commits that matter, and what a fresh clone of a bare repository brings."""
        tips = set(repo.published().values())
        head = git(repo.where, "rev-parse", "--quiet", "--verify", "HEAD^{commit}", strict=False).strip()
        made = [sha for sha in parents_first(repo.commits, sorted(tips)) if sha not in self.known]
        wanted = list(dict.fromkeys([*sorted(tips), *([head] if head else []), *made[-_MAX_TREES:]]))
        books = {sha: pointers(repo.files(sha)) for sha in wanted}
        asked, complaint, is_cloned = repo.where, "", False
        if repo.is_bare and any(books.values()) and self.asks_dvc:
            is_cloned = True
            asked = scratch
            git(self.root, "clone", "--quiet", "--no-hardlinks", str(repo.where), str(scratch))
            if self.local_config and (scratch / ".dvc").is_dir():
                (scratch / ".dvc/config.local").write_bytes(
                    self.local_config.encode(errors="surrogateescape")
                )
            complaint = pull(scratch) if books.get(head) else ""
        data: dict[frozenset[tuple[str, str]], dict[str, Entry]] = {}
        trees = {}
        for sha in wanted:
            if self.asks_dvc and books[sha] and books[sha] not in data:
                data[books[sha]] = files_at(asked, sha, self.names)
            trees[self.labels[sha]] = {**repo.tree(sha, self.names), **data.get(books[sha], {})}
        self._mark_old(repo, wanted, trees)
        answer: dict[str, Any] = {"trees": trees, "new": [self.labels[sha] for sha in made]}
        if repo.is_bare and head and self.asks_dvc:
            clone = (
                working_files(scratch, self.names, lfs=repo.lfs) if is_cloned else trees[self.labels[head]]
            )
            answer["clone"] = {"files": clone, "complaint": complaint}
        return answer

    def _mark_old(self, repo: Repository, wanted: list[str], trees: Mapping[str, dict[str, Entry]]) -> None:
        """Say of each file that git keeps whether it was kept so before the program ran, and is unchanged."""
        made = [sha for sha in wanted if sha not in self.known]
        before = {parent for sha in made for parent in repo.commits[sha].parents if parent in self.known}
        old = {(path, blob) for sha in before for path, (_, blob) in repo.files(sha).items()}
        for sha in made:
            files = repo.files(sha)
            for path, (_, blob) in files.items():
                entry = trees[self.labels[sha]].get(self.names.replace(path))
                if entry is not None and (path, blob) in old:
                    trees[self.labels[sha]][self.names.replace(path)] = {**entry, "old": True}


def main() -> None:
    """Answer the request."""
    started = time.monotonic()
    request = json.load(sys.stdin)
    # DVC and git may say something on standard output: only the answer goes there.
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    world = World(
        Path(request["world"]),
        known=frozenset(request["known"]),
        clock=Clock(fixed=request["fixed"], began=request["began"], ended=request["ended"]),
        local_config=request["local_config"],
        asks_dvc=request["asks_dvc"],
    )
    answer = world.read()
    with answer_to:
        json.dump({**answer, "seconds": round(time.monotonic() - started, 3)}, answer_to)
