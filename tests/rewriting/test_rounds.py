"""Rounds of repair: what goes back to the model, what is kept, and what the result says of it."""

from __future__ import annotations

import pytest

from doctranslate import ScriptedEngine, Translation, translate
from doctranslate.errors import CostLimitError, MalformedReplyError, ModelRateLimitError, UsageError

PROGRAM = """\
import git

repo = git.Repo(".")
repo.git.push("origin", "v1")
"""
RIGHT = """\
from dvc.repo import Repo

repo = Repo(".")
repo.push()
"""
INVENTED = RIGHT.replace("repo.push()", "repo.send_everything()")
LEFTOVER = RIGHT.replace("repo.push()", "repo.send_everything()\nimport git")


def fenced(code: str) -> str:
    return f"```python\n{code}```"


def translated(*replies: str | Exception, **settings: object) -> tuple[Translation, ScriptedEngine]:
    engine = ScriptedEngine([reply if isinstance(reply, Exception) else fenced(reply) for reply in replies])
    return translate(PROGRAM, "gitpython", "dvc", "none", engine=engine, **settings), engine  # type: ignore[arg-type]


def test_translate_when_the_first_try_holds_then_there_is_one_round() -> None:
    found, engine = translated(RIGHT)
    assert found.ok and found.ok_at_first
    assert [(each.number, each.failed, each.fixed) for each in found.rounds] == [(0, (), ())]
    assert len(engine.prompts) == 1


def test_translate_when_a_check_fails_then_its_findings_go_back_and_the_round_says_what_it_fixed() -> None:
    found, engine = translated(INVENTED, RIGHT)
    assert found.ok and not found.ok_at_first
    assert found.code == RIGHT
    assert [(each.number, each.failed, each.fixed) for each in found.rounds] == [
        (0, ("calls-exist",), ()),
        (1, (), ("calls-exist",)),
    ]
    assert found.rounds[0].code == INVENTED
    asked = engine.prompts[1].messages
    assert [message.role for message in asked] == ["system", "user", "assistant", "user"]
    assert asked[:2] == engine.prompts[0].messages
    assert INVENTED.strip() in asked[2].content
    assert "calls-exist, line 4: " in asked[3].content and "send_everything" in asked[3].content


def test_translate_when_repair_does_not_help_then_ends_after_two_rounds_and_says_what_fails() -> None:
    found, engine = translated(INVENTED, INVENTED, INVENTED)
    assert not found.ok
    assert [each.failed for each in found.rounds] == [("calls-exist",)] * 3
    assert len(engine.prompts) == 3


@pytest.mark.parametrize("rounds", [0, 1])
def test_translate_when_fewer_rounds_are_wanted_then_no_more_are_made(rounds: int) -> None:
    found, engine = translated(*[INVENTED] * 3, repair=rounds)
    assert len(engine.prompts) == len(found.rounds) == rounds + 1


def test_translate_when_a_round_makes_it_worse_then_the_better_try_is_the_result() -> None:
    found, _ = translated(INVENTED, LEFTOVER, LEFTOVER)
    assert found.code == INVENTED
    assert [check.name for check in found.report.checks if check.outcome == "fail"] == ["calls-exist"]


def test_translate_when_a_round_trades_two_failures_for_a_danger_then_it_is_not_taken() -> None:
    bad = INVENTED + "import git\n"
    dangerous = RIGHT + "exec(input())\n"
    found, _ = translated(bad, dangerous, dangerous)
    assert [each.failed for each in found.rounds[:2]] == [
        ("no-source-imports", "calls-exist"),
        ("nothing-dangerous",),
    ]
    assert found.code == bad and not found.ok


@pytest.mark.parametrize(
    "problem",
    [ModelRateLimitError("slow down"), CostLimitError("too dear"), MalformedReplyError("no program")],
)
def test_translate_when_a_round_fails_then_the_first_try_is_not_lost(problem: Exception) -> None:
    found, _ = translated(INVENTED, problem)
    assert found.code == INVENTED and not found.ok
    assert found.rounds[1].problem == str(problem)
    assert any(str(problem) in note.message for note in found.notes)


def test_translate_when_the_first_try_fails_then_raises() -> None:
    with pytest.raises(ModelRateLimitError):
        translated(ModelRateLimitError("slow down"))


def test_translate_when_nothing_is_checked_then_nothing_is_repaired() -> None:
    found, engine = translated(INVENTED, verify="none")
    assert len(engine.prompts) == 1 and found.rounds[0].failed == ()


def test_translate_when_the_rules_translate_then_there_are_no_rounds() -> None:
    assert translate(PROGRAM, "gitpython", "dvc", "none", engine="offline").rounds == ()


def test_translate_when_usage_is_counted_then_it_is_that_of_all_rounds() -> None:
    found, _ = translated(INVENTED, RIGHT)
    assert found.usage.n_calls == 2
    assert [each.usage.n_calls for each in found.rounds] == [1, 1]


def test_rounds_when_shown_then_each_says_what_failed_and_what_it_fixed() -> None:
    found, _ = translated(INVENTED, RIGHT)
    assert list(map(str, found.rounds)) == ["first try: failed calls-exist", "repair 1: fixed calls-exist"]
    assert "repair 1: fixed calls-exist" in found._repr_html_()
    failed, _ = translated(INVENTED, ModelRateLimitError("slow down"), repair=1)
    assert str(failed.rounds[1]) == "repair 1: slow down"


def test_as_dict_when_repaired_then_tells_first_try_and_rounds_apart() -> None:
    found, _ = translated(INVENTED, RIGHT)
    data = found.as_dict()
    assert (data["ok"], data["ok_at_first"]) == (True, False)
    assert [each["fixed"] for each in data["rounds"]] == [(), ("calls-exist",)]


def test_translate_when_the_number_of_rounds_is_below_none_then_says_so() -> None:
    with pytest.raises(UsageError, match="repair"):
        translated(RIGHT, repair=-1)
