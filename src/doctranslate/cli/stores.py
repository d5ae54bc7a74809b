"""The commands that make document stores, and that tell what is in them and what they lack."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doctranslate.cli.model_options import (
    MaxCost,
    MaxTokens,
    ModelUrl,
    NoCache,
    Seed,
    Temperature,
    engine_of,
)
from doctranslate.cli.options import Json, Quiet, Stores, WebdriverUrl, Workers, say
from doctranslate.errors import DocTranslateError, UsageError

if TYPE_CHECKING:
    from doctranslate.building.report import BuildReport


KEPT = "what was fetched and condensed is kept: run the same command again to go on"


class SourceName(StrEnum):
    """Where documentation is read from."""

    package = "package"
    folder = "folder"
    web = "web"


class RenderName(StrEnum):
    """What reads the pages of a site."""

    auto = "auto"
    http = "http"
    browser = "browser"


def build(
    names: Annotated[
        list[str], typer.Argument(metavar="COMPONENT...", help="Libraries, such as dvc or dvc==3.60.0.")
    ],
    source: Annotated[
        list[SourceName] | None,
        typer.Option(
            "--source",
            help="What to read; may be repeated.",
            show_default="as before, or the package and the component's folders",
        ),
    ] = None,
    folder: Annotated[
        list[Path] | None,
        typer.Option(
            "--folder", metavar="PATH", help="Folder or zip of documentation to read besides; remembered."
        ),
    ] = None,
    url: Annotated[
        list[str] | None,
        typer.Option("--url", metavar="URL", help="Site to read in place of the described ones; remembered."),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="What condenses: offline, or provider:model.")
    ] = "offline",
    embedder: Annotated[str, typer.Option("--embedder", help="lsa, or a LangChain name.")] = "lsa",
    model_url: ModelUrl = None,
    temperature: Temperature = None,
    seed: Seed = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
    workers: Workers = 16,
    webdriver_url: WebdriverUrl = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell pages, chunks, model calls and cost; write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write even when nothing has changed; take nothing over.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    stores: Stores = None,
) -> int:
    """Build document stores, in place of those that are there. What has not changed is not done again."""
    from doctranslate.building import build_store
    from doctranslate.building.plan import BuildPlan, plan_build
    from doctranslate.cli import show

    if len(names) > 1 and (folder or url):
        raise UsageError("--folder and --url belong to one component: build them one by one")
    chosen = engine_of(
        engine,
        offline=False,
        cache=not no_cache,
        base_url=model_url,
        temperature=temperature,
        seed=seed,
        max_tokens=max_tokens,
        max_cost_usd=max_cost,
    )
    told: list[BuildReport | BuildPlan] = []
    for name in names:
        doing = "planning" if dry_run else "building its document store"
        kept = "nothing was written" if dry_run else KEPT
        with stoppable(kept), show.progress(name, doing, quiet=quiet) as tell:
            settings = {
                "sources": [each.value for each in source] if source else None,
                "folders": folder or (),
                "urls": url or (),
                "engine": chosen,
                "embedder": embedder,
                "workers": workers,
                "webdriver_url": webdriver_url,
                "force": force,
                "stores": stores,
                "progress": tell,
            }
            if dry_run:
                told.append(plan_build(name, **settings))  # type: ignore[arg-type] # checked by the types of the options
            else:
                build_store(name, **settings, on_report=told.append).close()  # type: ignore[arg-type] # the same
        if not quiet and not dry_run:
            say(str(told[-1]))
        if not as_json:
            made = str(told[-1]) if dry_run else f"{told[-1].path}  {told[-1].n_chunks} documents"
            sys.stdout.write(f"{made}\n")
    if as_json:
        sys.stdout.write(json.dumps([json.loads(each.model_dump_json()) for each in told], indent=2) + "\n")
    return 0


def crawl(
    target: Annotated[
        str, typer.Argument(metavar="COMPONENT|URL", help="A library, or the address of a site.")
    ],
    depth: Annotated[
        int | None,
        typer.Option(
            "--depth", min=0, max=20, help="Links away from a start.", show_default="as described, or 3"
        ),
    ] = None,
    render: Annotated[
        RenderName | None,
        typer.Option("--render", help="Whether a browser reads pages.", show_default="as described, or auto"),
    ] = None,
    workers: Workers = 16,
    webdriver_url: WebdriverUrl = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="PATH", help="Write what became of each page, as JSON.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Crawl documentation sites, and keep the pages for the next build from the web."""
    from doctranslate.building.crawling import crawl as crawl_
    from doctranslate.cli import show

    with stoppable(KEPT), show.progress(target, "crawling", quiet=quiet) as tell:
        found = crawl_(
            target,
            depth=depth,
            render=render.value if render else None,
            workers=workers,
            webdriver_url=webdriver_url,
            progress=tell,
        )
    as_text = found.model_dump_json(indent=2) + "\n"
    if report is not None:
        report.write_text(as_text, encoding="utf-8")
    if as_json:
        sys.stdout.write(as_text)
    else:
        sys.stdout.write(f"{found}\n")
    return 0


def outdated(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="COMPONENT...", help="Libraries; by default every store.")
    ] = None,
    web: Annotated[bool, typer.Option("--web", help="Ask the documentation sites, too.")] = False,
    stores: Stores = None,
    as_json: Json = False,
) -> int:
    """Tell which stores lag behind what they were built from. Exits with 1 when one does."""
    from doctranslate.building.staleness import outdated as outdated_

    found = outdated_(names or None, stores=stores, ask_sites=web)
    if as_json:
        sys.stdout.write(json.dumps([each.model_dump() for each in found], indent=2) + "\n")
    else:
        for each in found:
            title = f"{each.component}=={each.version}" if each.version else each.component
            for reason in each.reasons:
                sys.stdout.write(f"{title}: {reason}\n")
    lagging = sum(bool(each.reasons) for each in found)
    if not as_json and not lagging:
        say(f"{len(found)} stores, none of which lags behind")
    return 1 if lagging else 0


def list_(stores: Stores = None, as_json: Json = False) -> int:
    """List the document stores and whether each is whole."""
    from doctranslate.building import list_stores
    from doctranslate.stores.index import DocIndex

    rows = []
    broken = False
    for path in list_stores(stores):
        try:
            store = DocIndex.open(path)
        except DocTranslateError as exc:
            broken = True
            rows.append({"path": str(path), "ok": False, "problem": str(exc)})
            continue
        m = store.manifest
        size = sum(entry.size_bytes for entry in m.files.values())
        rows.append(
            {
                "path": str(path),
                "ok": True,
                "component": m.component,
                "version": m.version,
                "documents": m.n_chunks,
                "relevant": m.n_relevant,
                "embedder": m.embedder,
                "engine": m.engine,
                "size_bytes": size,
            }
        )
        store.close()
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        for row in rows:
            if row["ok"]:
                megabytes = int(str(row["size_bytes"])) / 1e6
                sys.stdout.write(
                    f"{row['component']}=={row['version']}  {row['documents']} documents, {row['embedder']}, "
                    f"{megabytes:.1f} MB  {row['path']}\n"
                )
            else:
                sys.stdout.write(f"BROKEN  {row['problem']}\n")
        if not rows:
            say("no stores yet: 'doctranslate build COMPONENT' makes one, and so does the first translation")
    return 1 if broken else 0


@contextmanager
def stoppable(kept: str) -> Iterator[None]:
    """Says what is left when the user stops it."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"stopped; {kept}")
        raise typer.Exit(130) from None
