"""The batch commands, from the export to the build that asks nothing any more."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from doctranslate.cli.app import run as run_in_process

from ..model_server import Answer, FakeOpenAI, chat, error, serve

LIBRARY = "platformdirs"
ENGINE = ("--engine", "openai:fake")
SOURCE = ("--source", "folder", "--folder", "pages")
N = 5


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with some pages of documentation."""
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    for n in range(N):
        text = f"# Part {n}\n\nMoves crate {n} to shelf {n * 7}, and says where it was.\n"
        (tmp_path / "pages" / f"part{n}.md").write_text(text)
    return tmp_path


def digest(body: dict[str, Any]) -> Answer:
    """A digest that depends on what was asked, and on nothing else."""
    asked = body["messages"][-1]["content"]
    (n,) = (n for n in range(N) if f"Moves crate {n} " in asked)
    reply = {"description": f"Moves the crate of part {n}.", "signatures": [], "example": ""}
    return chat(json.dumps({**reply, "relevant": True}))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    with serve(digest) as fake:
        monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
        yield fake


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str


def run(*args: str, cwd: Path | None = None, **env: str) -> Done:
    """A command in this process: starting one for each takes longer than all that they do."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd or Path()),
        patch.dict(os.environ, env),
        patch.object(sys, "argv", ["doctranslate", *args]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run_in_process()
    return Done(code, out.getvalue(), err.getvalue())


def said(done: Done, code: int = 0) -> str:
    text = done.out + done.err
    assert done.code == code, text
    return text


def export(name: str = "asked.jsonl", *more: str) -> str:
    return said(run("batch", "export", LIBRARY, *ENGINE, *SOURCE, "-o", name, *more))


def build(stores: str) -> str:
    return said(run("build", LIBRARY, *ENGINE, *SOURCE, "--stores", stores))


def finished(*files: str) -> str:
    while (done := run("batch", "status", *files)).code == 1:
        assert "completed" not in done.out
    return said(done)


def content(stores: Path) -> dict[str, bytes]:
    return {
        path.relative_to(stores).as_posix(): path.read_bytes()
        for path in sorted(stores.rglob("*"))
        if path.is_file()
    }


def lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def test_batch_when_it_goes_all_the_way_then_the_build_asks_nothing_and_is_the_same(
    here: Path, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = export()
    assert f"{N} requests" in told and "nothing was sent" in told and "batch submit asked.jsonl" in told
    assert server.record.stats()["requests"] == 0 and not (here / "cache" / "calls.sqlite").exists()
    assert "batch_000001" in said(run("batch", "submit", "asked.jsonl"))
    assert "handed in before" in said(run("batch", "submit", "asked.jsonl"))
    assert f"{N} of {N} answered, 0 failed" in finished()
    told = said(run("batch", "import", "asked.jsonl"))
    assert f"{N} replies imported, 0 were there already" in told and "asks nothing more" in told
    assert f"0 replies imported, {N} were there already" in said(run("batch", "import", "asked.jsonl"))
    assert "model calls: 0," in said(run("build", LIBRARY, *ENGINE, *SOURCE, "--dry-run"))
    build("by-batch")
    assert server.requests == []
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(here / "another"))
    build("directly")
    exported = [json.dumps(line["body"], sort_keys=True) for line in lines("asked.jsonl")]
    assert sorted(json.dumps(body, sort_keys=True) for body in server.requests) == sorted(exported)
    assert content(here / "by-batch") == content(here / "directly")


def test_batch_when_lines_fail_or_are_missing_then_only_those_are_asked(
    here: Path, server: FakeOpenAI
) -> None:
    export()
    good = [answered(line) for line in lines("asked.jsonl")]
    failed = {
        "custom_id": good[0]["custom_id"],
        "response": {"status_code": 500, "body": None},
        "error": "oh",
    }
    not_json = {**good[1], "response": json.loads(chat("I would rather not.").body)}
    cut_off = json.dumps(good[2])[:-9]
    out = "\n".join([json.dumps(good[4]), json.dumps(failed), json.dumps(not_json), cut_off])
    Path("replies.jsonl").write_text(out)
    told = said(run("batch", "import", "replies.jsonl"), 1)
    assert "1 replies imported" in told
    assert "1 failed, HTTP 500: oh" in told and "1 failed, not the JSON that was asked for" in told
    assert "1 lines cannot be read, or are cut off" in told
    assert f"{N - 1} requests are still without a reply" in told
    assert f"asks only for the {N - 1} that are missing" in told
    assert f"{N - 1} requests" in export("rest.jsonl")
    missing = {line["custom_id"] for line in lines("rest.jsonl")}
    assert missing == {line["custom_id"] for line in good[:4]}
    build("stores")
    assert len(server.requests) == N - 1
    assert "nothing to ask" in export("none.jsonl") and not Path("none.jsonl").exists()


def answered(line: dict[str, Any]) -> dict[str, Any]:
    completion = json.loads(digest(line["body"]).body)
    response = {"status_code": 200, "request_id": "vllm-batch-1", "body": completion}
    return {"id": "vllm-1", "custom_id": line["custom_id"], "response": response, "error": None}


def test_import_when_replies_were_made_elsewhere_then_their_requests_are_found_or_named(here: Path) -> None:
    export("asked.jsonl", "--lines", "3")
    (here / "far").mkdir()
    every = [answered(line) for name in ("asked.jsonl", "asked-2.jsonl") for line in lines(name)]
    (here / "far" / "replies.jsonl").write_text("".join(json.dumps(line) + "\n" for line in reversed(every)))
    found = run("batch", "import", "replies.jsonl", cwd=here / "far")
    assert "--requests FILE" in said(found, 2)
    named = ("--requests", "../asked.jsonl", "--requests", "../asked-2.jsonl")
    assert f"{N} replies imported" in said(run("batch", "import", "replies.jsonl", *named, cwd=here / "far"))
    as_json = json.loads(run("batch", "import", "far/replies.jsonl", "--json").out)
    assert (as_json["n_new"], as_json["n_known"], as_json["n_missing"]) == (0, N, 0)


def test_import_when_settings_are_others_now_then_it_is_told(here: Path) -> None:
    export()
    Path("replies.jsonl").write_text(
        "".join(json.dumps(answered(line)) + "\n" for line in lines("asked.jsonl"))
    )
    told = said(run("batch", "import", "replies.jsonl", DOCTRANSLATE_TEMPERATURE="0.7"))
    assert "temperature was 0.0, and is 0.7" in told


def test_export_when_asked_for_json_then_it_tells_files_and_cost(here: Path) -> None:
    command = (
        "batch",
        "export",
        LIBRARY,
        "--engine",
        "openai:gpt-4o-mini",
        *SOURCE,
        "-o",
        "a.jsonl",
        "--lines",
        "2",
    )
    done = run(*command, "--json", "--quiet")
    found = json.loads(done.out)
    assert done.code == 0 and "requests" not in done.err
    assert [(file["path"], file["n_requests"]) for file in found["files"]] == [
        ("a.jsonl", 2),
        ("a-2.jsonl", 2),
        ("a-3.jsonl", 1),
    ]
    assert found["n_calls"] == found["n_chunks"] == N
    expected = (0.15 * found["prompt_tokens"] + 0.60 * found["completion_tokens"]) / 1e6
    assert found["cost_usd"] == pytest.approx(expected)
    assert "without batch discount" in said(run(*command, "--force"))


def test_status_when_a_batch_failed_then_it_exits_3(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(lambda body: error(500, "oh"), batch_end="failed") as fake:
        monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
        export()
        assert "not submitted" in said(run("batch", "status", "asked.jsonl"), 1)
        said(run("batch", "submit", "asked.jsonl"))
        assert "failed" in said(run("batch", "status"), 3)
        (state,) = json.loads(run("batch", "status", "--json").out)
        assert (state["status"], state["n_requests"], state["file"]) == ("failed", N, "asked.jsonl")


def test_status_when_a_batch_is_not_done_then_import_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(digest, looks=9) as fake:
        monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
        export()
        said(run("batch", "submit", "asked.jsonl"))
        told = said(run("batch", "import", "asked.jsonl"), 1)
        assert "batch_000001 is not completed yet, but in_progress" in told
        assert "in_progress" in said(run("batch", "status", "asked.jsonl"), 1)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("export", LIBRARY, "--engine", "offline", "-o", "a.jsonl"), "nothing to batch"),
        (("export", LIBRARY, "--engine", "ollama:llama", "-o", "a.jsonl"), "OpenAI's protocol"),
        (("export", LIBRARY, "--engine", "gpt-4o", "-o", "a.jsonl"), "provider:model"),
        (("export", LIBRARY, *ENGINE, "-o", "a.txt"), "NAME.jsonl"),
        (
            ("export", LIBRARY, "packaging", *ENGINE, "--url", "https://x.example/", "-o", "a.jsonl"),
            "one by one",
        ),
        (("export", "no-such-library-x", *ENGINE, "-o", "a.jsonl"), "unknown component"),
        (("export", LIBRARY, *ENGINE), "--output"),
        (("submit", "missing.jsonl"), "no such file"),
        (("submit", "pages/part0.md"), "batch export"),
        (("status",), "no file of this folder"),
        (("status", "missing.jsonl"), "no such file"),
        (("import", "missing.jsonl"), "cannot read"),
        (("import", "pages/part0.md"), "holds no line of a batch"),
        (("import",), "FILE"),
    ],
)
def test_batch_when_the_call_is_wrong_then_one_clear_error(args: tuple[str, ...], message: str) -> None:
    assert message in said(run("batch", *args), 2)


def test_batch_when_calls_are_forbidden_then_nothing_is_handed_in() -> None:
    done = run(
        "batch", "export", LIBRARY, *ENGINE, *SOURCE, "-o", "a.jsonl", OPENAI_BASE_URL="https://m.example/v1"
    )
    assert "5 requests" in said(done)  # which sends nothing
    far = run("batch", "submit", "a.jsonl", OPENAI_BASE_URL="https://m.example/v1")
    assert "DOCTRANSLATE_OFFLINE is set" in said(far, 2)
