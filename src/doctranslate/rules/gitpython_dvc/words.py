"""``repo.git.<command>(...)`` in its three argument styles, as the words that git gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from doctranslate.analysis.literals import literal
from doctranslate.rules.base import NoCounterpart
from doctranslate.rules.site import Site


@dataclass(frozen=True, slots=True)
class Word:
    """One argument of a git command.

    Attributes:
        code: Translated code of it.
        text: Its text when that is in the program, else None.
        node: Its node, for rules that look closer; None for a flag made from a keyword.
        starred: It stands for several words (``*paths``).
    """

    code: str
    text: str | None = None
    node: cst.BaseExpression | None = None
    starred: bool = False

    @property
    def is_literal(self) -> bool:
        """Whether the text stands in the call itself, and not behind a name."""
        return self.node is not None and literal(self.node) is not None


@dataclass
class Command:
    """A git command line taken apart.

    Attributes:
        name: ``add``, ``commit``…
        words: What is neither a flag nor a flag's value, in order.
        flags: Flags without a value, as written: ``-A``, ``--all``.
        options: Flags with a value: ``-m`` to its word.
        after_dashes: Words after ``--``: always paths.
    """

    name: str
    words: list[Word] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    options: dict[str, Word] = field(default_factory=dict)
    after_dashes: list[Word] = field(default_factory=list)

    def only(self, *flags: str) -> None:
        """Insist that no other flags are given.

        Raises:
            NoCounterpart: Naming those that have no counterpart.
        """
        other = sorted({*self.flags, *self.options} - set(flags))
        if other:
            raise NoCounterpart(f"git {self.name} {' '.join(other)} has no counterpart")
        if self.after_dashes and "--" not in flags:
            raise NoCounterpart(f"git {self.name} -- PATH has no counterpart")

    def has(self, *flags: str) -> bool:
        """Whether one of the flags is given."""
        return any(flag in self.flags for flag in flags)

    def option(self, *flags: str) -> Word | None:
        """The value of the first of the flags that is given."""
        return next((self.options[flag] for flag in flags if flag in self.options), None)


def read_command(site: Site, *, values: Iterable[str] = ()) -> Command:
    """The command line of a ``repo.git.<command>(...)`` call.

    Args:
        site: The call.
        values: Flags that take a value as their next word.
    """
    name = site.symbol.rpartition(".")[2].replace("_", "-")
    words, options = _words_of_call(site)
    if name == "execute":
        name, words = _executed(words)
    return _take_apart(name, words, options, frozenset(values))


def _executed(words: list[Word]) -> tuple[str, list[Word]]:
    if len(words) < 2 or words[0].text != "git" or words[1].text is None:
        raise NoCounterpart("only a list that starts with 'git' and a command can be read")
    return words[1].text, words[2:]


def executed_name(node: cst.Call) -> str | None:
    """The command of ``repo.git.execute(["git", "lfs", …])``, or None."""
    given = literal(node.args[0].value) if node.args else None
    if given is None and node.args and isinstance(node.args[0].value, cst.List):
        given = [literal(e.value) for e in node.args[0].value.elements[:2]]
    if isinstance(given, list) and len(given) > 1 and given[0] == "git" and isinstance(given[1], str):
        return given[1]
    return None


def _words_of_call(site: Site) -> tuple[list[Word], list[tuple[str, Word | None]]]:
    words: list[Word] = []
    options: list[tuple[str, Word | None]] = []
    if site.call is None:
        raise NoCounterpart("it is not called")
    for arg in site.call.args:
        if arg.star == "**":
            raise NoCounterpart("the options are known only at run time")
        if arg.star == "*":
            words.append(Word(site.render(arg.value), node=arg.value, starred=True))
        elif arg.keyword is not None:
            if arg.keyword.value == "insert_kwargs_after":
                raise NoCounterpart("argument insert_kwargs_after has no counterpart")
            options += _keyword(site, arg.keyword.value, arg.value)
        elif isinstance(arg.value, cst.List | cst.Tuple):
            for element in arg.value.elements:
                starred = isinstance(element, cst.StarredElement)
                words.append(_word(site, element.value, starred=starred))
        else:
            words.append(_word(site, arg.value))
    return words, options


def _word(site: Site, node: cst.BaseExpression, *, starred: bool = False) -> Word:
    text = site.constant(node)
    many = starred or site.type_of(node) == "list"
    return Word(site.argument(node), text if isinstance(text, str) else None, node, many)


def _keyword(site: Site, name: str, node: cst.BaseExpression) -> list[tuple[str, Word | None]]:
    flag = f"-{name}" if len(name) == 1 else f"--{name.replace('_', '-')}"
    value = site.constant(node)
    if value is True:
        return [(flag, None)]
    if value is False or (isinstance(node, cst.Name) and node.value == "None"):
        return []
    return [(flag, _word(site, node))]


def _take_apart(
    name: str, words: list[Word], options: list[tuple[str, Word | None]], values: frozenset[str]
) -> Command:
    command = Command(name)
    for flag, value in options:
        if value is None:
            command.flags.add(flag)
        else:
            command.options[flag] = value
    queue = list(words)
    while queue:
        word = queue.pop(0)
        text = word.text
        if text == "--":
            command.after_dashes = queue
            break
        if text is None or not text.startswith("-") or text == "-":
            command.words.append(word)
            continue
        flag, equals, rest = text.partition("=")
        if equals:
            command.options[flag] = Word(repr(rest), rest)
        elif flag in values:
            if not queue:
                raise NoCounterpart(f"git {name} {flag} is given no value")
            command.options[flag] = queue.pop(0)
        else:
            command.flags.add(flag)
    return command
