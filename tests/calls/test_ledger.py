from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from doctranslate.calls.ledger import Call, Ledger, read_calls
from doctranslate.calls.request import Reply
from doctranslate.errors import StoreError
from doctranslate.records import Message

MESSAGES = (Message(role="system", content="s"), Message(role="user", content="\u00e4\ud800\x00"))


def call(key: str = "k", **fields: object) -> Call:
    given = {"job": "j", "model": "m:m", "purpose": "condense", "sample": 0, "messages": MESSAGES, **fields}
    return Call(key=key, **given)  # type: ignore[arg-type] # fields of a call


def test_ledger_when_a_call_is_recorded_then_another_process_has_reply_and_log(tmp_path: Path) -> None:
    path = tmp_path / "a/calls.sqlite"
    first = Ledger(path)
    first.record(call(cost_usd=0.5, reply="r"), Reply("r", "stop", 3, 4))
    second = Ledger(path)
    kept = second.reply("k")
    assert kept == Reply("r", "stop", 3, 4, cost_usd=0.0, is_cached=True)
    (found,) = second.calls()
    assert (found.id, found.reply, found.cost_usd, found.messages[0]) == (1, "r", 0.5, MESSAGES[0])
    assert second.call(1) == found and second.call(2) is None
    assert second.known(["k", "x"]) == {"k"}
    first.close()
    second.close()


def test_ledger_when_made_then_only_its_owner_can_read_it(tmp_path: Path) -> None:
    Ledger(tmp_path / "calls.sqlite").close()
    assert stat.S_IMODE((tmp_path / "calls.sqlite").stat().st_mode) == 0o600


def test_ledger_when_a_reply_is_forgotten_then_the_log_still_has_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "calls.sqlite")
    ledger.record(call(reply="r"), Reply("r"))
    ledger.forget("k")
    assert ledger.reply("k") is None and ledger.calls()[0].reply == "r"
    ledger.close()


def test_ledger_when_asked_for_some_then_gives_the_newest_of_them(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "calls.sqlite")
    for n in range(10):
        ledger.record(call(str(n), job="ab"[n % 2], at=float(n + 1)))
    assert [each.key for each in ledger.calls(job="a", limit=2)] == ["8", "6"]
    assert [each.key for each in ledger.calls(since=9)] == ["9", "8"]
    ledger.close()


@pytest.mark.parametrize(("with_replies", "left"), [(False, {"0", "9"}), (True, {"9"})])
def test_ledger_when_cleared_then_what_is_older_is_gone_from_the_file(
    with_replies: bool, left: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "calls.sqlite"
    ledger = Ledger(path)
    for n in (0, 9):
        ledger.record(call(str(n), at=float(n + 1), reply=f"unmistakable-{n}"), Reply(f"reply-{n}"))
    assert ledger.clear(before=5, with_replies=with_replies) == 1
    assert [each.key for each in ledger.calls()] == ["9"]
    assert ledger.known(["0", "9"]) == left
    ledger.close()
    assert b"unmistakable-0" not in path.read_bytes()


def test_ledger_when_threads_write_at_the_same_time_then_all_is_there(tmp_path: Path) -> None:
    ledgers = [Ledger(tmp_path / "calls.sqlite") for _ in range(2)]

    def write(n: int) -> None:
        for i in range(25):
            ledgers[n % 2].record(call(f"{n}-{i}"), Reply("r"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledgers[0].calls()) == 200
    for ledger in ledgers:
        ledger.close()


def test_ledger_when_the_file_is_another_then_raises_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    path.write_text("no database at all, and long enough to be looked at")
    with pytest.raises(StoreError, match=r"calls\.sqlite"):
        Ledger(path)
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StoreError, match="format 99"):
        Ledger(path)


def test_read_calls_when_there_is_no_file_then_none_is_made(tmp_path: Path) -> None:
    assert read_calls(tmp_path / "calls.sqlite") == []
    assert not (tmp_path / "calls.sqlite").exists()
