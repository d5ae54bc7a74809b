"""The server in a process of its own, as benchmarks have it."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest

from . import chat
from .conftest import Connect

ROOT = Path(__file__).resolve().parents[2]
SCRIPTED = [chat("scripted")]
ASK: dict[str, Any] = {"model": "fake", "messages": [{"role": "user", "content": "Hello?"}]}


@contextmanager
def running(*options: str) -> Iterator[str]:
    with ExitStack() as stack:
        command = [sys.executable, "-m", "tests.model_server", "--port", "0", *options]
        process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        stack.callback(process.kill)
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def stats(client: openai.OpenAI) -> dict[str, Any]:
    found: dict[str, Any] = client.get("../_stats", cast_to=object)
    return found


def test_process_when_asked_then_counts_and_logs_each_request(connect: Connect, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    options = ["--latency-ms", "100", "--requests-per-minute", "3", "--log", str(log)]
    with running(*options) as url:
        client = connect(url)
        sent = [
            client.chat.completions.with_raw_response.create(**ASK).http_request.content for _ in range(3)
        ]
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(**ASK)
        found = stats(client)
        lines = [json.loads(text) for text in log.read_text().splitlines()]
    assert (found["requests"], found["replied"], found["limited"], found["most_at_once"]) == (4, 4, 1, 1)
    assert found["by_status"] == {"200": 3, "429": 1}
    assert [line["status"] for line in lines] == [200, 200, 200, 429]
    assert {line["sha256"] for line in lines} == {hashlib.sha256(sent[0]).hexdigest()}
    assert all(line["sent"] - line["received"] >= 0.09 for line in lines[:3])


def test_process_when_its_client_is_killed_then_logs_that_the_reply_was_not_sent(
    connect: Connect, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    with running("--latency-ms", "60000", "--log", str(log)) as url:
        program = (
            "import openai, sys\n"
            "client = openai.OpenAI(base_url=sys.argv[1], api_key='none')\n"
            "client.chat.completions.create(model='m', messages=[{'role': 'user', 'content': 'x'}])"
        )
        client = connect(url)
        with subprocess.Popen([sys.executable, "-c", program, url]) as process:
            wait_for(lambda: stats(client)["open"] == 1)
            process.kill()
        wait_for(lambda: stats(client)["lost"] == 1)
        (line,) = [json.loads(text) for text in log.read_text().splitlines()]
    assert line["sent"] is None
    assert line["received"] > 0


def test_process_when_told_whose_answers_to_give_then_gives_them(connect: Connect) -> None:
    with running("--answers", "tests.model_server.test_process:SCRIPTED") as url:
        assert connect(url).chat.completions.create(**ASK).choices[0].message.content == "scripted"


def test_process_when_told_of_troubles_then_has_them(connect: Connect) -> None:
    with running("--trouble", "503=1") as url, pytest.raises(openai.InternalServerError, match="by chance"):
        connect(url).chat.completions.create(**ASK)


def wait_for(condition: Any, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)
