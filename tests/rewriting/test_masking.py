"""What leaves the machine, and what comes back in the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from doctranslate import ScriptedEngine, translate
from doctranslate.calls.ledger import read_calls
from doctranslate.config import cache_dir
from doctranslate.engines.model import ModelEngine
from doctranslate.rewriting.rounds import SECRETS
from tests.model_server import Answer, chat, serve

TOKEN = "ghp_" + "k3Jx9QmT7LrW2bNz8VcYp4Sd6Hf1Ga5Ue0Ri"
PROGRAM = f"""\
import git

repo = git.Repo(".")
url = "https://bot:{TOKEN}@git.corp.internal/team/data.git"
repo.create_remote("backup", url)
repo.git.push("backup", "main")
"""


def program_in(body: dict[str, Any]) -> str:
    return str(body["messages"][1]["content"]).partition("<program>\n")[2].partition("</program>")[0]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path / "cache"))


def test_translate_when_the_program_has_secrets_then_none_is_sent_or_logged_and_all_are_in_the_result() -> (
    None
):
    def answer(body: dict[str, Any]) -> Answer:
        code = program_in(body).replace("import git\n", "import git  # kept\n")
        return chat(f"```python\n{code}```")

    with serve(answer) as fake:
        engine = ModelEngine("openai:fake", base_url=fake.url, max_retries=0)
        found = translate(PROGRAM, "gitpython", "dvc", "docs", engine=engine, repair=1)
    sent = str(fake.requests)
    assert len(fake.requests) == 2  # the repair's findings quote the code
    for secret in (TOKEN, "git.corp.internal"):
        assert secret not in sent
        assert secret in found.code
    assert found.code == PROGRAM.replace("import git\n", "import git  # kept\n")
    logged = read_calls(cache_dir() / "calls.sqlite")
    assert len(logged) == 2 and TOKEN not in str(logged) and "corp.internal" not in str(logged)
    assert next(check for check in found.report.checks if check.name == SECRETS).outcome == "pass"
    assert found.prompt is not None and TOKEN not in str(found.prompt)


def test_translate_when_retrieval_asks_the_model_then_that_has_no_secret_either() -> None:
    def answer(body: dict[str, Any]) -> Answer:
        if "response_format" in body:
            return chat('{"queries": ["add a remote"], "documents": []}')
        return chat(f"```python\n{program_in(body)}```")

    with serve(answer) as fake:
        engine = ModelEngine("openai:fake", base_url=fake.url, max_retries=0)
        translate(PROGRAM, "gitpython", "dvc", "llm-docs", engine=engine, repair=0)
    assert len(fake.requests) == 2
    assert TOKEN not in str(fake.requests) and "corp.internal" not in str(fake.requests)


def test_translate_when_the_model_alters_a_placeholder_then_a_check_fails_at_its_line() -> None:
    def reply(prompt: Any, job: Any) -> str:
        code = job.code.replace("doctranslate-masked-1", "doctranslate-masked-77")
        assert code != job.code
        return f"```python\n{code}```"

    found = translate(PROGRAM, "gitpython", "dvc", "none", engine=ScriptedEngine(reply), repair=0)
    check = next(check for check in found.report.checks if check.name == SECRETS)
    assert check.outcome == "fail" and check.findings[0].line == 4
    assert not found.ok


def test_translate_when_the_model_drops_a_secret_then_a_note_says_which_line_it_was() -> None:
    code = PROGRAM.replace(f'"https://bot:{TOKEN}@git.corp.internal/team/data.git"', '"backup"')
    found = translate(
        PROGRAM, "gitpython", "dvc", "none", engine=ScriptedEngine([f"```python\n{code}```"]), repair=0
    )
    told = [note for note in found.notes if "not in the translation" in note.message]
    assert told and {note.line for note in told} == {4}
    assert TOKEN not in str(told)


def test_translate_when_the_rules_translate_then_nothing_is_masked() -> None:
    found = translate(PROGRAM, "gitpython", "dvc", "docs", engine="offline")
    assert SECRETS not in [check.name for check in found.report.checks]
    assert TOKEN in found.code
