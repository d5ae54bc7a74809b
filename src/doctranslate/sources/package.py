"""A distribution as a documentation source: signatures, docstrings, README, help texts of its command.

Its API is read from source files; nothing of it is imported. Only the help texts come from running something,
in a process of its own, and only when the component asks for it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from functools import cached_property

from doctranslate import distributions
from doctranslate.apis import ApiIndex
from doctranslate.component import Component
from doctranslate.errors import CrawlError, DistributionError
from doctranslate.records import Page
from doctranslate.sources.api_pages import ApiPages
from doctranslate.sources.api_reader import read
from doctranslate.sources.console import ConsoleSource
from doctranslate.sources.documented import ReadApi

_log = logging.getLogger(__name__)


def read_api(component: Component, version: str | None = None) -> ApiIndex:
    """Everything public that a component offers, with the distributions that its API reaches into.

    Args:
        component: The component.
        version: Version to read; None for the installed one.

    Raises:
        DistributionError: It is not installed, cannot be downloaded, or has no source files to read.
    """
    return PackageSource(component, version).api()


class PackageSource:
    """The documentation that a distribution brings along.

    Args:
        component: What to read.
        version: Version to read; None for the installed one, or the newest when none is installed.

    Raises:
        DistributionError: The distribution is not installed and cannot be downloaded.
    """

    name = "package"

    def __init__(self, component: Component, version: str | None = None) -> None:
        self.component = component
        self._main = distributions.find(component.distribution, version=version)
        self.version = version or self._main.version

    def api(self) -> ApiIndex:
        """Everything public, as data.

        Raises:
            DistributionError: There are no source files to read.
        """
        return self._index

    def pages(self) -> Iterator[Page]:
        """A page for each object worth reading, then for each command, then the README.

        Raises:
            CrawlError: There is nothing to read, or less than the component says there must be.
        """
        commands = self._commands()
        links: dict[str, list[str]] = {}
        for page in commands:
            for symbol in page.links:
                links.setdefault(symbol, []).append(page.symbol)
        writer = ApiPages(self._found, self._index, api=self.component.api, address=self._address)
        objects = writer.pages(links)
        self._check(objects, commands)
        yield from objects
        yield from commands
        yield from self._readme()

    def state(self) -> str:
        """SHA-256 (hex) over the versions of the distribution and of those that its API reaches into.

        Raises:
            DistributionError: One of them is not installed and cannot be downloaded.
        """
        versions = [f"{dist.name}=={dist.version}" for dist in self._distributions]
        return hashlib.sha256("\n".join(versions).encode()).hexdigest()

    @cached_property
    def _distributions(self) -> tuple[distributions.Distribution, ...]:
        others = (distributions.find_required(name, by=self._main) for name in self.component.also)
        return (self._main, *others)

    def _roots(self, dist: distributions.Distribution) -> tuple[str, ...]:
        return self.component.imports if dist is self._main else dist.roots

    @cached_property
    def _found(self) -> ReadApi:
        roots = [(root, dist.location) for dist in self._distributions for root in self._roots(dist)]
        try:
            return read(roots, self.component.api)
        except ImportError as exc:
            raise DistributionError(
                f"{self._main.name} {self._main.version} has no source files to read: {exc}"
            ) from exc

    @cached_property
    def _index(self) -> ApiIndex:
        objects = {name: each.api for name, each in self._found.objects.items()}
        roots = tuple(root for dist in self._distributions for root in self._roots(dist))
        return ApiIndex(self._main.name, self.version, objects, self._found.aliases, roots)

    def _address(self, name: str) -> str:
        """The distribution and version that an object comes from."""
        for dist in self._distributions:
            if any(f"{name}.".startswith(f"{root}.") for root in self._roots(dist)):
                return f"{dist.name}@{self.version if dist is self._main else dist.version}"
        return f"{self._main.name}@{self.version}"

    def _commands(self) -> list[Page]:
        """The help texts; a command that cannot be run costs them, not the rest of the documentation."""
        if self.component.console is None or not self._main.installed:
            return []
        try:
            return list(ConsoleSource(self.component, self._main, api=self._index).pages())
        except CrawlError as exc:
            _log.warning("%s: its help texts are left out: %s", self.component.name, exc)
            return []

    def _check(self, objects: list[Page], commands: list[Page]) -> None:
        """Compare with what the component expects; help texts only where they could be had."""
        found = {"api": len(objects)} | ({"cli": len(commands)} if commands else {})
        for kind, expected in self.component.expect.items():
            if found.get(kind, expected) < expected:
                raise CrawlError(
                    f"{self._main.name} {self.version}: {found[kind]} pages of kind '{kind}' were found, and "
                    f"{expected} or more are expected: correct 'expect' or the patterns under 'api'"
                )

    def _readme(self) -> Iterator[Page]:
        if self._main.readme:
            yield Page(
                uri=f"pypi:{self._main.name}@{self.version}#README",
                title=f"{self._main.name} README",
                media_type=self._main.readme_type or "text/plain",
                text=self._main.readme,
            )
