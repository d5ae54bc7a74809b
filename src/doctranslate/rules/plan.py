"""What is decided about a use before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from doctranslate.records import Note, Unresolved


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of one use, uses inside it included.

    Attributes:
        value: New expression; None when only statements stand for it.
        lines: Statements in front of the statement it is in.
        effect: Its own effect is in the lines: where the use stands alone as a statement, they replace it.
        native: The new expression is the source library's own object.
        unresolved: What was not translated.
        notes: What means something else than before.
        kept: Names of the program that must go on naming the source library.
    """

    value: str | None
    lines: tuple[str, ...] = ()
    effect: bool = False
    native: bool = False
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[Note, ...] = ()
    kept: frozenset[str] = frozenset()


@dataclass
class Sink:
    """Collects what the uses inside an expression or statement bring along while they are rendered.

    Attributes:
        lines: Statements to run in front.
        unresolved: What was not translated.
        notes: What means something else than before.
        kept: Names that must go on naming the source library.
        comments: Comments that stood inside what was replaced.
    """

    lines: list[str] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was translated, or left on the source library."""
        return bool(self.lines or self.unresolved or self.notes or self.kept)

    def take(self, plan: Plan) -> None:
        """Take over what a plan brings along."""
        self.lines += plan.lines
        self.unresolved += [u for u in plan.unresolved if u not in self.unresolved]
        self.notes += [n for n in plan.notes if n not in self.notes]
        self.kept |= plan.kept

    def merge(self, other: Sink) -> None:
        """Take over what another sink collected, but for its lines and comments."""
        self.unresolved += other.unresolved
        self.notes += other.notes
        self.kept |= other.kept
