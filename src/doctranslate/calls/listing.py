"""Asks an endpoint which models it has."""

from __future__ import annotations

import difflib

from doctranslate.calls.failures import as_own
from doctranslate.calls.openai_endpoint import client_of
from doctranslate.calls.settings import ModelSettings, calls_forbidden
from doctranslate.errors import ConfigError


def list_models(settings: ModelSettings) -> list[str]:
    """The names of the models of an OpenAI-compatible endpoint.

    Args:
        settings: Of a model there.

    Raises:
        ConfigError: The provider is asked by LangChain, which lists no models; or calls are forbidden.
        MissingExtraError: OpenAI's package is not installed.
        ModelError: Of the kind that fits.
    """
    if settings.provider != "openai":
        raise ConfigError(f"{settings.provider} lists no models: see its documentation")
    if calls_forbidden(settings.base_url):
        raise ConfigError("DOCTRANSLATE_OFFLINE is set, and the endpoint is not on this machine: unset it")
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    client = client_of(settings)
    try:
        return sorted(model.id for model in client.models.list())
    except Exception as exc:
        raise as_own(exc, model=settings.model, timeout_s=settings.timeout_s, key=key) from exc
    finally:
        client.close()


def near_names(name: str, known: list[str], *, n: int = 5) -> list[str]:
    """Those of the known names that may be meant by one that is not among them.

    Args:
        name: Without its provider.
        known: What the endpoint has.
        n: How many at most.

    Returns:
        The nearest first; where none is near, the first ones, so that there is something to choose from.
    """
    folded = {each.lower(): each for each in known}
    near = [folded[each] for each in difflib.get_close_matches(name.lower(), folded, n=n, cutoff=0.5)]
    parts = [each for each in known if name.lower() in each.lower() and each not in near]
    return (near + parts)[:n] or known[:n]
