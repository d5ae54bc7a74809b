"""What a rule is: one mapping from a source symbol to code on the target, with the documentation behind it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference
    from doctranslate.apis import ApiIndex
    from doctranslate.records import Job, Rewritten
    from doctranslate.rules.site import Site


class NoCounterpart(Exception):  # control flow inside the rewriter, never seen by a caller
    """A rule has no translation for this use; the text says why.

    Attributes:
        before: Statements that the target needs all the same, in front of the bridged call.
        after: The same, behind it.
        also: Code of words that the bridged call gets too, behind its own.
    """

    def __init__(
        self,
        reason: str,
        *,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
        also: tuple[str, ...] = (),
    ) -> None:
        self.before = before
        self.after = after
        self.also = also
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What stands in place of a call or an attribute.

    Attributes:
        value: Expression with the value of the original one, or None when only the effect is translated.
        lines: Statements that have the effect, in order. Where the original stands alone as a statement
            they replace it; where its value is used they go in front of the statement.
        note: What means something else than before, or "".
        bridged: Why the source library's own object does the work, where it does, and only the value is the target's.
    """

    value: str | None = None
    lines: tuple[str, ...] = ()
    note: str = ""
    bridged: str = ""


Apply = Callable[["Site"], Rewrite]
Fate = Literal["survives", "changes", "lost"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One mapping.

    Attributes:
        symbols: Qualified names on the source library that it translates.
        targets: Qualified names on the target library that it writes; what citations look up.
        summary: The mapping in a sentence.
        apply: Writes the translation of one use, or raises `NoCounterpart`.
        before: Example statements on the source library, on a root object called ``repo``.
        after: What they become; what stays on the source library is written over the bridge.
        changes: What means something else than before, in a sentence; "" when nothing does.
        lost: Why it does not survive: each use stays on the source library. "" when it is translated.
        docs: Documentation beyond that of the targets: ``cli:add``, a qualified name, or an address.
    """

    symbols: tuple[str, ...]
    targets: tuple[str, ...]
    summary: str
    apply: Apply
    before: str = ""
    after: str = ""
    changes: str = ""
    lost: str = ""
    docs: tuple[str, ...] = ()

    @property
    def fate(self) -> Fate:
        """Whether what it translates survives, changes its meaning, or is lost."""
        return "lost" if self.lost else "changes" if self.changes else "survives"


@dataclass(frozen=True, slots=True)
class Type:
    """How values of a source type live on in the translated program.

    Attributes:
        name: Qualified name of the source type.
        kept_as: ``object``: an object of the target that carries itself; ``name``: a plain string; ``facet``:
            nothing of its own, each use goes through the value it was taken from (an index, a tree).
        target: Qualified name of the target type, for ``object``; ``prelude.X`` for a class of the prelude.
        native: Expression for the source library's own object; ``{owner}`` is the bridged owner, ``{self}``
            the kept value.
        as_argument: What a call on the source library takes for it; ``{self}`` is the kept value.
        given: What a bridged call takes for it, where that is the object itself; ``{owner}`` and ``{self}`` as in
            ``native``.
        as_text: What it is when it is printed or put into a string; ``{self}`` is the kept value.
        hashable: Whether the kept value can stand in a set, or as a key.
    """

    name: str
    kept_as: Literal["object", "name", "facet"]
    target: str = ""
    native: str = ""
    as_argument: str = "{self}"
    given: str = ""
    as_text: str = "{self}"
    hashable: bool = True


@dataclass(frozen=True)
class RuleSet:
    """All rules of one pair of libraries.

    Attributes:
        src: Name of the source component.
        dst: Name of the target component.
        root: Source type that everything else is reached from.
        bridge: Expression for the source library's own root object; ``{self}`` is the target's.
        rules: The rules.
        types: The types that live on.
        overrides: Annotations that the source library does not state: qualified name to annotation.
        names: Target classes and exceptions that stand for source ones where they are named without a call:
            qualified name to qualified names.
        raises: What a use fails with on the target: symbol to the exception that a program expects, to target classes.
        subclasses: Target exceptions to the target exceptions that catch them as well.
        survey: Reads a program once; what it returns is `Site.program`, its ``constants`` fill the prelude.
        extra_api: Objects of other distributions that the source library hands out.
        pure: Prelude functions that only look something up: what they give may go where nothing reads it.
        moving: Attributes of the source library that are another value after one of ``movers`` ran: HEAD's commit.
        movers: Calls that move them.
        beside: What the target needs in front of and behind a call that stays on the source library's own object:
            symbol to two statements, each may be ""; ``{owner}`` is the target's root object.
        adopter: Prelude function that makes the target's root object.
        adopt: What it is given for a root object of the source library; ``{self}`` is that object.
        guard: Prelude context manager that turns errors of bridged calls into the target's, or "".
        prelude_path: File with the functions that may be copied into a translated program.
        by_symbol: The rules by source symbol; filled in.
    """

    src: str
    dst: str
    root: str
    bridge: str
    rules: tuple[Rule, ...]
    types: Mapping[str, Type]
    overrides: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    survey: Callable[[Inference, Job], Any]
    raises: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    subclasses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pure: frozenset[str] = frozenset()
    moving: frozenset[str] = frozenset()
    movers: frozenset[str] = frozenset()
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    adopter: str = ""
    adopt: str = "{self}"
    extra_api: ApiIndex | None = None
    guard: str = ""
    prelude_path: str = ""
    by_symbol: Mapping[str, Rule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table = {symbol: rule for rule in self.rules for symbol in rule.symbols}
        object.__setattr__(self, "by_symbol", table)

    def rewrite(self, job: Job) -> Rewritten:
        """Translate a program.

        Raises:
            SourceCodeError: It is not Python.
        """
        from doctranslate.rules.rewriter import rewrite

        return rewrite(job, self)

    def rule(self, symbol: str) -> Rule | None:
        """The rule for a symbol, or None."""
        return self.by_symbol.get(symbol)

    def targets(self, symbol: str) -> tuple[str, ...]:
        """Qualified names on the target that translate a source symbol; empty when there is no rule."""
        found = self.rule(symbol)
        return found.targets if found else ()

    def summary(self, symbol: str) -> str:
        """The mapping of a source symbol in a sentence, or ""."""
        found = self.rule(symbol)
        return found.summary if found else ""


@dataclass(slots=True)
class RuleBook:
    """Collects the rules of a module: ``book = RuleBook()``, then ``@book.rule(...)`` on each function."""

    rules: list[Rule] = field(default_factory=list)

    def rule(
        self,
        *symbols: str,
        to: str | Iterable[str] = (),
        before: str = "",
        after: str = "",
        changes: str = "",
        lost: str = "",
        docs: str | Iterable[str] = (),
    ) -> Callable[[Apply], Apply]:
        """Register the decorated function; the first line of its docstring is the summary.

        Args:
            symbols: Qualified names on the source library.
            to: Qualified names on the target library.
            before: Example statements on a root object called ``repo``.
            after: What they become.
            changes: What means something else than before, in a sentence.
            lost: Why every use stays on the source library, in a sentence.
            docs: Documentation beyond that of the targets: ``cli:add``, a qualified name, or an address.
        """

        def register(apply: Apply) -> Apply:
            summary = (inspect.getdoc(apply) or "").partition("\n")[0]
            rule = Rule(
                symbols,
                _tuple(to),
                summary,
                apply,
                before,
                after,
                changes=changes,
                lost=lost,
                docs=_tuple(docs),
            )
            self.rules.append(rule)
            return apply

        return register

    def bridged(
        self, *symbols: str, because: str, before: str, after: str, docs: str | Iterable[str] = ()
    ) -> None:
        """Register uses that have no counterpart: they stay on the source library, with this reason.

        Args:
            symbols: Qualified names on the source library.
            because: Why there is none, in a clause that can follow a colon.
            before: Example statements on a root object called ``repo``.
            after: What they become.
            docs: Documentation that says so.
        """

        def refuse(site: Site) -> Rewrite:
            raise NoCounterpart(because)

        rule = Rule(
            symbols, (), f"No counterpart: {because}.", refuse, before, after, lost=because, docs=_tuple(docs)
        )
        self.rules.append(rule)


def _tuple(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def gather(books: Sequence[RuleBook]) -> tuple[Rule, ...]:
    """All rules of several books, in order."""
    return tuple(rule for book in books for rule in book.rules)
