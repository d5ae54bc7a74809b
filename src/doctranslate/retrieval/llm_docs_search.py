"""LLM-DocsSearch: the engine names functionality of the target, whose documentation is searched for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from doctranslate.engines.base import Engine
from doctranslate.records import ApiUsage, Retrieved, Strategy
from doctranslate.retrieval.base import SourceSearch, interleave, search_all
from doctranslate.stores.index import DocIndex


@dataclass(frozen=True, slots=True)
class LLMDocsSearch:
    """Queries the target's store with what the engine says of the target.

    Attributes:
        source: Finds Docs-X.
        store: Of the target library.
        engine: Names functionality of the target that matches Docs-X.
        src: Name of the source library.
        dst: Name of the target library.
        k: Documents per query.
    """

    source: SourceSearch
    store: DocIndex
    engine: Engine
    src: str
    dst: str
    k: int = 4
    name: ClassVar[Strategy] = "llm-docs"

    def retrieve(self, code: str, *, usages: Sequence[ApiUsage] = ()) -> Retrieved:
        """Find documents for a program; see `RetrievalStrategy`."""
        found = self.source.find(code, usages)
        docs_src = interleave([one.documents for one in found])
        given = self.engine.counterpart(docs_src, src=self.src, dst=self.dst, usages=usages)
        found_dst = search_all(self.store, list(dict.fromkeys(given.queries)), k=self.k)
        return Retrieved(
            docs_src=docs_src,
            docs_dst=interleave([one.documents for one in found_dst]),
            queries=tuple(one.query for one in found_dst),
            strategy=self.name,
            usage=given.usage,
        )
