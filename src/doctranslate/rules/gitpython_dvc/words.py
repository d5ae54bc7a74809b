"""``repo.git.<command>(...)`` in its three argument styles, as the words that git gets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from doctranslate.analysis.literals import literal
from doctranslate.rules.base import NoCounterpart
from doctranslate.rules.site import Site, quoted

# Arguments of GitPython's own, about how git is run.
_OF_THE_CALL = {
    "insert_kwargs_after", "env", "istream", "output_stream", "as_process", "with_extended_output", "with_exceptions",
    "with_stdout", "stdout_as_string", "kill_after_timeout", "strip_newline_in_stdout", "universal_newlines", "shell",
    "max_chunk_size", "split_single_char_options", "with_keep_cwd",
}  # fmt: skip
_SEVERAL = re.compile(r"-[a-zA-Z]{2,}")


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
        flags: Flags without a value, as written: ``-A``, ``--all``. Short ones that stand together are taken apart.
        options: Flags with a value: ``-m`` to its words, since some may be given more than once.
        after_dashes: Words after ``--``: always paths.
    """

    name: str
    words: list[Word] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    options: dict[str, list[Word]] = field(default_factory=dict)
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
        """Whether one of the flags is given, without a value.

        Raises:
            NoCounterpart: That shows only at run time: ``push(force=force)``.
        """
        if any(flag in self.flags for flag in flags):
            return True
        unknown = next((flag for flag in flags if flag in self.options), None)
        if unknown is not None:
            raise NoCounterpart(f"whether git {self.name} gets {unknown} is known only at run time")
        return False

    def when(self, line: str, *flags: str) -> tuple[str, ...]:
        """A statement that runs where one of the flags is given, though that may show only at run time."""
        if any(flag in self.flags for flag in flags):
            return (line,)
        asked = [self.options[flag][-1].code for flag in flags if flag in self.options]
        if not asked or any("(" in code for code in asked):  # what is called is not called a second time
            return ()
        return (f"if {' or '.join(asked)}:\n    {line}",)

    def option(self, *flags: str) -> Word | None:
        """The value of the first of the flags that is given; of several values the last, as with git."""
        return next((self.options[flag][-1] for flag in flags if flag in self.options), None)

    def all_options(self, *flags: str) -> list[Word]:
        """Every value of the flags."""
        return [word for flag in flags for word in self.options.get(flag, ())]

    @property
    def is_open(self) -> bool:
        """Whether some words show only at run time, so that what is a flag and what is not cannot be told."""
        return any(word.starred for word in [*self.words, *self.after_dashes])

    @property
    def texts(self) -> list[str | None]:
        """The words as far as the program text has them."""
        return [word.text for word in self.words]


def read_command(site: Site, *, values: Iterable[str] = ()) -> Command:
    """The command line of a ``repo.git.<command>(...)`` call.

    Args:
        site: The call.
        values: Flags that take a value as their next word.

    Raises:
        NoCounterpart: The words, or how git is run, cannot be told from the call.
    """
    name = site.symbol.rpartition(".")[2].replace("_", "-")
    words, options = _words_of_call(site)
    if name == "execute":
        name, words = _executed(site, words)
    return _take_apart(name, words, options, frozenset(values))


def _executed(site: Site, words: list[Word]) -> tuple[str, list[Word]]:
    if len(words) == 1 and words[0].text is not None and not _is_list(site):
        line = words[0].text
        words = [Word(quoted(part), part) for part in line.split()]
        if set(line) & set("\"'|&;<>$`"):
            raise NoCounterpart("only a list that starts with 'git' and a command can be read")
    if len(words) < 2 or words[0].text != "git" or words[1].text is None:
        raise NoCounterpart("only a list that starts with 'git' and a command can be read")
    return words[1].text, words[2:]


def _is_list(site: Site) -> bool:
    return site.call is not None and isinstance(site.call.args[0].value, cst.List | cst.Tuple)


def executed_name(node: cst.Call) -> str | None:
    """The command of ``repo.git.execute(["git", "lfs", …])``, or None."""
    given = literal(node.args[0].value) if node.args else None
    if given is None and node.args and isinstance(node.args[0].value, cst.List):
        given = [literal(e.value) for e in node.args[0].value.elements[:2]]
    if isinstance(given, str):
        given = given.split()
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
            if arg.keyword.value in _OF_THE_CALL:
                raise NoCounterpart(f"argument {arg.keyword.value} has no counterpart")
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
    if isinstance(node, cst.List | cst.Tuple):
        return [(flag, _word(site, element.value)) for element in node.elements]
    return [(flag, _word(site, node))]


def _take_apart(
    name: str, words: list[Word], options: list[tuple[str, Word | None]], values: frozenset[str]
) -> Command:
    command = Command(name)
    for name_, given in options:
        if given is None:
            command.flags.add(name_)
        else:
            command.options.setdefault(name_, []).append(given)
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if word.text == "--":
            command.after_dashes = queue
            break
        flag, value = _flag(word, values)
        if not flag:
            command.words.append(word)
        elif value is not None:
            command.options.setdefault(flag, []).append(value)
        elif flag in values:
            if not queue:
                raise NoCounterpart(f"git {name} {flag} is given no value")
            command.options.setdefault(flag, []).append(queue.pop(0))
        elif _SEVERAL.fullmatch(flag):
            queue = [*(Word("", f"-{letter}") for letter in _letters(flag, values)), *queue]
        else:
            command.flags.add(flag)
    return command


def _letters(flag: str, values: frozenset[str]) -> list[str]:
    """``-am`` is ``-a -m``; what follows a letter that takes a value is that value."""
    for position, letter in enumerate(flag[1:], start=1):
        if f"-{letter}" in values:
            return [*flag[1:position], flag[position:]]
    return list(flag[1:])


def _flag(word: Word, values: frozenset[str]) -> tuple[str | None, Word | None]:
    """The flag that a word is, and the value that it brings along: ``--message=text``, ``-n5``."""
    text = word.text
    if text is None:
        return _formatted_flag(word)
    if not text.startswith("-") or text == "-":
        return None, None
    if text[:2] in values and len(text) > 2 and not text.startswith("--"):
        return text[:2], Word(quoted(text[2:]), text[2:])
    name, equals, rest = text.partition("=")
    return (name, Word(quoted(rest), rest)) if equals and name.startswith("--") else (text, None)


def _formatted_flag(word: Word) -> tuple[str | None, Word | None]:
    """``f"--message={text}"``: the flag stands in the program, its value shows at run time."""
    node = word.node
    if not isinstance(node, cst.FormattedString) or word.starred:
        return None, None
    found = re.match(r"""[fF]["'](--[a-z-]+)=(?=\{)""", word.code)
    if found is None:
        return None, None
    rest = word.code[found.end() : -1]
    code = (
        rest[1:-1]
        if re.fullmatch(r"\{[^{}!:]+\}", rest) and len(node.parts) == 2
        else f"{word.code[:2]}{rest}{word.code[-1]}"
    )
    return found[1], Word(code)
