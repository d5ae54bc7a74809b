"""Options by which commands say how a model is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from doctranslate.errors import UsageError

if TYPE_CHECKING:
    from doctranslate.engines.base import Engine

ModelUrl = Annotated[
    str | None,
    typer.Option(
        "--model-url",
        metavar="URL",
        help="Address of an OpenAI-compatible endpoint.",
        show_default="OPENAI_BASE_URL",
    ),
]
Temperature = Annotated[
    float | None,
    typer.Option("--temperature", min=0, max=2, help="Of a model.", show_default="0"),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Of a model that can repeat its answers.")]
MaxTokens = Annotated[
    int | None,
    typer.Option("--max-tokens", min=1, help="Longest reply of a model.", show_default="the endpoint's"),
]
MaxCost = Annotated[
    float | None, typer.Option("--max-cost", metavar="USD", min=0, help="Stop before the calls cost more.")
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Ask a model again what it has answered before, and pay again.")
]
Offline = Annotated[
    bool, typer.Option("--offline", help="Forbid every call to a model, and everything else outside.")
]


def engine_of(name: str | None, *, offline: bool, cache: bool = True, **given: Any) -> Engine | str | None:
    """The engine that options mean; the plain name where they say nothing of how it is asked.

    Args:
        name: ``offline``, ``provider:model``, or None for what is configured.
        offline: Whether every call is forbidden.
        cache: Whether kept replies count.
        **given: Fields of `doctranslate.calls.settings.ModelSettings`; those that are None were not given.

    Raises:
        UsageError: A model is named, and calls are forbidden.
        ConfigError: A setting is wrong.
    """
    settings = {field: value for field, value in given.items() if value is not None}
    if not cache:
        settings["cache"] = False
    if offline:
        if (name and name != "offline") or settings:
            raise UsageError(
                "--offline forbids calls to a model: it goes with no model and no setting of one"
            )
        return "offline"
    if name == "offline" and settings:
        raise UsageError(
            "the offline engine is no model: --engine provider:model goes with the settings of one"
        )
    if not settings or name == "offline":
        return name
    from doctranslate.engines.model import ModelEngine

    model = name if name is None or ":" in name or "base_url" not in settings else f"openai:{name}"
    return ModelEngine(model, **settings)
