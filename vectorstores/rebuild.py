"""Rebuild stores: ``python vectorstores/rebuild.py [COMPONENT ...]``, by default those of every curated pair."""

from __future__ import annotations

import sys

from doctranslate import DocTranslateError, build_store
from doctranslate.rules import pairs


def main(names: list[str]) -> int:
    """Build the stores one after the other; returns the exit code."""
    for name in names or sorted({name for pair in pairs() for name in pair}):
        try:
            store = build_store(name, progress=_tell)
        except DocTranslateError as exc:
            sys.stderr.write(f"{name}: {exc}\n")
            return exc.exit_code
        sys.stdout.write(f"{store.path}  {len(store)} documents\n")
    return 0


def _tell(stage: str, done: int, total: int) -> None:
    if done == total:
        sys.stderr.write(f"  {stage}\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
