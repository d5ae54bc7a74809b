"""Words of a text as retrieval sees them: whole identifiers, and the parts they are made of.

``Repo.create_tag`` is found by its full name, by ``create_tag``, and by the plain words "create" and "tags".
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*|\d+")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+|[^\W\d_a-zA-Z]+")
_VOWEL = re.compile(r"[aeiouy]")

# Words that say nothing about what an object does. Python's own small keywords are among them.
STOP_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        a an and any are as at be been but by can do does e.g for from has have i.e if in into is it its may
        more must no not of on or other our should so some such than that the their them then there these they
        this to was we when where which while will with you your self cls none true false def return import
        """,
    )
)


def words(text: str) -> list[str]:
    """Split a text into search words, in order, with repetitions.

    Args:
        text: Prose, code, or a qualified name.

    Returns:
        Lower-case words: dotted names whole, each identifier in them whole, and the stemmed parts of every
        identifier (split at ``_`` and at changes of case). Stop words and single letters are left out.

    Example:
        >>> words("Repo.create_tag makes tags")
        ['repo.create_tag', 'repo', 'create_tag', 'creat', 'tag', 'mak', 'tag']
    """
    return [word for found in _WORD.findall(text) for word in _forms(found)]


# The same few thousand names make up nearly all of a library's documentation.
@lru_cache(maxsize=50_000)
def _forms(name: str) -> tuple[str, ...]:
    if name.lower() in STOP_WORDS:
        return ()
    identifiers = name.split(".")
    forms = [name.lower()] if len(identifiers) > 1 else []
    for identifier in identifiers:
        parts = _PART.findall(identifier)
        if len(parts) > 1:
            forms.append(identifier.strip("_").lower())
        forms += [stem(part) for part in map(str.lower, parts) if part not in STOP_WORDS]
    return tuple(form for form in forms if len(form) > 1)


def stem(word: str) -> str:
    """Cut the common English endings, so that "tags", "tagged" and "tagging" are one word.

    Args:
        word: A lower-case word.

    Returns:
        The stem; it need not be a word. Lighter than Porter's: never more than one ending and a final "e".
    """
    if len(word) < 4:
        return word
    cut = _without_ending(word)
    if len(cut) > 2 and cut[-1] == cut[-2] and cut[-1] not in "aeiouls" and cut != word:
        cut = cut[:-1]
    if len(cut) > 3 and cut.endswith("ie"):
        return cut[:-2] + "y"
    return cut[:-1] if len(cut) > 3 and cut.endswith("e") else cut


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and _VOWEL.search(word[: -len(ending)]):
            return word[: -len(ending)]
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
