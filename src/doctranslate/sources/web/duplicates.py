"""Which pages say the same thing under several addresses, and which of these counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

MAX_CLAIMS = 8
"""A page that more pages of other content than this name as canonical is named by mistake: a template's home page."""


def originals(heads: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """For each page that is a duplicate, the page that counts.

    Of pages with the same content, the one with the shortest address counts; where a page names another one as
    canonical, that one. The answer depends on the pages alone, not on the order in which they were read.

    Args:
        heads: Address, canonical address ("" for none) and hash of the content ("" for none) of each page.

    Returns:
        Address of the duplicate to address of the page that counts.
    """
    pages = sorted(heads)
    named = _named(pages)
    by_content: dict[str, list[str]] = defaultdict(list)
    for url, _, content in pages:
        if content and url not in named:
            by_content[content].append(url)
    same: dict[str, str] = {}
    for urls in by_content.values():
        best = min(urls, key=lambda url: (len(url), url))
        same.update((url, best) for url in urls if url != best)
    return {url: _last(url, {**same, **named}) for url in {**same, **named}}


def _named(pages: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    content = {url: sha for url, _, sha in pages}
    claims: dict[str, list[str]] = defaultdict(list)
    for url, canonical, _ in pages:
        if canonical != url and content.get(canonical):
            claims[canonical].append(url)
    found: dict[str, str] = {}
    for canonical, urls in claims.items():
        others = [url for url in urls if content[url] != content[canonical]]
        kept = urls if len(others) <= MAX_CLAIMS else set(urls) - set(others)
        found.update((url, canonical) for url in kept)
    return {url: target for url, target in found.items() if _last(url, found) != url}


def _last(url: str, leads_to: Mapping[str, str]) -> str:
    """Where a chain ends; the address itself when it goes in a circle."""
    seen = [url]
    while seen[-1] in leads_to:
        following = leads_to[seen[-1]]
        if following in seen:
            return url
        seen.append(following)
    return seen[-1]
