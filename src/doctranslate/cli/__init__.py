"""The command line: a thin layer over the public API."""

from __future__ import annotations


def main() -> None:
    """Entry point of the console script ``doctranslate``."""
    from doctranslate.cli.app import run

    raise SystemExit(run())
