"""Brings together what several sources say of one thing: a function, its command, the pages of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from doctranslate.apis import ApiIndex
from doctranslate.records import Chunk, Digest, Page

_FACT = re.compile(r"(?:Bases?|Attributes|Members|Inherited from [\w.]+): \S")
_COMMAND = "cli:"


def canonical(pages: Iterable[Page], api: ApiIndex | None) -> Iterator[Page]:
    """Pages of all sources under the names that the distribution itself has for things.

    Args:
        pages: Of one component, those of the distribution first.
        api: Its objects, or None when they are not known.

    Yields:
        The pages in their order. A page of ``git.Repo.create_tag`` is one of ``git.repo.base.Repo.create_tag``, where
        that is defined; a page of ``cli:add`` that comes from elsewhere has the links of the command's help text.
    """
    links: dict[str, tuple[str, ...]] = {}
    for page in pages:
        symbol = _defined(page.symbol, api)
        known = links.get(symbol, ()) if symbol else ()
        if page.links and symbol:
            links.setdefault(symbol, page.links)
        changes: dict[str, object] = {}
        if symbol != page.symbol:
            changes["symbol"] = symbol
        if missing := [link for link in known if link not in page.links and link != symbol]:
            changes["links"] = (*page.links, *missing)
        yield page.model_copy(update=changes) if changes else page


def _defined(symbol: str, api: ApiIndex | None) -> str:
    if api is None or not symbol or symbol.startswith(_COMMAND):
        return symbol
    found = api.get(symbol)
    return found.name if found is not None else symbol


def with_linked_descriptions(chunks: Sequence[Chunk], digests: Sequence[Digest]) -> list[Digest]:
    """Add to an object's description what is said of it elsewhere.

    ``dvc.repo.Repo.add`` has no docstring; ``dvc add --help`` says what it does, or else the page of the command. An
    object that has no description at all takes that of a page about it.

    Args:
        chunks: Of one component.
        digests: Theirs, in the same order.

    Returns:
        The digests; those of API chunks with a link to a command have its description besides their own.
    """
    commands: dict[str, str] = {}
    pages: dict[str, str] = {}
    for kind in ("cli", "api", "guide"):
        for chunk, digest in zip(chunks, digests, strict=True):
            if chunk.kind != kind or not chunk.symbol or not digest.description or not _says_something(chunk):
                continue
            said = commands if chunk.symbol.startswith(_COMMAND) else pages
            said.setdefault(chunk.symbol, digest.description)
    return [_linked(chunk, digest, commands, pages) for chunk, digest in zip(chunks, digests, strict=True)]


def _linked(chunk: Chunk, digest: Digest, commands: Mapping[str, str], pages: Mapping[str, str]) -> Digest:
    if chunk.kind != "api":
        return digest
    said = [commands[link] for link in chunk.links if link in commands]
    if chunk.symbol in pages and not _says_something(chunk):
        said.append(pages[chunk.symbol])
    more = [text for text in dict.fromkeys(said) if text not in digest.description]
    if not more:
        return digest
    return digest.model_copy(update={"description": " ".join([digest.description, *more]).strip()})


def _says_something(chunk: Chunk) -> bool:
    """Whether there is more than signatures, and what can be read off the code."""
    signatures = {" ".join(line.split()) for line in chunk.signatures}
    lines = (" ".join(line.split()) for line in chunk.text.splitlines())
    return any(line and line not in signatures and not _FACT.match(line) for line in lines)
