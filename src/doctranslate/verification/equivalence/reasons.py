"""Says what is likely behind a difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from doctranslate.records import Difference
from doctranslate.verification.equivalence.compare import WORK, same_content
from doctranslate.verification.equivalence.state import RepoState, WorldState

PUSH_MISSING = "the push of commits is missing"
DATA_PUSH_MISSING = "git's push was made, DVC's was not: the push of data is missing"
DATA_LEFT = "data was left in git"
CODE_GIVEN = "a file that is no data was given to DVC"
NOT_COMMITTED = "it was written and not committed"
DROPPED = "a commit was dropped"
EXTRA = "an extra commit was made"
EMPTY = "an empty commit was made"
PLUMBING_COMMIT = "a commit of DVC's own files was made"
REWORDED = "a commit has another message"
BRANCH_MISSING = "the branch was not made, or deleted"
TAG_MISSING = "the tag was not made"
TAG_EXTRA = "a tag was made that the source does not make"
TAG_NOT_PUSHED = "the push of the tag is missing"
TAG_OTHERWISE = "the tag was made in another way"
TAG_MOVED = "the tag is at another commit"
LEFT_BEHIND = "a file was left behind"
OTHER_CHECKOUT = "a checkout is missing, or one too many was made"
STALE = "the working tree was not brought up to date after a checkout: the checkout of data is missing"
OTHER_COMMIT = "another commit was printed"
WRONG_CONTENT = "other content was written or committed"
ENDED_EARLY = "the translation ended before it got there"
NOT_PULLED = "the pull is missing"
EXECUTABLE = "it was made executable, or is no longer"

_ID_NAME = re.compile(r"<(?:the tree of )?commit \d+ '")


def with_reasons(
    found: Sequence[Difference], source: WorldState, translation: WorldState
) -> list[Difference]:
    """The differences, each with what is likely behind it."""
    if any(each.kind == "exit" and ", " in each.translation for each in found):
        # What an exception kept from being done has no reason of its own.
        return [
            each if each.kind == "exit" else each.model_copy(update={"reason": ENDED_EARLY}) for each in found
        ]
    reasons = _Reasons(source, translation)
    return [each.model_copy(update={"reason": reasons.of(each)}) for each in found]


def _short(log: Sequence[str]) -> list[str]:
    """Messages of a history, without the places that a commit before them shifts."""
    return [re.sub(r"^commit \d+ ", "", name) for name in log]


def _is_mode(difference: Difference) -> bool:
    """Whether a file differs in who may run it, as far as it is shown."""
    one, other = (text.replace(", executable)", ")") for text in (difference.source, difference.translation))
    return one == other and difference.source != difference.translation


def _is_part(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether all of one sequence is in another, in order."""
    rest = iter(other)
    return all(item in rest for item in one)


@dataclass(frozen=True)
class _Reasons:
    source: WorldState
    translation: WorldState

    def of(self, difference: Difference) -> str:
        """The reason of one difference, "" when nothing points to any."""
        place, _, rest = (
            difference.where.rpartition(": ") if ": " in difference.where else (WORK, "", difference.where)
        )
        make = getattr(self, f"_{difference.kind}", None)
        if make is None:
            return ""
        for repository in self.source.repositories:
            if difference.where.startswith((f"{repository}: ", f"fresh clone of {repository}")):
                place = repository
                break
        else:
            place = WORK
        one, other = self.source.repositories.get(place), self.translation.repositories.get(place)
        if one is None or other is None:
            return ""
        answer: str = make(difference, one, other, rest)
        return answer

    def _stdout(self, difference: Difference, *_: object) -> str:
        named = [_ID_NAME.search(text) is not None for text in (difference.source, difference.translation)]
        return OTHER_COMMIT if all(named) else ""

    def _commits(self, difference: Difference, one: RepoState, other: RepoState, where: str) -> str:
        name = difference.where.rpartition("branch ")[2]
        mine, theirs = one.logs.get(f"refs/heads/{name}"), other.logs.get(f"refs/heads/{name}")
        if mine is None or theirs is None:
            return ""
        wanted, found = _short(mine), _short(theirs)
        if _is_part(found, wanted):
            return PUSH_MISSING if one.bare and self._is_elsewhere(wanted, name) else self._fewer(one, name)
        if _is_part(wanted, found):
            return self._more(other, mine, theirs)
        return REWORDED if len(wanted) == len(found) else ""

    def _is_elsewhere(self, wanted: list[str], name: str) -> bool:
        """Whether a working repository of the translation has what its remote lacks."""
        return any(
            _short(repo.logs.get(f"refs/heads/{name}", ())) == wanted
            for repo in self.translation.repositories.values()
            if not repo.bare
        )

    def _fewer(self, one: RepoState, name: str) -> str:
        made = {label for label in one.logs[f"refs/heads/{name}"] if label in one.new}
        return DROPPED if made else NOT_PULLED

    def _more(self, other: RepoState, mine: Sequence[str], theirs: Sequence[str]) -> str:
        known = _short(mine)
        extra = [name for name, text in zip(theirs, _short(theirs), strict=True) if text not in known]
        for name in extra or theirs[len(mine) :]:
            commit = other.commits.get(name)
            if commit is not None and commit.changes in {"nothing", "books"}:
                return EMPTY if commit.changes == "nothing" else PLUMBING_COMMIT
        return EXTRA

    def _branch(self, difference: Difference, one: RepoState, other: RepoState, where: str) -> str:
        if difference.translation.startswith("no such"):
            name = difference.where.rpartition("branch ")[2]
            is_local = f"refs/heads/{name}" in self._work(self.translation).refs
            return PUSH_MISSING if one.bare and is_local else BRANCH_MISSING
        return "a branch was made, or not deleted" if difference.source.startswith("no such") else ""

    def _work(self, world: WorldState) -> RepoState:
        return world.repositories.get(WORK) or next(iter(world.repositories.values()))

    def _tag(self, difference: Difference, one: RepoState, other: RepoState, where: str) -> str:
        if difference.translation.startswith("no such"):
            name = difference.where.rpartition("tag ")[2]
            is_local = f"refs/tags/{name}" in self._work(self.translation).refs
            return TAG_NOT_PUSHED if one.bare and is_local else TAG_MISSING
        if difference.source.startswith("no such"):
            return TAG_EXTRA
        return TAG_MOVED if difference.translation.startswith("at ") else TAG_OTHERWISE

    def _upstream(self, difference: Difference, one: RepoState, other: RepoState, where: str) -> str:
        if "[ahead" in difference.translation and "[ahead" not in difference.source:
            return PUSH_MISSING
        return ""

    def _data(self, difference: Difference, *_: object) -> str:
        return DATA_LEFT if difference.translation.startswith("still") else CODE_GIVEN

    def _file(self, difference: Difference, one: RepoState, other: RepoState, where: str) -> str:
        if "cannot be had from DVC" in difference.translation:
            return DATA_PUSH_MISSING if one.bare else "the data was never added to DVC's cache"
        if difference.translation == "nothing":
            path = difference.where.rpartition(": ")[2]
            return NOT_COMMITTED if path in other.worktree else "the file was not committed"
        if _is_mode(difference):
            return EXECUTABLE
        return "" if difference.source == "nothing" else WRONG_CONTENT

    def _clone(self, difference: Difference, one: RepoState, other: RepoState, where: str) -> str:
        if difference.where.endswith("dvc pull"):
            return DATA_PUSH_MISSING
        head = f"refs/heads/{other.head}"
        if one.logs.get(head) != other.logs.get(head):
            return PUSH_MISSING
        return DATA_PUSH_MISSING if difference.translation == "nothing" else ""

    def _worktree(self, difference: Difference, one: RepoState, other: RepoState, where: str) -> str:
        if _is_mode(difference):
            return EXECUTABLE
        path = difference.where.rpartition(": ")[2]
        committed = other.head_files.get(path)
        is_same = one.commit == other.commit and same_content(one.head_files.get(path), committed)
        if committed is not None and is_same and same_content(one.worktree.get(path), committed):
            return STALE if committed.kind == "dvc" else "the file was changed, or not restored"
        if difference.translation == "nothing":
            return "the file was not written, or removed"
        return LEFT_BEHIND if difference.source == "nothing" else WRONG_CONTENT

    def _head(self, difference: Difference, *_: object) -> str:
        return OTHER_CHECKOUT
