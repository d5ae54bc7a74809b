"""``doctranslate verify``: check a translation that is there, whoever made it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from doctranslate.cli.options import Json, Quiet, Stores
from doctranslate.errors import UsageError


class IsolationName(StrEnum):
    """What keeps programs apart from this machine."""

    full = "full"
    partial = "partial"
    none = "none"


class LevelName(StrEnum):
    """How far a translation is checked."""

    equivalence = "equivalence"
    execute = "execute"
    static = "static"


Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="FOLDER",
        help="Where the programs start; it is copied and never touched.",
        show_default="a small repository with a remote",
    ),
]
Setup = Annotated[
    Path | None,
    typer.Option(
        "--setup",
        metavar="SCRIPT",
        help="A .sh or .py that completes the start; $WORLD, $ORIGIN and $STORAGE say where things are.",
    ),
]
Arguments = Annotated[
    list[str] | None,
    typer.Option(
        "--arg",
        metavar="WORD",
        help="Argument of the programs; may be repeated. {origin}, {world} and {storage} are replaced.",
    ),
]
Isolation = Annotated[
    IsolationName, typer.Option("--isolation", help="What keeps the programs apart from this machine.")
]
Data = Annotated[
    list[str] | None,
    typer.Option(
        "--data",
        metavar="GLOB",
        help="Paths that are data; may be repeated.",
        show_default="the pair of libraries decides",
    ),
]


def verify(
    source: Annotated[str, typer.Argument(metavar="SOURCE|-", help="The program that was translated.")],
    translation: Annotated[
        str, typer.Argument(metavar="TRANSLATION|-", help="What it became; - reads standard input.")
    ],
    src: Annotated[str, typer.Option("--src", help="Library that SOURCE uses.")],
    dst: Annotated[str, typer.Option("--dst", help="Library that TRANSLATION uses.")],
    level: Annotated[LevelName, typer.Option("--level", help="How far to check.")] = LevelName.equivalence,
    workspace: Workspace = None,
    setup: Setup = None,
    arg: Arguments = None,
    data: Data = None,
    isolation: Isolation = IsolationName.full,
    as_json: Json = False,
    quiet: Quiet = False,
    stores: Stores = None,
) -> int:
    """Check a translation: without running it, by running it, and against its source."""
    from doctranslate.checking import verify as verify_
    from doctranslate.cli import show
    from doctranslate.cli.files import STDIN, read_source

    if source == translation == STDIN:
        raise UsageError("only one of the two programs can be '-'")
    before, after = read_source(source), read_source(translation)
    with show.progress(f"{src} → {dst}", "checking", quiet=quiet) as tell:
        report = verify_(
            before.code,
            after.code,
            src,
            dst,
            level=level.value,
            workspace=workspace,
            setup=setup,
            argv=arg or (),
            data=data or None,
            isolation=isolation.value,
            stores=stores,
            progress=tell,
        )
    if as_json:
        found = {"ok": report.ok, **report.model_dump()}
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        show.report(report, show.out)
    return 0 if report.ok else 1
