"""The strategy, or the LangChain retriever, of a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from doctranslate.engines.base import Engine
from doctranslate.errors import UsageError
from doctranslate.records import ApiUsage, QueryMode, Strategy
from doctranslate.retrieval.base import RetrievalStrategy, SourceSearch
from doctranslate.stores.index import DocIndex

if TYPE_CHECKING:
    from doctranslate.retrieval.retriever import TranslationRetriever


def make_strategy(
    strategy: Strategy,
    *,
    store_src: DocIndex | None,
    store_dst: DocIndex | None,
    engine: Engine,
    src: str,
    dst: str,
    k: int = 4,
    query: QueryMode = "calls",
) -> RetrievalStrategy:
    """The strategy of a name.

    Args:
        strategy: ``docs``, ``llm``, ``llm-docs`` or ``none``.
        store_src: Of the source library; ``none`` needs none.
        store_dst: Of the target library; ``llm`` and ``none`` need none.
        engine: Used by ``llm`` and ``llm-docs``.
        src: Name of the source library.
        dst: Name of the target library.
        k: Documents per query.
        query: Whether each call is a query, or the whole code.

    Returns:
        The strategy. It does not import LangChain.

    Raises:
        UsageError: The name is unknown, ``k`` is below 1, or a store that is needed was not given.
    """
    if k < 1 or query not in ("calls", "code"):
        raise UsageError(f"retrieval needs k of 1 or more and query 'calls' or 'code'; got k={k}, {query!r}")
    if strategy == "none":
        from doctranslate.retrieval.no_search import NoSearch

        return NoSearch()
    if store_src is None or (store_dst is None and strategy != "llm"):
        raise UsageError(f"strategy {strategy!r} needs the store of {src if store_src is None else dst}")
    source = SourceSearch(store_src, k=k, query=query)
    if strategy == "docs" and store_dst is not None:
        from doctranslate.retrieval.docs_search import DocsSearch

        return DocsSearch(source, store_dst, src=src, k=k)
    if strategy == "llm":
        from doctranslate.retrieval.llm_search import LLMSearch

        return LLMSearch(source, engine, src=src, dst=dst)
    if strategy == "llm-docs" and store_dst is not None:
        from doctranslate.retrieval.llm_docs_search import LLMDocsSearch

        return LLMDocsSearch(source, store_dst, engine, src=src, dst=dst, k=k)
    raise UsageError(f"unknown strategy {strategy!r}: choose docs, llm, llm-docs or none")


def make_retriever(
    strategy: Strategy,
    *,
    store_src: DocIndex | None,
    store_dst: DocIndex | None,
    engine: Engine,
    src: str,
    dst: str,
    k: int = 4,
    query: QueryMode = "calls",
    find_usages: Callable[[str], Sequence[ApiUsage]] | None = None,
) -> TranslationRetriever:
    """The LangChain retriever of a strategy; takes what `make_strategy` takes.

    Args:
        strategy: ``docs``, ``llm``, ``llm-docs`` or ``none``.
        store_src: Of the source library.
        store_dst: Of the target library.
        engine: Used by ``llm`` and ``llm-docs``.
        src: Name of the source library.
        dst: Name of the target library.
        k: Documents per query.
        query: Whether each call is a query, or the whole code.
        find_usages: Finds the calls in code; None makes the whole code the query.

    Returns:
        The retriever: given code, it gives documents of the target library.

    Raises:
        UsageError: See `make_strategy`.
    """
    from doctranslate.retrieval.retriever import TranslationRetriever

    found = make_strategy(
        strategy, store_src=store_src, store_dst=store_dst, engine=engine, src=src, dst=dst, k=k, query=query
    )
    return TranslationRetriever(strategy=found, find_usages=find_usages)
