"""A component's document store as a LangChain `VectorStore`: one folder, FAISS and SQLite, no pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, overload

from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings

from doctranslate.records import ChunkKind, Document
from doctranslate.stores.index import ARMS, Arm, DocIndex
from doctranslate.stores.readonly import ReadOnlyVectorStore, to_langchain


class DocStore(DocIndex, ReadOnlyVectorStore):
    """The documents of one component, for doctranslate and for any LangChain chain.

    Made by `open`, by `doctranslate.stores.write.write_store`, or by `from_texts`. It cannot be changed: a
    store is built whole, and built anew.

    Example:
        >>> store = DocStore.from_texts(["push data to a remote", "create a tag"])
        >>> [found.page_content for found in store.as_retriever(search_kwargs={"k": 1}).invoke("tags")]
        ['create a tag']
    """

    @overload
    def search(
        self,
        query: str,
        *,
        k: int = 4,
        arms: Sequence[Arm] = ARMS,
        weights: Mapping[Arm, float] | None = None,
        kinds: Sequence[ChunkKind] | None = None,
    ) -> list[Document]: ...

    @overload
    def search(self, query: str, search_type: str, **kwargs: Any) -> list[LangChainDocument]: ...

    def search(
        self, query: str, search_type: str = "", **kwargs: Any
    ) -> list[Document] | list[LangChainDocument]:
        """The documents that fit a query best; see `DocIndex.search`.

        Args:
            query: Words, a name, or code.
            search_type: For LangChain, whose method of this name has it: ``similarity`` or ``mmr`` give
                LangChain documents.
            **kwargs: ``k``, ``arms``, ``weights``, ``kinds``.

        Returns:
            Best first.

        Raises:
            UsageError: ``k`` is below 1, or an arm is unknown.
            StoreCorruptError: The database cannot be read.
            ModelError: The embedding model failed.
        """
        if search_type:
            return ReadOnlyVectorStore.search(self, query, search_type, **kwargs)
        return super().search(query, **kwargs)

    @property
    def embeddings(self) -> Embeddings | None:
        """LangChain's model behind the vectors, or None where there is none (LSA)."""
        return None

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[LangChainDocument]:
        """`search`, for LangChain; ``arms``, ``weights`` and ``kinds`` pass through."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, **kwargs: Any
    ) -> list[tuple[LangChainDocument, float]]:
        """`search` with scores in [0, 1], for LangChain; ``arms``, ``weights`` and ``kinds`` pass through."""
        found = super().search(query, k=k, **kwargs)
        rows = {row.chunk.id: row for row in self._opened.tables.by_id([one.chunk.id for one in found])}
        return [(to_langchain(one, json.loads(rows[one.chunk.id].metadata)), one.score) for one in found]

    def get_by_ids(self, ids: Sequence[str], /) -> list[LangChainDocument]:
        """Documents by chunk id; an unknown id is left out."""
        rows = self._opened.tables.by_id(ids)
        return [to_langchain(self._document(row), json.loads(row.metadata)) for row in rows]

    def max_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, **kwargs: Any
    ) -> list[LangChainDocument]:
        """Of the ``fetch_k`` best of a `search`, ``k`` that differ from one another, for LangChain."""
        from langchain_core.vectorstores.utils import maximal_marginal_relevance

        found = super().search(query, k=max(k, fetch_k), **kwargs)
        rows = self._opened.tables.by_id([one.chunk.id for one in found])
        vectors = self._opened.vectors[[row.row - 1 for row in rows]]
        vector = self._query_vector(query)
        order = maximal_marginal_relevance(vector, list(vectors), lambda_mult=lambda_mult, k=k)
        return self.get_by_ids([found[n].chunk.id for n in order])

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings | None = None,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> DocStore:
        """A store of plain texts, for LangChain; see `doctranslate.stores.texts.write_texts`.

        Args:
            texts: The texts; equal ones are kept once.
            embedding: A LangChain embedding model, or None for LSA.
            metadatas: One for each text.
            ids: One for each text, in place of content hashes.
            **kwargs: ``path``, where to write it; by default a temporary folder that goes with the store.

        Returns:
            The store.

        Raises:
            StoreError: There are no texts, or the place cannot be written.
            ModelError: The embedding model failed.
            UsageError: There are not as many ids or metadatas as texts.
        """
        from doctranslate.stores.texts import write_texts

        return write_texts(texts, embedding, metadatas=metadatas, ids=ids, path=kwargs.get("path"))
