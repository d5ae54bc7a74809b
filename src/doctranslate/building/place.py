"""Where the store of a component belongs, and what it must have been built from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from doctranslate import distributions
from doctranslate.component import Component, Requirement
from doctranslate.config import stores_dir
from doctranslate.errors import DistributionError

if TYPE_CHECKING:
    from doctranslate.engines.base import Engine
    from doctranslate.stores.base import Embedder

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0 when that is not known)."""


def spec_hash(component: Component) -> str:
    """SHA-256 (hex) of a component's description: a store built from another one is out of date."""
    return hashlib.sha256(component.model_dump_json().encode()).hexdigest()


def version_of(wanted: Requirement) -> str:
    """The version that a store is for: the one asked for, the installed one, or the newest.

    Args:
        wanted: A component, with or without a version.

    Raises:
        DistributionError: None can be found out.
    """
    if wanted.version is not None:
        return wanted.version
    found = distributions.installed(wanted.component.distribution)
    if found is None:
        found = distributions.find(wanted.component.distribution)
    if not found.version:
        raise DistributionError(f"{wanted.component.distribution} does not say its version")
    return found.version


def stores_root(stores: Path | str | None) -> Path:
    """The folder of the stores: the one given, or `doctranslate.config.stores_dir`."""
    return Path(stores) if stores is not None else stores_dir()


def as_embedder(embedder: Embedder | str) -> Embedder:
    """An embedder, or the one of this name (`doctranslate.stores.embedders.make_embedder`)."""
    from doctranslate.stores.embedders import make_embedder

    return make_embedder(embedder) if isinstance(embedder, str) else embedder


def condense_hash(engine: Engine) -> str:
    """Hash of the prompt, or the rules, that an engine condenses by; "" for one that does not say."""
    return str(getattr(engine, "condense_hash", ""))
