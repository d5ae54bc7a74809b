"""Where and how programs run that are to be judged."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from doctranslate.errors import UsageError

if TYPE_CHECKING:
    from doctranslate.verification.sandbox import IsolationLevel, Limits


def words(argv: Iterable[object]) -> tuple[str, ...]:
    """Arguments as a program gets them.

    Args:
        argv: Texts and paths.

    Raises:
        UsageError: One of them is neither.
    """
    found = []
    for word in argv:
        text = os.fspath(word) if isinstance(word, str | os.PathLike) else None
        if not isinstance(text, str):
            raise UsageError(f"argv holds {word!r}: each argument is text or a path")
        found.append(text)
    return tuple(found)


@dataclass(frozen=True)
class Conditions:
    """Where and how programs run.

    Attributes:
        workspace: Folder to start from, copied and never touched; None for an empty one, or a small repository when
            there is no ``setup`` either.
        setup: Shell text, or path of a ``.sh`` or ``.py`` file, that completes the start state.
        argv: Arguments of both programs; ``{world}``, ``{origin}`` and ``{storage}`` in them are replaced.
        data: Globs of the paths that are data; None leaves that to the pair of libraries.
        isolation: What keeps the programs apart from this machine.
        limits: What they may use up; None for the usual.
    """

    workspace: Path | str | None = None
    setup: Path | str | None = None
    argv: Sequence[str] = ()
    data: Sequence[str] | None = None
    isolation: IsolationLevel = "full"
    limits: Limits | None = None

    def __post_init__(self) -> None:
        """Insist on arguments that are a list of texts and paths.

        Raises:
            UsageError: They are one text or hold something else, or the isolation is none that there is.
        """
        if isinstance(self.argv, str):
            raise UsageError(f"argv={self.argv!r}: give a list of arguments, not one text")
        object.__setattr__(self, "argv", words(self.argv))
        if self.isolation not in ("full", "partial", "none"):
            raise UsageError(f"isolation={self.isolation!r}: choose one of full, partial, none")
