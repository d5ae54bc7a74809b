"""The commands about models: what an endpoint can do, and which settings are in force."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from doctranslate.cli.model_options import MaxTokens, ModelUrl
from doctranslate.cli.options import Json, harmless, say

models = typer.Typer(
    name="models",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Try a chat model, and show its settings.",
)

Model = Annotated[
    str | None,
    typer.Argument(
        metavar="[MODEL]", help="provider:model, or a name at --model-url; by default what is configured."
    ),
]


@models.command("check")
def check(
    model: Model = None,
    model_url: ModelUrl = None,
    embedder: Annotated[
        str | None,
        typer.Option("--embedder", metavar="NAME", help="Try an embedding model, too: provider:model."),
    ] = None,
    max_tokens: MaxTokens = None,
    as_json: Json = False,
) -> int:
    """Make a few tiny calls, and say what works: chat, structured output, streaming, usage, seed, embeddings."""
    from doctranslate.calls.checking import check_model
    from doctranslate.calls.settings import resolve

    settings = resolve(
        {
            "model": model if model is None or ":" in model else f"openai:{model}",
            **({"base_url": model_url} if model_url else {}),
            **({"max_tokens": max_tokens} if max_tokens else {}),
        }
    )
    found = check_model(settings, embedder=embedder)
    if as_json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    else:
        say(f"{found.model} at {found.address}")
        for each in found.abilities:
            mark = {True: "works", False: "FAILS", None: "skipped"}[each.works]
            latency = f"  {each.latency_s * 1000:.0f} ms" if each.latency_s else ""
            sys.stdout.write(harmless(f"{mark:8} {each.name:18}{each.note}{latency}") + "\n")
        cost = "" if found.cost_usd is None else f", {found.cost_usd:.6f} USD"
        say(f"{found.n_calls} calls, {found.prompt_tokens} tokens sent, {found.completion_tokens} back{cost}")
    return 0 if found.ok else 3


@models.command("list")
def list_(model_url: ModelUrl = None, as_json: Json = False) -> int:
    """List the models of an endpoint."""
    from doctranslate.calls.listing import list_models
    from doctranslate.calls.settings import resolve

    settings = resolve({"base_url": model_url} if model_url else {})
    if model_url and settings.provider != "openai":  # the address is one of OpenAI's protocol
        settings = resolve({"base_url": model_url, "model": "openai:any"})
    names = list_models(settings)
    if as_json:
        sys.stdout.write(json.dumps(names, indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{harmless(name)}\n" for name in names))
        if not names:
            say("the endpoint lists no models")
    return 0


@models.command("settings")
def settings_(model: Model = None, model_url: ModelUrl = None, as_json: Json = False) -> int:
    """Show the settings in force, and where each comes from."""
    from doctranslate.calls.settings import explain

    given = {**({"model": model} if model else {}), **({"base_url": model_url} if model_url else {})}
    rows = explain(given)
    if as_json:
        sys.stdout.write(json.dumps([row._asdict() for row in rows], indent=2) + "\n")
        return 0
    for row in rows:
        sys.stdout.write(f"{row.name:20} {row.value!s:28} {row.origin}\n")
    return 0
