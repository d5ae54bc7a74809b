"""`doctranslate log`: what models were asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from doctranslate.calls.ledger import Call, Ledger
from doctranslate.calls.request import Reply
from doctranslate.cli.app import run
from doctranslate.config import cache_dir
from doctranslate.records import Message

TOOL = Path(sys.executable).parent / "doctranslate"


def cli(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["doctranslate", *words])
    return run()


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def calls() -> None:
    ledger = Ledger(cache_dir() / "calls.sqlite")
    for n, outcome in enumerate(["ok", "failed", "ok"]):
        call = Call(
            job="one" if n < 2 else "two",
            model="openai:m",
            purpose="condense",
            key=f"k{n}",
            sample=0,
            messages=(Message(role="user", content=f"question {n} \x1b[2J"),),
            reply=f"answer {n}" if outcome == "ok" else "",
            prompt_tokens=1000 * n,
            completion_tokens=10,
            cost_usd=0.25,
            outcome=outcome,  # type: ignore[arg-type] # one of the two
            error="" if outcome == "ok" else "openai:m: too many requests",
            at=time.time() - 86_400 * (2 - n),
        )
        ledger.record(call, Reply(call.reply) if call.reply else None)
    ledger.close()


@pytest.mark.parametrize("words", [(), ("total",), ("clear", "--yes")])
def test_log_when_nothing_was_called_then_says_so(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(monkeypatch, "log", *words) == 0
    assert not (cache_dir() / "calls.sqlite").exists()
    if not words:
        assert "no model was asked" in capsys.readouterr().err


@pytest.mark.usefixtures("calls")
def test_log_when_listed_then_the_newest_comes_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(monkeypatch, "log") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["id", "3", "2", "1"]
    assert "too many requests" in lines[2] and "0.2500" in lines[1]


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("--job", "one"), [2, 1]),
        (("--failed",), [2]),
        (("--last", "1"), [3]),
        (("--since", "30h"), [3, 2]),
        (("--since", "1w"), [3, 2, 1]),
        (("--since", "2099-01-01"), []),
    ],
)
def test_log_when_some_are_wanted_then_only_those_are_given(
    words: tuple[str, ...],
    ids: list[int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli(monkeypatch, "log", "--json", *words) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == ids


@pytest.mark.usefixtures("calls")
def test_log_show_when_a_call_is_shown_then_it_is_whole_and_commands_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(monkeypatch, "log", "show", "3") == 0
    out = capsys.readouterr().out
    assert "question 2" in out and "answer 2" in out and "\x1b" not in out
    assert cli(monkeypatch, "log", "show", "3", "--json") == 0
    assert json.loads(capsys.readouterr().out)["messages"][0]["content"] == "question 2 \x1b[2J"


@pytest.mark.usefixtures("calls")
def test_log_total_when_added_up_then_by_day_and_model_and_in_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(monkeypatch, "log", "total", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 4
    assert rows[-1] == {
        "day": "all",
        "model": "",
        "calls": 2,
        "failed": 1,
        "prompt_tokens": 2000,
        "completion_tokens": 20,
        "cost_usd": 0.5,
    }


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(("more", "left"), [((), {"k0", "k2"}), (("--with-replies",), {"k2"})])
def test_log_clear_when_told_then_takes_out_the_older_ones_and_keeps_replies_unless_told(
    more: tuple[str, ...], left: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(monkeypatch, "log", "clear", "--before", "12h", "--yes", *more) == 0
    assert "2 calls were taken out" in capsys.readouterr().err
    ledger = Ledger(cache_dir() / "calls.sqlite")
    assert [call.id for call in ledger.calls()] == [3]
    assert ledger.known(["k0", "k1", "k2"]) == left
    ledger.close()


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(
    ("words", "says"),
    [(("show", "99"), "no call 99"), (("--since", "yesterday"), "neither an age"), (("--last", "0"), "")],
)
def test_log_when_asked_wrongly_then_exits_with_2(
    words: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(monkeypatch, "log", *words) == 2
    assert says in capsys.readouterr().err


def test_log_when_the_reader_stops_early_then_that_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    book = Ledger(tmp_path / "calls.sqlite")
    for number in range(1500):  # more than a pipe holds
        book.record(
            Call(job="j", model="openai:fake", purpose="check", key=str(number), sample=0, messages=())
        )
    book.close()
    command = f"'{TOOL}' log --last 1500 | head -1; exit ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "DOCTRANSLATE_CACHE": str(tmp_path)}
    found = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert found.returncode == 0 and found.stderr == "" and len(found.stdout.splitlines()) == 1
