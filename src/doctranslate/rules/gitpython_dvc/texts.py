"""What is known of a string before the program runs: its beginning, its end, or all of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

_MAGIC = re.compile(r"[*?\[]")
_TEMPLATE_FIELD = re.compile(r"%(?:\(\w*\))?[#0\- +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[a-zA-Z%]")
MOST = 24
"""More values than these are not followed."""


@dataclass(frozen=True, slots=True)
class Text:
    """One string as far as the program says it.

    Attributes:
        start: How it begins.
        end: How it ends; what is between the two is not known.
        whole: It is known altogether: beginning and end are the string itself.
    """

    start: str
    end: str
    whole: bool = False

    @property
    def name(self) -> str:
        """What is known of the end of the last part of the path."""
        return self.end.rpartition("/")[2]

    def may_be(self, other: Text) -> bool:
        """Whether two paths can be the same one. An absolute path has no beginning in common with a relative one."""
        if self.whole and other.whole and self.is_absolute == other.is_absolute:
            return posixpath.normpath(self.start) == posixpath.normpath(other.start)
        return ends_agree(self.end, other.end) and (
            self.is_absolute != other.is_absolute or starts_agree(self.start, other.start)
        )

    @property
    def is_absolute(self) -> bool:
        """Whether it surely begins at the root of the file system."""
        return self.start.startswith("/")


UNKNOWN = Text("", "")
Texts = frozenset[Text] | None
"""What an expression can be, every value of it; None where that is not known."""


def whole(text: str) -> Text:
    """A string that is known."""
    return Text(text, text, whole=True)


def starts_agree(one: str, other: str) -> bool:
    """Whether a string can begin in both ways."""
    return one.startswith(other) or other.startswith(one)


def ends_agree(one: str, other: str) -> bool:
    """Whether a string can end in both ways."""
    return one.endswith(other) or other.endswith(one)


def union(many: Iterable[Texts]) -> Texts:
    """What one of several expressions can be."""
    found: set[Text] = set()
    for texts in many:
        if texts is None:
            return None
        found |= texts
    return frozenset(found) if len(found) <= MOST else None


def concat(left: Texts, right: Texts) -> Texts:
    """What ``left + right`` can be."""
    return _pairs(_concat, left, right)


def join(left: Texts, right: Texts) -> Texts:
    """What ``os.path.join(left, right)`` can be, and ``left / right`` of paths."""
    return _pairs(_join, left, right)


def _pairs(make: object, left: Texts, right: Texts) -> Texts:
    assert callable(make)  # noqa: S101 - narrowed for the call below
    if left is None and right is None:
        return None
    pairs = product(left if left is not None else (UNKNOWN,), right if right is not None else (UNKNOWN,))
    found = frozenset(make(one, other) for one, other in pairs)
    return None if UNKNOWN in found or len(found) > MOST else found


def _concat(left: Text, right: Text) -> Text:
    if left.whole and right.whole:
        return whole(left.start + right.start)
    return Text(
        left.start + right.start if left.whole else left.start,
        left.end + right.end if right.whole else right.end,
    )


def _join(left: Text, right: Text) -> Text:
    if right.is_absolute or (left.whole and left.start in ("", ".", "./")):
        return right
    slash = whole("" if left.end.endswith("/") else "/")
    return _concat(_concat(left, slash), right)


def shortened(texts: Texts) -> Texts:
    """Paths after ``relative_to``, ``relpath`` or ``resolve``: only the name at the end is sure to stay."""
    return _each(texts, lambda text: Text("", text.name))


def named(texts: Texts) -> Texts:
    """The last parts of paths: ``path.name``, ``os.path.basename(path)``."""
    return _each(
        texts,
        lambda text: whole(text.name) if text.whole or "/" in text.end else Text("", text.end),
    )


def with_suffix(texts: Texts, suffix: Texts) -> Texts:
    """What ``path.with_suffix(suffix)`` can be."""
    return concat(_each(texts, _without_suffix), suffix)


def _without_suffix(text: Text) -> Text:
    if text.whole:
        folder, slash, name = text.start.rpartition("/")
        return whole(folder + slash + (name[: name.rindex(".")] if "." in name[1:] else name))
    return Text(text.start[: text.start.rfind("/") + 1], "")


def with_name(texts: Texts, name: Texts) -> Texts:
    """What ``path.with_name(name)`` can be."""
    return concat(
        _each(
            texts,
            lambda text: (
                whole(text.start[: text.start.rfind("/") + 1])
                if text.whole
                else Text(text.start[: text.start.rfind("/") + 1], "/")
            ),
        ),
        name,
    )


def matched(texts: Texts) -> Texts:
    """What a pattern of ``glob`` finds: its beginning and end stay where no star stands."""

    def found(text: Text) -> Text:
        if text.whole and not _MAGIC.search(text.start):
            return text
        start, end = _MAGIC.split(text.start)[0], re.split(r"[*?\]]", text.end)[-1]
        return Text(start, end)

    return _each(texts, found)


def templated(template: str) -> Texts:
    """What ``template % values`` can be."""
    pieces = _TEMPLATE_FIELD.split(template)
    return _known(Text(pieces[0], pieces[-1])) if len(pieces) > 1 else frozenset({whole(template)})


def below(texts: Texts) -> Texts:
    """Any path below folders."""
    return concat(join(texts, frozenset({whole("")})), None)


def _each(texts: Texts, change: object) -> Texts:
    assert callable(change)  # noqa: S101 - narrowed for the call below
    if texts is None:
        return None
    found = frozenset(change(text) for text in texts)
    return None if UNKNOWN in found else found


def _known(text: Text) -> Texts:
    return None if text == UNKNOWN else frozenset({text})
