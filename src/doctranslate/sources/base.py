"""What a documentation source is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from doctranslate.records import Page


class Source(Protocol):
    """Delivers the documentation of one component, page by page."""

    name: str
    """Kind of source: ``package``, ``folder``, ``web``."""

    version: str
    """Version of what is documented, or "" when the source does not say."""

    def pages(self) -> Iterator[Page]:
        """Every page once, in a stable order.

        Raises:
            CrawlError: The source cannot be read.
        """
        ...

    def state(self) -> str:
        """Hash of what there is to read: another one than before means that there are other pages.

        Raises:
            CrawlError: The source cannot be read.
        """
        ...
