"""Says what calls on a library are for, in words that another library's documentation may use.

One query per functionality: verb and object from the symbol, what these words stand for, and the first
sentence of the documentation, without the source library's own names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from doctranslate.engines.extract import describe_name
from doctranslate.engines.vocabulary import MEANINGS, meanings, spelled_out, split_identifier
from doctranslate.records import ApiUsage, Document

_DESCRIPTION_WORDS = 24


@dataclass(frozen=True, slots=True)
class Functionality:
    """One thing that a program needs from its library.

    Attributes:
        symbol: Qualified name on the source library; "" for a section of a guide.
        text: What it is for, in general words.
    """

    symbol: str
    text: str


def functionalities(
    docs_src: Sequence[Document], usages: Sequence[ApiUsage], *, src: str
) -> list[Functionality]:
    """What a program needs: from its calls, and without any from the documents.

    Args:
        docs_src: Documents of the source library, best first.
        usages: The calls that the program makes.
        src: Name of the source component.

    Returns:
        One entry for each symbol and command, in order of first use.
    """
    by_symbol = {document.chunk.symbol: document for document in reversed(docs_src) if document.chunk.symbol}
    roots = {document.chunk.symbol.partition(".")[0] for document in docs_src}
    roots |= {usage.symbol.partition(".")[0] for usage in usages if usage.resolved}
    noise = frozenset(word for name in (src, *roots) for word in (name.lower(), *split_identifier(name)))
    found: dict[tuple[str, str], Functionality] = {}
    for usage in usages:
        document = by_symbol.get(usage.symbol)
        said = _said(document) if document else ""
        text = functionality_text(usage.symbol, said, noise=noise, code=usage.code)
        found.setdefault((usage.symbol, text), Functionality(usage.symbol, text))
    if not usages:
        for document in docs_src:
            symbol = document.chunk.symbol
            text = functionality_text(symbol, _said(document), noise=noise)
            found.setdefault((symbol, text), Functionality(symbol, text))
    return [each for each in found.values() if each.text]


def functionality_text(symbol: str, description: str, *, noise: frozenset[str], code: str = "") -> str:
    """A query text for one use.

    Args:
        symbol: Qualified name on the source library, or "".
        description: What its documentation says, or "".
        noise: Words of the source library that mean nothing elsewhere, in lower case.
        code: The expression; words of a command line in it count (``repo.git.lfs("track", …)``).

    Example:
        >>> functionality_text("git.remote.Remote.push", "Send it.", noise=frozenset({"git"}))
        'push remote: upload to a remote, remote storage, server. Send it'
    """
    owner, name = _symbol_words(symbol)
    words = _known([*name, *_command_words(code)], noise)
    owner = [word for word in _known(owner, noise) if word not in words]
    head = spelled_out([*words, *owner])
    known = ", ".join(meanings(words, of_class=owner))
    said = _cleaned(description, noise)
    return ". ".join(part for part in (": ".join(part for part in (head, known) if part), said) if part)


def _symbol_words(symbol: str) -> tuple[list[str], list[str]]:
    """Words of the class and of the member in a qualified name; modules say nothing."""
    owners, _, name = symbol.removeprefix("cli:").rpartition(".")
    if name[:1].isupper():
        owners, name = symbol, "__init__"
    name = "open" if name in ("__init__", "__new__") else name  # what a constructor does to what exists
    owner = owners.rpartition(".")[2]
    return split_identifier(owner) if owner[:1].isupper() else [], split_identifier(name)


def _known(words: Iterable[str], noise: frozenset[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word not in noise))


def _command_words(code: str) -> list[str]:
    """Plain words of a command that the field knows, among the string arguments of a call."""
    try:
        tree = ast.parse(code.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [text for text in strings if isinstance(text, str) and text in MEANINGS]


def _said(document: Document) -> str:
    """Its description without what only repeats its name."""
    said = document.digest.description
    return said.removeprefix(describe_name(document.chunk)).strip() if document.chunk.symbol else said


def _cleaned(description: str, noise: Iterable[str]) -> str:
    """The first words of a description without the source library's names."""
    unwanted = set(noise)
    kept = [word for word in description.split() if not unwanted & set(_bare(word))]
    return " ".join(kept[:_DESCRIPTION_WORDS]).rstrip(".")


def _bare(word: str) -> tuple[str, ...]:
    lowered = word.strip(".,;:()\"'`").lower()
    return (lowered, lowered.partition(".")[0])
