"""Run as a script in a process of its own: writes the help texts of an argparse parser as JSON.

``python -I argparse_help.py module:function`` writes ``[[command, help], …]``; the parser's own help has the
command "". It imports the package that makes the parser: that is why it is a process, not a function call.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, str]]:
    """The parser and all its subcommands, with their help texts; aliases once, by the first name."""
    yield name, parser.format_help()
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        seen: set[int] = set()
        for word, sub in action.choices.items():
            if id(sub) not in seen:
                seen.add(id(sub))
                yield from commands(sub, f"{name} {word}".strip())


def main(target: str) -> None:
    """Write the help texts of the parser that ``module:function`` returns."""
    module, _, function = target.partition(":")
    parser = getattr(importlib.import_module(module), function)()
    sys.stdout.write(json.dumps(list(commands(parser))))


if __name__ == "__main__":
    main(sys.argv[1])
