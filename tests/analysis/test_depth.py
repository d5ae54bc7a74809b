"""Room for programs that nest deeply."""

from __future__ import annotations

import sys

import pytest

from doctranslate.analysis.depth import with_room
from doctranslate.errors import SourceCodeError


def depth(levels: int) -> int:
    return 1 + depth(levels - 1) if levels else 0


def test_deep_recursion_is_given_room_and_the_limit_is_put_back() -> None:
    before = sys.getrecursionlimit()

    assert with_room(lambda: depth(before * 5)) == before * 5
    assert sys.getrecursionlimit() == before


def test_endless_recursion_is_the_programs_fault() -> None:
    def endless() -> int:
        return endless()

    with pytest.raises(SourceCodeError, match="nested too deeply"):
        with_room(endless)


def test_other_errors_come_through() -> None:
    levels = sys.getrecursionlimit() * 2

    def broken() -> int:
        depth(levels)
        raise KeyError("x")

    with pytest.raises(KeyError):
        with_room(broken)
