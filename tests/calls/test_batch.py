"""Batches: what is written, what shapes come back, and what becomes of every line."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from doctranslate.calls.batch import (
    State,
    changed_settings,
    fetch,
    import_replies,
    note_path,
    notes_in,
    read_note,
    state_of,
    submit,
    write_batch,
)
from doctranslate.calls.batch.importing import ids_in, kind_of
from doctranslate.calls.batch.lines import answer_in, one_line
from doctranslate.calls.batch.note import write_note
from doctranslate.calls.ledger import Ledger
from doctranslate.calls.request import Request, Schema, body_of, key_of
from doctranslate.errors import ConfigError, ModelError, UsageError
from doctranslate.records import Message

from ..model_server import chat, error, filtered, refused, serve, truncated
from .conftest import settings

SETTINGS = settings(base_url="http://127.0.0.1:9/v1")


def asked(n: int, **fields: Any) -> Request:
    said = f"Condense nümber {n}.\u2028Please."
    return Request((Message(role="user", content=said),), **{"purpose": "condense", **fields})


def requests(n: int) -> list[Request]:
    return [asked(each) for each in range(n)]


def key(n: int, **fields: Any) -> str:
    return key_of(asked(n, **fields), SETTINGS)


def completion(text: str | None = "ok", finish: str = "stop", **message: Any) -> dict[str, Any]:
    return {
        "id": "c",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, **message},
                "finish_reason": finish,
            }
        ],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }


def good(id: str, text: str = "ok", **fields: Any) -> dict[str, Any]:
    response = {"status_code": 200, "request_id": "r", "body": completion(text, **fields)}
    return {"id": "b", "custom_id": id, "response": response, "error": None}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "calls.sqlite")
    yield ledger
    ledger.close()


def replies(tmp_path: Path, lines: Sequence[dict[str, Any] | bytes], name: str = "out.jsonl") -> Path:
    path = tmp_path / name
    path.write_bytes(
        b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    )
    return path


def test_write_batch_when_requests_are_given_then_each_line_is_what_is_sent_under_its_key(
    tmp_path: Path,
) -> None:
    schema = Schema("digest", {"type": "object", "properties": {}})
    given = [asked(0), asked(1, schema=schema), asked(0), asked(0, sample=3)]
    made = settings(seed=5, temperature=0.5)
    (file,) = write_batch(given, made, tmp_path / "asked.jsonl")
    lines = [json.loads(line) for line in file.path.read_text(encoding="ascii").splitlines()]
    unlike = [given[0], given[1], given[3]]
    assert [line["custom_id"] for line in lines] == [key_of(each, made) for each in unlike]
    assert [line["body"] for line in lines] == [body_of(each, made) for each in unlike]
    assert {(line["method"], line["url"]) for line in lines} == {("POST", "/v1/chat/completions")}
    assert (file.n_requests, file.size_bytes) == (3, file.path.stat().st_size)
    note = read_note(file.path)
    assert list(note.kinds()) == [("condense", 0), ("condense", 0), ("condense", 3)]
    assert list(notes_in(tmp_path)) == [file.path]
    assert "key" not in note_path(file.path).read_text()


def test_write_batch_when_a_limit_is_reached_then_goes_on_in_the_next_file(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    by_lines = write_batch(requests(5), SETTINGS, path, max_lines=2)
    assert [(file.path.name, file.n_requests) for file in by_lines] == [
        ("asked.jsonl", 2),
        ("asked-2.jsonl", 2),
        ("asked-3.jsonl", 1),
    ]
    longest = max(len(line) for file in by_lines for line in file.path.read_bytes().splitlines(keepends=True))
    by_bytes = write_batch(requests(5), SETTINGS, path, force=True, max_bytes=2 * longest)
    assert sum(file.n_requests for file in by_bytes) == 5
    assert all(0 < file.path.stat().st_size <= 2 * longest for file in by_bytes)
    assert [read_note(file.path).n_requests for file in by_bytes] == [file.n_requests for file in by_bytes]
    with pytest.raises(UsageError, match="does not fit"):
        write_batch(requests(5), SETTINGS, path, force=True, max_bytes=longest - 1)


def test_write_batch_when_a_file_is_there_then_it_and_its_like_go_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    write_batch(requests(6), SETTINGS, path, max_lines=2)
    mine = tmp_path / "asked-4.jsonl"
    mine.write_text("not of an export")
    before = {each: each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(UsageError, match="--force"):
        write_batch(requests(1), SETTINGS, path)
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == before
    write_batch(requests(1), SETTINGS, path, force=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "asked-4.jsonl",
        "asked.batch.json",
        "asked.jsonl",
    ]


def test_write_batch_when_it_breaks_off_then_what_was_there_is_untouched(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    write_batch(requests(3), SETTINGS, path)
    before = {each: each.read_bytes() for each in tmp_path.iterdir()}

    def breaking() -> Iterator[Request]:
        yield asked(7)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_batch(breaking(), SETTINGS, path, force=True)
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_write_batch_when_nothing_is_asked_then_nothing_is_written(tmp_path: Path) -> None:
    assert write_batch([], SETTINGS, tmp_path / "asked.jsonl") == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        ({"model": "ollama:llama"}, "a.jsonl", "OpenAI's protocol"),
        ({"cache": False}, "a.jsonl", "switched off"),
        ({}, "a.json", "NAME.jsonl"),
        ({}, "missing/a.jsonl", "not a folder"),
    ],
)
def test_write_batch_when_it_makes_no_sense_then_refuses(
    tmp_path: Path, given: dict[str, Any], name: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        write_batch(requests(1), settings(**given), tmp_path / name)


@pytest.mark.parametrize(
    "line",
    [
        good("a"),
        {"custom_id": "a", "response": completion(), "error": None},
        {
            "id": "vllm-1",
            "custom_id": "a",
            "response": {"status_code": 200, "request_id": "v", "body": completion()},
        },
        {
            "custom_id": "a",
            "response": {"request_id": "v", "body": {**completion(), "usage": None}},
            "error": None,
        },
    ],
)
def test_answer_when_it_has_any_of_the_known_shapes_then_it_is_read(line: dict[str, Any]) -> None:
    found = answer_in(line)
    assert found is not None and found.reply is not None
    assert (found.id, found.reply.text, found.problem) == ("a", "ok", "")


FAILING: list[tuple[Any, Any, str, str]] = [
    (
        {"status_code": 429, "body": {"error": {"message": "slow down", "code": "x"}}},
        None,
        "HTTP 429",
        "slow down",
    ),
    (None, {"code": "batch_expired", "message": "too late"}, "batch_expired", "too late"),
    ({"status_code": 400, "request_id": "v"}, "no such model", "HTTP 400", "no such model"),
    (
        {"status_code": 400, "body": None},
        {"object": "error", "message": "bad", "code": 400},
        "HTTP 400",
        "bad",
    ),
    ({"status_code": 500, "body": None}, {"error": {"message": "oh", "type": "t"}}, "HTTP 500", "oh"),
    (
        {"status_code": 200, "body": completion("half", "length")},
        None,
        "cut off at the model's output limit",
        "half",
    ),
    (completion("half", "length"), None, "cut off at the model's output limit", "half"),
    (
        {"status_code": 200, "body": completion("", "content_filter")},
        None,
        "stopped by the content filter",
        "",
    ),
    ({"status_code": 200, "body": completion(None, refusal="No.")}, None, "refused by the model", "No."),
    ({"status_code": 200, "body": completion("  ")}, None, "empty", ""),
    ({"status_code": 200, "body": {"choices": []}}, None, "without a completion", ""),
    ({"status_code": 200, "body": completion(["list"])}, None, "without a text", ""),  # type: ignore[arg-type]
    ({"status_code": 200, "body": "text"}, None, "without a completion", "text"),
    ({"choices": [{"message": None}]}, None, "without a completion", ""),
    (None, None, "without a completion", ""),
    ([], {}, "without a completion", ""),
    (None, {"message": "\x1b[2Jgone\n\tnow"}, "error", "[2Jgone now"),
]


@pytest.mark.parametrize(("response", "failure", "problem", "said"), FAILING)
def test_answer_when_it_failed_then_says_why_in_a_line(
    response: Any, failure: Any, problem: str, said: str
) -> None:
    found = answer_in({"custom_id": "a", "response": response, "error": failure})
    assert found is not None
    assert (found.reply, found.problem, found.said) == (None, problem, said)


@pytest.mark.parametrize("line", [{}, {"custom_id": ""}, {"custom_id": 5, "response": completion()}])
def test_answer_when_it_belongs_to_nothing_then_there_is_none(line: dict[str, Any]) -> None:
    assert answer_in(line) is None


def test_one_line_when_a_text_is_long_then_it_is_cut() -> None:
    assert len(one_line("word " * 1000)) < 250


def test_import_when_lines_are_good_bad_strange_and_cut_off_then_each_is_counted_and_harms_no_other(
    tmp_path: Path, book: Ledger
) -> None:
    (file,) = write_batch(requests(6), SETTINGS, tmp_path / "asked.jsonl", then="doctranslate build x")
    out = replies(
        tmp_path,
        [
            good(key(2), "two"),
            good("0" * 64, "of somebody else"),
            b'"text"',
            b"",
            good(key(1), "half", finish="length"),
            good(key(2), "two again"),
            {"custom_id": key(0), "response": completion("zero")},
            {"custom_id": key(3), "response": {"status_code": 500, "body": {"error": {"message": "oh"}}}},
            {"custom_id": key(3), "response": {"status_code": 500, "body": {"error": {"message": "oh"}}}},
            json.dumps(good(key(5), "five")).encode()[:-20],
        ],
    )
    done = import_replies([out], [file.path], book=book)
    assert (done.n_lines, done.n_new, done.n_known) == (9, 2, 0)
    assert done.failed == {"cut off at the model's output limit": 1, "HTTP 500": 1}
    assert done.examples["HTTP 500"] == "oh"
    assert (done.n_unreadable, done.n_unknown, done.n_duplicates, done.n_missing) == (2, 1, 2, 4)
    assert (done.then, done.is_whole) == (("doctranslate build x",), False)
    kept = {n: book.reply(key(n)) for n in range(6)}
    assert {n: reply.text for n, reply in kept.items() if reply} == {0: "zero", 2: "two"}
    assert book.reply("0" * 64) is None


def test_import_when_done_twice_then_the_second_time_changes_nothing(tmp_path: Path, book: Ledger) -> None:
    (file,) = write_batch(requests(3), SETTINGS, tmp_path / "asked.jsonl")
    first = replies(tmp_path, [good(key(n), f"reply {n}") for n in (2, 0)])
    import_replies([first], [file.path], book=book)
    logged = book.calls()
    done = import_replies([first, first], [file.path, file.path], book=book)
    assert (done.n_new, done.n_known, done.n_duplicates, done.n_missing) == (0, 2, 0, 1)
    assert book.calls() == logged
    other = replies(tmp_path, [good(key(n), f"other {n}") for n in range(3)], "other.jsonl")
    done = import_replies([other], [file.path], book=book)
    assert (done.n_new, done.n_known, done.is_whole) == (1, 2, True)
    assert [reply.text for n in range(3) if (reply := book.reply(key(n)))] == [
        "reply 0",
        "other 1",
        "reply 2",
    ]


def test_import_when_replies_are_kept_then_the_log_has_them_as_calls(tmp_path: Path, book: Ledger) -> None:
    made = settings(model="openai:gpt-4o-mini")
    given = [asked(0), asked(1, purpose="rewrite", sample=4)]
    (file,) = write_batch(given, made, tmp_path / "asked.jsonl")
    out = replies(tmp_path, [good(key_of(each, made)) for each in reversed(given)])
    import_replies([out], [file.path], book=book)
    last, first = sorted(book.calls(), key=lambda call: call.sample, reverse=True)
    assert (first.purpose, first.sample, first.messages) == ("condense", 0, given[0].messages)
    assert (last.purpose, last.sample, last.messages) == ("rewrite", 4, given[1].messages)
    assert {call.job for call in (first, last)} == {first.job} and first.job.startswith("batch-")
    assert (last.model, last.reply, last.finish, last.outcome) == ("openai:gpt-4o-mini", "ok", "stop", "ok")
    assert (last.prompt_tokens, last.completion_tokens) == (11, 7)
    assert last.cost_usd == pytest.approx((11 * 0.15 + 7 * 0.60) / 1e6)
    assert last.at > 1.5e9


def test_import_when_a_request_failed_in_one_batch_and_not_in_the_next_then_it_did_not_fail(
    tmp_path: Path, book: Ledger
) -> None:
    (file,) = write_batch(requests(1), SETTINGS, tmp_path / "asked.jsonl")
    failed = {"custom_id": key(0), "response": None, "error": {"code": "batch_expired", "message": "late"}}
    done = import_replies([replies(tmp_path, [failed, good(key(0))])], [file.path], book=book)
    assert (done.n_new, done.failed, done.n_duplicates, done.is_whole) == (1, {}, 0, True)
    done = import_replies([replies(tmp_path, [failed])], [file.path], book=book)
    assert (done.failed, done.is_whole) == ({}, True)


def test_import_when_a_reply_does_not_pass_the_check_then_it_is_not_kept(
    tmp_path: Path, book: Ledger
) -> None:
    (file,) = write_batch(requests(2), SETTINGS, tmp_path / "asked.jsonl")
    out = replies(tmp_path, [good(key(0), "yes"), good(key(1), "no")])
    done = import_replies(
        [out], [file.path], book=book, check=lambda purpose, text: f"no {purpose}" if text == "no" else ""
    )
    assert (done.n_new, done.failed, book.reply(key(1))) == (1, {"no condense": 1}, None)


def test_import_when_there_are_more_than_are_kept_at_once_then_all_are_kept(
    tmp_path: Path, book: Ledger
) -> None:
    files = write_batch(requests(1203), SETTINGS, tmp_path / "asked.jsonl", max_lines=700)
    out = replies(tmp_path, [good(key(n), f"reply {n}") for n in range(1202, -1, -1)])
    done = import_replies([out], [file.path for file in files], book=book)
    assert (done.n_new, done.is_whole, len(book.calls())) == (1203, True, 1203)
    assert all(
        f"number {n}." in call.messages[0].content.replace("ü", "u")
        for call in book.calls()
        for n in [int(call.reply.split()[1])]
    )


def test_import_when_the_requests_were_changed_or_have_no_note_then_refuses(
    tmp_path: Path, book: Ledger
) -> None:
    (file,) = write_batch(requests(2), SETTINGS, tmp_path / "asked.jsonl")
    out = replies(tmp_path, [good(key(0))])
    copied = tmp_path / "copied.jsonl"
    shutil.copy(file.path, copied)
    with pytest.raises(UsageError, match=r"copied\.batch\.json is not beside it"):
        import_replies([out], [copied], book=book)
    file.path.write_text(file.path.read_text().replace('"fake"', '"another"'))
    with pytest.raises(UsageError, match="not what was exported"):
        import_replies([out], [file.path], book=book)
    note_path(file.path).write_text("{}")
    with pytest.raises(UsageError, match="cannot be read"):
        import_replies([out], [file.path], book=book)
    assert book.calls() == []


def test_kind_when_a_file_is_looked_at_then_it_is_told_by_its_lines(tmp_path: Path) -> None:
    (file,) = write_batch(requests(2), SETTINGS, tmp_path / "asked.jsonl")
    out = replies(tmp_path, [b"{cut off", good(key(1))])
    assert (kind_of(file.path), kind_of(out)) == ("requests", "replies")
    assert ids_in(file.path) == {key(0), key(1)} and ids_in(out) == {key(1)}
    for empty in (replies(tmp_path, [], "empty.jsonl"), tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(UsageError):
            kind_of(empty)


def test_settings_when_they_changed_then_what_is_part_of_the_keys_is_told(tmp_path: Path) -> None:
    (file,) = write_batch(requests(1), SETTINGS, tmp_path / "asked.jsonl")
    note = read_note(file.path)
    assert changed_settings(note, SETTINGS) == ()
    now = settings(base_url=None, temperature=0.7, max_workers=3)
    assert changed_settings(note, now) == (
        "base_url was http://127.0.0.1:9/v1, and is not set",
        "temperature was 0.0, and is 0.7",
    )


def finished(path: Path, made: Any) -> State:
    while not (state := state_of(path, made)).is_over:
        pass
    return state


@pytest.mark.parametrize("shape", ["openai", "bare"])
def test_batch_when_it_goes_over_http_then_all_replies_come_back(
    tmp_path: Path, book: Ledger, shape: str
) -> None:
    with serve(lambda body: chat(body["messages"][0]["content"].upper()), batch_shape=shape) as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(5), made, tmp_path / "asked.jsonl")
        assert state_of(file.path, made).status == "not submitted"
        note, is_new = submit(file.path, made)
        assert is_new and note.batch_id and read_note(file.path) == note
        state = finished(file.path, made)
        assert (state.status, state.n_completed, state.n_failed, state.n_requests) == ("completed", 5, 0, 5)
        _, found = fetch(file.path, made)
        done = import_replies(found, [file.path], book=book)
        assert (done.n_new, done.is_whole) == (5, True)
        for n in range(5):
            reply = book.reply(key_of(asked(n), made))
            assert reply is not None and reply.text == asked(n).messages[0].content.upper()
        assert fake.requests == []


def test_submit_when_done_before_then_nothing_is_sent_unless_again(tmp_path: Path) -> None:
    with serve() as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(2), made, tmp_path / "asked.jsonl")
        first, _ = submit(file.path, made)
        n_seen = fake.record.stats()["requests"]
        assert submit(file.path, made) == (first, False)
        assert fake.record.stats()["requests"] == n_seen
        second, is_new = submit(file.path, made, again=True)
        assert is_new and second.batches == (first.batch_id, second.batch_id)
        assert first.batch_id != second.batch_id
        finished(file.path, made)
        state_of(file.path, made)
        _, found = fetch(file.path, made)  # the first was looked at once: it has nothing yet
        assert len(found) == 1


def test_submit_when_the_last_answer_was_lost_then_the_batch_is_found_and_not_made_again(
    tmp_path: Path,
) -> None:
    with serve() as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(2), made, tmp_path / "asked.jsonl")
        note, _ = submit(file.path, made)
        write_note(file.path, note.model_copy(update={"batch_id": "", "submitted_at": ""}))
        found, _ = submit(file.path, made)
        assert (found.batch_id, found.input_file_id) == (note.batch_id, note.input_file_id)


def test_batch_when_some_lines_fail_then_the_others_are_kept(tmp_path: Path, book: Ledger) -> None:
    bad = {1: error(400, "no"), 2: truncated("ha"), 3: filtered(), 4: refused()}

    def answer(body: dict[str, Any]) -> Any:
        (n,) = (n for n in range(6) if body["messages"][0]["content"] == asked(n).messages[0].content)
        return bad.get(n) or chat(f"reply {n}")

    with serve(answer) as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(6), made, tmp_path / "asked.jsonl")
        submit(file.path, made)
        state = finished(file.path, made)
        assert (state.n_completed, state.n_failed) == (5, 1)
        _, found = fetch(file.path, made)
        assert [path.suffix for path in found] == [".replies", ".errors"]
        done = import_replies(found, [file.path], book=book)
    assert done.n_new == 2 and done.n_missing == 4
    assert sorted(done.failed) == [
        "HTTP 400",
        "cut off at the model's output limit",
        "refused by the model",
        "stopped by the content filter",
    ]


def test_batch_when_it_expires_then_what_was_answered_is_kept(tmp_path: Path, book: Ledger) -> None:
    with serve(batch_end="expired") as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(4), made, tmp_path / "asked.jsonl")
        submit(file.path, made)
        assert finished(file.path, made).status == "expired"
        _, found = fetch(file.path, made)
        done = import_replies(found, [file.path], book=book)
    assert (done.n_new, done.failed, done.n_missing) == (2, {"batch_expired": 2}, 2)


def test_batch_when_it_is_refused_as_a_whole_then_nothing_comes(tmp_path: Path) -> None:
    with serve(batch_end="failed") as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(2), made, tmp_path / "asked.jsonl")
        submit(file.path, made)
        assert finished(file.path, made).status == "failed"
        assert fetch(file.path, made)[1] == ()


def test_batch_when_its_lines_are_refused_then_the_endpoint_says_which(tmp_path: Path) -> None:
    with serve() as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(1), made, tmp_path / "asked.jsonl")
        file.path.write_bytes(file.path.read_bytes() * 2)
        sha256 = hashlib.sha256(file.path.read_bytes()).hexdigest()
        write_note(file.path, read_note(file.path).model_copy(update={"sha256": sha256}))
        submit(file.path, made)
        state = finished(file.path, made)
    assert state.status == "failed"
    assert state.problems == ("line 2: The custom_id is not unique.",)


def test_note_when_it_would_command_a_terminal_then_it_is_refused(tmp_path: Path) -> None:
    (file,) = write_batch(requests(1), SETTINGS, tmp_path / "asked.jsonl")
    write_note(file.path, read_note(file.path).model_copy(update={"then": "\x1b[2J"}))
    with pytest.raises(UsageError, match="cannot be read"):
        read_note(file.path)


def test_batch_when_calls_are_forbidden_then_nothing_is_sent(tmp_path: Path) -> None:
    far = settings(base_url="https://models.example/v1")
    (file,) = write_batch(requests(1), far, tmp_path / "asked.jsonl")
    with pytest.raises(ConfigError, match="DOCTRANSLATE_OFFLINE"):
        submit(file.path, far)
    write_note(file.path, read_note(file.path).model_copy(update={"batch_id": "batch_1"}))
    with pytest.raises(ConfigError, match="DOCTRANSLATE_OFFLINE"):
        state_of(file.path, far)
    with pytest.raises(ConfigError, match="DOCTRANSLATE_OFFLINE"):
        fetch(file.path, far)


def test_submit_when_the_address_is_another_now_then_no_key_is_sent_there(tmp_path: Path) -> None:
    (file,) = write_batch(
        requests(1), settings(base_url="https://models.example/v1"), tmp_path / "asked.jsonl"
    )
    with serve() as fake:
        with pytest.raises(UsageError, match=r"exported for https://models\.example/v1"):
            submit(file.path, settings(base_url=fake.url, api_key="secret"))
        assert fake.record.stats()["requests"] == 0


def test_submit_when_the_file_was_changed_then_refuses(tmp_path: Path) -> None:
    with serve() as fake:
        made = settings(base_url=fake.url)
        (file,) = write_batch(requests(1), made, tmp_path / "asked.jsonl")
        file.path.write_text(file.path.read_text() * 2)
        with pytest.raises(UsageError, match="not what was exported"):
            submit(file.path, made)
        assert fake.record.stats()["requests"] == 0


def test_submit_when_the_endpoint_has_no_batches_then_says_what_else_there_is(tmp_path: Path) -> None:
    with serve() as fake:
        made = settings(base_url=f"{fake.url}/none")
        (file,) = write_batch(requests(1), made, tmp_path / "asked.jsonl")
        with pytest.raises(ModelError, match="vllm run-batch"):
            submit(file.path, made)
        assert read_note(file.path).batch_id == ""


def test_fetch_when_a_file_was_not_handed_in_then_says_so(tmp_path: Path) -> None:
    (file,) = write_batch(requests(1), SETTINGS, tmp_path / "asked.jsonl")
    with pytest.raises(UsageError, match="batch submit"):
        fetch(file.path, SETTINGS)
