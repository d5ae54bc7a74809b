"""A retrieval strategy as a LangChain retriever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from doctranslate.records import ApiUsage, Retrieved
from doctranslate.stores.readonly import to_langchain


class TranslationRetriever(BaseRetriever):
    """Given code for one library, gives documents of another.

    Attributes:
        strategy: A `doctranslate.retrieval.base.RetrievalStrategy`.
        find_usages: Finds the calls on the source library in code; None makes the whole code the query.
    """

    strategy: Any
    find_usages: Callable[[str], Sequence[ApiUsage]] | None = None

    def retrieve(self, code: str, *, usages: Sequence[ApiUsage] | None = None) -> Retrieved:
        """Documents of both libraries.

        Args:
            code: The program.
            usages: Its calls on the source library; None has them found.

        Returns:
            Docs-X and Docs-Y, with the queries that found them.

        Raises:
            ModelError: The engine or an embedding model failed.
            StoreError: A store cannot be read.
            SourceCodeError: The code cannot be read, and the calls were to be found.
        """
        if usages is None:
            usages = self.find_usages(code) if self.find_usages else ()
        retrieved: Retrieved = self.strategy.retrieve(code, usages=usages)
        return retrieved

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [to_langchain(document) for document in self.retrieve(query).docs_dst]
