"""What is found, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field

HOST_END = ".invalid"
"""What the placeholder of a host ends in: a name that leads nowhere (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something of a program that does not leave the machine, without its value.

    Attributes:
        kind: Such as ``password``, ``private host``, ``AWS Access Key``.
        line: 1-based line of the program where it is first; 0 when the program does not hold it.
        placeholder: What stands in its place.
    """

    kind: str
    line: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class Found:
    """A value to hide. Its ``repr`` does not show it.

    Attributes:
        kind: As in `Hidden`.
        raw: As the program writes it, escapes and all.
        value: As it is when the program runs.
        line: 1-based, 0 for unknown.
        behind: The value counts only where this stands before it; "" for everywhere.
        ahead: The same for a regular expression after it.
        ends: What the placeholder ends in, so that it keeps the shape: ``.invalid``, ``.git``.
    """

    kind: str
    raw: str = field(repr=False)
    value: str = field(repr=False)
    line: int = 0
    behind: str = field(default="", repr=False)
    ahead: str = field(default="", repr=False)
    ends: str = ""
