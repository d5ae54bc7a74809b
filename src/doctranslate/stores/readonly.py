"""The parts of LangChain's `VectorStore` that a store which cannot be changed answers in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from langchain_core.documents import Document as LangChainDocument
from langchain_core.vectorstores import VectorStore

from doctranslate.errors import UsageError
from doctranslate.records import Document


class ReadOnlyVectorStore(VectorStore):
    """A vector store that is built whole; adding and deleting say how."""

    def add_texts(
        self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, **kwargs: Any
    ) -> NoReturn:
        """Not possible.

        Raises:
            UsageError: Always; it says what to do instead.
        """
        raise UsageError(
            "a document store cannot be added to: build it anew with doctranslate.build_store "
            "(or  doctranslate build COMPONENT), or make one from texts with DocStore.from_texts"
        )

    def add_documents(self, documents: list[LangChainDocument], **kwargs: Any) -> NoReturn:
        """Not possible; see `add_texts`.

        Raises:
            UsageError: Always.
        """
        self.add_texts([])

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> NoReturn:
        """Not possible; see `add_texts`.

        Raises:
            UsageError: Always.
        """
        raise UsageError("nothing can be deleted from a document store: build it anew without what is to go")

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        # Fused scores are scaled to [0, 1] already.
        return float


def to_langchain(document: Document, extra: dict[str, Any] | None = None) -> LangChainDocument:
    """A document as LangChain has it.

    Args:
        document: The document.
        extra: More metadata; it gives way to ours.

    Returns:
        What a prompt would show as content; symbol, kind, uri, headings, score, query and component as
        metadata; the chunk id as id.
    """
    chunk = document.chunk
    metadata = {
        **(extra or {}),
        "symbol": chunk.symbol,
        "kind": chunk.kind,
        "uri": chunk.uri,
        "headings": list(chunk.headings),
        "score": document.score,
        "query": document.query,
        "component": document.component,
    }
    return LangChainDocument(id=chunk.id, page_content=document.for_prompt(), metadata=metadata)
