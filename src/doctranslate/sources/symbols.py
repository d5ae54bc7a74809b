"""What a page documents, by its address."""

from __future__ import annotations

import re
from collections.abc import Mapping


def symbol_of(address: str, symbols: Mapping[str, str]) -> str:
    r"""The symbol that a page documents, or "".

    Args:
        address: Of the page, or of the file it will be published as.
        symbols: Regular expressions to templates; the first that is found in the address decides. Slashes in what
            it takes become spaces.

    Example:
        >>> symbol_of("https://doc.dvc.org/command-reference/remote/add", {"/command-reference/(.+)$": r"cli:\1"})
        'cli:remote add'
    """
    path = re.sub(r"[?#].*", "", address).rstrip("/")
    for pattern, template in symbols.items():
        found = re.search(pattern, path)
        if found is not None:
            return found.expand(template).replace("/", " ")
    return ""
