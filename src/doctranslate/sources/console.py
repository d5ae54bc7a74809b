"""The help texts of a command and its subcommands, from a process of its own.

Where a component names the function that makes the command's argparse parser, one process gives all texts;
otherwise the command is run once with ``--help`` for each subcommand.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from doctranslate.apis import ApiIndex
from doctranslate.component import Component, Console
from doctranslate.distributions import Distribution
from doctranslate.errors import CrawlError
from doctranslate.records import Page

MAX_COMMANDS = 300
"""Subcommands that are asked for help, at most."""
MAX_WORKERS = 2
MAX_OUTPUT_BYTES = 4_000_000
_HELP_SCRIPT = Path(__file__).with_name("argparse_help.py")
_LISTED = re.compile(r"^ {2,8}([a-z][\w-]*)(?: {2,}\S|$)", re.MULTILINE)
_HEADING = re.compile(r"^.*commands?.*:[ \t]*$", re.MULTILINE | re.IGNORECASE)
_PLACE = re.compile(r"\{(\w+)\}")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CHOICES = re.compile(r"\{([a-z][\w,-]+)\}")


@dataclass(frozen=True, slots=True)
class _Command:
    """A command as typed after the script's name, with its help text."""

    name: str
    help: str


class ConsoleSource:
    """The help texts of an installed distribution's command.

    Args:
        component: Whose ``console`` says what to run.
        distribution: The installed distribution.
        api: Its API, for links from commands to the objects that do the same.

    Raises:
        CrawlError: The component has no console, or the distribution is not installed.
    """

    name = "console"

    def __init__(self, component: Component, distribution: Distribution, *, api: ApiIndex) -> None:
        if component.console is None:
            raise CrawlError(f"{component.name} has no [console] in its description: there is nothing to run")
        if not distribution.installed:
            raise CrawlError(f"{distribution.name} is not installed: its command is not run")
        self.version = api.version
        self._component, self._console = component, component.console
        self._distribution, self._api = distribution, api

    def pages(self) -> Iterator[Page]:
        """One page per command, in the order that the command lists them.

        Raises:
            CrawlError: The process failed, took too long, or gave something else than help texts.
        """
        commands = self._by_parser() if self._console.parser else self._by_running()
        for command in commands:
            if not any(fnmatchcase(command.name, pattern) for pattern in self._console.skip):
                yield self._page(command)

    def _page(self, command: _Command) -> Page:
        script = self._console.script
        symbol = f"cli:{command.name or script}"
        text = _ANSI.sub("", command.help).strip()
        return Page(
            uri=f"pypi:{self._distribution.name}@{self.version}#{symbol}",
            title=f"{script} {command.name}".strip(),
            text=text + "\n",
            symbol=symbol,
            kind="cli",
            signatures=_usage(text),
            links=linked(symbol, self._component, self._api),
        )

    def _by_parser(self) -> list[_Command]:
        text = run([sys.executable, "-I", str(_HELP_SCRIPT), self._console.parser], console=self._console)
        try:
            return [_Command(str(name), str(help_)) for name, help_ in json.loads(text)]
        except (ValueError, TypeError) as exc:
            raise CrawlError(f"{self._console.parser} gave no help texts but {text[:200]!r}") from exc

    def _by_running(self) -> list[_Command]:
        entry = dict(self._distribution.scripts).get(self._console.script)
        if entry is None:
            raise CrawlError(
                f"{self._distribution.name} {self.version} has no console script {self._console.script!r}: "
                "correct 'console.script'"
            )
        found = [_Command("", self._help(entry, ""))]
        level = [found[0]]
        with ThreadPoolExecutor(MAX_WORKERS) as pool:
            for _ in range(2):
                names = [n for parent in level for n in _subcommands(parent) if n.count(" ") < 2]
                names = names[: MAX_COMMANDS - len(found)]
                texts = pool.map(lambda name: self._help(entry, name), names)
                level = [_Command(n, text) for n, text in zip(names, texts, strict=True) if text]
                known = {command.help for command in found}
                level = [command for command in level if command.help not in known]
                found += level
        return found

    def _help(self, entry: str, command: str) -> str:
        """The help text of one command; "" for a subcommand that fails: it may be no command at all."""
        module, _, function = entry.partition(":")
        argv = [self._console.script, *command.split(), "--help"]
        first = function.split(".")[0]
        code = f"import sys; sys.argv = {argv!r}; from {module} import {first}; sys.exit({function}())"
        try:
            return run([sys.executable, "-I", "-c", code], console=self._console)
        except CrawlError:
            if not command:
                raise
            return ""


def run(command: Sequence[str], *, console: Console) -> str:
    """Standard output of a process without input, without the user's environment, in an empty folder.

    Args:
        command: Program and arguments.
        console: Its environment variables and time limit.

    Raises:
        CrawlError: It failed, took too long, or wrote too much.
    """
    with tempfile.TemporaryDirectory(prefix="doctranslate-") as folder:
        env = {
            name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ
        }
        env |= {
            "HOME": folder,
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
            "LINES": "50",
            "NO_COLOR": "1",
            "TERM": "dumb",
        }
        env |= {"PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore", **console.env}
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as exc:
            raise CrawlError(f"{console.script} cannot be run: {exc}") from exc
        with process:
            try:
                out, err = process.communicate(timeout=console.timeout_s)
            except subprocess.TimeoutExpired as exc:
                _kill_group(process)
                raise CrawlError(
                    f"{console.script} took longer than {console.timeout_s:g} s for its help"
                ) from exc
    if process.returncode:
        last = (err.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"])[-1]
        raise CrawlError(
            f"{console.script} failed with code {process.returncode} when asked for help: {last}"
        )
    if len(out) > MAX_OUTPUT_BYTES:
        raise CrawlError(f"{console.script} wrote {len(out)} bytes of help, more than {MAX_OUTPUT_BYTES}")
    return out.decode("utf-8", "replace")


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and those it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _subcommands(parent: _Command) -> list[str]:
    """Names that a help text lists as commands: argparse's ``{a,b}``, or an indented list below a heading."""
    _, _, listed = _split_at_heading(parent.help)
    names = _LISTED.findall(listed)
    for choices in _CHOICES.findall(parent.help):
        names += choices.split(",")
    own = {"help", *parent.name.split()}
    return [f"{parent.name} {name}".strip() for name in dict.fromkeys(names) if name not in own]


def _split_at_heading(text: str) -> tuple[str, str, str]:
    """What is before, in, and after the heading of the list of commands; all before when there is none."""
    found = _HEADING.search(text)
    return (text[: found.start()], found.group(), text[found.end() :]) if found else (text, "", "")


def _usage(help_text: str) -> tuple[str, ...]:
    """The usage line, in one line."""
    found = re.search(r"(?i)^usage:\s*(.+?)(?:\n\s*\n|\Z)", help_text, re.DOTALL | re.MULTILINE)
    return (" ".join(found.group(1).split()),) if found else ()


def linked(symbol: str, component: Component, api: ApiIndex) -> tuple[str, ...]:
    """The API object that does what a command does: of the first of the component's rules that finds one.

    ``{command}`` in a rule stands for the whole command, another name in braces for one word of it; dashes
    and spaces become underscores.

    Args:
        symbol: Such as ``cli:get-url``.
        component: Whose rules.
        api: What exists.
    """
    for pattern, target in component.links.items():
        match = re.fullmatch(_PLACE.sub(_group, re.sub(r"[.+*?()|\\^$]", r"\\\g<0>", pattern)), symbol)
        if match is None:
            continue
        path = target
        for name, value in match.groupdict().items():
            path = path.replace(f"{{{name}}}", re.sub(r"[- ]", "_", value))
        found = api.get(path)
        if found is not None:
            return (found.name,)
    return ()


def _group(place: re.Match[str]) -> str:
    name = place.group(1)
    return f"(?P<{name}>.+)" if name == "command" else f"(?P<{name}>[^ ]+)"
