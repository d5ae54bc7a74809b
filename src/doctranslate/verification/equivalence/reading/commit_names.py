"""Names for commits that are the same for two programs which made the same history under other ids."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# An id, whole or abbreviated, alone or behind the "g" of "git describe".
_ID = re.compile(r"(?<![0-9A-Za-z])(g?)([0-9a-f]{5,40})(?![0-9A-Za-z])")
_SUBJECT_LENGTH = 60


@dataclass(frozen=True)
class Commit:
    """A commit as git keeps it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    times: tuple[int, int]
    message: str


def _may_be_id(token: str) -> bool:
    """Whether a token is an id rather than a word ("facade") or a number, if an object begins with it."""
    return len(token) >= 7 or (any(c.isdigit() for c in token) and any(c.isalpha() for c in token))


class Names:
    """Replaces ids of objects in a text by what they name.

    Args:
        names: Name of each full id.
        dates: What stands for each date.
    """

    def __init__(self, names: Mapping[str, str], dates: Mapping[str, str] | None = None) -> None:
        self._names = names
        self._ids = sorted(names)
        self._dates = dict(dates or {})
        texts = sorted(map(re.escape, self._dates), key=len, reverse=True)
        self._date = re.compile(f"(?<![0-9])(?:{'|'.join(texts)})(?![0-9])") if texts else None

    def replace(self, text: str) -> str:
        """The text with every id, abbreviated ones too, replaced by the name of its object."""
        # A name that is no UTF-8 came in as surrogates, which no JSON can carry on.
        text = text.encode("utf-8", "backslashreplace").decode()
        if self._date is not None:
            text = self._date.sub(lambda found: self._dates[found[0]], text)
        return _ID.sub(self._name, text)

    def _name(self, found: re.Match[str]) -> str:
        prefix, token = found[1], found[2]
        if not _may_be_id(token):
            return found[0]
        at = bisect_left(self._ids, token)
        names = set()
        while at < len(self._ids) and self._ids[at].startswith(token):
            names.add(self._names[self._ids[at]])
            at += 1
        if len(names) != 1:
            return found[0]
        length = "" if len(token) == 40 else f", {len(token)} digits"
        return f"{prefix}<{names.pop()}{length}>"


def blank_ids(text: str) -> str:
    """The text with everything that looks like an id blanked."""
    return _ID.sub(lambda found: found[1] + "<id>" if _may_be_id(found[2]) else found[0], text)


def parents_first(commits: Mapping[str, Commit], heads: Iterable[str]) -> list[str]:
    """The ancestors of some commits, parents before children, first parents first; the same for equal histories."""
    order: list[str] = []
    done: set[str] = set()
    for head in heads:
        stack = [(head, False)]
        while stack:
            sha, is_left = stack.pop()
            if sha in done or sha not in commits:
                continue
            if is_left:
                done.add(sha)
                order.append(sha)
            else:
                stack.append((sha, True))
                stack += [(parent, False) for parent in reversed(commits[sha].parents)]
    return order


def name_commits(commits: Mapping[str, Commit], refs: Mapping[str, str]) -> dict[str, str]:
    """A name for each commit by its place in the history and its message.

    Args:
        commits: By id.
        refs: Commit of each ref; tells apart commits with the same place and message.
    """
    heads = [refs[name] for name in sorted(refs)]
    reachable = parents_first(commits, heads)
    rest = set(commits) - set(reachable)
    order = [*reachable, *(sha for sha in parents_first(commits, sorted(rest)) if sha in rest)]
    depth: dict[str, int] = {}
    names: dict[str, str] = {}
    taken: dict[str, list[str]] = {}
    for sha in order:
        commit = commits[sha]
        depth[sha] = 1 + max((depth.get(parent, 0) for parent in commit.parents), default=0)
        subject = blank_ids(commit.message.strip().partition("\n")[0])[:_SUBJECT_LENGTH]
        name = f"commit {depth[sha]} '{subject}'"
        taken.setdefault(name, []).append(sha)
    place = {sha: number for number, sha in enumerate(order)}
    for name, same in taken.items():
        for number, sha in enumerate(sorted(same, key=place.__getitem__)):
            names[sha] = name if number == 0 else f"{name} ({number + 1})"
    return names
