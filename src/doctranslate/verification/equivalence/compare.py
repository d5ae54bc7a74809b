"""Tells how what a translation left differs from what its source left."""

from __future__ import annotations

import fnmatch
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from doctranslate.records import Difference
from doctranslate.verification.equivalence.policy import Policy
from doctranslate.verification.equivalence.state import Entry, Files, RepoState, WorldState

WORK = "work"
_NONE = "nothing"


def compare(
    source: WorldState, translation: WorldState, policy: Policy, *, is_whole: bool = True
) -> list[Difference]:
    """Every difference between two states, without the likely reasons.

    Args:
        source: What the source left.
        translation: What the translation left, from the same start state.
        policy: What the pair asks of data.
        is_whole: Whether the translation's data was read; otherwise files that it lacks at a commit may be data.
    """
    found: list[Difference] = []
    places = {*source.repositories, *translation.repositories}
    for place in sorted(places, key=lambda each: (each != WORK, each)):
        one, other = source.repositories.get(place), translation.repositories.get(place)
        if one is None or other is None:
            found.append(_differ("repository", place, _there(one), _there(other)))
        else:
            found += _Pair(place, one, other, policy, is_whole).differences()
    found += _files("file", "", source.loose, translation.loose)
    found += _lines("setting", "the user's git settings", source.settings, translation.settings)
    return _once(found)


def _there(repo: RepoState | None) -> str:
    return "no repository" if repo is None else "a bare repository" if repo.bare else "a repository"


def _differ(kind: str, where: str, source: str, translation: str) -> Difference:
    texts = {"where": where, "source": source, "translation": translation}
    return Difference(kind=kind, **{key: printable(text) for key, text in texts.items()})


def printable(text: str) -> str:
    """A text that a terminal can be given: names of files may hold anything."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _once(found: list[Difference]) -> list[Difference]:
    """Each difference once: what is wrong in a commit is wrong in every repository and branch that has it."""
    seen: dict[tuple[str, str, str, str], Difference] = {}
    for each in found:
        path = each.where.rpartition(": ")[2] if each.kind in {"file", "data"} else each.where
        seen.setdefault((each.kind, path, each.source, each.translation), each)
    return list(seen.values())


def shown(entry: Entry | None) -> str:
    """A file in a few words."""
    if entry is None:
        return _NONE
    if entry.error:
        return f"a file that cannot be had from {entry.kind.upper()}: {entry.error}"
    run = ", executable" if entry.executable else ""
    return f"{entry.start[:60]!r}{'…' if entry.size > 60 else ''} ({entry.size} bytes{run})"


def same_content(one: Entry | None, other: Entry | None) -> bool:
    """Whether a user gets the same file."""
    return one is other or (one is not None and other is not None and one.content == other.content)


def _same_file(one: Entry | None, other: Entry | None) -> bool:
    """Whether a user gets the same file and may run it alike. Of what DVC keeps, DVC decides who may run it."""
    if one is None or other is None or "dvc" in (one.kind, other.kind):
        return same_content(one, other)
    return one.identity == other.identity


def _files(
    kind: str,
    where: str,
    source: Files,
    translation: Files,
    is_with_dvc: Callable[[str], bool] = lambda _: False,
) -> Iterator[Difference]:
    prefix = f"{where}: " if where else ""
    for path in sorted({*source, *translation}):
        one, other = source.get(path), translation.get(path)
        is_same = same_content if is_with_dvc(path) else _same_file
        if not is_same(one, other):
            yield _differ(kind, f"{prefix}{path or 'its data'}", shown(one), shown(other))


def _lines(
    kind: str, where: str, source: tuple[str, ...], translation: tuple[str, ...]
) -> Iterator[Difference]:
    if source != translation:
        one = [line for line in source if line not in translation]
        other = [line for line in translation if line not in source]
        if not one and not other:
            one, other = list(source), list(translation)
        yield _differ(kind, where, "; ".join(one) or _NONE, "; ".join(other) or _NONE)


def _mapping(
    kind: str, where: str, source: Mapping[str, str], translation: Mapping[str, str]
) -> Iterator[Difference]:
    for key in sorted({*source, *translation}):
        one, other = source.get(key), translation.get(key)
        if one != other:
            yield _differ(kind, f"{where}{key}", one or _NONE, other or _NONE)


@dataclass(frozen=True)
class _Pair:
    """One repository in both worlds."""

    place: str
    source: RepoState
    translation: RepoState
    policy: Policy
    is_whole: bool

    def differences(self) -> Iterator[Difference]:
        one, other = self.source, self.translation
        if one.bare != other.bare:
            yield _differ("repository", self.place, _there(one), _there(other))
            return
        yield from self._checked_out()
        yield from self._refs()
        yield from self._logs()
        yield from self._trees()
        if not one.bare:
            where = self._in("working tree")
            yield from _files("worktree", where, one.worktree, other.worktree, self._may_be_with_dvc)
            yield from _mapping("uncommitted", self._in("staged "), one.staged, other.staged)
            yield from _lines("stash", self._in("stashes"), one.stashes, other.stashes)
            yield from _lines("in progress", self._in("git"), one.in_progress, other.in_progress)
        yield from _lines("remote", self._in("remotes"), one.remotes, other.remotes)
        yield from _mapping("upstream", self._in("branch "), one.upstreams, other.upstreams)
        yield from _lines("setting", self._in("git settings"), one.settings, other.settings)
        yield from self._clones()

    def _in(self, what: str) -> str:
        return what if self.place == WORK else f"{self.place}: {what}"

    def _checked_out(self) -> Iterator[Difference]:
        one, other = self.source, self.translation
        if one.head != other.head:
            shows = [each.head or f"no branch, at {each.commit or 'no commit'}" for each in (one, other)]
            yield _differ("head", self._in("checked-out branch"), *shows)
        elif one.commit != other.commit and not one.head:
            yield _differ("head", self._in("checked-out commit"), one.commit or _NONE, other.commit or _NONE)

    def _refs(self) -> Iterator[Difference]:
        one, other = self.source.refs, self.translation.refs
        for name in sorted({*one, *other}):
            if name in {"refs/stash"} or name.startswith("refs/exps/"):
                continue
            is_tag, is_branch = name.startswith("refs/tags/"), name.startswith("refs/heads/")
            kind = "tag" if is_tag else "branch" if is_branch else "ref"
            short = name.split("/", 2)[2] if name.count("/") > 1 else name
            where = self._in(f"{kind} {short}")
            mine, theirs = one.get(name), other.get(name)
            if mine is None or theirs is None:
                shows = [each.commit if each is not None else f"no such {kind}" for each in (mine, theirs)]
                yield _differ(kind, where, *shows)
                continue
            if mine.commit != theirs.commit and not is_branch:
                yield _differ(kind, where, f"at {mine.commit}", f"at {theirs.commit}")
            if mine.annotated != theirs.annotated:
                shows = ["annotated" if each.annotated else "lightweight" for each in (mine, theirs)]
                yield _differ(kind, where, *shows)
            elif (mine.message, mine.tagger) != (theirs.message, theirs.tagger):
                shows = [f"{each.message!r} by {each.tagger}" for each in (mine, theirs)]
                yield _differ(kind, where, *shows)

    def _logs(self) -> Iterator[Difference]:
        for name in sorted({*self.source.logs} & {*self.translation.logs}):
            one, other = self.source.logs[name], self.translation.logs[name]
            if name.startswith("refs/heads/") and one != other:
                where = self._in(f"branch {name.removeprefix('refs/heads/')}")
                yield _differ("commits", where, *_logs_shown(one, other))
        for name in self.source.new:
            mine, theirs = self.source.commits.get(name), self.translation.commits.get(name)
            if mine is None or theirs is None:
                continue
            for what, left, right in (
                ("message", mine.message, theirs.message),
                ("author", mine.author, theirs.author),
                ("committer", mine.committer, theirs.committer),
                ("parents", ", ".join(mine.parents), ", ".join(theirs.parents)),
            ):
                if left != right:
                    yield _differ("commits", self._in(f"{name}, {what}"), repr(left), repr(right))

    def _trees(self) -> Iterator[Difference]:
        told: set[tuple[str, object, object]] = set()
        for label, one, other in self._matching():
            where = self._in(label)
            is_new = label in self.source.new or label in self.translation.new
            for path in sorted({*one, *other}):
                mine, theirs = one.get(path), other.get(path)
                if theirs is None and not self.is_whole:
                    continue
                if not _same_file(mine, theirs) and not self._announced(path, mine, theirs):
                    key = (path, mine and mine.identity, theirs and theirs.identity)
                    if key not in told:
                        told.add(key)
                        yield _differ("file", f"{where}: {path or 'its data'}", shown(mine), shown(theirs))
                elif is_new and mine is not None and theirs is not None:
                    yield from self._kept(where, path, mine, theirs)

    def _matching(self) -> Iterator[tuple[str, Files, Files]]:
        """Trees that are to be the same: of the same commit, else of the same branch or tag."""
        one, other = self.source, self.translation
        yield from (
            (label, one.trees[label], other.trees[label]) for label in one.trees if label in other.trees
        )
        for name in sorted({*one.logs} & {*other.logs}):
            mine, theirs = one.refs[name].commit, other.refs[name].commit
            if mine != theirs and mine in one.trees and theirs in other.trees:
                yield name.split("/", 2)[2], one.trees[mine], other.trees[theirs]

    def _kept(self, where: str, path: str, mine: Entry, theirs: Entry) -> Iterator[Difference]:
        """Whether data is with the target, and nothing else is."""
        if self.policy.is_data is None or mine.old:
            return
        is_data = self.policy.is_data(path) or (self.policy.lfs_is_data and mine.kind == "lfs")
        if is_data and theirs.kind in {"git", "lfs"}:
            yield _differ("data", f"{where}: {path}", f"data, with {mine.kind}", f"still with {theirs.kind}")
        elif not is_data and theirs.kind == "dvc" and mine.kind == "git":
            yield _differ("data", f"{where}: {path}", "no data, with git", "with DVC")

    def _may_be_with_dvc(self, path: str) -> bool:
        """Whether DVC has a file that is checked out, or may have it: what it was given need not be committed."""
        heads = (self.source.head_files.get(path), self.translation.head_files.get(path))
        is_data = self.policy.is_data is not None and self.policy.is_data(path)
        return is_data or not self.is_whole or any(each is not None and each.kind == "dvc" for each in heads)

    def _announced(self, path: str, mine: Entry | None, theirs: Entry | None) -> bool:
        """Whether a translation adds data that its source only announces by ``git lfs track``."""
        if mine is not None or theirs is None or theirs.kind != "dvc":
            return False
        name = path.rpartition("/")[2]
        matches = any(
            fnmatch.fnmatch(path, each) or fnmatch.fnmatch(name, each) for each in self.source.lfs_patterns
        )
        # What is announced is there, and is what the translation ends up with.
        there, tip = self.source.worktree.get(path), self.translation.head_files.get(path)
        is_there = there is not None and same_content(there, tip)
        return matches and is_there and path not in self.source.head_files

    def _clones(self) -> Iterator[Difference]:
        one, other = self.source.clone, self.translation.clone
        if one is None or other is None:
            return
        where = f"fresh clone of {self.place}"
        if self.translation.clone_complaint and not self.source.clone_complaint:
            yield _differ("clone", f"{where}, dvc pull", "nothing to pull", self.translation.clone_complaint)
        yield from _files("clone", where, one, other, self._may_be_with_dvc)


def _logs_shown(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, str]:
    """Two histories from where they part."""
    both = itertools.zip_longest(one, other)
    start = next(number for number, (left, right) in enumerate(both) if left != right)
    texts = []
    for log in (one, other):
        rest = ", ".join(log[start : start + 6]) + (", …" if len(log) > start + 6 else "")
        after = f" after {start} the same" if start else ""
        texts.append(f"{rest or 'no further commit'}{after}")
    return texts[0], texts[1]
