"""`doctranslate models`, and the options by which a model is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from doctranslate.cli.app import run
from tests.model_server import Answer, chat, error, serve

PROGRAM = 'import git\n\nrepo = git.Repo(".")\nrepo.git.push("origin", "v1")\n'
RIGHT = 'from dvc.repo import Repo\n\nrepo = Repo(".")\nrepo.push()\n'


def cli(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["doctranslate", *words])
    return run()


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return str(path)


def test_models_check_when_all_works_then_says_so_and_exits_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve() as fake:
        assert cli(monkeypatch, "models", "check", "fake", "--model-url", fake.url, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["works"]) for each in found["abilities"]] == [
        ("chat", True),
        ("structured output", True),
        ("streaming", True),
        ("usage", True),
        ("seed", True),
    ]
    assert found["n_calls"] == 4 and found["prompt_tokens"] > 0
    assert [body.get("seed") for body in fake.requests] == [None, None, None, 1]
    assert cli(monkeypatch, "log", "--json") == 0
    logged = json.loads(capsys.readouterr().out)
    assert len(logged) >= 3 and {call["purpose"] for call in logged} == {"check"}


def test_models_check_when_schemas_are_overlooked_then_only_that_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(structured="ignore") as fake:
        assert cli(monkeypatch, "models", "check", "fake", "--model-url", fake.url) == 0
    out = capsys.readouterr().out
    assert "FAILS    structured output the schema is not obeyed" in out and out.count("works") == 4


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (error(401, "Incorrect API key provided"), "OPENAI_API_KEY"),
        (error(404, "no such model"), "no such model"),
        (chat(""), "empty"),
    ],
)
def test_models_check_when_chat_fails_then_says_why_and_exits_with_3(
    answer: Answer, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve([answer]) as fake:
        assert cli(monkeypatch, "models", "check", "fake", "--model-url", fake.url) == 3
    out = capsys.readouterr().out
    assert "FAILS    chat" in out and says in out and out.count("not tried") == 4


def test_models_check_when_the_endpoint_has_no_such_model_then_names_the_near_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(models=("qwen3-coder", "llama-3", "nomic-embed")) as fake:
        assert cli(monkeypatch, "models", "check", "qwen-3-coder", "--model-url", fake.url) == 3
    out = capsys.readouterr().out
    assert "It has qwen3-coder" in out and "nomic" not in out and "models list" in out


def test_models_check_when_a_seed_is_refused_then_only_that_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        if "seed" in body:
            return error(400, "Unsupported parameter: seed")
        return chat('{"word": "ready", "length": 5}')

    with serve(answer) as fake:
        assert cli(monkeypatch, "models", "check", "fake", "--model-url", fake.url, "--json") == 0
    found = json.loads(capsys.readouterr().out)["abilities"]
    assert [each["name"] for each in found if not each["works"]] == ["seed"]


def test_models_list_when_asked_then_gives_what_the_endpoint_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(models=("small", "org/large")) as fake:
        assert cli(monkeypatch, "models", "list", "--model-url", fake.url) == 0
    assert capsys.readouterr().out.split() == ["org/large", "small"]


def test_models_list_when_calls_are_forbidden_then_asks_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(monkeypatch, "models", "list", "--model-url", "https://models.example/v1") == 2
    assert "DOCTRANSLATE_OFFLINE" in capsys.readouterr().err


def test_translate_when_dry_with_an_address_then_the_name_needs_no_provider(
    monkeypatch: pytest.MonkeyPatch, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--src", "gitpython", "--dst", "dvc", "--strategy", "docs", "--engine", "qwen")
    where = ("--model-url", "http://127.0.0.1:1/v1", "--dry-run", "--json")
    assert cli(monkeypatch, "translate", program, *words, *where) == 0
    assert json.loads(capsys.readouterr().out)["engine"] == "openai:qwen"


def test_models_settings_when_shown_then_each_says_where_it_comes_from_and_no_key_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "doctranslate.toml").write_text("[model]\nname = 'openai:x'\nmax_workers = 3\n")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("DOCTRANSLATE_SEED", "7")
    assert cli(monkeypatch, "models", "settings", "--json") == 0
    out = capsys.readouterr().out
    rows = {row["name"]: (row["value"], Path(row["origin"]).name) for row in json.loads(out)}
    assert "very-secret" not in out
    assert rows["api_key"][0] == "set"
    assert rows["max_workers"] == ("3", "doctranslate.toml")
    assert rows["seed"] == ("7", "environment")
    assert rows["temperature"] == ("0", "default")


def test_translate_when_a_model_repairs_then_the_summary_tells_first_try_and_repair_apart(
    monkeypatch: pytest.MonkeyPatch, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [chat(f"```python\n{RIGHT.replace('push', 'pushh')}```"), chat(f"```python\n{RIGHT}```")]
    with serve(answers) as fake:
        words = (
            "--engine",
            "openai:fake",
            "--model-url",
            fake.url,
            "--strategy",
            "docs",
            "--temperature",
            "0.5",
        )
        assert cli(monkeypatch, "translate", program, "--src", "gitpython", "--dst", "dvc", *words) == 0
    shown = capsys.readouterr()
    assert "repo.push()" in shown.out
    assert "2 model calls" in shown.err
    assert "first try: failed calls-exist" in shown.err and "repair 1: fixed calls-exist" in shown.err
    assert fake.requests[0]["temperature"] == 0.5


def test_translate_when_run_again_then_the_replies_come_from_before_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve([chat(f"```python\n{RIGHT}```")]) as fake:
        words = ("--src", "gitpython", "--dst", "dvc", "--engine", "openai:fake", "--model-url", fake.url)
        for more in ((), (), ("--no-cache",)):
            assert cli(monkeypatch, "translate", program, *words, "--strategy", "docs", *more) == 0
    assert len(fake.requests) == 2
    assert "0 model calls, 1 answered before" in capsys.readouterr().err


@pytest.mark.parametrize("more", [(), ("--draft",)])
def test_translate_when_dry_then_nothing_is_sent_and_calls_tokens_and_cost_are_told(
    more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--src", "gitpython", "--dst", "dvc", "--engine", "openai:gpt-4o-mini", "--dry-run", "--json")
    assert cli(monkeypatch, "translate", program, *words, *more) == 0
    plan: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [call["purpose"] for call in plan["calls"]] == ([] if more else ["counterpart", "rewrite"])
    assert len(plan["repairs"]) == (0 if more else 2)
    if not more:
        assert 0 < plan["cost_usd"] < plan["most_usd"] < 0.05
        assert plan["calls"][1]["prompt_tokens"] > 1000 and "2026" in plan["priced"]


def test_translate_when_dry_then_the_prompt_is_as_long_as_the_one_that_is_sent(
    monkeypatch: pytest.MonkeyPatch, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--src", "gitpython", "--dst", "dvc", "--strategy", "docs", "--engine", "openai:fake")
    assert cli(monkeypatch, "translate", program, *words, "--dry-run", "--json") == 0
    planned = json.loads(capsys.readouterr().out)["calls"][0]["prompt_tokens"]
    with serve([chat(f"```python\n{RIGHT}```")]) as fake:
        assert cli(monkeypatch, "translate", program, *words, "--model-url", fake.url, "--json") == 0
    assert json.loads(capsys.readouterr().out)["prompt"]["n_tokens"] == planned


@pytest.mark.parametrize(
    "more", [("--engine", "openai:fake"), ("--model-url", "http://127.0.0.1:1/v1"), ("--max-cost", "1")]
)
def test_translate_when_offline_then_goes_with_no_model(
    more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCTRANSLATE_MODEL", "openai:configured")
    words = ("--src", "gitpython", "--dst", "dvc", "--offline")
    assert cli(monkeypatch, "translate", program, *words, *more) == 2
    assert "--offline forbids" in capsys.readouterr().err
    assert cli(monkeypatch, "translate", program, *words) == 0
    assert "engine offline" in capsys.readouterr().err


def test_translate_when_the_offline_engine_gets_settings_of_a_model_then_says_so(
    monkeypatch: pytest.MonkeyPatch, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--src", "gitpython", "--dst", "dvc", "--engine", "offline", "--temperature", "1")
    assert cli(monkeypatch, "translate", program, *words) == 2
    assert "is no model" in capsys.readouterr().err


def test_build_when_the_money_is_used_up_then_stops_and_a_higher_limit_goes_on_from_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    for n in range(6):
        (tmp_path / f"pages/part{n}.md").write_text(f"# Part {n}\n\nMoves crate {n} to shelf {n * 7}.\n")
    table = (
        'date = "2026-12"\nsource = "a test"\n[models]\n"openai:fake" = { input = 0.0, output = 1000.0 }\n'
    )
    (tmp_path / "prices.toml").write_text(table)
    monkeypatch.setenv("DOCTRANSLATE_PRICES", str(tmp_path / "prices.toml"))
    monkeypatch.setenv("DOCTRANSLATE_MAX_WORKERS", "1")
    digest = json.dumps({"description": "Moves.", "signatures": [], "example": "", "relevant": True})
    with serve(lambda body: chat(digest, usage=(50, 100))) as fake:
        words = (
            "platformdirs",
            "--source",
            "folder",
            "--folder",
            "pages",
            "--stores",
            str(tmp_path / "stores"),
        )
        model = ("--engine", "openai:fake", "--model-url", fake.url, "--max-tokens", "100")
        assert cli(monkeypatch, "build", *words, *model, "--max-cost", "0.35") == 3
        assert "higher limit" in capsys.readouterr().err
        n_paid = len(fake.requests)
        assert cli(monkeypatch, "build", *words, *model, "--max-cost", "5") == 0
    assert (n_paid, len(fake.requests)) == (3, 6)
