"""Options that several commands have, and how they speak."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

Stores = Annotated[
    Path | None,
    typer.Option(
        "--stores", help="Folder of the document stores.", show_default="vectorstores/ or the user's cache"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on standard error.")]
Workers = Annotated[
    int, typer.Option("--workers", min=1, max=64, help="Pages of a site that are read at the same time.")
]
WebdriverUrl = Annotated[
    str | None,
    typer.Option(
        "--webdriver-url",
        metavar="URL",
        envvar="DOCTRANSLATE_WEBDRIVER_URL",
        help="Remote WebDriver or Selenium Grid.",
        show_default="a browser of this machine",
    ),
]


def say(text: str) -> None:
    """Write a line on standard error."""
    sys.stderr.write(text + "\n")


_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def harmless(text: str) -> str:
    """A text of somebody else's without what would command a terminal.

    Args:
        text: What a model, or an endpoint, wrote.
    """
    return text.translate(_CONTROLS)
