"""The commands. Each one reads its arguments, calls the public API, and shows what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doctranslate import __version__
from doctranslate.cli.batch import batch
from doctranslate.cli.log import log
from doctranslate.cli.model_options import (
    MaxCost,
    MaxTokens,
    ModelUrl,
    NoCache,
    Offline,
    Seed,
    Temperature,
    engine_of,
)
from doctranslate.cli.models import models
from doctranslate.cli.options import Json, Quiet, Stores, say
from doctranslate.cli.stores import build, crawl, list_, outdated
from doctranslate.cli.verify import Arguments, Isolation, IsolationName, Setup, Workspace
from doctranslate.cli.verify import verify as verify_
from doctranslate.errors import DocTranslateError, UsageError

if TYPE_CHECKING:
    from doctranslate.cli.files import Source
    from doctranslate.records import Translation

app = typer.Typer(
    name="doctranslate",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Move Python code from one library to another, grounded in the documentation of both.",
)


class StrategyName(StrEnum):
    """How documentation is found."""

    llm_docs = "llm-docs"
    docs = "docs"
    llm = "llm"
    none = "none"


class QueryName(StrEnum):
    """What queries the stores."""

    calls = "calls"
    code = "code"


class VerifyName(StrEnum):
    """How far a translation is checked."""

    static = "static"
    execute = "execute"
    equivalence = "equivalence"
    none = "none"


def run() -> int:
    """Run the command line.

    Returns:
        0 when all went well, 1 when a check failed, 2 for a mistake in the call, 3 when something outside failed.
    """
    try:
        result = app(standalone_mode=False)
    except DocTranslateError as exc:
        say(f"error: {exc}")
        return exc.exit_code
    except typer.Exit as exc:
        return exc.exit_code
    except typer.Abort:
        say("stopped")
        return 130
    except KeyboardInterrupt:
        say("stopped; nothing was written")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except SystemExit as exc:
        if isinstance(exc.__context__, BrokenPipeError):  # what Typer makes of a reader that has seen enough
            return 0
        raise
    except OSError as exc:
        say(f"error: {exc}")
        return 3
    except Exception as exc:
        show = getattr(exc, "show", None)  # click's own errors: a wrong option, a missing argument
        if show is None:
            raise
        show()
        return int(getattr(exc, "exit_code", 2))
    return result if isinstance(result, int) else 0


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"doctranslate {__version__}\n")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    del version


@app.command()
def translate(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The program; - reads standard input.")],
    src: Annotated[str, typer.Option("--src", help="Library it uses.")],
    dst: Annotated[str, typer.Option("--dst", help="Library it is to use, such as dvc or dvc==3.60.0.")],
    strategy: Annotated[
        StrategyName, typer.Option("--strategy", help="How documentation is found.")
    ] = StrategyName.llm_docs,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", help="offline, or provider:model.", show_default="the configured model, else offline"
        ),
    ] = None,
    k: Annotated[int, typer.Option("--k", min=1, help="Documents per query.")] = 4,
    query: Annotated[QueryName, typer.Option("--query", help="What queries the stores.")] = QueryName.calls,
    verify: Annotated[VerifyName, typer.Option("--verify", help="How far to check.")] = VerifyName.static,
    workspace: Workspace = None,
    setup: Setup = None,
    arg: Arguments = None,
    isolation: Isolation = IsolationName.full,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="GLOB",
            help="Paths that are data; may be repeated.",
            show_default="the program decides",
        ),
    ] = None,
    data_remote: Annotated[
        str | None,
        typer.Option(
            "--data-remote", metavar="URL", help="Where data goes when the repository has no data remote."
        ),
    ] = None,
    bridge: Annotated[
        bool,
        typer.Option(
            "--bridge/--no-bridge", help="Keep calls without a counterpart running on the old library."
        ),
    ] = True,
    repair: Annotated[
        int, typer.Option("--repair", min=0, help="How often what fails is given back to a model to mend.")
    ] = 2,
    draft: Annotated[
        bool,
        typer.Option("--draft", help="Let the rules translate first, and a model finish what they leave."),
    ] = False,
    model_url: ModelUrl = None,
    temperature: Temperature = None,
    seed: Seed = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
    offline: Offline = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell model calls, tokens and cost; send and write nothing.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", "-w", help="Replace FILE.")] = False,
    diff: Annotated[bool, typer.Option("--diff", "-d", help="Print a unified diff.")] = False,
    as_json: Json = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write to PATH.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write even when a check failed, or over PATH.")
    ] = False,
    cite: Annotated[bool, typer.Option("--cite", help="Show which document backs each new call.")] = False,
    quiet: Quiet = False,
    stores: Stores = None,
) -> int:
    """Translate a program. Prints the new code; writes nothing unless told to."""
    from doctranslate.cli import show
    from doctranslate.cli.files import check_writable, read_source, shown_path
    from doctranslate.pipeline import translate as translate_

    if write and (file == "-" or output is not None):
        raise UsageError("--write replaces FILE: it goes with neither '-' nor --output")
    if sum((write, diff, as_json)) > 1:
        raise UsageError("--write, --diff and --json exclude each other")
    if output is not None and output.is_dir():
        raise UsageError(f"{output} is a folder: name the file to write")
    if output is not None and output.exists() and not force:
        raise UsageError(f"{output} exists: --force writes over it")
    source = read_source(file)
    if write and not force:
        check_writable(Path(file))
    given = {
        "base_url": model_url,
        "temperature": temperature,
        "seed": seed,
        "max_tokens": max_tokens,
        "max_cost_usd": max_cost,
    }
    asked = {
        "k": k,
        "query": query.value,
        "data": data or None,
        "data_remote": data_remote,
        "bridge": bridge,
        "repair": repair,
        "draft": draft,
        "stores": stores,
    }
    if dry_run:
        is_bare = bool(engine and model_url) and engine != "offline" and ":" not in str(engine)
        name = f"openai:{engine}" if is_bare else engine
        return _plan(source.code, src, dst, strategy.value, name, offline=offline, as_json=as_json, **asked)
    chosen = engine_of(engine, offline=offline, cache=not no_cache, **given)
    with show.progress(f"{src} → {dst}") as tell:
        found = translate_(
            source.code,
            src,
            dst,
            strategy.value,
            engine=chosen,
            verify=verify.value,
            workspace=workspace,
            setup=setup,
            argv=arg or (),
            isolation=isolation.value,
            path=shown_path(source.name),
            progress=None if quiet else tell,
            **asked,  # type: ignore[arg-type] # checked by the types of the options
        )
    if not quiet:
        show.summary(found)
        if cite:
            show.citations(found)
    tell_user = (lambda text: None) if quiet else say
    _deliver(
        found, source, write=write, diff=diff, as_json=as_json, output=output, force=force, tell=tell_user
    )
    return 0 if found.ok else 1


def _plan(
    code: str,
    src: str,
    dst: str,
    strategy: str,
    engine: str | None,
    *,
    offline: bool,
    as_json: bool,
    **asked: Any,
) -> int:
    """Tell what would be asked."""
    from doctranslate.planning import plan_translation

    made = plan_translation(code, src, dst, strategy, engine=engine_of(engine, offline=offline), **asked)  # type: ignore[arg-type] # one of the names
    sys.stdout.write(f"{made.model_dump_json(indent=2) if as_json else made}\n")
    return 0


def _deliver(
    found: Translation,
    source: Source,
    *,
    write: bool,
    diff: bool,
    as_json: bool,
    output: Path | None,
    force: bool,
    tell: Callable[[str], None],
) -> None:
    from doctranslate.cli import show
    from doctranslate.cli.files import write_bytes

    target = Path(source.name) if write else output
    if as_json:
        sys.stdout.write(json.dumps(found.as_dict(), indent=2, ensure_ascii=False) + "\n")
    elif diff:
        show.code(found.diff(), "diff", source.encoding)
    elif target is None:
        show.code(found.code, "python", source.encoding)
    if target is None:
        return
    if not found.report.ok and not force:
        say(f"{target} was not written: a check failed. --force writes it all the same.")
    elif write and not found.changed:
        tell(f"{target} is unchanged")
    else:
        write_bytes(target, source.encode(found.code))
        tell(f"wrote {target}")


app.command("verify")(verify_)
app.command()(build)
app.command()(crawl)
app.command()(outdated)
app.command("stores")(list_)
app.add_typer(batch)
app.add_typer(log)
app.add_typer(models)


@app.command()
def search(
    component: Annotated[str, typer.Argument(help="Library whose documents are searched.")],
    query: Annotated[str, typer.Argument(help="A question, or a qualified name.")],
    k: Annotated[int, typer.Option("--k", min=1, help="How many documents.")] = 4,
    stores: Stores = None,
    as_json: Json = False,
) -> int:
    """Search the documentation of a library."""
    from doctranslate.building import open_index
    from doctranslate.cli import show

    with show.progress(component) as tell:
        store = open_index(component, stores=stores, progress=tell)
    found = store.search(query, k=k)
    if as_json:
        rows = [
            {
                "symbol": d.chunk.symbol,
                "kind": d.chunk.kind,
                "uri": d.chunk.uri,
                "score": round(d.score, 4),
                "description": d.digest.description,
                "signatures": list(d.digest.signatures),
                "example": d.digest.example,
            }
            for d in found
        ]
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    for rank, document in enumerate(found if not as_json else [], start=1):
        title = document.chunk.symbol or " > ".join(document.chunk.headings)
        sys.stdout.write(
            f"{rank}. {title}  [{document.chunk.kind}, {document.score:.3f}]\n   {document.chunk.uri}\n"
        )
        for line in (*document.digest.signatures, document.digest.description):
            sys.stdout.write(f"   {line}\n" if line else "")
    store.close()
    if not found:
        say(f"nothing in the documents of {component} fits {query!r}")
    return 0 if found else 1


@app.command("components")
def components_(as_json: Json = False) -> int:
    """List the libraries that are described; any other distribution works by its name."""
    from doctranslate.component import components

    known = components()
    if as_json:
        sys.stdout.write(json.dumps([json.loads(c.model_dump_json()) for c in known], indent=2) + "\n")
        return 0
    for c in known:
        aliases = f" ({', '.join(c.aliases)})" if c.aliases else ""
        sites = ", ".join(site.url for site in c.docs)
        sys.stdout.write(f"{c.name}{aliases}: {c.distribution}; {sites}\n")
    return 0
