"""The stock baseline: documentation cut into windows of equal length, ranked by one embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from doctranslate.records import Page
from doctranslate.stores.embedders import LsaEmbedder

WINDOW_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the documentation.

    Attributes:
        text: What it holds.
        symbols: Objects whose documentation it contains.
    """

    text: str
    symbols: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Section:
    """A page within the running text, by character offsets."""

    start: int
    end: int
    symbols: frozenset[str]


def cut(pages: Sequence[Page], *, size: int = WINDOW_CHARS) -> list[Window]:
    """Cut pages into windows that do not overlap.

    The pages stand one after the other under their titles, as on one long page: a stock splitter knows nothing
    of objects.

    Args:
        pages: In order.
        size: Characters of a window.

    Returns:
        The windows in order. A window contains an object's documentation when it holds half of it, or when
        half of the window is about it.
    """
    text, sections = _running_text(pages)
    windows = []
    for start in range(0, len(text), size):
        end = min(start + size, len(text))
        held: frozenset[str] = frozenset()
        for section in sections:
            shared = min(end, section.end) - max(start, section.start)
            if shared > 0 and 2 * shared >= min(section.end - section.start, size):
                held |= section.symbols
        windows.append(Window(text[start:end], held))
    return windows


def _running_text(pages: Sequence[Page]) -> tuple[str, list[_Section]]:
    parts: list[str] = []
    sections: list[_Section] = []
    offset = 0
    for page in pages:
        part = f"{page.title}\n{page.text.rstrip()}\n\n"
        symbols = frozenset({page.symbol, *page.links} - {""})
        sections.append(_Section(offset, offset + len(part), symbols))
        parts.append(part)
        offset += len(part)
    return "".join(parts), sections


class WindowSearch:
    """Ranks windows by their likeness to a query; nothing but an embedder and a nearest-neighbour search.

    Args:
        windows: What is searched; the embedder is fitted on them.
    """

    def __init__(self, windows: Sequence[Window]) -> None:
        self.windows = list(windows)
        texts = [window.text for window in self.windows]
        self._embedder = LsaEmbedder()
        self._embedder.fit(texts)
        self._vectors = self._embedder.embed_documents(texts)

    def search(self, query: str, *, k: int) -> list[Window]:
        """The k windows nearest to a query, nearest first."""
        scores = self._vectors @ self._embedder.embed_query(query)
        return [self.windows[row] for row in np.argsort(-scores, kind="stable")[:k]]
