"""Knows by what words a model says that it leaves code out."""

from __future__ import annotations

import re
from collections.abc import Collection

DOTS = re.compile(r"\.{3,}|…")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[A-Za-z_]\w*")
_NOUNS = _words(
    """code implementation implementations function functions method methods class classes body bodies import imports
    logic line lines definition definitions helper helpers statement statements decorator decorators docstring
    docstrings program script file module content contents part parts entries options section block"""
)
_STATES = _words("unchanged unmodified untouched omitted snip snipped truncated elided abbreviated identical")
_FILLERS = _words(
    """the of your this my a all and in to is are be was from as it its here for brevity clarity simplicity exactly
    completely entirely still just also with no not any needed required necessary goes go comes continues continue
    follows follow stays stay remains remain kept keep leave left copy paste insert put todo same before above below
    original originally existing previous previously other others remaining rest remainder change changes changed
    everything else etc so on than that"""
)
_OLD = _words("existing original previous remaining")
_TOLD = _OLD | _words("rest remainder same other unchanged omitted")
_SAME_AS = re.compile(
    r"\b(?:same|as|identical to|left|stays?|remains?)\W+(?:the\s+)?(?:before|above|original|is|same|previously)\b",
    re.I,
)


def says_left_out(text: str, names: Collection[str] = ()) -> bool:
    """Whether a comment, or a line that is no Python, says that code is left out.

    Args:
        text: The line, with its ``#`` where it has one.
        names: Of the source's definitions: ``# push() is unchanged``.
    """
    bare = text.strip().lstrip("#/*<-[({ \t")
    if DOTS.match(bare):
        return True
    words = [word.lower() for word in _WORD.findall(text)]
    if not words or len(words) > 16:
        return False
    if DOTS.search(text.rstrip(" \t)]}>*/-#")[-3:]) and _TOLD & set(words):
        return True
    known = _FILLERS | _NOUNS | _STATES | {name.lower() for name in names}
    if not known.issuperset(words):
        return False
    there = set(words)
    return bool(
        there & _STATES
        or (there & {"rest", "remainder"} and (there & _NOUNS or _SAME_AS.search(text)))
        or (there & _OLD and there & _NOUNS)
        or (_SAME_AS.search(text) and len(words) > 1)
        or ("etc" in there or words[-2:] == ["so", "on"])
        or (there & {"no", "not"} and there & {"change", "changes", "changed"} and len(words) > 2)
        or (there & _NOUNS and words[-1] == "here")
        or ("everything" in there and "else" in there)
    )
