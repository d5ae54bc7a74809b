"""Which documentation backs each new call of a translation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from doctranslate.analysis.usages import analyse
from doctranslate.apis import ApiIndex
from doctranslate.errors import SourceCodeError
from doctranslate.records import Citation, Document, Retrieved
from doctranslate.stores.index import DocIndex


def cite(code: str, *, api: ApiIndex, store: DocIndex | None, retrieved: Retrieved) -> tuple[Citation, ...]:
    """Find the documents behind every call on the target library.

    Args:
        code: The translated program.
        api: The target library.
        store: Its documents, where a call that no retrieved document covers is looked up by name.
        retrieved: What was retrieved for the translation.

    Returns:
        One citation per call and symbol, in the order of lines. One without documents says that nothing backs
        the call; documents that an engine wrote itself never do.
    """
    try:
        uses = analyse(code, api, only_resolved=True).usages
    except SourceCodeError:
        return ()
    at_hand: dict[str, list[Document]] = {}
    for document in retrieved.docs_dst:
        for name in (document.chunk.symbol, *document.chunk.links):
            if name and not document.generated:
                at_hand.setdefault(api.canonical(name), []).append(document)
    looked_up: dict[str, Sequence[Document]] = {}
    found: dict[tuple[int, str], Citation] = {}
    for use in uses:
        documented = api.get(use.symbol)
        if documented is None or documented.kind not in ("function", "class"):
            continue
        documents: Sequence[Document] = at_hand.get(documented.name, [])
        retrieved_it = bool(documents)
        if not documents and store is not None:
            if documented.name not in looked_up:
                exact = (d for d in store.by_symbol(documented.name) if _is_about(d, documented.name, api))
                looked_up[documented.name] = tuple(exact)
            documents = looked_up[documented.name]
        found.setdefault(
            (use.line, documented.name),
            Citation(
                line=use.line,
                symbol=documented.name,
                chunk_ids=tuple(document.chunk.id for document in documents),
                uris=tuple(dict.fromkeys(document.chunk.uri for document in documents)),
                version=_version(documents) or api.version,
                retrieved=retrieved_it,
            ),
        )
    return tuple(found[key] for key in sorted(found))


def _version(documents: Sequence[Document]) -> str:
    """The version that the first document's address names: DVC's git side is a distribution of its own."""
    found = re.match(r"pypi:[^@]+@([^#]+)", documents[0].chunk.uri) if documents else None
    return found[1] if found else ""


def _is_about(document: Document, symbol: str, api: ApiIndex) -> bool:
    """Whether a document is about a symbol itself, and not about one of a similar name."""
    names = (document.chunk.symbol, *document.chunk.links)
    return symbol in {api.canonical(name) for name in names if name}
