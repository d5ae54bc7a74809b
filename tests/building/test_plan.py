"""A plan tells what the build then does, and writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doctranslate import BuildPlan, BuildReport, ScriptedEngine, build_store, plan_build
from doctranslate.errors import ConfigError, UsageError

from .samples import Condensing, Letters

LIBRARY = "platformdirs"


def everything(*folders: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes() for root in folders for path in sorted(root.rglob("*")) if path.is_file()
    }


def build(stores: Path, **settings: object) -> BuildReport:
    reports: list[BuildReport] = []
    build_store(LIBRARY, stores=stores, on_report=reports.append, **settings).close()  # type: ignore[arg-type]
    return reports[0]


@pytest.mark.parametrize("is_built", [False, True])
def test_plan_when_compared_with_the_build_then_it_was_right_and_wrote_nothing(
    tmp_path: Path, own_cache: Path, is_built: bool
) -> None:
    (tmp_path / "s").mkdir()
    if is_built:
        build(tmp_path / "s", engine=Condensing(), embedder=Letters())
    before = everything(tmp_path, own_cache)
    plan = plan_build(LIBRARY, stores=tmp_path / "s", engine=Condensing(), embedder=Letters())
    assert everything(tmp_path, own_cache) == before
    report = build(tmp_path / "s", engine=Condensing(), embedder=Letters())
    assert (plan.path, plan.pages, plan.n_chunks) == (report.path, report.pages, report.n_chunks)
    assert (plan.n_condensed, plan.n_embedded) == (report.n_condensed, report.n_embedded)
    assert (plan.n_condensed == 0) == is_built


def test_plan_when_the_engine_is_offline_then_it_costs_nothing(tmp_path: Path) -> None:
    plan = plan_build(LIBRARY, stores=tmp_path)
    assert (plan.n_calls, plan.prompt_tokens, plan.embedding_tokens, plan.cost_usd) == (0, 0, 0, 0.0)
    assert plan.n_condensed == plan.n_chunks > 0


def test_plan_when_models_are_named_then_it_tells_calls_tokens_and_cost_without_a_key(tmp_path: Path) -> None:
    plan = plan_build(
        LIBRARY, stores=tmp_path, engine="openai:gpt-4o-mini", embedder="openai:text-embedding-3-small"
    )
    assert plan.n_calls == plan.n_chunks > 100
    assert plan.prompt_tokens > 50 * plan.n_calls and plan.completion_tokens > 10 * plan.n_calls
    expected = 0.15 * plan.prompt_tokens + 0.60 * plan.completion_tokens + 0.02 * plan.embedding_tokens
    assert plan.cost_usd == pytest.approx(expected / 1e6)
    assert "OpenAI" in plan.priced and f"{plan.cost_usd:.4f} USD" in str(plan)


def test_plan_when_a_price_is_not_known_then_it_says_so_and_names_no_cost(tmp_path: Path) -> None:
    plan = plan_build(LIBRARY, stores=tmp_path, engine="ollama:llama")
    assert plan.cost_usd is None
    assert "a price is not known" in str(plan)


def test_plan_when_prompts_are_sent_then_they_are_as_long_as_it_said(tmp_path: Path) -> None:
    reply = json.dumps({"description": "Does it."})
    engine = ScriptedEngine(digests=lambda prompt, chunk: reply)
    plan = plan_build(LIBRARY, stores=tmp_path, engine=engine)
    assert engine.prompts == []
    build(tmp_path, engine=engine)
    assert len(engine.prompts) == plan.n_calls
    assert plan.counted_by == "estimate"
    assert sum(prompt.n_tokens for prompt in engine.prompts) == plan.prompt_tokens


def test_plan_when_one_digest_is_missing_then_it_tells_of_one_call(tmp_path: Path) -> None:
    engine = Condensing(fail_after=256)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, engine=engine)
    plan = plan_build(LIBRARY, stores=tmp_path, engine=Condensing())
    assert plan.n_condensed == plan.n_chunks - len(engine.condensed)


def test_plan_when_the_engine_or_the_source_is_unknown_then_raises(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown engine"):
        plan_build(LIBRARY, stores=tmp_path, engine="magic")
    with pytest.raises(UsageError, match="--url"):
        plan_build(LIBRARY, stores=tmp_path, sources=["web"])


def test_plan_when_made_then_it_survives_json(tmp_path: Path) -> None:
    plan = plan_build(LIBRARY, stores=tmp_path)
    assert BuildPlan.model_validate(json.loads(plan.model_dump_json())) == plan
