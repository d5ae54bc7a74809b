"""Dates in texts: scmrepo takes the time of a commit from the clock where git takes it from the environment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

# As people print a date: ISO, git's own, and what goes into file names and reports.
_FORMATS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%a %b %d %H:%M:%S %Y",
    "%c",
    "%d %b %Y",
    "%b %d %Y",
    "%b %d, %Y",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%Y%m%d-%H%M%S",
    "%Y%m%d_%H%M%S",
    "%H:%M:%S",
)


# A program that runs for longer is compared by the day, not by the second.
_LONGEST_S = 300


@dataclass(frozen=True)
class Clock:
    """When a program ran.

    Attributes:
        fixed: Unix time that stands for every time of that while.
        began: Unix time of its start.
        ended: Unix time of its end.
    """

    fixed: int
    began: int
    ended: int


def date_texts(moments: Iterable[int], clock: Clock) -> dict[str, str]:
    """What stands for each way to write the time of a new commit, or a time while the program ran.

    Args:
        moments: Unix times of new commits.
        clock: When the program ran, and the time that stands for all.
    """
    stands = datetime.fromtimestamp(clock.fixed, UTC)
    ran = range(clock.began, min(clock.ended, clock.began + _LONGEST_S) + 1)
    found: dict[str, str] = {}
    for moment in {*moments, *ran, clock.ended} - {clock.fixed}:
        when = datetime.fromtimestamp(moment, UTC)
        found[str(moment)] = str(clock.fixed)
        found |= {when.strftime(each): stands.strftime(each) for each in _FORMATS}
        # git writes the day of the month without a zero.
        git_form = "%a %b {} %H:%M:%S %Y"
        found[when.strftime(git_form.format(when.day))] = stands.strftime(git_form.format(stands.day))
    return found
