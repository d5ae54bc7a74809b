"""What a translation by a model would ask, without asking."""

from __future__ import annotations

import pytest

from doctranslate.errors import ConfigError
from doctranslate.planning import plan_translation

PROGRAM = 'import git\n\nrepo = git.Repo(".")\nrepo.git.push("origin", "v1")\n'


def test_plan_when_the_engine_is_offline_then_nothing_is_asked_and_nothing_costs() -> None:
    plan = plan_translation(PROGRAM, "gitpython", "dvc", "docs", engine="offline")
    assert (plan.calls, plan.repairs, plan.cost_usd, plan.most_usd) == ((), (), 0.0, 0.0)
    assert "nothing would be" in str(plan)


def test_plan_when_the_price_is_unknown_then_no_cost_is_made_up() -> None:
    plan = plan_translation(PROGRAM, "gitpython", "dvc", "docs", engine="openai:nobody-knows-this")
    assert len(plan.calls) == 1 and plan.cost_usd is None and plan.most_usd is None
    assert "the price is not known" in str(plan)


@pytest.mark.parametrize("repair", [0, 1, 3])
def test_plan_when_checks_may_fail_then_the_most_counts_each_repair(repair: int) -> None:
    plan = plan_translation(PROGRAM, "gitpython", "dvc", "docs", engine="openai:gpt-4o-mini", repair=repair)
    assert len(plan.repairs) == repair
    assert plan.cost_usd is not None and plan.most_usd is not None
    assert (plan.most_usd > plan.cost_usd) == bool(repair)
    assert all(each.prompt_tokens > plan.calls[0].prompt_tokens for each in plan.repairs)


def test_plan_when_the_program_holds_a_secret_then_says_what_is_masked_and_not_the_secret() -> None:
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    code = f'{PROGRAM}token = "{secret}"\n'
    plan = plan_translation(code, "gitpython", "dvc", "docs", engine="openai:gpt-4o-mini")
    assert sum(plan.hidden.values()) == 1
    assert secret not in plan.model_dump_json() and secret not in str(plan)


def test_plan_when_no_key_is_there_then_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    assert plan_translation(PROGRAM, "gitpython", "dvc", "llm", engine="openai:gpt-4o-mini").calls


def test_plan_when_the_engine_is_no_name_of_a_model_then_says_what_one_looks_like() -> None:
    with pytest.raises(ConfigError, match="provider:model"):
        plan_translation(PROGRAM, "gitpython", "dvc", engine="gpt")
