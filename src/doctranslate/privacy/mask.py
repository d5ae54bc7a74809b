"""Hides what of a program must not leave the machine, and puts it back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from doctranslate.privacy.finding import find
from doctranslate.privacy.found import HOST_END, Found, Hidden
from doctranslate.privacy.literals import put_back
from doctranslate.privacy.reading import Program, read
from doctranslate.privacy.rules import LETTERS, is_weak, rules

_STOP = "--"  # ends a placeholder that would run into what follows
_RUNS_ON = re.compile(r"[0-9A-Za-z-]|\.invalid")
_UNSAFE = re.compile(r"[^\x20-\x7e]|['\"\\{}]")
_STEMS = ("doctranslate-masked-", "doctranslate-hidden-", *(f"doctranslate-kept{i}-" for i in range(100)))


class Mask:
    """Placeholders for the secrets and private addresses of one program. `Mask.of` makes it.

    Neither its ``repr`` nor any of its errors shows a value.

    Attributes:
        hidden: What is hidden of the program, in the order in which it comes there.

    Example:
        >>> mask = Mask.of('url = "https://bot:tr0ub4dor@git.corp.internal/data.git"')
        >>> print(mask.hide("fatal: could not resolve host: git.corp.internal"))
        fatal: could not resolve host: doctranslate-masked-3.invalid
    """

    __slots__ = ("_by_name", "_looks_like", "_names", "_placeholder", "_rules", "hidden")

    hidden: tuple[Hidden, ...]

    def __init__(self, program: Program, founds: Sequence[Found]) -> None:
        self._rules = rules(list(founds), outside=program.outside)
        first = self._first_places(program.code)
        order = (*first, *(number for number in range(len(founds)) if number not in first))
        label = {number: label for label, number in enumerate(order, 1)}
        stem = _stem(program, founds)
        self._names = tuple(
            f"{stem}{label[rule.number]}{rule.letter}{rule.found.ends}" for rule in self._rules
        )
        self._by_name = dict(zip(self._names, self._rules, strict=True))
        self._placeholder = re.compile(rf"{re.escape(stem)}\d+[{LETTERS}]?(?:{re.escape(HOST_END)}|{_STOP})?")
        self._looks_like = re.compile(_looks_like(stem), re.IGNORECASE)
        self.hidden = tuple(
            Hidden(
                founds[number].kind,
                program.code.count("\n", 0, place) + 1,
                f"{stem}{label[number]}{founds[number].ends}",
            )
            for number, place in first.items()
        )

    @classmethod
    def of(cls, code: str, *, also: Sequence[str] = ()) -> Mask:
        """Find what of a program must not leave the machine.

        Keys and tokens of providers, values whose names say that they are secret, strings of high entropy, addresses
        of a private network, buckets, credentials in addresses; in strings, comments and docstrings. Calls nothing.

        Args:
            code: The program; the same one gives the same placeholders. One that is no Python is read line by line.
            also: Values to hide besides, wherever they are: the host of a company, a project's name.

        Returns:
            The mask of this program.
        """
        program = read(code)
        lines = (line.strip() for value in also for line in value.splitlines())
        given = [Found("named by you", line, line) for line in dict.fromkeys(lines) if line]
        return cls(program, [*given, *find(program)])

    def hide(self, text: str) -> str:
        """Replace every value by its placeholder.

        Args:
            text: The program, or any other text that may repeat what is in it: a traceback, a prompt, a query.

        Returns:
            The text, of as many lines.
        """
        return self._pattern_for(text).sub(self._name_of, text)

    def restore(self, text: str) -> str:
        """Put every value back where its placeholder is.

        Args:
            text: What `hide` gave, or what a model made of it. In a program, a value is written anew where the quotes
                around its placeholder are not those it had; so take the program out of a reply first.

        Returns:
            The text; for what `hide` gave, exactly the one that it was given.
        """
        names = self._names_in(text)
        if any(_UNSAFE.search(self._by_name[name].found.value) for name in names):
            text = put_back(text, self._swap) or text
        return self._swap(text, lambda found: found.raw) if names else text

    def missing(self, text: str) -> tuple[Hidden, ...]:
        """What is hidden of the program and has no placeholder in a text.

        Args:
            text: What a model made of the masked program.
        """
        numbers = {self._by_name[name].number for name in self._names_in(text)}
        return tuple(each for each in self.hidden if self._by_name[each.placeholder].number not in numbers)

    def broken(self, text: str) -> tuple[str, ...]:
        """What looks like a placeholder and is none: another number, other letters, its end cut off.

        Args:
            text: What a model made of the masked program.

        Returns:
            Each such piece once, in order.
        """
        rest = self._swap(text, lambda _: "\n")
        return tuple(dict.fromkeys(match.group() for match in self._looks_like.finditer(rest)))

    def __repr__(self) -> str:
        return f"<Mask of {len(self.hidden)} values>"

    def _first_places(self, code: str) -> dict[int, int]:
        """Where in the program each value is first, in that order."""
        places: dict[int, int] = {}
        for match in self._pattern_for(code).finditer(code):
            places.setdefault(self._rules[_index(match)].number, match.start())
        return places

    def _pattern_for(self, text: str) -> re.Pattern[str]:
        """What finds the values that a text holds. Most texts hold few, and an expression for all of them is slow."""
        held = (i for i, rule in enumerate(self._rules) if rule.found.raw in text)
        return re.compile("|".join(f"(?P<r{i}>{self._rules[i].pattern})" for i in held) or r"(?!)")

    def _name_of(self, match: re.Match[str]) -> str:
        name = self._names[_index(match)]
        if not name.endswith(HOST_END) and _RUNS_ON.match(match.string, match.end()):
            return name + _STOP
        return name

    def _names_in(self, text: str) -> set[str]:
        names = (match.group() for match in self._placeholder.finditer(text))
        return {name for each in names if (name := self._known(each)) is not None}

    def _known(self, piece: str) -> str | None:
        """The placeholder that a piece of text starts with, or None."""
        names = (piece, piece.removesuffix(_STOP), piece.removesuffix(HOST_END))
        return next((name for name in names if name in self._by_name), None)

    def _swap(self, text: str, choose: Callable[[Found], str]) -> str:
        def value_of(match: re.Match[str]) -> str:
            name = self._known(match.group())
            if name is None:
                return match.group()
            rest = match.group().removeprefix(name)
            return choose(self._by_name[name].found) + ("" if rest == _STOP else rest)

        return self._placeholder.sub(value_of, text)


def _index(match: re.Match[str]) -> int:
    return int((match.lastgroup or "r0")[1:])


def _stem(program: Program, founds: Sequence[Found]) -> str:
    """What placeholders begin with: nothing of the program, and nothing that a value is a part of."""
    code = program.code.lower()
    values = [each.raw.lower() for each in founds if not is_weak(each.raw, program.outside)]
    fitting = (
        stem
        for stem in _STEMS
        if stem not in code and not any(each in f"{stem}0{HOST_END}" for each in values)
    )
    return next(itertools.chain(fitting, _STEMS[-1:]))


def _looks_like(stem: str) -> str:
    *first, last = stem.strip("-").split("-")
    end = rf"(?:[-_ .]?\d\w*)?(?:{re.escape(HOST_END)})?"
    return rf"{'[-_ .]?'.join(first)}[-_ .]?{last[:4]}\w*{end}|\b{last}[-_]\d+\w*(?:{re.escape(HOST_END)})?"
