"""A distribution as a documentation source: its signatures and docstrings, read without importing it."""

from __future__ import annotations

from doctranslate import distributions
from doctranslate.apis import ApiIndex
from doctranslate.component import Component
from doctranslate.errors import DistributionError


def read_api(component: Component, version: str | None = None) -> ApiIndex:
    """Everything public that a component offers, with the distributions that its API reaches into.

    Args:
        component: The component.
        version: Version to read; None for the installed one.

    Raises:
        DistributionError: It is not installed, cannot be downloaded, or has no source files to read.
    """
    from doctranslate.sources import api_reader

    main = distributions.find(component.distribution, version=version)
    others = [distributions.find_required(name, by=main) for name in component.also]
    roots = [(root, main.location) for root in component.imports]
    roots += [(root, other.location) for other in others for root in other.roots]
    try:
        found = api_reader.read(roots, component.api)
    except ImportError as exc:
        raise DistributionError(
            f"{component.distribution} {main.version} has no source to read: {exc}"
        ) from exc
    objects = {name: each.api for name, each in found.objects.items()}
    return ApiIndex(main.name, main.version, objects, found.aliases, tuple(root for root, _ in roots))
