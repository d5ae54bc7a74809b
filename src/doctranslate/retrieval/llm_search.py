"""LLMSearch: the engine itself writes the documentation of the target library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from doctranslate.engines.base import Engine
from doctranslate.records import ApiUsage, Retrieved, Strategy
from doctranslate.retrieval.base import SourceSearch, interleave


@dataclass(frozen=True, slots=True)
class LLMSearch:
    """Asks the engine for Docs-Y, given Docs-X; the target needs no store.

    Attributes:
        source: Finds Docs-X.
        engine: Writes Docs-Y.
        src: Name of the source library.
        dst: Name of the target library.
    """

    source: SourceSearch
    engine: Engine
    src: str
    dst: str
    name: ClassVar[Strategy] = "llm"

    def retrieve(self, code: str, *, usages: Sequence[ApiUsage] = ()) -> Retrieved:
        """Find documents for a program; see `RetrievalStrategy`. What the engine wrote backs no citation."""
        found = self.source.find(code, usages)
        docs_src = interleave([one.documents for one in found])
        given = self.engine.counterpart(docs_src, src=self.src, dst=self.dst, usages=usages)
        return Retrieved(
            docs_src=docs_src,
            docs_dst=tuple(replace(one, component="") for one in given.documents),
            queries=tuple(one.query for one in found),
            strategy=self.name,
            usage=given.usage,
        )
