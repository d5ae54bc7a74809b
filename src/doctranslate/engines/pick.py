"""Chooses the engine from what a caller writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doctranslate.engines.offline import OfflineEngine
from doctranslate.errors import ConfigError

if TYPE_CHECKING:
    from doctranslate.engines.base import Engine


def pick_engine(engine: Engine | str | None) -> Engine:
    """The engine that is meant.

    Args:
        engine: An engine, which is taken as it is; ``offline``; ``provider:model``; or None for the model
            that the environment configures (`ModelEngine.from_environment`), else the offline engine.

    Raises:
        ConfigError: It is none of these, or names a provider that LangChain does not have.
        MissingExtraError: A package for the model is not installed.
        ModelAuthError: The model needs a key, and there is none.
    """
    if engine == "offline":
        return OfflineEngine()
    if engine is None:
        from doctranslate.engines.model import (
            ModelEngine,
        )  # reads the environment, loads LangChain if it must

        return ModelEngine.from_environment() or OfflineEngine()
    if not isinstance(engine, str):
        return engine
    if ":" not in engine:
        raise ConfigError(
            f"unknown engine {engine!r}: 'offline', or a model as 'provider:model', such as 'openai:gpt-4o'"
        )
    from doctranslate.engines.model import ModelEngine

    return ModelEngine(engine)
