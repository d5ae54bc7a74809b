"""The collection of replies: each becomes what it is to become, and nothing broken is ever taken."""

from __future__ import annotations

import ast

import pytest

from doctranslate.engines.replies import extract_code, joined
from doctranslate.engines.replies.elisions import elided_lines
from doctranslate.errors import MalformedReplyError

from .replies import ReplyCase, load
from .replies.case import SOURCE, TRANSLATED

CASES = load()


def test_collection_when_counted_then_there_are_sixty_of_several_kinds() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert {case.expected for case in CASES} == {"accepted", "merged", "repaired", "refused"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_extract_code_when_given_the_collection_then_each_reply_is_taken_or_refused_as_it_is_to_be(
    case: ReplyCase,
) -> None:
    if case.expected in ("accepted", "merged"):
        code = extract_code(case.reply, source=case.source)
        assert code == case.code
        ast.parse(code)
        assert elided_lines(code, case.source) == []
    else:
        with pytest.raises(MalformedReplyError) as caught:
            extract_code(case.reply, source=case.source)
        assert caught.value.reply == case.reply


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.expected == "merged"], ids=lambda case: case.name
)
def test_extract_code_when_the_source_has_windows_line_ends_then_a_merged_program_has_them(
    case: ReplyCase,
) -> None:
    code = extract_code(case.reply, source=case.source.replace("\n", "\r\n"))
    assert code == case.code.replace("\n", "\r\n")


@pytest.mark.parametrize("at", [30, 200, 431, 600])
@pytest.mark.parametrize("repeats", [0, 60])
@pytest.mark.parametrize("opens_a_fence", [False, True])
def test_joined_when_a_reply_was_cut_off_then_the_parts_are_the_whole(
    at: int, repeats: int, opens_a_fence: bool
) -> None:
    reply = f"```python\n{TRANSLATED}```"
    more = reply[max(at - repeats, 0) :]
    parts = [reply[:at], f"```python\n{more}" if opens_a_fence else more]
    assert extract_code(joined(parts), source=SOURCE) == TRANSLATED
