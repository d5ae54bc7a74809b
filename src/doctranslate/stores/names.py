"""Which documented object a name in a query stands for."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = re.compile(r"cli:[\w-]+|[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
_MAX_NAMES = 32

Lookup = Callable[[str], list[str]]
"""From a dotted suffix to the symbols that end in it."""


def names_in(query: str) -> list[str]:
    """The names in a query that may be meant as names, not as plain words.

    Args:
        query: A name, a question, or code.

    Returns:
        Dotted names, names with ``_`` and names in CamelCase, each once, in order; a single word always.
    """
    found = list(dict.fromkeys(_NAME.findall(query)))
    if len(found) == 1 and found[0] == query.strip().removesuffix("()"):
        return found
    marked = [
        name
        for name in found
        if "." in name or ":" in name or "_" in name.strip("_") or _INNER_CAPITAL.search(name)
    ]
    return marked[:_MAX_NAMES]


def resolve(name: str, ending_in: Lookup) -> str | None:
    """The one symbol that a name stands for.

    Args:
        name: A qualified name, its end (``Git.tag``, ``create_tag``), a name through another public path
            (``git.Repo.create_tag``), or an attribute of a variable (``repo.create_tag``).
        ending_in: Finds symbols by their end.

    Returns:
        The symbol, or None when there is none or several.
    """
    owner, _, last = name.rpartition(".")
    if owner and last in ("__init__", "__new__") and not ending_in(name):
        return resolve(owner, ending_in)  # a constructor is documented with its class
    parts = name.split(".")
    for start in range(len(parts)):
        suffix = ".".join(parts[start:])
        symbols = ending_in(suffix)
        if name in symbols:
            return name
        # A shortened name proves little: it must keep two parts below the same root, or be a telling one.
        telling = "_" in suffix.strip("_") or _INNER_CAPITAL.search(suffix) is not None
        kept = [
            symbol
            for symbol in symbols
            if start == 0 or telling or ("." in suffix and symbol.split(".")[0] == parts[0])
        ]
        if len(kept) == 1:
            return kept[0]
        if len(kept) > 1:
            return None
    return None
