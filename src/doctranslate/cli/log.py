"""The commands that show what a model was asked, what it answered, and what that cost."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doctranslate.cli.options import Json, harmless, say
from doctranslate.config import cache_dir
from doctranslate.errors import UsageError

if TYPE_CHECKING:
    from doctranslate.calls.ledger import Call, Ledger

log = typer.Typer(
    name="log",
    rich_markup_mode=None,
    invoke_without_command=True,
    help="Show what models were asked and what it cost. Secrets were masked before: placeholders stay placeholders.",
)

_AGE = re.compile(r"^(\d+)([mhdw])$")
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="AGE|DATE", help="Only newer ones: 90m, 2h, 3d, 1w, or 2026-12-01."),
]


@log.callback()
def list_(
    context: typer.Context,
    job: Annotated[str, typer.Option("--job", help="Only the calls of one run.")] = "",
    since: Since = None,
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="How many, the newest.")] = 20,
    failed: Annotated[bool, typer.Option("--failed", help="Only calls that failed.")] = False,
    as_json: Json = False,
) -> int:
    """List calls, the newest first."""
    if context.invoked_subcommand is not None:
        return 0
    found = _calls(job=job, since=since)
    found = [call for call in found if not failed or call.outcome == "failed"][:last]
    if as_json:
        sys.stdout.write(json.dumps([_plain(call, whole=False) for call in found], indent=2) + "\n")
    elif found:
        _table(found)
    else:
        say(f"no calls in {_path()}" + (" that fit" if job or since or failed else ": no model was asked"))
    return 0


@log.command("show")
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="Number in the list.")], as_json: Json = False
) -> int:
    """Show a call whole: what was sent, and what came back."""
    with _book() as book:
        call = book.call(number) if book else None
    if call is None:
        raise UsageError(f"there is no call {number}: 'doctranslate log' lists them")
    if as_json:
        sys.stdout.write(json.dumps(_plain(call, whole=True), indent=2, ensure_ascii=False) + "\n")
        return 0
    lines = [
        f"{name}: {value}" for name, value in _plain(call, whole=False).items() if value not in ("", None)
    ]
    for message in call.messages:
        lines += ["", f"--- {message.role}", message.content]
    lines += ["", "--- reply" if call.outcome == "ok" else "--- no reply", call.reply]
    sys.stdout.write(harmless("\n".join(lines)) + "\n")
    return 0


@log.command("total")
def total(since: Since = None, as_json: Json = False) -> int:
    """Add up calls, tokens and cost, by day and model."""
    rows: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in _calls(since=since):
        rows[_day(call.at), call.model].append(call)
    sums = [{"day": day, "model": model, **_sum(calls)} for (day, model), calls in sorted(rows.items())]
    every = {"day": "all", "model": "", **_sum([call for calls in rows.values() for call in calls])}
    if as_json:
        sys.stdout.write(json.dumps([*sums, every], indent=2) + "\n")
        return 0
    head = ("day", "model", "calls", "failed", "tokens sent", "tokens back", "USD")
    body = [
        (
            str(row["day"]),
            str(row["model"]),
            f"{row['calls']:,}",
            f"{row['failed']:,}",
            f"{row['prompt_tokens']:,}",
            f"{row['completion_tokens']:,}",
            _money(row["cost_usd"]),
        )
        for row in [*sums, every]
    ]
    _columns(head, body, right=(2, 3, 4, 5, 6))
    return 0


@log.command("clear")
def clear(
    before: Annotated[
        str | None, typer.Option("--before", metavar="AGE|DATE", help="Only older ones: 30d, or 2026-12-01.")
    ] = None,
    with_replies: Annotated[
        bool,
        typer.Option("--with-replies", help="Forget the kept replies, too: they would be paid for again."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> int:
    """Take calls out of the log; kept replies stay unless told otherwise."""
    limit = _moment(before) if before else None
    with _book() as book:
        if book is None:
            say("there is no log")
            return 0
        n_found = sum(limit is None or call.at < limit for call in book.calls())
        what = f"{n_found} calls" + (" and their kept replies" if with_replies else "")
        if not yes and not typer.confirm(f"Take {what} out of {_path()}?", err=True):
            say("nothing was taken out")
            return 1
        n_deleted = book.clear(before=limit, with_replies=with_replies)
    say(f"{n_deleted} calls were taken out")
    return 0


# ---------------------------------------------------------------------- reading
def _path() -> Path:
    return cache_dir() / "calls.sqlite"


@contextmanager
def _book() -> Iterator[Ledger | None]:
    from doctranslate.calls.ledger import Ledger

    if not _path().exists():
        yield None
        return
    book = Ledger(_path())
    try:
        yield book
    finally:
        book.close()


def _calls(*, job: str = "", since: str | None = None) -> list[Call]:
    with _book() as book:
        return book.calls(job=job, since=_moment(since) if since else 0.0) if book else []


def _moment(text: str) -> float:
    """The Unix time that an age, or a date in this machine's time zone, means."""
    age = _AGE.match(text.strip())
    if age:
        return time.time() - int(age[1]) * _UNITS[age[2]]
    try:
        return datetime.fromisoformat(text.strip()).astimezone().timestamp()
    except ValueError as exc:
        raise UsageError(
            f"{text!r} is neither an age such as 2h or 3d nor a date such as 2026-12-01"
        ) from exc


# ---------------------------------------------------------------------- showing
def _plain(call: Call, *, whole: bool) -> dict[str, Any]:
    data = {
        **asdict(call),
        "at": datetime.fromtimestamp(call.at, UTC).isoformat(timespec="seconds"),
        "messages": [message.model_dump() for message in call.messages],
    }
    return (
        data if whole else {name: value for name, value in data.items() if name not in ("messages", "reply")}
    )


def _table(found: Sequence[Call]) -> None:
    head = ("id", "when", "for", "model", "sent", "back", "USD", "seconds", "tries", "outcome")
    rows = [
        (
            str(call.id),
            datetime.fromtimestamp(call.at).strftime("%m-%d %H:%M:%S"),
            call.purpose,
            call.model,
            f"{call.prompt_tokens:,}",
            f"{call.completion_tokens:,}",
            _money(call.cost_usd),
            f"{call.latency_s:.2f}",
            str(call.n_attempts),
            call.outcome if call.outcome == "ok" else call.error.partition(": ")[2][:60] or call.outcome,
        )
        for call in found
    ]
    _columns(head, rows, right=(0, 4, 5, 6, 7, 8))


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int]) -> None:
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    for row in [head, *rows]:
        cells = (
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        sys.stdout.write(harmless("  ".join(cells).rstrip()) + "\n")


def _sum(calls: Sequence[Call]) -> dict[str, Any]:
    done = [call for call in calls if call.outcome == "ok"]
    costs = [call.cost_usd for call in done]
    return {
        "calls": len(done),
        "failed": len(calls) - len(done),
        "prompt_tokens": sum(call.prompt_tokens for call in done),
        "completion_tokens": sum(call.completion_tokens for call in done),
        "cost_usd": None if None in costs else sum(cost for cost in costs if cost is not None),
    }


def _money(usd: float | None) -> str:
    return "unknown" if usd is None else f"{usd:.4f}"


def _day(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d")
