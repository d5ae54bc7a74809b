from __future__ import annotations

import random

import pytest

from doctranslate.engines.replies import extract_code
from doctranslate.engines.replies.continuations import joined

from .replies.case import SOURCE, TRANSLATED, fenced

WHOLE = fenced(TRANSLATED)
CUTS = random.Random(5).sample(range(len("```python\n") + 40, len(WHOLE) - 4), 25)


def line_start(at: int) -> int:
    return WHOLE.rfind("\n", 0, at) + 1


@pytest.mark.parametrize("at", CUTS)
@pytest.mark.parametrize("begin", ["", "```python\n", "I go on:\n\n```python\n"])
def test_joined_when_a_continuation_goes_on_in_the_line_then_the_whole_is_there(at: int, begin: str) -> None:
    assert extract_code(joined([WHOLE[:at], begin + WHOLE[at:]]), source=SOURCE) == TRANSLATED


@pytest.mark.parametrize("at", [at for at in CUTS if len(WHOLE[line_start(at) : at].strip()) > 1])
@pytest.mark.parametrize("begin", ["", "```python\n"])
def test_joined_when_a_continuation_begins_the_line_anew_then_the_line_is_there_once(
    at: int, begin: str
) -> None:
    more = begin + WHOLE[line_start(at) :]
    assert extract_code(joined([WHOLE[:at], more]), source=SOURCE) == TRANSLATED


@pytest.mark.parametrize("at", CUTS)
def test_joined_when_a_continuation_begins_all_over_again_then_it_is_the_reply(at: int) -> None:
    assert extract_code(joined([WHOLE[:at], f"Sorry, again:\n{WHOLE}"]), source=SOURCE) == TRANSLATED


@pytest.mark.parametrize("at", CUTS[:8])
def test_joined_when_there_are_three_parts_then_they_are_the_whole(at: int) -> None:
    middle = (at + len(WHOLE)) // 2
    assert joined([WHOLE[:at], WHOLE[at:middle], WHOLE[middle:]]) == WHOLE


def test_joined_when_the_cut_is_in_the_indentation_then_the_line_is_not_deeper() -> None:
    at = WHOLE.index("        self.repo.push()") + 6
    assert joined([WHOLE[:at], WHOLE[at - 6 :]]) == joined([WHOLE[:at], WHOLE[at:]]) == WHOLE


def test_joined_when_few_letters_come_again_then_they_stay() -> None:
    assert joined(["f(\n    g(\n    )\n", ")\nx()\n"]) == "f(\n    g(\n    )\n)\nx()\n"


def test_joined_when_a_continuation_is_empty_then_nothing_is_added() -> None:
    assert joined(["x = 1\n", "", "y = 2\n"]) == "x = 1\ny = 2\n"
    assert joined([]) == ""
