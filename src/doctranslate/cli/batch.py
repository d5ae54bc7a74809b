"""The commands for batches: many requests in one file, answered within a day for less, or on a machine of one's own."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doctranslate.cli.options import Json, Quiet, Stores, WebdriverUrl, Workers, say
from doctranslate.cli.stores import SourceName, stoppable
from doctranslate.errors import UsageError

if TYPE_CHECKING:
    from doctranslate.building.batches import Asked
    from doctranslate.calls.batch import BatchFile, Imported, State
    from doctranslate.calls.settings import ModelSettings

batch = typer.Typer(
    name="batch",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Ask a model by batch: export requests, hand them in, and import the replies.",
)

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Files of requests that 'batch export' wrote.")
]


@batch.command("export")
def export(
    names: Annotated[
        list[str], typer.Argument(metavar="COMPONENT...", help="Libraries, such as dvc or dvc==3.60.0.")
    ],
    engine: Annotated[str, typer.Option("--engine", help="The model that is to condense, openai:NAME.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.jsonl", help="Where the requests go.")
    ],
    source: Annotated[
        list[SourceName] | None,
        typer.Option("--source", help="As for build; may be repeated.", show_default="as build would"),
    ] = None,
    folder: Annotated[
        list[Path] | None, typer.Option("--folder", metavar="PATH", help="As for build.")
    ] = None,
    url: Annotated[list[str] | None, typer.Option("--url", metavar="URL", help="As for build.")] = None,
    workers: Workers = 16,
    webdriver_url: WebdriverUrl = None,
    lines: Annotated[
        int, typer.Option("--lines", min=1, max=50_000, help="Requests in a file; more make further files.")
    ] = 50_000,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    stores: Stores = None,
) -> int:
    """Write what 'build' would ask a model; send nothing."""
    from doctranslate.building.batches import ask_builds
    from doctranslate.calls.batch import write_batch
    from doctranslate.calls.batch.writing import check_batchable, check_target
    from doctranslate.cli import show

    if len(names) > 1 and (folder or url):
        raise UsageError("--folder and --url belong to one component: export them one by one")
    settings = _settings(engine)
    check_batchable(settings)
    check_target(output, force=force)
    with show.progress(", ".join(names), "finding out what is to be asked", quiet=quiet) as tell:
        requests, asked = ask_builds(
            names,
            settings,
            sources=[each.value for each in source] if source else None,
            folders=folder or (),
            urls=url or (),
            workers=workers,
            webdriver_url=webdriver_url,
            stores=stores,
            progress=tell,
        )
    build = ["doctranslate", "build", *names, "--engine", engine]
    for option, given in (("--source", source), ("--folder", folder), ("--url", url)):
        build += [word for each in given or () for word in (option, str(each))]
    build += ["--stores", str(stores)] if stores else []
    files = write_batch(requests, settings, output, force=force, max_lines=lines, then=shlex.join(build))
    if as_json:
        written = [
            {"path": str(file.path), "n_requests": file.n_requests, "size_bytes": file.size_bytes}
            for file in files
        ]
        _print_json({**asked.model_dump(mode="json"), "files": written})
    else:
        for file in files:
            sys.stdout.write(f"{file.path}  {file.n_requests} requests, {file.size_bytes / 1e6:.2f} MB\n")
    if not quiet:
        _tell_asked(asked, files)
    return 0


@batch.command("submit")
def submit(
    files: Files,
    again: Annotated[
        bool, typer.Option("--again", help="Hand a file in once more, and pay for it once more.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Hand in files of requests, each once. Batches are answered within 24 hours."""
    from doctranslate.calls.batch import read_note
    from doctranslate.calls.batch import submit as submit_

    told = []
    for file in files:
        with stoppable("what was handed in is remembered: run the same command again to go on"):
            note, is_new = submit_(file, _settings(read_note(file).model), again=again)
        told.append({"file": str(file), "batch_id": note.batch_id, "is_new": is_new})
        if is_new:
            said = f"{note.n_requests} requests handed in"
        else:
            said = f"handed in before, at {note.submitted_at}; --again pays for it once more"
        if not as_json:
            sys.stdout.write(f"{file}  {note.batch_id}  {said}\n")
    if as_json:
        _print_json(told)
    elif any(each["is_new"] for each in told):
        say(f"'doctranslate batch status {shlex.join(map(str, files))}' tells how far {_it(files)}")
    return 0


@batch.command("status")
def status(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Files of requests.",
            show_default="all of this folder that were handed in",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Tell how far batches are. Exits with 0 when all are completed, 1 when not yet, 3 when one has failed."""
    from doctranslate.calls.batch import notes_in, read_note, state_of
    from doctranslate.calls.batch.jobs import ENDED_BADLY

    chosen = files or [path for path in notes_in(Path()) if read_note(path).batch_id]
    if not chosen:
        raise UsageError("no file of this folder was handed in as a batch: name the files of requests")
    states = [state_of(file, _settings(read_note(file).model)) for file in chosen]
    if as_json:
        _print_json([state.model_dump(mode="json") for state in states])
    else:
        _tell_states(states)
    if any(state.status in ENDED_BADLY for state in states):
        if not as_json:
            say(
                "'doctranslate batch import FILE' takes what was answered; export again for what is then missing"
            )
        return 3
    return 0 if all(state.status == "completed" for state in states) else 1


@batch.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Files of requests that were handed in, or files of replies, such as vllm run-batch writes.",
        ),
    ],
    requests: Annotated[
        list[Path] | None,
        typer.Option(
            "--requests",
            metavar="FILE",
            help="What files of replies belong to; may be repeated.",
            show_default="found beside them, or in this folder",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Keep the replies of batches, for the next 'build'. Exits with 1 when requests are still without a reply."""
    from doctranslate.calls.batch import changed_settings, fetch, import_replies, read_note
    from doctranslate.calls.batch.importing import kind_of
    from doctranslate.calls.ledger import Ledger
    from doctranslate.config import cache_dir
    from doctranslate.engines.condensing import problem_of_reply

    asked = list(requests or ())
    replies: list[Path] = []
    pending: list[State] = []
    for file in files:
        if kind_of(file) == "requests":
            state, found = fetch(file, _settings(read_note(file).model))
            asked.append(file)
            replies += found
            pending += [] if state.is_over else [state]
            if state.status in ("failed", "expired", "cancelled"):
                _tell_states([state])
        else:
            replies.append(file)
            asked += [] if requests else _requests_of(file)
    for file in dict.fromkeys(asked):
        note = read_note(file)
        if changed := changed_settings(note, _settings(note.model)):
            say(
                f"note: {file} was exported with other settings, and only a build with those finds its replies:"
            )
            say(f"  {'; '.join(changed)}")
    for state in pending:
        say(f"{state.file}: {state.batch_id} is not completed yet, but {state.status}")
    kept = "what was imported is kept: run the same command again to go on"
    with stoppable(kept), closing(Ledger(cache_dir() / "calls.sqlite")) as book:
        done = import_replies(replies, asked, book=book, check=problem_of_reply)
    if as_json:
        _print_json(done.model_dump(mode="json"))
    else:
        _tell_imported(done)
    return 0 if done.is_whole else 1


def _settings(engine: str) -> ModelSettings:
    from doctranslate.calls.settings import resolve

    if engine == "offline":
        raise UsageError(
            "the offline engine asks nothing: there is nothing to batch. Name a model, openai:NAME"
        )
    return resolve({"model": engine})


def _requests_of(replies: Path) -> list[Path]:
    """The files of requests, beside a file of replies or in the working folder, that it answers."""
    from doctranslate.calls.batch import notes_in
    from doctranslate.calls.batch.importing import ids_in

    ids = ids_in(replies)
    near = dict.fromkeys(path.resolve() for folder in (replies.parent, Path()) for path in notes_in(folder))
    found = [path for path in near if not ids.isdisjoint(ids_in(path))]
    if not found:
        raise UsageError(
            f"{replies} answers no file of requests that is beside it or in this folder: name it with --requests FILE"
        )
    return found


def _it(files: Sequence[object]) -> str:
    return "it is" if len(files) == 1 else "they are"


def _print_json(found: object) -> None:
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def _tell_asked(asked: Asked, files: Sequence[BatchFile]) -> None:
    cost = "the price is not known" if asked.cost_usd is None else f"{asked.cost_usd:.4f} USD"
    if asked.cost_usd is not None:
        cost += f" without batch discount ({asked.priced})"
    say(f"{', '.join(asked.components)}, condensed by {asked.model}; nothing was sent")
    say(
        f"  chunks: {asked.n_chunks}; {asked.n_condensed} are condensed, and {asked.n_answered} more have a reply that "
        "is kept"
    )
    if not files:
        say("  there is nothing to ask: no file was written")
        return
    say(
        f"  requests: {asked.n_calls}, {asked.prompt_tokens} tokens sent, about {asked.completion_tokens} back "
        f"(counted by: {asked.counted_by})"
    )
    say(f"  cost: {cost}")
    paths = shlex.join(str(file.path) for file in files)
    say(f"'doctranslate batch submit {paths}' hands {'it' if len(files) == 1 else 'them'} in")


def _tell_states(states: Sequence[State]) -> None:
    widths = [max(len(text) for text in column) for column in zip(*map(_cells, states), strict=True)]
    for state in states:
        cells = (text.ljust(width) for text, width in zip(_cells(state), widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
        for problem in state.problems:
            sys.stdout.write(f"  {problem}\n")


def _cells(state: State) -> tuple[str, ...]:
    counts = f"{state.n_completed} of {state.n_requests} answered, {state.n_failed} failed"
    since = f"since {state.submitted_at}" if state.submitted_at else ""
    return state.file, state.status, counts, state.batch_id, since


def _tell_imported(done: Imported) -> None:
    out = sys.stdout.write
    out(f"{done.n_new} replies imported, {done.n_known} were there already\n")
    for reason, n in done.failed.items():
        example = f": {done.examples[reason]}" if reason in done.examples else ""
        out(f"  {n} failed, {reason}{example}\n")
    for n, what in (
        (done.n_unreadable, "lines cannot be read, or are cut off"),
        (done.n_unknown, "lines belong to none of the requests"),
        (done.n_duplicates, "lines answer what another line had answered"),
        (done.n_missing, "requests are still without a reply"),
    ):
        if n:
            out(f"  {n} {what}\n")
    for command in done.then:
        asks = (
            f"asks only for the {done.n_missing} that are missing" if done.n_missing else "asks nothing more"
        )
        say(f"'{command}' reads them, and {asks}")
    if done.n_missing and done.then:
        say("'doctranslate batch export' with other file names makes a batch of what is missing")
