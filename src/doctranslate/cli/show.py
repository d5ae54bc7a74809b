"""What a person sees: results on standard output, everything about them on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.syntax import Syntax
from rich.text import Text

from doctranslate.building import Progress as Tell
from doctranslate.records import Report, Translation

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

_STAGES = {
    "read": "Reading the distribution",
    "pages": "Reading pages",
    "condense": "Condensing chunks",
    "embed": "Embedding",
    "write": "Writing the store",
}


def code(text: str, language: str, encoding: str) -> None:
    """Print code on standard output: byte for byte as it would be written, with colours on a terminal."""
    if out.is_terminal:
        out.print(Syntax(text.rstrip("\n"), language, theme="ansi_dark", background_color="default"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(encoding, errors="surrogateescape"))
        sys.stdout.buffer.flush()


@contextmanager
def progress(
    title: str, doing: str = "building its document store (once)", *, quiet: bool = False
) -> Iterator[Tell]:
    """A progress bar on standard error; where that is no terminal, a line for each thing that is being done.

    Args:
        title: What it is about.
        doing: What is being done while a store is built, for that line.
        quiet: Show nothing.

    Yields:
        What is to be called with each stage; nothing is shown before it is.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal)
    task = None
    told: set[str] = set()
    with bar:

        def tell(stage: str, done: int, total: int) -> None:
            nonlocal task
            label = f"{title}: {_STAGES.get(stage, stage)}"
            if task is None:
                task = bar.add_task(label, total=None)
            line = f"{title}: {doing if stage in _STAGES else stage} …"
            if line not in told and not err.is_terminal and not quiet:
                err.print(line)
            told.add(line)
            bar.update(task, description=label, completed=done, total=total or None)

        yield tell


def summary(found: Translation) -> None:
    """Say on standard error what was done, what was checked, and what was not translated."""
    head = Text(f"{found.src} → {found.dst}", style="bold")
    head.append(
        f"   strategy {found.strategy}, engine {found.engine}, {found.usage.seconds:.1f} s", style="dim"
    )
    err.print(head)
    _tries(found)
    report(found.report, err)
    backed = [citation for citation in found.citations if citation.chunk_ids]
    if found.citations:
        missing = sorted({c.symbol for c in found.citations if not c.chunk_ids})
        err.print(Text(f"  documented {len(backed)} of {len(found.citations)} calls on {found.dst}"))
        if missing:
            err.print(Text(f"          not backed by any document: {', '.join(missing)}", style="yellow"))
    _left(found)
    for note in found.notes:
        where = f"source line {note.line}: " if note.line else ""
        err.print(Text(f"  note: {where}{note.message}"))


def _tries(found: Translation) -> None:
    """What a model was asked, and what each round of repair fixed."""
    usage = found.usage
    if usage.n_calls or usage.n_cached:
        cached = f", {usage.n_cached} answered before" if usage.n_cached else ""
        cost = "" if usage.cost_usd is None else f", {usage.cost_usd:.4f} USD"
        tokens = f"{usage.prompt_tokens} tokens sent, {usage.completion_tokens} back"
        err.print(Text(f"  {usage.n_calls} model calls{cached}: {tokens}{cost}", style="dim"))
    for each in found.rounds if len(found.rounds) > 1 else ():
        err.print(Text(f"  {each}", style="yellow" if each.failed or each.problem else "green"))


def report(found: Report, console: Console) -> None:
    """Say what was checked, and what each check found."""
    for check in found.checks:
        style = {"pass": "green", "fail": "red", "skipped": "yellow"}[check.outcome]
        line = Text(f"  {check.outcome:8}", style=style)
        line.append(check.name, style="default")
        line.append(f"  {check.reason}" if check.reason else "", style="dim")
        console.print(line)
        for finding in check.findings:
            console.print(Text(f"          line {finding.line}: {finding.message}"))
        for each in check.differences:
            console.print(Text(f"          {each.kind}, {each.where}", style="bold"))
            console.print(Text(f"              source       {each.source}"))
            console.print(Text(f"              translation  {each.translation}"))
            if each.reason:
                console.print(Text(f"              likely       {each.reason}", style="yellow"))


def _left(found: Translation) -> None:
    """What is left of the source library, each reason once."""
    for items, title in ((found.bridged, f"kept on {found.src}"), (found.unresolved, "not translated")):
        reasons: dict[str, list[str]] = {}
        for item in items:
            place = f"source line {item.line}: {item.code.splitlines()[0]}"
            reasons.setdefault(item.reason, []).append(place)
        for reason, places in reasons.items():
            err.print(Text(f"  {title}: {reason}", style="yellow"))
            for place in places:
                err.print(Text(f"          {place}", style="dim"))


def citations(found: Translation) -> None:
    """Say on standard error which document backs each new call."""
    for citation in found.citations:
        err.print(Text(f"  {citation}", style="dim"))
