"""What is decided about a use before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from doctranslate.records import Bridged, Note, Translated, Unresolved

Told = Translated | Bridged | Unresolved | Note


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of one use, uses inside it included.

    Attributes:
        value: New expression; None when only statements stand for it.
        lines: Statements in front of the statement it is in.
        effect: Its own effect is in the lines: where the use stands alone as a statement, they replace it.
        native: The new expression is the source library's own object.
        told: What is said of it, and of the uses inside it: translated, bridged, unresolved, a note.
        kept: Names of the program that must go on naming the source library.
    """

    value: str | None
    lines: tuple[str, ...] = ()
    effect: bool = False
    native: bool = False
    told: tuple[Told, ...] = ()
    kept: frozenset[str] = frozenset()


@dataclass
class Sink:
    """Collects what the uses inside an expression or statement bring along while they are rendered.

    Attributes:
        lines: Statements to run in front.
        told: What is said of the uses.
        kept: Names that must go on naming the source library.
        comments: Comments that stood inside what was replaced.
    """

    lines: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was translated, or left on the source library."""
        return bool(self.lines or self.told or self.kept)

    @property
    def left(self) -> list[Bridged | Unresolved]:
        """What was not translated."""
        return [each for each in self.told if isinstance(each, Bridged | Unresolved)]

    def take(self, plan: Plan) -> None:
        """Take over what a plan brings along."""
        self.lines += plan.lines
        self.told += [each for each in plan.told if each not in self.told]
        self.kept |= plan.kept

    def merge(self, other: Sink) -> None:
        """Take over what another sink collected, but for its lines and comments."""
        self.told += other.told
        self.kept |= other.kept
